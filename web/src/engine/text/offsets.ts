/** Offsets in a text: the browser counts UTF-16 units, answers count Unicode code points. */

import { type CodePoint, codePoint, type Utf16, utf16 } from "@/engine/geometry/coordinates";

/** A half-open stretch of a text, in UTF-16 units. */
export interface Stretch {
  readonly start: Utf16;
  readonly end: Utf16;
}

export const stretch = (start: number, end: number): Stretch => ({ start: utf16(start), end: utf16(end) });

export const sameStretch = (a: Stretch, b: Stretch): boolean => a.start === b.start && a.end === b.end;

/** Return the smallest stretch that holds both. */
export const hullOf = (a: Stretch, b: Stretch): Stretch =>
  stretch(Math.min(a.start, b.start), Math.max(a.end, b.end));

/** Converts offsets of one text; only surrogate pairs are kept, so that most texts cost nothing. */
export class Offsets {
  /** Code points of the whole text. */
  readonly points: number;
  /** Where each surrogate pair starts, in UTF-16 units, ascending. */
  private readonly pairs: readonly number[];

  constructor(readonly text: string) {
    this.pairs = pairsOf(text);
    this.points = text.length - this.pairs.length;
  }

  /** An offset inside a surrogate pair is taken as that of the pair's start; one outside the text as its border. */
  toPoint(offset: Utf16): CodePoint {
    const within = clamp(offset, this.text.length);
    return codePoint(within - countBelow(this.pairs.length, (at) => (this.pairs[at] ?? 0) < within));
  }

  /** One outside the text is taken as its border. */
  toUnit(offset: CodePoint): Utf16 {
    const within = clamp(offset, this.points);
    return utf16(within + countBelow(this.pairs.length, (at) => (this.pairs[at] ?? 0) - at < within));
  }
}

function pairsOf(text: string): readonly number[] {
  const pairs: number[] = [];
  for (const { index } of text.matchAll(/[\u{10000}-\u{10ffff}]/gu)) pairs.push(index);
  return pairs;
}

const clamp = (offset: number, end: number) => Math.max(0, Math.min(Math.trunc(offset), end));

/** Return how many of the first `count` places hold, where those that hold come first. */
export function countBelow(count: number, holds: (place: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
