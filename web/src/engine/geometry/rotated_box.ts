/** Boxes turned about their centre, by degrees clockwise on the screen. */

import { type ImagePoint, imagePoint } from "./coordinates";
import { type Pair, pairOf, turned } from "./points";
import { polygonIou } from "./polygon";

export interface RotatedBox {
  /** The centre. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

export const centreOf = (box: RotatedBox): ImagePoint => imagePoint(box.x, box.y);

/** A point given from the box's centre along its own axes, as a point of the image. */
export const outward = (box: RotatedBox, along: number, down: number): ImagePoint =>
  turned(imagePoint(box.x + along, box.y + down), centreOf(box), box.angle);

/** A point of the image, measured from the box's centre along its own axes. */
export function inward(box: RotatedBox, at: ImagePoint): ImagePoint {
  const straight = turned(at, centreOf(box), -box.angle);
  return imagePoint(straight.x - box.x, straight.y - box.y);
}

/** Corners clockwise on the screen, from what is the top left one at angle 0. */
export function rotatedCorners(box: RotatedBox): Pair[] {
  const along = box.width / 2;
  const down = box.height / 2;
  return [
    pairOf(outward(box, -along, -down)),
    pairOf(outward(box, along, -down)),
    pairOf(outward(box, along, down)),
    pairOf(outward(box, -along, down)),
  ];
}

export const rotatedIou = (one: RotatedBox, other: RotatedBox): number =>
  polygonIou(rotatedCorners(one), rotatedCorners(other));
