/** Axis-aligned boxes in pixels from the image's top left corner. */

import { type ImagePoint, imagePoint } from "./coordinates";
import { clamp, type Frame, type Pair, rounded } from "./points";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The box between two opposite corners, whichever way round they are given. */
export function boxBetween(one: ImagePoint, other: ImagePoint): Box {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  return {
    x,
    y,
    width: rounded(Math.abs(one.x - other.x)),
    height: rounded(Math.abs(one.y - other.y)),
  };
}

/** Corners clockwise on the screen from the top left. */
export function boxCorners(box: Box): Pair[] {
  const right = box.x + box.width;
  const bottom = box.y + box.height;
  return [
    [box.x, box.y],
    [right, box.y],
    [right, bottom],
    [box.x, bottom],
  ];
}

/** The smallest box around all points; empty at the origin where there are none. */
export function hull(points: readonly Pair[]): Box {
  if (points.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const [x, y] of points) {
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export function grown(box: Box, by: number): Box {
  return { x: box.x - by, y: box.y - by, width: box.width + 2 * by, height: box.height + 2 * by };
}

export function united(one: Box, other: Box): Box {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  return {
    x,
    y,
    width: Math.max(one.x + one.width, other.x + other.width) - x,
    height: Math.max(one.y + one.height, other.y + other.height) - y,
  };
}

export const boxContains = (box: Box, at: ImagePoint): boolean =>
  at.x >= box.x && at.y >= box.y && at.x <= box.x + box.width && at.y <= box.y + box.height;

export const boxesMeet = (one: Box, other: Box): boolean =>
  one.x <= other.x + other.width &&
  other.x <= one.x + one.width &&
  one.y <= other.y + other.height &&
  other.y <= one.y + one.height;

export const boxHolds = (outer: Box, inner: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

export const boxMiddle = (box: Box): ImagePoint => imagePoint(box.x + box.width / 2, box.y + box.height / 2);

/** How far bounds can go of the way (dx, dy) without leaving the frame; what is outside may come in. */
export function leeway(bounds: Box, dx: number, dy: number, frame: Frame): ImagePoint {
  const along = (by: number, start: number, size: number, end: number) =>
    clamp(by, Math.min(-start, 0), Math.max(end - start - size, 0));
  return imagePoint(
    along(dx, bounds.x, bounds.width, frame.width),
    along(dy, bounds.y, bounds.height, frame.height),
  );
}

/** Intersection over union, 0 to 1. */
export function boxIou(one: Box, other: Box): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (one.width * one.height + other.width * other.height - shared);
}
