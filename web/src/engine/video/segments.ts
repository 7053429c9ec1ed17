/** Segments: stretches of frames, half open. Edits are functions of values. */

import type { Geometry, Mark } from "../document/values";
import type { Timeline } from "./timeline";

/** A stretch of frames as answers store it: `end_frame` is the first one after it. */
export type Segment = {
  readonly start_frame: number;
  readonly end_frame: number;
  readonly start_time: number;
  readonly end_time: number;
};

export function segmentOf(geometry: Geometry): Segment | null {
  const { start_frame, end_frame, start_time, end_time } = geometry;
  if (typeof start_frame !== "number" || typeof end_frame !== "number") return null;
  const time = (value: unknown) => (typeof value === "number" ? value : 0);
  return { start_frame, end_frame, start_time: time(start_time), end_time: time(end_time) };
}

/** The segment from one frame to another, both included, whichever comes first. */
export function segmentBetween(one: number, other: number, timeline: Timeline): Segment {
  return made(Math.min(one, other), Math.max(one, other) + 1, timeline);
}

function made(start: number, end: number, timeline: Timeline): Segment {
  return {
    start_frame: start,
    end_frame: end,
    start_time: timeline.seconds(start),
    end_time: timeline.seconds(end),
  };
}

/** The segment beginning at a frame; one that would be empty is not changed. */
export const startingAt = (segment: Segment, frame: number, timeline: Timeline): Segment =>
  frame < segment.end_frame ? made(frame, segment.end_frame, timeline) : segment;

/** The segment whose last frame is this one. */
export const lastingTo = (segment: Segment, frame: number, timeline: Timeline): Segment =>
  frame >= segment.start_frame ? made(segment.start_frame, frame + 1, timeline) : segment;

export const holdsFrame = (segment: Segment, frame: number): boolean =>
  segment.start_frame <= frame && frame < segment.end_frame;

/** Whether the answer has this label over these frames already: the server takes it once. */
export function isThere(marks: readonly Mark[], label: string, segment: Segment, but?: Mark): boolean {
  return marks.some((mark) => {
    const other = segmentOf(mark.geometry);
    const same = other?.start_frame === segment.start_frame && other.end_frame === segment.end_frame;
    return mark !== but && mark.label === label && same;
  });
}

/** Segments laid into as few rows as it takes for none to cover another; the row of each. */
export function rowsOf(segments: readonly Segment[]): readonly number[] {
  const order = segments.map((_, at) => at);
  order.sort((one, other) => (segments[one]?.start_frame ?? 0) - (segments[other]?.start_frame ?? 0));
  const ends: number[] = [];
  const rows = segments.map(() => 0);
  for (const at of order) {
    const segment = segments[at];
    if (segment === undefined) continue;
    const free = ends.findIndex((end) => end <= segment.start_frame);
    const row = free < 0 ? ends.length : free;
    ends[row] = segment.end_frame;
    rows[at] = row;
  }
  return rows;
}
