/** Where the signs around a text stand: tags of spans, handles of borders, arcs of relations. Pixels of a frame. */

import type { Stretch } from "./offsets";
import { stretch } from "./offsets";
import type { Span } from "./spans";
import type { TextView } from "./view";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Tag {
  readonly span: Span;
  /** 0 for the span's first part. */
  readonly part: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

/** What a tag needs across for its words, in pixels; longer ones are cut short. */
const LETTER_WIDTH = 6.4;
const TAG_PADDING = 8;
const TAG_WIDTH_MAX = 120;
export const TAG_HEIGHT = 14;

export const tagWidth = (words: string): number =>
  Math.min(Array.from(words).length * LETTER_WIDTH + TAG_PADDING, TAG_WIDTH_MAX);

/** Return the boxes of a stretch relative to the frame that signs are placed in. */
export function boxesIn(view: TextView, frame: DOMRect, part: Stretch): readonly Box[] {
  return view.boxesOf(part).map((box) => ({
    left: box.left - frame.left,
    top: box.top - frame.top,
    right: box.right - frame.left,
    bottom: box.bottom - frame.top,
  }));
}

/** Return tags so that none covers another: those of a line in order, each pushed past the one before it. */
export function apart(tags: readonly Tag[], frameWidth: number): readonly Tag[] {
  const ends = new Map<number, number>();
  const inOrder = [...tags].sort((a, b) => a.top - b.top || a.left - b.left);
  return inOrder.map((tag) => {
    const line = Math.round(tag.top / TAG_HEIGHT);
    const free = Math.max(tag.left, ends.get(line) ?? 0);
    const left = Math.max(0, Math.min(free, frameWidth - tag.width));
    ends.set(line, left + tag.width + 2);
    return { ...tag, left };
  });
}

/** Where parts begin, as far as it was asked for: measuring hundreds of them anew takes longer than painting them. */
export type Beginnings = WeakMap<Stretch, Beginning | null>;

interface Beginning {
  readonly box: Box;
  readonly rightToLeft: boolean;
}

/** Return the tags of the spans that are on the screen. */
export function tagsOf(
  view: TextView,
  frame: DOMRect,
  spans: readonly Span[],
  words: (span: Span) => string,
  known: Beginnings = new WeakMap(),
): readonly Tag[] {
  const tags = spans.flatMap((span) =>
    span.parts.flatMap((part, number): Tag[] => {
      const found = known.get(part);
      const beginning = found === undefined ? beginningOf(view, frame, part) : found;
      known.set(part, beginning);
      if (!beginning) return [];
      const { box, rightToLeft } = beginning;
      const width = number === 0 ? tagWidth(words(span)) : TAG_HEIGHT;
      const left = rightToLeft ? box.right - width : box.left;
      return [{ span, part: number, left, top: box.top - TAG_HEIGHT + 1, width }];
    }),
  );
  return apart(tags, frame.width);
}

function beginningOf(view: TextView, frame: DOMRect, part: Stretch): Beginning | null {
  const [box] = boxesIn(view, frame, stretch(part.start, Math.min(part.end, part.start + 40)));
  return box ? { box, rightToLeft: view.rightToLeft(part.start) } : null;
}

export interface Arc {
  readonly path: string;
  /** Where its label stands. */
  readonly x: number;
  readonly y: number;
}

/** Return the arc from one box to another, over the lines between: a cubic curve that leaves and arrives upright. */
export function arcOf(from: Box, to: Box): Arc {
  const [x1, x2] = [(from.left + from.right) / 2, (to.left + to.right) / 2];
  // From tag to tag, so that neither tip lies under one.
  const [y1, y2] = [from.top - TAG_HEIGHT, to.top - TAG_HEIGHT];
  const sameLine = Math.abs(y1 - y2) < 4;
  const rise = sameLine ? Math.min(30, 12 + Math.abs(x2 - x1) * 0.04) : 24;
  const [top1, top2] = [y1 - rise, y2 - rise];
  return {
    path: `M ${x1} ${y1} C ${x1} ${top1}, ${x2} ${top2}, ${x2} ${y2}`,
    // On one line its label is at the top of the arc; else in the gap over the target, where no text is.
    x: sameLine ? (x1 + x2) / 2 : x1 * 0.06 + x2 * 0.94,
    y: sameLine ? y1 - rise * 0.75 : y2 - 13,
  };
}
