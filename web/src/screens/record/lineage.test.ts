/** A lineage as a picture: which steps stand where, what leads to what, and where the arrow keys go. */

import { describe, expect, it } from "vitest";
import { graphOf } from "./graph";
import { layOut, neighbour } from "./layout";
import type { Lineage } from "./nodes";

const AT = "2026-11-23T12:00:00Z";
const version = (number: number, more: object = {}) => ({
  id: `out_${number}`,
  version: number,
  state: "accepted",
  content_hash: "ab".repeat(32),
  ontology_version: "onv_1",
  aggregator: "majority",
  aggregator_version: "1",
  parameters: {},
  run: null,
  confidence: 0.9,
  agreement: 0.5,
  submissions: ["sub_1", "sub_3"],
  reverts: null,
  decided_by: null,
  created_at: AT,
  superseded_at: null,
  events: [`text.${number}`],
  ...more,
});
const submission = (number: number, more: object = {}) => ({
  id: `sub_${number}`,
  assignment: "asg_1",
  member: "mem_1",
  state: "submitted",
  counts: true,
  in_outcome: true,
  seconds: 3,
  content_hash: "cd".repeat(32),
  ontology_version: "onv_1",
  instructions_version: 1,
  supersedes: null,
  suggested_by: [],
  claimed_at: AT,
  received_at: AT,
  committed_at: AT,
  judged: null,
  skill: null,
  events: [],
  ...more,
});

/** Two answers, one revised; consensus amended by a reviewer, then put back, migrated and exported. */
const LINEAGE = {
  outcome: "out_3",
  version: 3,
  answer: {},
  is_current: true,
  item: {
    id: "item_1",
    unique_id: "row-1",
    content_hash: "ef".repeat(32),
    dataset: "dst_1",
    dataset_name: "rows",
    assets: [
      {
        hash: "aa".repeat(32),
        media_type: "image/png",
        size_bytes: 5,
        source: "stored",
        events: ["platform.9"],
      },
    ],
    created_at: AT,
    deleted_at: null,
    events: ["platform.8"],
  },
  task: {
    id: "task_1",
    project: "prj_1",
    project_name: "P",
    modality: "text",
    stage: "annotate",
    state: "done",
    overlap: 2,
    created_at: AT,
    events: [],
  },
  batch: null,
  ontology_versions: [
    {
      id: "onv_1",
      ontology: "ont_1",
      number: 1,
      content_hash: "ab",
      created_by: null,
      created_at: AT,
      events: [],
    },
  ],
  instructions: [{ version: 1, content_hash: "ab", created_by: null, created_at: AT, events: [] }],
  predictions: [
    {
      id: "prd_1",
      model: "m",
      model_version: "1",
      score: 0.5,
      content_hash: "ab",
      ontology_version: "onv_1",
      use: "edited",
      uses: [{ submission: "sub_1", use: "edited", changes: ["car → van"] }],
      created_at: AT,
      events: [],
    },
  ],
  submissions: [
    submission(1),
    submission(2, { counts: false, in_outcome: false }),
    submission(3, { supersedes: "sub_2" }),
  ],
  gold: null,
  versions: [
    version(1, { superseded_at: AT }),
    version(2, { aggregator: "review", decided_by: "mem_2", superseded_at: AT }),
    version(3, { aggregator: "review", reverts: "out_1", decided_by: "mem_3" }),
  ],
  reviews: [
    {
      id: "rev_1",
      outcome: "out_1",
      outcome_version: 1,
      purpose: "stage",
      level: 1,
      levels: 1,
      state: "decided",
      member: "mem_2",
      verdict: "amended",
      comment: "No.",
      changes: ["a → b"],
      amended_to: "out_2",
      created_at: AT,
      ended_at: AT,
      events: [],
    },
  ],
  changes: [
    {
      change: "chg_1",
      kind: "migration",
      subject: "sub_1",
      subject_kind: "submission",
      hash_before: "1",
      hash_after: "2",
      ontology_version_before: "onv_0",
      ontology_version_after: "onv_1",
      reason: "",
      created_by: null,
      approved_by: null,
      started_at: AT,
      events: ["text.20"],
    },
    {
      change: "chg_1",
      kind: "migration",
      subject: "out_3",
      subject_kind: "outcome",
      hash_before: "3",
      hash_after: "4",
      ontology_version_before: "onv_0",
      ontology_version_after: "onv_1",
      reason: "",
      created_by: null,
      approved_by: null,
      started_at: AT,
      events: ["text.20"],
    },
  ],
  exports: [
    {
      job: "job_1",
      format: "jsonl",
      carrying: "whole",
      content_hash: "ab",
      created_by: null,
      started_at: AT,
      ended_at: AT,
      events: [],
    },
  ],
  events: [],
  people: { mem_1: "Ann", mem_2: "Rhea" },
  missing: [],
} as unknown as Lineage;

