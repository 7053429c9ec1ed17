/** Tracks: boxes of one object through a clip, kept as keyframes. Edits are functions of values. */

import type { Attributes, Geometry, Mark } from "../document/values";
import type { Box } from "../geometry/box";
import { rounded } from "../geometry/points";
import { lastAtOrBefore, type Timeline } from "./timeline";

/** Where an object is at a frame, as answers store it (docs/label-types.md). */
export type Keyframe = {
  readonly frame: number;
  readonly time: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Left out where it is. */
  readonly visible?: boolean;
  /** What is asked per frame; holds until the next keyframe. */
  readonly attributes?: Attributes;
};

/** Where a track is at one frame. */
export interface Place {
  readonly box: Box;
  readonly visible: boolean;
  readonly isKeyframe: boolean;
  readonly attributes: Attributes;
}

export const isVisible = (keyframe: Keyframe): boolean => keyframe.visible !== false;

/** The keyframes of a mark, ascending; none where it is not a track. */
export function keyframesOf(geometry: Geometry): readonly Keyframe[] {
  const { keyframes } = geometry;
  if (!Array.isArray(keyframes)) return [];
  const known = read.get(geometry) ?? keyframes.filter(isKeyframe);
  read.set(geometry, known);
  return known;
}

const read = new WeakMap<Geometry, readonly Keyframe[]>();

function isKeyframe(value: unknown): value is Keyframe {
  if (typeof value !== "object" || value === null) return false;
  const numbers = ["frame", "x", "y", "width", "height"] as const;
  return numbers.every((name) => name in value && typeof Reflect.get(value, name) === "number");
}

export function trackGeometry(id: string, keyframes: readonly Keyframe[]): Geometry {
  return { id, keyframes };
}

/** An id that no track of the answer has yet: the next whole number. */
export function freeTrackId(marks: readonly Mark[]): string {
  const numbers = marks.map(({ geometry }) => Number(geometry.id)).filter(Number.isSafeInteger);
  return String(Math.max(0, ...numbers) + 1);
}

/** Where the track is at a frame; null before its first keyframe and after its last. */
export function placeAt(keyframes: readonly Keyframe[], frame: number, timeline: Timeline): Place | null {
  const at = lastAtOrBefore(keyframes.length, (place) => (keyframes[place]?.frame ?? 0) <= frame);
  const before = keyframes[at];
  if (before === undefined) return null;
  const after = keyframes[at + 1];
  if (before.frame !== frame && after === undefined) return null;
  return {
    box:
      after === undefined || before.frame === frame ? boxOf(before) : between(before, after, frame, timeline),
    visible: isVisible(before),
    isKeyframe: before.frame === frame,
    attributes: before.attributes ?? {},
  };
}

/** Where the track would be beyond its ends: as at the nearest end. For showing, and for going on from there. */
export function placeBeyond(keyframes: readonly Keyframe[], frame: number): Place | null {
  const [first, last] = [keyframes[0], keyframes.at(-1)];
  if (first === undefined || last === undefined) return null;
  const end = frame < first.frame ? first : last;
  return { box: boxOf(end), visible: isVisible(end), isKeyframe: false, attributes: end.attributes ?? {} };
}

/** Linear in presentation time, as the server has it. */
function between(before: Keyframe, after: Keyframe, frame: number, timeline: Timeline): Box {
  const start = timeline.seconds(before.frame);
  const passed = timeline.seconds(frame) - start;
  const whole = timeline.seconds(after.frame) - start;
  const mixed = (from: number, to: number) => ((to - from) / whole) * passed + from;
  return {
    x: mixed(before.x, after.x),
    y: mixed(before.y, after.y),
    width: mixed(before.width, after.width),
    height: mixed(before.height, after.height),
  };
}

const boxOf = ({ x, y, width, height }: Keyframe): Box => ({ x, y, width, height });

/** The keyframe that makes explicit what holds at a frame, inside the track or beyond its ends. */
function keyframeAt(keyframes: readonly Keyframe[], frame: number, timeline: Timeline): Keyframe | null {
  const own = keyframes.find((keyframe) => keyframe.frame === frame);
  if (own !== undefined) return own;
  const place = placeAt(keyframes, frame, timeline) ?? placeBeyond(keyframes, frame);
  return place === null ? null : made(frame, place.box, place.visible, place.attributes, timeline);
}

