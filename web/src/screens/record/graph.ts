/** A lineage as a graph: its steps, and what leads to what. */

import {
  after,
  asked,
  consensusId,
  consensusNode,
  isFound,
  isShown,
  type Lineage,
  type Node,
  outcomeNode,
  placeOf,
  predictionNode,
  reviewNode,
  submissionNode,
} from "./nodes";

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** It stayed without effect on the traced outcome. */
  readonly faint: boolean;
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** Return the picture of a lineage. */
export function graphOf(lineage: Lineage): Graph {
  const nodes = [
    ...asked(lineage),
    ...lineage.predictions.map(predictionNode),
    ...lineage.submissions.map((one) => submissionNode(lineage, one)),
    ...lineage.versions.filter(isFound).map(consensusNode),
    ...lineage.reviews.map((one) => reviewNode(lineage, one)),
    ...lineage.versions.filter((one) => isShown(lineage, one)).map((one) => outcomeNode(lineage, one)),
    ...after(lineage),
  ];
  const ids = new Set(nodes.map(({ id }) => id));
  const edges = edgesOf(lineage).filter(({ from, to }) => ids.has(from) && ids.has(to) && from !== to);
  return { nodes, edges: [...new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()] };
}

/** Return what leads to what. */
function edgesOf(lineage: Lineage): readonly Edge[] {
  const edges: Edge[] = [];
  const lead = (from: string, to: string, faint = false) => edges.push({ from, to, faint });
  const versions = new Map(lineage.versions.map((version) => [version.id, version]));
  lead(lineage.item.id, lineage.task.id);
  for (const { id, uses } of lineage.predictions) {
    lead(lineage.task.id, id);
    for (const { submission } of uses) lead(id, submission);
  }
  for (const one of lineage.submissions) {
    lead(lineage.task.id, one.id, !one.in_outcome);
    lead(one.ontology_version, one.id, !one.in_outcome);
    lead(`instructions ${one.instructions_version}`, one.id, !one.in_outcome);
    if (one.supersedes) lead(one.supersedes, one.id, true);
  }
  for (const version of lineage.versions) {
    if (isFound(version)) {
      for (const submission of version.submissions) lead(submission, consensusId(version));
      lead(consensusId(version), version.id);
    }
    const before = version.reverts ? versions.get(version.reverts) : undefined;
    if (before) lead(placeOf(before), version.id);
  }
  for (const review of lineage.reviews) {
    const about = versions.get(review.outcome);
    if (about) lead(placeOf(about), review.id, review.verdict === null);
    if (review.amended_to) lead(review.id, review.amended_to);
    else if (review.verdict === "accepted") lead(review.id, review.outcome);
  }
  for (const one of lineage.changes) {
    const version = versions.get(one.subject);
    lead(
      version ? (isShown(lineage, version) ? version.id : placeOf(version)) : one.subject,
      one.change,
      true,
    );
  }
  for (const { job } of lineage.exports) if (lineage.outcome) lead(lineage.outcome, job);
  return edges;
}
