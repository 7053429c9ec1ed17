/** The timeline as drawn: lanes of tracks and segments over the frames, and which frame is where. Pure. */

import type { Document, MarkId } from "../document/values";
import { SEGMENTS, TRACKS } from "./projection";
import { rowsOf, type Segment, segmentOf } from "./segments";
import { isVisible, keyframesOf, visibleStretches } from "./tracks";

/** Which frames the timeline shows: from `first`, `perFrame` CSS pixels a frame, behind a head of names. */
export interface TimelineView {
  readonly width: number;
  readonly first: number;
  readonly perFrame: number;
}

export interface Lane {
  readonly top: number;
  readonly height: number;
  readonly bars: readonly Bar[];
  readonly name: string;
  readonly label: string;
  readonly kind: "track" | "segments";
  readonly id: MarkId | null;
}

export interface Bar {
  readonly id: MarkId;
  readonly label: string;
  /** Frames, half open. */
  readonly start: number;
  readonly end: number;
  readonly isSuggested: boolean;
  readonly isHidden: boolean;
  /** Of a track: its keyframes, and the stretches over which it is visible. */
  readonly keyframes: readonly { readonly frame: number; readonly visible: boolean }[];
  readonly stretches: readonly (readonly [number, number])[];
}

export const HEAD_PIXELS = 112;
export const RULER_PIXELS = 26;
const TRACK_PIXELS = 24;
const SEGMENT_PIXELS = 22;
const PER_FRAME_MAX = 48;

export function fitted(frameCount: number, width: number): TimelineView {
  return { width, first: 0, perFrame: Math.max(0.001, (width - HEAD_PIXELS - 8) / Math.max(1, frameCount)) };
}

export const xOf = (view: TimelineView, frame: number): number =>
  HEAD_PIXELS + (frame - view.first) * view.perFrame;

export const frameAtX = (view: TimelineView, x: number): number =>
  Math.floor(view.first + (x - HEAD_PIXELS) / view.perFrame);

/** Another scale, with what is at `x` left where it is. */
export function zoomed(view: TimelineView, factor: number, x: number, frameCount: number): TimelineView {
  const least = fitted(frameCount, view.width).perFrame;
  const perFrame = Math.min(Math.max(view.perFrame * factor, least), Math.max(PER_FRAME_MAX, least));
  const at = view.first + (x - HEAD_PIXELS) / view.perFrame;
  return panned({ ...view, perFrame, first: at - (x - HEAD_PIXELS) / perFrame }, 0, frameCount);
}

export function panned(view: TimelineView, pixels: number, frameCount: number): TimelineView {
  const shown = (view.width - HEAD_PIXELS - 8) / view.perFrame;
  const first = view.first + pixels / view.perFrame;
  return { ...view, first: Math.min(Math.max(0, first), Math.max(0, frameCount - shown)) };
}

/** The view moved so that a frame is in it. */
export function showing(view: TimelineView, frame: number, frameCount: number): TimelineView {
  const x = xOf(view, frame);
  if (x >= HEAD_PIXELS && x <= view.width - 16) return view;
  return panned(
    { ...view, first: frame - (0.25 * (view.width - HEAD_PIXELS)) / view.perFrame },
    0,
    frameCount,
  );
}

/** The lanes from the top down: segments in as few as they fit in, then a lane for each track. */
export function lanesOf(document: Document): readonly Lane[] {
  const lanes: Lane[] = [];
  let top = RULER_PIXELS;
  for (const bars of segmentRows(document)) {
    lanes.push({ top, height: SEGMENT_PIXELS, bars, name: "", label: "", kind: "segments", id: null });
    top += SEGMENT_PIXELS;
  }
  for (const mark of document.marks[TRACKS] ?? []) {
    const keyframes = keyframesOf(mark.geometry);
    const bar: Bar = {
      id: mark.id,
      label: mark.label,
      start: keyframes[0]?.frame ?? 0,
      end: (keyframes.at(-1)?.frame ?? 0) + 1,
      isSuggested: mark.suggested === true,
      isHidden: mark.hidden === true,
      keyframes: keyframes.map((one) => ({ frame: one.frame, visible: isVisible(one) })),
      stretches: visibleStretches(keyframes),
    };
    const name = `${mark.label} ${mark.geometry.id}`;
    lanes.push({
      top,
      height: TRACK_PIXELS,
      bars: [bar],
      name,
      label: mark.label,
      kind: "track",
      id: mark.id,
    });
    top += TRACK_PIXELS;
  }
  return lanes;
}

function segmentRows(document: Document): Bar[][] {
  const found = (document.marks[SEGMENTS] ?? []).flatMap((mark) => {
    const segment = segmentOf(mark.geometry);
    return segment === null ? [] : [{ mark, segment }];
  });
  const rows: Bar[][] = [];
  rowsOf(found.map(({ segment }): Segment => segment)).forEach((row, at) => {
    const one = found[at];
    if (one === undefined) return;
    const bar: Bar = {
      id: one.mark.id,
      label: one.mark.label,
      start: one.segment.start_frame,
      end: one.segment.end_frame,
      isSuggested: one.mark.suggested === true,
      isHidden: one.mark.hidden === true,
      keyframes: [],
      stretches: [],
    };
    rows[row] = [...(rows[row] ?? []), bar];
  });
  return rows;
}

/** What lies at a point of the timeline: a keyframe is nearest to the hand, then its bar. */
export function barAt(
  lanes: readonly Lane[],
  view: TimelineView,
  x: number,
  y: number,
): { id: MarkId; frame: number | null } | null {
  const lane = lanes.find((one) => y >= one.top && y < one.top + one.height);
  if (lane === undefined) return null;
  if (x < HEAD_PIXELS) return lane.id === null ? null : { id: lane.id, frame: null };
  for (const bar of lane.bars) {
    const near = bar.keyframes.find(({ frame }) => Math.abs(xOf(view, frame + 0.5) - x) <= 6);
    if (near !== undefined) return { id: bar.id, frame: near.frame };
  }
  const under = lane.bars.find((bar) => xOf(view, bar.start) - 3 <= x && x <= xOf(view, bar.end) + 3);
  return under === undefined ? null : { id: under.id, frame: null };
}

/** The marks of the ruler: every `every` frames, so that words of about 70 pixels have room between them. */
export function rulerEvery(perFrame: number, framesPerSecond: number): number {
  const steps = [1, 2, 5, 10];
  const second = Math.max(1, Math.round(framesPerSecond));
  for (const seconds of [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600]) steps.push(seconds * second);
  return steps.find((step) => step * perFrame >= 70) ?? 3600 * second;
}
