/** The box as it is drawn, hit and reshaped. */

import { type Box, boxContains, boxCorners, grown } from "../../geometry/box";
import { type ImagePoint, imagePoint } from "../../geometry/coordinates";
import { rounded } from "../../geometry/points";
import { type Bounds, fillAndStroke, type Handle, isNumber, type ShapeKind, shapeOf } from "../shape";
import { SIDES, sideOf } from "../sides";

const kind: ShapeKind<Box> = {
  tool: "box",
  movable: true,
  read: ({ x, y, width, height }) =>
    isNumber(x) && isNumber(y) && isNumber(width) && isNumber(height) ? { x, y, width, height } : null,
  write: (box) => ({ ...box }),
  bounds: (box) => box,
  hit: (box, at, reach) => boxContains(grown(box, reach), at),
  draw: (pen, box, look) => {
    pen.beginPath();
    pen.rect(box.x, box.y, box.width, box.height);
    fillAndStroke(pen, look);
  },
  handles,
  translate: (box, dx, dy) => ({ ...box, x: rounded(box.x + dx), y: rounded(box.y + dy) }),
  reshape,
  outline: (box) => ({ points: boxCorners(box), closed: true }),
  fault: (box) => (box.width > 0 && box.height > 0 ? null : "empty"),
};

function handles(box: Box): Handle[] {
  return SIDES.map((side) => ({
    id: side.id,
    at: imagePoint(box.x + ((side.along + 1) / 2) * box.width, box.y + ((side.down + 1) / 2) * box.height),
    kind: side.along && side.down ? "corner" : "side",
    cursor: side.cursor,
  }));
}

/** The side opposite the handle stays; pulled past it the box turns over. */
function reshape(box: Box, handle: string, to: ImagePoint, bounds: Bounds): Box {
  const side = sideOf(handle);
  if (!side) return box;
  const [left, right] = pulled(box.x, box.width, side.along, to.x);
  let [top, bottom] = pulled(box.y, box.height, side.down, to.y);
  if (bounds.steady && side.along && side.down && box.width > 0 && box.height > 0) {
    const height = ((right - left) * box.height) / box.width;
    const still = side.down < 0 ? box.y + box.height : box.y;
    const way = to.y < still ? -1 : 1;
    const end = Math.min(Math.max(still + way * height, 0), bounds.frame.height);
    [top, bottom] = [Math.min(still, end), Math.max(still, end)];
  }
  return { x: rounded(left), y: rounded(top), width: rounded(right - left), height: rounded(bottom - top) };
}

function pulled(start: number, size: number, side: -1 | 0 | 1, to: number): [number, number] {
  if (side === 0) return [start, start + size];
  const still = side < 0 ? start + size : start;
  return [Math.min(still, to), Math.max(still, to)];
}

export const box = shapeOf(kind);
