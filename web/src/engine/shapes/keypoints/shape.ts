/** Named points with the edges of a skeleton between them; each is visible, occluded or absent, as in COCO. */

import type { Geometry, Json } from "../../document/values";
import { boxContains, hull } from "../../geometry/box";
import { type ImagePoint, imagePoint } from "../../geometry/coordinates";
import { distance, nearestOnSide, type Pair, rounded } from "../../geometry/points";
import { applyLine, type Handle, isNumber, type Look, type Pen, type ShapeKind, shapeOf } from "../shape";

export type Visibility = 0 | 1 | 2;
export const ABSENT = 0;
export const OCCLUDED = 1;
export const VISIBLE = 2;

/** x, y and visibility; an absent point is at 0, 0. */
export type Keypoint = readonly [number, number, Visibility];

export interface Keypoints {
  readonly points: Readonly<Record<string, Keypoint>>;
}

const POINT_PIXELS = 4;
const isVisibility = (value: Json | undefined): value is Visibility =>
  value === 0 || value === 1 || value === 2;

function read({ points }: Geometry): Keypoints | null {
  if (typeof points !== "object" || points === null || Array.isArray(points)) return null;
  const found: Record<string, Keypoint> = {};
  for (const [name, value] of Object.entries(points)) {
    if (!Array.isArray(value)) return null;
    const [x, y, visibility] = value;
    if (!isNumber(x) || !isNumber(y) || !isVisibility(visibility)) return null;
    found[name] = [x, y, visibility];
  }
  return { points: found };
}

/** The points that are somewhere. */
const present = ({ points }: Keypoints): [string, Keypoint][] =>
  Object.entries(points).filter(([, point]) => point[2] !== ABSENT);

const places = (keypoints: Keypoints): Pair[] => present(keypoints).map(([, [x, y]]) => [x, y]);

const kind: ShapeKind<Keypoints> = {
  tool: "keypoints",
  movable: true,
  read,
  write: ({ points }) => ({ points }),
  bounds: (keypoints) => hull(places(keypoints)),
  hit: (keypoints, at, reach) =>
    places(keypoints).some(([x, y]) => distance(imagePoint(x, y), at) <= 1.5 * reach) ||
    (present(keypoints).length > 2 && boxContains(hull(places(keypoints)), at)) ||
    isNearLine(keypoints, at, reach),
  draw,
  handles: (keypoints) =>
    present(keypoints).map<Handle>(([name, [x, y, visibility]]) => ({
      id: name,
      at: imagePoint(x, y),
      kind: "point",
      cursor: "move",
      faint: visibility === OCCLUDED,
    })),
  translate: ({ points }, dx, dy) => ({
    points: mapped(points, ([x, y, visibility]) =>
      visibility === ABSENT ? [0, 0, ABSENT] : [rounded(x + dx), rounded(y + dy), visibility],
    ),
  }),
  reshape: ({ points }, name, to) => {
    const before = points[name];
    return before ? { points: { ...points, [name]: [to.x, to.y, before[2] || VISIBLE] } } : { points };
  },
  /** A point that is taken out is absent. */
  removeHandle: (keypoints, name) =>
    present(keypoints).length > 1 ? { points: { ...keypoints.points, [name]: [0, 0, ABSENT] } } : null,
  outline: (keypoints) => ({ points: places(keypoints), closed: false }),
  fault: (keypoints) => (present(keypoints).length > 0 ? null : "empty"),
};

/** Two lone points are hit along the line between them. */
function isNearLine(keypoints: Keypoints, at: ImagePoint, reach: number): boolean {
  const [one, other, more] = places(keypoints);
  return (
    Boolean(one && other && !more) && distance(nearestOnSide(at, one ?? [0, 0], other ?? [0, 0]), at) <= reach
  );
}

function mapped(points: Keypoints["points"], change: (point: Keypoint) => Keypoint): Keypoints["points"] {
  return Object.fromEntries(Object.entries(points).map(([name, point]) => [name, change(point)]));
}

/** The same points with one of another visibility; occluded and back again. */
export function occludedOrNot(geometry: Geometry, name: string): Geometry | null {
  const keypoints = read(geometry);
  const point = keypoints?.points[name];
  if (!keypoints || !point || point[2] === ABSENT) return null;
  const turned: Keypoint = [point[0], point[1], point[2] === OCCLUDED ? VISIBLE : OCCLUDED];
  return { points: { ...keypoints.points, [name]: turned } };
}

function draw(pen: Pen, keypoints: Keypoints, look: Look): void {
  const { points } = keypoints;
  pen.beginPath();
  for (const [from, to] of look.edges) {
    const [start, end] = [points[from], points[to]];
    if (!start || !end || start[2] === ABSENT || end[2] === ABSENT) continue;
    pen.moveTo(start[0], start[1]);
    pen.lineTo(end[0], end[1]);
  }
  applyLine(pen, look);
  pen.stroke();
  pen.setLineDash([]);
  const radius = POINT_PIXELS * look.pixel;
  for (const [, [x, y, visibility]] of present(keypoints)) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    // An occluded point is a ring: told apart without its colour.
    pen.fillStyle = visibility === OCCLUDED ? "#ffffff" : look.colour;
    pen.fill();
    pen.stroke();
  }
}

export const keypoints = shapeOf(kind);