function made(
  frame: number,
  box: Box,
  visible: boolean,
  attributes: Attributes,
  timeline: Timeline,
): Keyframe {
  return {
    frame,
    time: timeline.seconds(frame),
    x: rounded(box.x),
    y: rounded(box.y),
    width: rounded(box.width),
    height: rounded(box.height),
    ...(visible ? {} : { visible: false }),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
  };
}

export const firstKeyframe = (frame: number, box: Box, timeline: Timeline): Keyframe =>
  made(frame, box, true, {}, timeline);

function put(keyframes: readonly Keyframe[], keyframe: Keyframe): readonly Keyframe[] {
  const others = keyframes.filter(({ frame }) => frame !== keyframe.frame);
  return [...others, keyframe].sort((one, other) => one.frame - other.frame);
}

/** The track with another box at a frame. Drawn beyond an end where the object was not seen, it is seen again. */
export function withBox(
  keyframes: readonly Keyframe[],
  frame: number,
  box: Box,
  timeline: Timeline,
): readonly Keyframe[] {
  const inside = placeAt(keyframes, frame, timeline);
  const place = inside ?? placeBeyond(keyframes, frame);
  const visible = inside === null || inside.visible;
  return put(keyframes, made(frame, box, visible, place?.attributes ?? {}, timeline));
}

/** Makes what is interpolated here a keyframe, or takes the keyframe away; the last one stays. */
export function toggleKeyframe(
  keyframes: readonly Keyframe[],
  frame: number,
  timeline: Timeline,
): readonly Keyframe[] {
  const others = keyframes.filter((keyframe) => keyframe.frame !== frame);
  if (others.length < keyframes.length) return others.length > 0 ? others : keyframes;
  const keyframe = keyframeAt(keyframes, frame, timeline);
  return keyframe === null ? keyframes : put(keyframes, keyframe);
}

/** From this frame on the object is outside or hidden, or is seen again. */
export function toggleVisible(
  keyframes: readonly Keyframe[],
  frame: number,
  timeline: Timeline,
): readonly Keyframe[] {
  const keyframe = keyframeAt(keyframes, frame, timeline);
  if (keyframe === null) return keyframes;
  const { visible: _, ...rest } = keyframe;
  return put(keyframes, isVisible(keyframe) ? { ...rest, visible: false } : rest);
}

/** Answers what is asked per frame, from this frame on up to the next keyframe. */
export function withAttributes(
  keyframes: readonly Keyframe[],
  frame: number,
  attributes: Attributes,
  timeline: Timeline,
): readonly Keyframe[] {
  const keyframe = keyframeAt(keyframes, frame, timeline);
  if (keyframe === null) return keyframes;
  const { attributes: _, ...rest } = keyframe;
  return put(keyframes, Object.keys(attributes).length > 0 ? { ...rest, attributes } : rest);
}

/** The frame of the next or the previous keyframe of these tracks, or null. */
export function keyframeBeside(
  tracks: readonly (readonly Keyframe[])[],
  frame: number,
  direction: 1 | -1,
): number | null {
  const ahead = tracks
    .flat()
    .map((keyframe) => keyframe.frame)
    .filter((one) => (one - frame) * direction > 0);
  if (ahead.length === 0) return null;
  return direction > 0 ? Math.min(...ahead) : Math.max(...ahead);
}

/** Stretches [first, last] of frames over which the track is visible, for the timeline. */
export function visibleStretches(keyframes: readonly Keyframe[]): readonly (readonly [number, number])[] {
  const stretches: [number, number][] = [];
  keyframes.forEach((keyframe, at) => {
    if (!isVisible(keyframe)) return;
    const end = keyframes[at + 1]?.frame ?? keyframe.frame;
    const last = stretches.at(-1);
    if (last !== undefined && last[1] === keyframe.frame) last[1] = end;
    else stretches.push([keyframe.frame, end]);
  });
  return stretches;
}
