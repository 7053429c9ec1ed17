/** Spans: parts as answers write them, borders, layers that never collide; relations that follow their spans. */

import { describe, expect, test } from "vitest";
import { apply, emptyDocument, marksOf } from "@/engine/document/apply";
import type { Document, Geometry, Mark } from "@/engine/document/values";
import { Offsets, stretch } from "./offsets";
import { flipped, joinedOf, withRelations } from "./relations";
import { bordered, geometryOf, joined, layersOf, type Span, spanOf, spansAt, toggled } from "./spans";

const mark = (id: string, geometry: Geometry, label = "x"): Mark => ({
  id: id as Mark["id"],
  label,
  attributes: {},
  geometry,
});
const offsets = new Offsets("👍 Ada 👩 Lovelace and her very long name in a sentence");
const spans = (...places: readonly Geometry[]) =>
  places.flatMap((place, at) => spanOf(mark(`m${at}`, place), offsets) ?? []);

describe("parts", () => {
  test("come back as they were written, in code points", () => {
    for (const place of [
      { start: 0, end: 3 },
      {
        start: 2,
        end: 15,
        parts: [
          [2, 5],
          [8, 15],
        ],
      },
    ])
      expect(geometryOf(spans(place)[0]?.parts ?? [], offsets)).toEqual(place);
  });
  test("that touch are one", () => {
    expect(joined([stretch(5, 9), stretch(0, 5), stretch(20, 21)])).toEqual([stretch(0, 9), stretch(20, 21)]);
  });
  test("are added, and taken away where they are covered", () => {
    const one = [stretch(0, 10)];
    expect(toggled(one, stretch(15, 20))).toEqual([stretch(0, 10), stretch(15, 20)]);
    expect(toggled(one, stretch(4, 6))).toEqual([stretch(0, 4), stretch(6, 10)]);
    expect(toggled(one, stretch(0, 10))).toEqual(one);
    expect(toggled(one, stretch(8, 12))).toEqual([stretch(0, 12)]);
  });
  test("follow a border, and those it passes go", () => {
    const two = [stretch(2, 5), stretch(8, 15)];
    expect(bordered(two, "end", 20)).toEqual([stretch(2, 5), stretch(8, 20)]);
    expect(bordered(two, "end", 4)).toEqual([stretch(2, 4)]);
    expect(bordered(two, "start", 9)).toEqual([stretch(9, 15)]);
    expect(bordered(two, "start", 0)).toEqual([stretch(0, 5), stretch(8, 15)]);
  });
  test("of what is no span are none", () => {
    expect(spanOf(mark("m", { start: 4, end: 4 }), offsets)).toBeUndefined();
    expect(spanOf(mark("m", { x: 1 }), offsets)).toBeUndefined();
  });
});

test("a place is in the shortest span first, and not in the gap of a discontinuous one", () => {
  const all = spans(
    { start: 2, end: 40 },
    {
      start: 4,
      end: 20,
      parts: [
        [4, 6],
        [12, 20],
      ],
    },
    { start: 10, end: 14 },
  );
  expect(spansAt(all, offsets.toUnit(13 as never)).map((span) => span.mark.id)).toEqual(["m2", "m1", "m0"]);
  expect(spansAt(all, offsets.toUnit(8 as never)).map((span) => span.mark.id)).toEqual(["m0"]);
});

test("spans that overlap never share a layer, and no more layers are used than overlap", () => {
  const places = Array.from({ length: 60 }, (_, at) => ({
    start: (at * 7) % 40,
    end: ((at * 7) % 40) + 1 + (at % 9),
  }));
  const layers = layersOf(spans(...places));
  const all = [...layers.keys()];
  const overlap = (a: Span, b: Span) => a.hull.start < b.hull.end && b.hull.start < a.hull.end;
  for (const a of all)
    for (const b of all) if (a !== b && overlap(a, b)) expect(layers.get(a)).not.toBe(layers.get(b));
  const deepest = Math.max(
    ...all.map((a) => all.filter((b) => b.hull.start <= a.hull.start && a.hull.start < b.hull.end).length),
  );
  expect(new Set(layers.values()).size).toBe(deepest);
});

describe("relations", () => {
  const at = (start: number, end: number) => ({ start, end });
  const document: Document = {
    ...emptyDocument,
    marks: {
      spans: [mark("a", at(0, 1)), mark("b", at(2, 5)), mark("c", at(8, 16))],
      relations: [mark("r", { source: at(0, 1), target: at(2, 5) }, "knows")],
    },
  };
  const following = (action: Parameters<typeof apply>[1]) => apply(document, withRelations(document, action));

  test("go with a span at an end, in one action", () => {
    const gone = following({ kind: "remove", tool: "spans", ids: ["b" as Mark["id"]] });
    expect(marksOf(gone, "relations")).toEqual([]);
    const kept = following({ kind: "remove", tool: "spans", ids: ["c" as Mark["id"]] });
    expect(marksOf(kept, "relations")).toHaveLength(1);
  });
  test("move with their spans", () => {
    const moved = following({
      kind: "change",
      tool: "spans",
      id: "b" as Mark["id"],
      change: { geometry: at(2, 7) },
    });
    expect(marksOf(moved, "relations")[0]?.geometry).toEqual({ source: at(0, 1), target: at(2, 7) });
    expect(joinedOf(marksOf(moved, "relations"), marksOf(moved, "spans"))).toHaveLength(1);
  });
  test("stay while another span holds the place", () => {
    const twice = apply(document, { kind: "add", tool: "spans", marks: [mark("d", at(2, 5), "y")] });
    const action = { kind: "remove", tool: "spans", ids: ["b" as Mark["id"]] } as const;
    expect(marksOf(apply(twice, withRelations(twice, action)), "relations")).toHaveLength(1);
  });
  test("stay with the span that holds the place while another leaves it", () => {
    const spans = [mark("d", at(2, 5), "y"), ...marksOf(document, "spans")];
    const twice = { ...document, marks: { ...document.marks, spans } };
    const change = { geometry: at(2, 7) };
    const action = { kind: "change", tool: "spans", id: "b" as Mark["id"], change } as const;
    const [relation] = marksOf(apply(twice, withRelations(twice, action)), "relations");
    expect(relation?.geometry.target).toEqual(at(2, 5));
  });
  test("turn around", () => {
    const [relation] = marksOf(document, "relations");
    expect(relation && flipped(relation).geometry).toEqual({ source: at(2, 5), target: at(0, 1) });
  });
});
