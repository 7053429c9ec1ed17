/** How alike two marks of one tool are, 0 to 1: by where they lie, whatever their labels say. Pure. */

import { isRecord } from "@/engine/document/answer";
import type { Geometry, Json, ToolName } from "@/engine/document/values";
import { type Box, boxIou, grown } from "@/engine/geometry/box";
import { shapeFor } from "@/engine/shapes/all";
import { segmentOf } from "@/engine/video/segments";
import { keyframesOf } from "@/engine/video/tracks";

/** Lines and points have no area: a little around them has. */
const AROUND_PIXELS = 4;

/** Return how alike the places of two marks are. */
export function likeness(tool: ToolName, one: Geometry, other: Geometry): number {
  const shape = shapeFor(tool);
  if (shape) return boxIou(roomOf(tool, shape.bounds(one)), roomOf(tool, shape.bounds(other)));
  if (tool === "spans") return overlapOf(stretchesOf(one), stretchesOf(other));
  if (tool === "relations") return endsAlike(one, other);
  if (tool === "segments") return segmentsAlike(one, other);
  if (tool === "tracks") return tracksAlike(one, other);
  return JSON.stringify(one) === JSON.stringify(other) ? 1 : 0;
}

const roomOf = (tool: ToolName, box: Box): Box =>
  tool === "polyline" || tool === "keypoints" ? grown(box, AROUND_PIXELS) : box;

type Stretch = readonly [start: number, end: number];

/** Return the parts of a place in a text: the whole of it where it has none. */
function stretchesOf(place: Json | undefined): readonly Stretch[] {
  if (!isRecord(place)) return [];
  if (Array.isArray(place.parts)) return place.parts.filter(isStretch);
  const { start, end } = place;
  return typeof start === "number" && typeof end === "number" ? [[start, end]] : [];
}

const isStretch = (found: Json): found is readonly [number, number] =>
  Array.isArray(found) && typeof found[0] === "number" && typeof found[1] === "number";

/** Return the shared length of stretches over the length of all: parts of one place do not overlap. */
function overlapOf(one: readonly Stretch[], other: readonly Stretch[]): number {
  const length = (parts: readonly Stretch[]) => parts.reduce((sum, [start, end]) => sum + end - start, 0);
  let shared = 0;
  for (const [start, end] of one)
    for (const [from, to] of other) shared += Math.max(0, Math.min(end, to) - Math.max(start, from));
  const all = length(one) + length(other) - shared;
  return all > 0 ? shared / all : 0;
}

/** A relation is the same where both its ends are: the end that fits worse decides. */
const endsAlike = (one: Geometry, other: Geometry): number =>
  Math.min(
    overlapOf(stretchesOf(one.source), stretchesOf(other.source)),
    overlapOf(stretchesOf(one.target), stretchesOf(other.target)),
  );

function segmentsAlike(one: Geometry, other: Geometry): number {
  const [a, b] = [segmentOf(one), segmentOf(other)];
  return a && b ? overlapOf([[a.start_frame, a.end_frame]], [[b.start_frame, b.end_frame]]) : 0;
}

/** Tracks are compared where both have a keyframe or lie between two: at the frames that either names. */
function tracksAlike(one: Geometry, other: Geometry): number {
  const [a, b] = [keyframesOf(one), keyframesOf(other)];
  const frames = [...new Set([...a, ...b].map(({ frame }) => frame))];
  if (frames.length === 0) return 0;
  const at = frames.map((frame) => {
    const [here, there] = [boxAt(a, frame), boxAt(b, frame)];
    return here && there ? boxIou(here, there) : 0;
  });
  return at.reduce((sum, alike) => sum + alike, 0) / frames.length;
}

/** Return where a track is at a frame, in a straight line between its keyframes; null beyond its ends. */
function boxAt(keyframes: ReturnType<typeof keyframesOf>, frame: number): Box | null {
  const before = keyframes.findLast((one) => one.frame <= frame);
  const after = keyframes.find((one) => one.frame >= frame);
  if (!before || !after) return null;
  const share = after.frame === before.frame ? 0 : (frame - before.frame) / (after.frame - before.frame);
  const between = (from: number, to: number) => from + share * (to - from);
  return {
    x: between(before.x, after.x),
    y: between(before.y, after.y),
    width: between(before.width, after.width),
    height: between(before.height, after.height),
  };
}
