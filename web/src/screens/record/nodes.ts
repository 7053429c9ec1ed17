/** The steps of a lineage as nodes of a picture: what each says in a few words, and what proves it. */

import type { ModalityShape } from "@/api/client";
import { counted, moment, t } from "@/app/words";
import type { IconName } from "@/kit/icon";

export type Lineage = ModalityShape<"Lineage">;
export type Tone = "plain" | "accent" | "good" | "warn" | "bad";
export type Fact = readonly [label: string, value: string];

/** From left to right: what was labelled, what was asked, what was said, what came of it, and where it went. */
export const COLUMNS = ["item", "task", "said", "consensus", "review", "outcome", "after"] as const;
export type Column = (typeof COLUMNS)[number];

export interface Node {
  readonly id: string;
  readonly column: Column;
  /** What kind of step it is, for people. */
  readonly kind: string;
  readonly title: string;
  readonly detail: string;
  readonly icon: IconName;
  readonly tone: Tone;
  readonly facts: readonly Fact[];
  /** Changes in words, where it has some. */
  readonly changes: readonly string[];
  readonly events: readonly string[];
}

const HASH_CHARACTERS = 12;
const short = (hash: string | null | undefined): string => (hash ?? "").slice(0, HASH_CHARACTERS);
const share = (number: number): string => `${(100 * number).toFixed(1)} %`;

/** Facts that are there: a value of null is left out. */
const facts = (...lines: readonly (readonly [string, string | null | undefined])[]): readonly Fact[] =>
  lines.filter((line): line is Fact => Boolean(line[1]));

/** Return what a member is called; who may not be known is somebody. */
export const nameOf = (lineage: Lineage, member: string | null): string =>
  member === null ? t("Somebody") : (lineage.people[member] ?? member);

export type Version = Lineage["versions"][number];
type Submission = Lineage["submissions"][number];
type Review = Lineage["reviews"][number];
type Prediction = Lineage["predictions"][number];

/** Consensus found it, rather than a person. */
export const isFound = (version: Version): boolean => version.aggregator !== "review";
/** It stands in the column of outcomes: the traced one, and those that people wrote. */
export const isShown = (lineage: Lineage, version: Version): boolean =>
  version.id === lineage.outcome || !isFound(version);
export const consensusId = (version: Version): string => `consensus ${version.id}`;
/** Where a version is in the picture. */
export const placeOf = (version: Version): string => (isFound(version) ? consensusId(version) : version.id);

export function asked({ item, task, batch, ontology_versions, instructions }: Lineage): readonly Node[] {
  const [asset] = item.assets;
  return [
    {
      id: item.id,
      column: "item",
      kind: t("Item"),
      title: item.unique_id,
      detail: item.dataset_name ?? "",
      icon: asset?.media_type?.startsWith("image/") ? "image" : "document",
      tone: item.deleted_at ? "warn" : "plain",
      facts: facts(
        [t("Item"), item.id],
        [t("Dataset"), item.dataset_name],
        [t("Content hash"), item.content_hash],
        ...item.assets.map(({ hash, media_type }) => [media_type ?? t("Asset"), hash] as const),
        [t("Came in"), item.created_at && moment(item.created_at)],
        [t("Deleted"), item.deleted_at && moment(item.deleted_at)],
      ),
      changes: [],
      events: [...item.events, ...item.assets.flatMap(({ events }) => events)],
    },
    {
      id: task.id,
      column: "task",
      kind: t("Task"),
      title: batch?.name || t("Task"),
      detail: task.state,
      icon: "flag",
      tone: "plain",
      facts: facts(
        [t("Task"), task.id],
        [t("Project"), task.project_name],
        [t("Batch"), batch && `${batch.name} (${batch.priority})`],
        [t("Overlap"), counted(task.overlap)],
        [t("Released by"), batch?.job],
        [t("Made"), moment(task.created_at)],
      ),
      changes: [],
      events: [...(batch?.events ?? []), ...task.events],
    },
    ...ontology_versions.map(
      (one): Node => ({
        id: one.id,
        column: "task",
        kind: t("Ontology"),
        title: t("Version {version}", { version: one.number }),
        detail: short(one.content_hash),
        icon: "layers",
        tone: "plain",
        facts: facts(
          [t("Version"), one.id],
          [t("Content hash"), one.content_hash],
          [t("Published"), moment(one.created_at)],
        ),
        changes: [],
        events: one.events,
      }),
    ),
    ...instructions.map(
      (one): Node => ({
        id: `instructions ${one.version}`,
        column: "task",
        kind: t("Instructions"),
        title: t("Version {version}", { version: one.version }),
        detail: short(one.content_hash),
        icon: "info",
        tone: "plain",
        facts: facts([t("Content hash"), one.content_hash], [t("Published"), moment(one.created_at)]),
        changes: [],
        events: one.events,
      }),
    ),
  ];
}

const useWord = (use: Prediction["use"]): string =>
  ({ accepted: t("accepted"), edited: t("edited"), waiting: t("not answered yet"), unused: t("not shown") })[
    use
  ];

export const predictionNode = (one: Prediction): Node => ({
  id: one.id,
  column: "said",
  kind: t("Prediction"),
  title: `${one.model} ${one.model_version}`,
  detail: useWord(one.use),
  icon: "sparkle",
  tone: one.use === "accepted" ? "good" : "plain",
  facts: facts(
    [t("Prediction"), one.id],
    [t("Model"), `${one.model} ${one.model_version}`],
    [t("Score"), one.score === null ? null : share(one.score)],
    [t("Content hash"), one.content_hash],
    [t("Came"), moment(one.created_at)],
  ),
  changes: one.uses.flatMap(({ changes }) => changes),
  events: one.events,
});

