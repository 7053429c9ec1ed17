/** Answers are compared point by point for every label type; amendments are told; answers lie over one another. */

import { describe, expect, it } from "vitest";
import { decode } from "@/engine/document/answer";
import type { Document, Json, MarkId } from "@/engine/document/values";
import { changesBetween } from "./changes";
import { compare, differs, type Point, shareAgreed } from "./comparison";
import { overlaid } from "./voices";

const LABELLED = new Set(
  "box rotated_box polygon polyline keypoints mask classification ordinal spans relations chat tracks segments".split(
    " ",
  ),
);
let ids = 0;
const said = (answer: Record<string, Json>): Document =>
  decode(answer, LABELLED, { nextId: () => `mark ${ids++}` as MarkId });
const points = (...answers: Record<string, Json>[]) => compare(answers.map(said));
const only = (found: readonly Point[]): Point => {
  const [point, ...more] = found;
  if (!point || more.length) throw new Error(`found ${found.length} points, expected one`);
  return point;
};

const box = (label: string, x: number, width = 100) => ({ label, x, y: 50, width, height: 100 });
const corners = (x: number) => [
  [x, 0],
  [x + 100, 0],
  [x + 100, 100],
  [x, 100],
];
const span = (label: string, start: number, end: number) => ({ label, start, end });
const segment = (label: string, start: number, end: number) => {
  return { label, start_frame: start, end_frame: end, start_time: start / 10, end_time: end / 10 };
};
const track = (label: string, x: number, id: string) => ({
  label,
  id,
  keyframes: [0, 10].map((frame) => ({
    frame,
    time: frame / 10,
    x: x + frame,
    y: 0,
    width: 100,
    height: 100,
  })),
});
const ship = (x: number) => ({ label: "ship", x, y: 50, width: 100, height: 100, angle: 0 });
const hand = (x: number) => ({ label: "hand", points: { wrist: [x, 0, 2], thumb: [x + 100, 100, 2] } });
const link = (end: number) => ({ label: "at", source: { start: 0, end: 5 }, target: { start: 10, end } });

/** For each label type: a mark, nearly the same one, one a little off, and one that is something else. */
const TYPES: readonly (readonly [
  tool: string,
  at: (by: number) => Json,
  near: number,
  off: number,
  other: number,
])[] = [
  ["box", (by) => box("car", by), 2, 30, 300],
  ["rotated_box", ship, 2, 30, 300],
  ["polygon", (by) => ({ label: "lake", points: corners(by) }), 2, 30, 300],
  ["polyline", (by) => ({ label: "lane", points: corners(by) }), 2, 30, 300],
  ["keypoints", hand, 2, 30, 300],
  ["spans", (by) => span("person", by, by + 20), 1, 6, 60],
  ["relations", (by) => link(30 + by), 1, 12, 80],
  ["segments", (by) => segment("serve", by, by + 100), 2, 30, 300],
  ["tracks", (by) => track("bus", by, "1"), 2, 30, 300],
];

