/** What polygons and polylines share: corners that are drawn, hit, pulled, put in and taken out. */

import type { Geometry, Json, ToolName } from "../document/values";
import { hull } from "../geometry/box";
import type { ImagePoint } from "../geometry/coordinates";
import { crossing } from "../geometry/outline";
import { type Pair, pairOf, pointOf, rounded } from "../geometry/points";
import { insidePolygon, middles, nearestSide } from "../geometry/polygon";
import {
  fillAndStroke,
  type Handle,
  isNumber,
  type Look,
  type Pen,
  type Shape,
  type ShapeKind,
  shapeOf,
} from "./shape";

export interface Corners {
  readonly points: readonly Pair[];
}

/** Sides shorter than this on the screen offer no handle in their middle. */
const MIDDLE_HANDLE_PIXELS = 32;
const ARROW_PIXELS = 9;
const ARROW_RADIANS = 0.5;

export function isPair(value: Json | undefined): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && isNumber(value[0]) && isNumber(value[1]);
}

function read({ points }: Geometry): Corners | null {
  if (!Array.isArray(points)) return null;
  const pairs: Pair[] = [];
  for (const point of points) {
    if (!isPair(point)) return null;
    pairs.push(point);
  }
  return { points: pairs };
}

export function tracePoints(pen: Pen, points: readonly Pair[], closed: boolean): void {
  pen.beginPath();
  points.forEach(([x, y], index) => {
    if (index === 0) pen.moveTo(x, y);
    else pen.lineTo(x, y);
  });
  if (closed) pen.closePath();
}

/** A closed or open outline as a shape; it keeps at least `least` corners. */
export function cornersShape(tool: ToolName, closed: boolean, least: number): Shape {
  const kind: ShapeKind<Corners> = {
    tool,
    movable: true,
    read,
    write: ({ points }) => ({ points }),
    bounds: ({ points }) => hull(points),
    hit: ({ points }, at, reach) =>
      (closed && insidePolygon(at, points)) ||
      (nearestSide(at, points, closed)?.distance ?? reach + 1) <= reach,
    draw: (pen, { points }, look) => {
      tracePoints(pen, points, closed);
      fillAndStroke(pen, look, closed);
      if (!closed) arrowHead(pen, points, look);
    },
    handles: ({ points }, pixel) => [...middleHandles(points, closed, pixel), ...points.map(vertexHandle)],
    translate: ({ points }, dx, dy) => ({
      points: points.map(([x, y]) => [rounded(x + dx), rounded(y + dy)]),
    }),
    reshape: ({ points }, handle, to) => {
      const index = Number(handle);
      return { points: points.map((point, place) => (place === index ? pairOf(to) : point)) };
    },
    grab: ({ points }, handle) => {
      if (!handle.startsWith("m")) return { geometry: { points }, handle };
      const side = Number(handle.slice(1));
      const middle = middles(points, closed)[side];
      const put = middle ? points.toSpliced(side + 1, 0, [rounded(middle.x), rounded(middle.y)]) : points;
      return { geometry: { points: put }, handle: String(side + 1) };
    },
    removeHandle: ({ points }, handle) => {
      const index = Number(handle);
      if (!(index < points.length) || points.length <= least) return null;
      return { points: points.toSpliced(index, 1) };
    },
    outline: ({ points }) => ({ points, closed }),
    fault: ({ points }) => {
      if (points.length < least) return "few-points";
      if (!closed) return points.some((point, index) => isSame(point, points[index + 1])) ? "folded" : null;
      return crossing(points) ? "crossing" : null;
    },
  };
  return shapeOf(kind);
}

const isSame = (one: Pair, other: Pair | undefined) =>
  other !== undefined && one[0] === other[0] && one[1] === other[1];

/** Which way the line runs. */
function arrowHead(pen: Pen, points: readonly Pair[], look: Look): void {
  const [before, last] = points.slice(-2);
  if (!before || !last) return;
  const angle = Math.atan2(last[1] - before[1], last[0] - before[0]);
  pen.beginPath();
  for (const side of [-1, 1]) {
    const turned = angle + side * ARROW_RADIANS;
    pen.moveTo(last[0], last[1]);
    pen.lineTo(
      last[0] - ARROW_PIXELS * look.pixel * Math.cos(turned),
      last[1] - ARROW_PIXELS * look.pixel * Math.sin(turned),
    );
  }
  pen.stroke();
}

const vertexHandle = (point: Pair, index: number): Handle => ({
  id: String(index),
  at: pointOf(point),
  kind: "vertex",
  cursor: "move",
});

function middleHandles(points: readonly Pair[], closed: boolean, pixel: number): Handle[] {
  return middles(points, closed).flatMap((at: ImagePoint, index) => {
    const start = points[index] ?? [0, 0];
    const isLong = 2 * Math.hypot(at.x - start[0], at.y - start[1]) >= MIDDLE_HANDLE_PIXELS * pixel;
    return isLong ? [{ id: `m${index}`, at, kind: "middle", cursor: "copy" } as const] : [];
  });
}