export const submissionNode = (lineage: Lineage, one: Submission): Node => ({
  id: one.id,
  column: "said",
  kind: one.supersedes ? t("Revision") : t("Answer"),
  title: nameOf(lineage, one.member),
  detail: one.counts ? t("{seconds} s, counts", { seconds: one.seconds.toFixed(1) }) : t("does not count"),
  icon: "pencil",
  tone: one.in_outcome ? "accent" : "plain",
  facts: facts(
    [t("Answer"), one.id],
    [t("By"), nameOf(lineage, one.member)],
    [t("Received"), moment(one.received_at)],
    [t("Time spent"), `${one.seconds.toFixed(1)} s`],
    [t("Content hash"), one.content_hash],
    [t("Revises"), one.supersedes],
    [t("Judged by {source}", { source: one.judged?.source ?? "" }), judged(one)],
    [t("Skill then"), one.skill === null ? null : share(one.skill)],
  ),
  changes: [],
  events: one.events,
});

const judged = ({ judged: found }: Submission): string | null =>
  found?.score === null || found?.score === undefined ? null : share(found.score);

export const consensusNode = (version: Version): Node => ({
  id: consensusId(version),
  column: "consensus",
  kind: t("Consensus"),
  title: version.aggregator,
  detail: t("version {version}, {confidence} sure", {
    version: version.version,
    confidence: share(version.confidence),
  }),
  icon: "people",
  tone: version.superseded_at ? "plain" : "good",
  facts: versionFacts(version),
  changes: [],
  events: version.events,
});

const versionFacts = (version: Version): readonly Fact[] =>
  facts(
    [t("Outcome"), version.id],
    [t("State"), version.state],
    [t("Found by"), `${version.aggregator} ${version.aggregator_version}`],
    [t("Confidence"), share(version.confidence)],
    [t("Agreement"), version.agreement === null ? null : share(version.agreement)],
    [
      t("Rests on"),
      t("{count, plural, one {# answer} other {# answers}}", { count: version.submissions.length }),
    ],
    [t("Run"), version.run?.id],
    [t("Content hash"), version.content_hash],
    [t("Made"), moment(version.created_at)],
    [t("Replaced"), version.superseded_at && moment(version.superseded_at)],
  );

const VERDICTS = { accepted: "good", amended: "warn", rejected: "bad" } as const;

export const reviewNode = (lineage: Lineage, one: Review): Node => ({
  id: one.id,
  column: "review",
  kind: t("Review"),
  title: one.member ? nameOf(lineage, one.member) : t("Waits"),
  detail: one.verdict ?? one.state,
  icon: "eye",
  tone: VERDICTS[one.verdict as keyof typeof VERDICTS] ?? "plain",
  facts: facts(
    [t("Review"), one.id],
    [t("Of version"), counted(one.outcome_version)],
    [t("Level"), t("{level} of {levels}", { level: one.level, levels: one.levels })],
    [t("Verdict"), one.verdict],
    [t("Comment"), one.comment],
    [t("Ended"), one.ended_at && moment(one.ended_at)],
  ),
  changes: one.changes,
  events: one.events,
});

export const outcomeNode = (lineage: Lineage, version: Version): Node => ({
  id: version.id,
  column: "outcome",
  kind: version.reverts ? t("Revert") : t("Outcome"),
  title: t("Version {version}", { version: version.version }),
  detail: version.superseded_at ? t("replaced") : version.state,
  icon: version.reverts ? "undo" : "check",
  tone: version.id === lineage.outcome ? "accent" : "plain",
  facts: [
    ...versionFacts(version),
    ...facts(
      [t("Decided by"), version.decided_by && nameOf(lineage, version.decided_by)],
      [t("Goes back to"), version.reverts],
    ),
  ],
  changes: [],
  events: version.events,
});

export function after(lineage: Lineage): readonly Node[] {
  const changes = new Map(lineage.changes.map((one) => [one.change, one]));
  return [
    ...[...changes.values()].map((one): Node => {
      const touched = lineage.changes.filter(({ change }) => change === one.change);
      return {
        id: one.change,
        column: "after",
        kind:
          { migration: t("Migration"), correction: t("Correction"), rollback: t("Rollback") }[one.kind] ??
          one.kind,
        title: one.reason || t("Answers changed"),
        detail: t("{count, plural, one {# answer} other {# answers}}", { count: touched.length }),
        icon: "turning",
        tone: "warn",
        facts: facts(
          [t("Change"), one.change],
          [t("By"), nameOf(lineage, one.created_by)],
          [t("Approved by"), one.approved_by && nameOf(lineage, one.approved_by)],
          [t("Began"), one.started_at && moment(one.started_at)],
          ...touched.map((it) => [it.subject, `${short(it.hash_before)} → ${short(it.hash_after)}`] as const),
        ),
        changes: [],
        events: [...new Set(touched.flatMap(({ events }) => events))],
      };
    }),
    ...lineage.exports.map(
      (one): Node => ({
        id: one.job,
        column: "after",
        kind: t("Export"),
        title: one.format,
        detail: one.carrying === "whole" ? moment(one.ended_at) : t("perhaps in it"),
        icon: "download",
        tone: one.carrying === "whole" ? "good" : "warn",
        facts: facts(
          [t("Job"), one.job],
          [t("File's hash"), one.content_hash],
          [t("Began"), moment(one.started_at)],
          [t("Ended"), moment(one.ended_at)],
        ),
        changes: [],
        events: one.events,
      }),
    ),
  ];
}