describe("what several answers say", () => {
  it.each(TYPES)("knows one %s from another by where it lies", (tool, at, near, off, other) => {
    expect(only(points({ [tool]: [at(0)] }, { [tool]: [at(near)] })).stand).toBe("agreed");
    expect(only(points({ [tool]: [at(0)] }, { [tool]: [at(off)] })).stand).toBe("place");
    const apart = points({ [tool]: [at(0)] }, { [tool]: [at(other)] });
    expect(apart.map(({ stand }) => stand)).toEqual(["missing", "missing"]);
    expect(only(points({ [tool]: [at(0)] }, {})).said[1]).toBeNull();
  });

  it("knows masks by the room they take", () => {
    const mask = (counts: string) => ({ mask: [{ label: "scratch", size: [480, 640], counts }] });
    expect(only(points(mask("XR_14l>000h`k7"), mask("XR_14l>000h`k7"))).stand).toBe("agreed");
    expect(points(mask("XR_14l>000h`k7"), mask("0X1P`i7"))).toHaveLength(2);
  });

  it("tells another label from another place, and matches the same label first", () => {
    expect(only(points({ box: [box("car", 0)] }, { box: [box("truck", 0)] })).stand).toBe("label");
    const both = points({ box: [box("car", 0), box("truck", 5)] }, { box: [box("truck", 0), box("car", 5)] });
    expect(both.map(({ stand, about }) => [about, stand])).toEqual([
      ["car", "agreed"],
      ["truck", "agreed"],
    ]);
  });

  it("says of attributes that they are another answer", () => {
    const person = (attributes: Json) => ({ spans: [{ ...span("person", 0, 5), attributes }] });
    expect(only(points(person({ urgent: true }), person({ urgent: false }))).stand).toBe("label");
  });

  it("never counts a mark twice, whatever lies on whatever", () => {
    const many = (shift: number) => ({
      box: Array.from({ length: 20 }, (_, n) => box("car", n * 20 + shift)),
    });
    const found = points(many(0), many(7), many(-6));
    const marks = found.flatMap((point) => point.said.flatMap((one) => one?.mark?.id ?? []));
    expect(marks).toHaveLength(60);
    expect(new Set(marks).size).toBe(60);
  });

  it("asks a single class once, several of them each", () => {
    const pick = (...labels: string[]) => said({ classification: labels.map((label) => ({ label })) });
    expect(only(compare([pick("good"), pick("bad"), pick("good")]))).toMatchObject({ stand: "value" });
    const each = compare([pick("good", "new"), pick("good")], true);
    expect(each.map(({ about, stand }) => [about, stand])).toEqual([
      ["good", "agreed"],
      ["new", "missing"],
    ]);
  });

  it.each([
    ["ordinal", [{ label: "sharp", level: 2 }], [{ label: "sharp", level: 4 }], "2", "4"],
    [
      "chat",
      [{ label: "helpful", message: 1, level: 1 }],
      [{ label: "helpful", message: 1, level: 5 }],
      "1",
      "5",
    ],
    ["preference", { choice: "a", strength: 3 }, { choice: "tie" }, "A, by 3", "Tie"],
    ["ranking", { tiers: [[1], [0, 2]] }, { tiers: [[0], [1], [2]] }, "2 › 1 = 3", "1 › 2 › 3"],
    ["rewrite", { text: "Air scatters." }, { text: "Air." }, "Air scatters.", "Air."],
    ["rubric", { scores: { clear: 5 } }, { scores: { clear: "in part" } }, "5", "in part"],
  ])("tells what %s says in words", (tool, one, other, first, second) => {
    const point = only(points({ [tool]: one }, { [tool]: other }));
    expect(point.said.map((each) => each?.words)).toEqual([first, second]);
    expect(point.stand).toBe("value");
    expect(only(points({ [tool]: one }, { [tool]: one })).stand).toBe("agreed");
  });

  it("says who could not tell", () => {
    const found = points({ cannot_assess: true }, { preference: { choice: "a" } });
    expect(found.map(({ tool, stand }) => [tool, stand])).toEqual([
      ["preference", "missing"],
      ["cannot_assess", "missing"],
    ]);
  });

  it("counts how far an answer is of one mind with the outcome", () => {
    const found = points(
      { box: [box("car", 0), box("car", 300)] },
      { box: [box("car", 1)] },
      { box: [box("car", 1), box("car", 302)] },
    );
    expect([0, 1, 2].map((place) => shareAgreed(found, 0, place))).toEqual([1, 0.5, 1]);
    expect(found.filter(differs)).toHaveLength(1);
  });
});

describe("what an amendment changes", () => {
  it("names what came, went and was changed", () => {
    const before = said({ box: [box("car", 0), box("person", 300)], justification: "" });
    const [car] = before.marks.box ?? [];
    const fresh = said({ box: [box("flag", 700)] }).marks.box ?? [];
    const after = { ...before, marks: { box: [...(car ? [{ ...car, label: "truck" }] : []), ...fresh] } };
    const found = changesBetween(before, after, false).map(({ kind, before: was, after: is }) => [
      kind,
      was,
      is,
    ]);
    expect(found).toEqual([
      ["changed", "car", "truck"],
      ["removed", "person", null],
      ["added", null, "flag"],
    ]);
    expect(changesBetween(before, before, false)).toEqual([]);
  });

  it("says of the same mark that it was moved, however far", () => {
    const before = said({ box: [box("car", 0)] });
    const [car] = before.marks.box ?? [];
    if (!car) throw new Error("there is a car");
    const after = { ...before, marks: { box: [{ ...car, geometry: { ...car.geometry, x: 900 } }] } };
    expect(changesBetween(before, after, false)).toMatchObject([
      { kind: "changed", moved: true, before: "car" },
    ]);
  });
});

describe("answers over one another", () => {
  it("keeps the ids of marks, tells whose they are, and leaves out what is not asked for", () => {
    const documents = [said({ tracks: [track("bus", 0, "1")] }), said({ tracks: [track("bus", 5, "1")] })];
    const voices = documents.map((document, number) => ({
      number,
      name: "",
      colour: "#000000",
      document,
      seconds: null,
    }));
    const marks = overlaid(voices, null).marks.tracks ?? [];
    expect(marks.map(({ label }) => label)).toEqual(["1 bus", "✓ bus"]);
    expect(new Set(marks.map(({ geometry }) => geometry.id)).size).toBe(2);
    const [first] = marks;
    expect(first?.id).toBe(documents[1]?.marks.tracks?.[0]?.id);
    expect(overlaid(voices, new Set(first ? [first.id] : [])).marks.tracks).toHaveLength(1);
  });
});
