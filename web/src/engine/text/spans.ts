/** Spans of a text: their parts, adding to them, moving their borders, and which of them are at a place. */

import type { Geometry, Json, Mark } from "@/engine/document/values";
import { codePoint } from "@/engine/geometry/coordinates";
import { type Offsets, type Stretch, stretch } from "./offsets";

/** A span ready to be painted: its parts in UTF-16 units, ascending and apart. */
export interface Span {
  readonly mark: Mark;
  readonly parts: readonly Stretch[];
  /** From the first part's start to the last part's end. */
  readonly hull: Stretch;
}

type Pair = readonly [start: number, end: number];

/** Return the parts that a place has, in code points; none where it is no place. */
export function pairsOf(place: Json | undefined): readonly Pair[] {
  if (typeof place !== "object" || place === null || !("start" in place)) return [];
  const { start, end, parts } = place;
  if (Array.isArray(parts)) return parts.flatMap((part) => asPair(part));
  return asPair([start ?? null, end ?? null]);
}

function asPair(found: Json): readonly Pair[] {
  if (!Array.isArray(found)) return [];
  const [start, end] = found;
  return typeof start === "number" && typeof end === "number" && start < end ? [[start, end]] : [];
}

/** Return a mark as a span, or undefined where its geometry is none. */
export function spanOf(mark: Mark, offsets: Offsets): Span | undefined {
  const parts = pairsOf(mark.geometry).map(([start, end]) =>
    stretch(offsets.toUnit(codePoint(start)), offsets.toUnit(codePoint(end))),
  );
  const [first] = parts;
  const last = parts.at(-1);
  return first && last && { mark, parts, hull: stretch(first.start, last.end) };
}

/** Return how an answer writes parts: code points; `parts` only where there are several. */
export function geometryOf(parts: readonly Stretch[], offsets: Offsets): Geometry {
  const pairs = joined(parts).map(({ start, end }): Pair => [offsets.toPoint(start), offsets.toPoint(end)]);
  const start = pairs[0]?.[0] ?? 0;
  const end = pairs.at(-1)?.[1] ?? 0;
  return pairs.length > 1 ? { start, end, parts: pairs } : { start, end };
}

/** Return stretches in order, with those that touch or overlap made one. */
export function joined(parts: readonly Stretch[]): readonly Stretch[] {
  const result: Stretch[] = [];
  for (const part of [...parts].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = result.at(-1);
    if (last && part.start <= last.end)
      result[result.length - 1] = stretch(last.start, Math.max(last.end, part.end));
    else result.push(part);
  }
  return result;
}

/** Return a span's parts without what a stretch covers. */
export const without = (parts: readonly Stretch[], { start, end }: Stretch): readonly Stretch[] =>
  parts
    .flatMap((part) => [
      stretch(part.start, Math.min(part.end, start)),
      stretch(Math.max(part.start, end), part.end),
    ])
    .filter((part) => part.start < part.end);

/** Return the parts with a stretch added; taken away instead where they hold all of it and more. */
export function toggled(parts: readonly Stretch[], added: Stretch): readonly Stretch[] {
  const inside = parts.some((part) => part.start <= added.start && added.end <= part.end);
  const left = inside ? without(parts, added) : [];
  return left.length ? left : joined([...parts, added]);
}

export type Border = "start" | "end";

/** Return the parts with the outer border moved to an offset; parts it passes go, and never all of them. */
export function bordered(parts: readonly Stretch[], border: Border, offset: number): readonly Stretch[] {
  const first = parts[0];
  const last = parts.at(-1);
  if (!first || !last) return parts;
  if (border === "start") {
    const kept = parts.filter((part) => part.end > offset);
    return kept.map((part, at) => (at === 0 ? stretch(offset, part.end) : part));
  }
  const kept = parts.filter((part) => part.start < offset);
  return kept.map((part, at) => (at === kept.length - 1 ? stretch(part.start, offset) : part));
}

/** Return the spans that cover an offset, the shortest first: the one that a click means. */
export function spansAt(spans: readonly Span[], offset: number): readonly Span[] {
  const covers = ({ parts }: Span) => parts.some(({ start, end }) => start <= offset && offset < end);
  return spans.filter(covers).sort((a, b) => lengthOf(a) - lengthOf(b));
}

const lengthOf = ({ hull }: Span) => hull.end - hull.start;

/** Return spans in the order they are read: by start, the longer one first. */
export const inReadingOrder = (spans: readonly Span[]): readonly Span[] =>
  [...spans].sort((a, b) => a.hull.start - b.hull.start || b.hull.end - a.hull.end);

/**
 * Return the line of each span under the text, so that no two that overlap share one: greedy colouring of an
 * interval graph, which needs as few lines as spans ever overlap at one place.
 */
export function layersOf(spans: readonly Span[]): ReadonlyMap<Span, number> {
  const ends: number[] = [];
  const layers = new Map<Span, number>();
  for (const span of inReadingOrder(spans)) {
    const free = ends.findIndex((end) => end <= span.hull.start);
    const layer = free < 0 ? ends.length : free;
    ends[layer] = span.hull.end;
    layers.set(span, layer);
  }
  return layers;
}
