/** The turned box as it is drawn, hit, reshaped and turned. */

import { hull } from "../../geometry/box";
import type { ImagePoint } from "../../geometry/coordinates";
import { clamp, rounded } from "../../geometry/points";
import { centreOf, inward, outward, type RotatedBox, rotatedCorners } from "../../geometry/rotated_box";
import { tracePoints } from "../corners";
import { type Bounds, fillAndStroke, type Handle, isNumber, type ShapeKind, shapeOf } from "../shape";
import { cursorAt, SIDES, sideOf } from "../sides";

/** From the box's top to the handle that turns it, in pixels of the screen. */
const TURN_HANDLE_PIXELS = 26;
const STEADY_DEGREES = 15;

/** Degrees in [0, 360), rounded. */
export function wholeTurn(degrees: number): number {
  const within = rounded(((degrees % 360) + 360) % 360);
  return within === 360 ? 0 : within;
}

const kind: ShapeKind<RotatedBox> = {
  tool: "rotated_box",
  movable: true,
  read: ({ x, y, width, height, angle }) =>
    isNumber(x) && isNumber(y) && isNumber(width) && isNumber(height) && isNumber(angle)
      ? { x, y, width, height, angle }
      : null,
  write: (box) => ({ ...box }),
  bounds: (box) => hull(rotatedCorners(box)),
  hit: (box, at, reach) => {
    const { x, y } = inward(box, at);
    return Math.abs(x) <= box.width / 2 + reach && Math.abs(y) <= box.height / 2 + reach;
  },
  draw: (pen, box, look) => {
    tracePoints(pen, rotatedCorners(box), true);
    fillAndStroke(pen, look);
  },
  handles,
  translate: (box, dx, dy) => ({ ...box, x: rounded(box.x + dx), y: rounded(box.y + dy) }),
  reshape,
  outline: (box) => ({ points: rotatedCorners(box), closed: true }),
  fault: (box) => (box.width > 0 && box.height > 0 ? null : "empty"),
};

function handles(box: RotatedBox, pixel: number): Handle[] {
  const sides = SIDES.map<Handle>((side) => ({
    id: side.id,
    at: outward(box, (side.along * box.width) / 2, (side.down * box.height) / 2),
    kind: side.along && side.down ? "corner" : "side",
    cursor: cursorAt(side, box.angle),
  }));
  const above = -box.height / 2 - TURN_HANDLE_PIXELS * pixel;
  return [...sides, { id: "turn", at: outward(box, 0, above), kind: "turn", cursor: "grab" }];
}

function reshape(box: RotatedBox, handle: string, to: ImagePoint, bounds: Bounds): RotatedBox {
  if (handle === "turn") {
    const centre = centreOf(box);
    const angle = (Math.atan2(to.x - centre.x, centre.y - to.y) * 180) / Math.PI;
    const steps = bounds.steady ? Math.round(angle / STEADY_DEGREES) * STEADY_DEGREES : angle;
    return { ...box, angle: wholeTurn(steps) };
  }
  const side = sideOf(handle);
  if (!side) return box;
  const pulledTo = inward(box, to);
  const [along, width] = pulled(box.width, side.along, pulledTo.x);
  const [down, height] = pulled(box.height, side.down, pulledTo.y);
  const centre = outward(box, along, down);
  const longest = Math.hypot(bounds.frame.width, bounds.frame.height);
  return {
    x: rounded(clamp(centre.x, 0, bounds.frame.width)),
    y: rounded(clamp(centre.y, 0, bounds.frame.height)),
    width: rounded(Math.min(width, longest)),
    height: rounded(Math.min(height, longest)),
    angle: box.angle,
  };
}

/** The middle and the size between the side that stays and the one that is pulled. */
function pulled(size: number, side: -1 | 0 | 1, to: number): [number, number] {
  if (side === 0) return [0, size];
  const still = (-side * size) / 2;
  return [(still + to) / 2, Math.abs(to - still)];
}

export const rotatedBox = shapeOf(kind);
