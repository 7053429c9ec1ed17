/** Where a point goes that is near a corner, a side, or the image's border. */

import { type ImagePoint, imagePoint } from "../geometry/coordinates";
import { distance, type Frame, pointOf } from "../geometry/points";
import { nearestSide } from "../geometry/polygon";
import type { Outline } from "../shapes/shape";

export interface Snapped {
  readonly at: ImagePoint;
  readonly to: "corner" | "side" | "border" | "nothing";
}

/** Corners win over sides, and sides over the border; `reach` is how near is near, in image pixels. */
export function snapped(at: ImagePoint, outlines: readonly Outline[], frame: Frame, reach: number): Snapped {
  let corner: ImagePoint | null = null;
  let side: ImagePoint | null = null;
  let [toCorner, toSide] = [reach, reach];
  for (const { points, closed } of outlines) {
    for (const point of points) {
      const far = distance(pointOf(point), at);
      if (far <= toCorner) [corner, toCorner] = [pointOf(point), far];
    }
    const near = nearestSide(at, points, closed);
    if (near && near.distance <= toSide) [side, toSide] = [near.at, near.distance];
  }
  if (corner) return { at: corner, to: "corner" };
  if (side) return { at: side, to: "side" };
  const near = (value: number, end: number) =>
    Math.abs(value) <= reach ? 0 : Math.abs(value - end) <= reach ? end : value;
  const border = imagePoint(near(at.x, frame.width), near(at.y, frame.height));
  return { at: border, to: border.x !== at.x || border.y !== at.y ? "border" : "nothing" };
}