const graph = graphOf(LINEAGE);
const layout = layOut(graph);
const leads = (from: string, to: string) => graph.edges.some((edge) => edge.from === from && edge.to === to);

describe("the picture of a lineage", () => {
  it("has every step once, in its column", () => {
    const columnOf = Object.fromEntries(graph.nodes.map(({ id, column }) => [id, column]));
    expect(columnOf).toEqual({
      item_1: "item",
      task_1: "task",
      onv_1: "task",
      "instructions 1": "task",
      prd_1: "said",
      sub_1: "said",
      sub_2: "said",
      sub_3: "said",
      "consensus out_1": "consensus",
      rev_1: "review",
      out_2: "outcome",
      out_3: "outcome",
      chg_1: "after",
      job_1: "after",
    });
  });

  it("leads from the item to the files", () => {
    const chain = ["item_1", "task_1", "prd_1", "sub_1", "consensus out_1", "rev_1", "out_2"];
    for (const [at, id] of chain.slice(1).entries()) expect(leads(chain[at] ?? "", id), id).toBe(true);
    expect(leads("sub_2", "consensus out_1")).toBe(false);
    expect(leads("consensus out_1", "out_3")).toBe(true);
    expect(leads("out_3", "job_1") && leads("out_3", "chg_1") && leads("sub_1", "chg_1")).toBe(true);
    expect(leads("out_2", "job_1")).toBe(false);
  });

  it("says in words what was edited, and names only whom it may", () => {
    const words = (id: string) => graph.nodes.find((node) => node.id === id);
    expect(words("prd_1")?.changes).toEqual(["car → van"]);
    expect(words("sub_1")?.title).toBe("Ann");
    expect(words("out_3")?.facts.some(([, value]) => value === "mem_3")).toBe(true);
    const hidden = graphOf({
      ...LINEAGE,
      submissions: [{ ...LINEAGE.submissions[0], member: null }],
    } as Lineage);
    expect(hidden.nodes.find(({ id }) => id === "sub_1")?.title).toBe("Somebody");
  });

  it("joins what one change did to several answers", () => {
    const change = graph.nodes.find(({ id }) => id === "chg_1");
    expect(change?.events).toEqual(["text.20"]);
    expect(change?.facts.filter(([, value]) => value.includes("→"))).toHaveLength(2);
  });

  it("lets no two steps touch, and draws every line that leads to the right from left to right", () => {
    const boxes = layout.placed;
    for (const one of boxes)
      for (const other of boxes)
        if (one !== other) expect(one.x === other.x && Math.abs(one.y - other.y) < 64).toBe(false);
    expect(layout.lines).toHaveLength(graph.edges.length);
    for (const { x, y } of boxes)
      expect(x >= 0 && y >= 0 && x + 168 <= layout.width && y + 64 <= layout.height).toBe(true);
  });
});

describe("the arrow keys", () => {
  it("follow the lines and stay at the ends", () => {
    expect(neighbour(layout, "item_1", "ArrowRight")).toBe("task_1");
    expect(neighbour(layout, "item_1", "ArrowLeft")).toBe("item_1");
    expect(neighbour(layout, "consensus out_1", "ArrowRight")).toBe("rev_1");
    expect(neighbour(layout, "rev_1", "ArrowLeft")).toBe("consensus out_1");
    expect(neighbour(layout, "sub_1", "ArrowDown")).toBe("sub_2");
    expect(neighbour(layout, "job_1", "End")).toBe("job_1");
    expect(neighbour(layout, "job_1", "Home")).toBe("item_1");
    expect(neighbour(layout, "job_1", "a")).toBe("job_1");
  });

  it("reach every step from the first one", () => {
    const seen = new Set(["item_1"]);
    for (const id of seen)
      for (const key of ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"])
        seen.add(neighbour(layout, id, key));
    expect(seen.size).toBe(graph.nodes.length);
  });
});

it("draws a task without an outcome", () => {
  const begun = {
    ...LINEAGE,
    outcome: null,
    versions: [],
    reviews: [],
    changes: [],
    exports: [],
    submissions: [],
    predictions: [],
  };
  expect(graphOf(begun as Lineage).nodes.map(({ column }) => column)).toEqual([
    "item",
    "task",
    "task",
    "task",
  ]);
  expect(layOut({ nodes: [], edges: [] }).placed).toEqual([]);
});
