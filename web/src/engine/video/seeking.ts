/** Which frame to decode next: the one that is wanted now, then those ahead of it in the direction of motion. */

import type { Direction } from "./picture_cache";

export interface Seeking {
  readonly wanted: number;
  readonly direction: Direction;
  /** Frames that were asked for since the cursor moved: what does not stay in the cache is not asked for again. */
  readonly tried: ReadonlySet<number>;
}

/** A frame ahead is prefetched up to this far, and no further than a third of the cache. */
const FRAMES_AHEAD_MAX = 24;

export const still = (frame: number): Seeking => ({ wanted: frame, direction: 1, tried: new Set() });

/** The latest seek wins: nothing of an earlier one is left but the direction where it goes nowhere. */
export function seekTo(seeking: Seeking, frame: number): Seeking {
  if (frame === seeking.wanted) return seeking;
  return { wanted: frame, direction: frame > seeking.wanted ? 1 : -1, tried: new Set() };
}

export const asked = (seeking: Seeking, frame: number): Seeking => ({
  ...seeking,
  tried: new Set(seeking.tried).add(frame),
});

/** The frame to decode next, or null when all that is wanted is there. */
export function nextFrame(
  seeking: Seeking,
  frameCount: number,
  room: number,
  has: (frame: number) => boolean,
): number | null {
  if (!has(seeking.wanted)) return seeking.tried.has(seeking.wanted) ? null : seeking.wanted;
  const ahead = Math.min(FRAMES_AHEAD_MAX, Math.floor(room / 3));
  for (let distance = 1; distance <= ahead; distance++) {
    const frame = seeking.wanted + distance * seeking.direction;
    if (frame < 0 || frame >= frameCount) return null;
    if (!has(frame)) return seeking.tried.has(frame) ? null : frame;
  }
  return null;
}

/** Whether work on `frame` is on the way to what is wanted now; else it is cut off. */
export function serves(seeking: Seeking, frame: number, has: (frame: number) => boolean): boolean {
  if (has(seeking.wanted)) return true;
  const onward = seeking.wanted - frame;
  return onward >= 0 && onward <= FRAMES_AHEAD_MAX;
}
