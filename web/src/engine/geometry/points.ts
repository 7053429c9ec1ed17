/** Points in an image: their distance, turning, rounding and the frame they lie in. */

import { type ImagePoint, imagePoint } from "./coordinates";

/** A corner as answers store it. */
export type Pair = readonly [number, number];

/** An image's size in pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
}

/** Finer than any hand, and short when written. */
const STEPS_PER_PIXEL = 100;

export const rounded = (value: number): number => {
  const result = Math.round(value * STEPS_PER_PIXEL) / STEPS_PER_PIXEL;
  return result === 0 ? 0 : result;
};

export const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);

export const pairOf = (point: ImagePoint): Pair => [point.x, point.y];
export const pointOf = (pair: Pair): ImagePoint => imagePoint(pair[0], pair[1]);

/** The nearest point inside the frame, on the grid that answers are rounded to. */
export function fitted(point: ImagePoint, frame: Frame): ImagePoint {
  return imagePoint(rounded(clamp(point.x, 0, frame.width)), rounded(clamp(point.y, 0, frame.height)));
}

export const distance = (one: ImagePoint, other: ImagePoint): number =>
  Math.hypot(one.x - other.x, one.y - other.y);

/** The point of the side from `start` to `end` that is nearest to `at`. */
export function nearestOnSide(at: ImagePoint, start: Pair, end: Pair): ImagePoint {
  const [x, y] = start;
  const dx = end[0] - x;
  const dy = end[1] - y;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : clamp(((at.x - x) * dx + (at.y - y) * dy) / length, 0, 1);
  return imagePoint(x + along * dx, y + along * dy);
}

/** `point` turned about `centre`, clockwise on the screen, since y grows downwards. */
export function turned(point: ImagePoint, centre: ImagePoint, degrees: number): ImagePoint {
  const radians = (degrees * Math.PI) / 180;
  const cosine = Math.cos(radians);
  const sine = Math.sin(radians);
  const dx = point.x - centre.x;
  const dy = point.y - centre.y;
  return imagePoint(centre.x + dx * cosine - dy * sine, centre.y + dx * sine + dy * cosine);
}
