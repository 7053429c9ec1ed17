/** Simple polygons and open lines by their corners: area, inside, nearest side, shared area. */

import { type ImagePoint, imagePoint } from "./coordinates";
import { distance, nearestOnSide, type Pair, pointOf } from "./points";

type Side = readonly [Pair, Pair];

/** The sides of a closed outline, or of an open line. */
export function sidesOf(points: readonly Pair[], closed: boolean): Side[] {
  const sides: Side[] = [];
  for (let index = 0; index < points.length - (closed ? 0 : 1); index++) {
    const start = points[index];
    const end = points[(index + 1) % points.length];
    if (start && end) sides.push([start, end]);
  }
  return sides;
}

/** In square pixels; measured from the first corner, so that far from the origin no digits are lost. */
export function polygonArea(points: readonly Pair[]): number {
  const [left, top] = points[0] ?? [0, 0];
  let doubled = 0;
  for (const [start, end] of sidesOf(points, true)) {
    doubled += (start[0] - left) * (end[1] - top) - (end[0] - left) * (start[1] - top);
  }
  return Math.abs(doubled) / 2;
}

/** Whether a point lies inside by the even-odd rule; of the border only left and top count as inside. */
export function insidePolygon(at: ImagePoint, points: readonly Pair[]): boolean {
  let inside = false;
  for (const [start, end] of sidesOf(points, true)) {
    if (start[1] > at.y === end[1] > at.y) continue;
    const x = start[0] + ((at.y - start[1]) / (end[1] - start[1])) * (end[0] - start[0]);
    if (at.x < x) inside = !inside;
  }
  return inside;
}

export interface Near {
  /** The corner, or the side's first corner. */
  readonly index: number;
  readonly at: ImagePoint;
  readonly distance: number;
}

export function nearestCorner(at: ImagePoint, points: readonly Pair[]): Near | null {
  return nearest(points.map(pointOf), at);
}

export function nearestSide(at: ImagePoint, points: readonly Pair[], closed: boolean): Near | null {
  return nearest(
    sidesOf(points, closed).map(([start, end]) => nearestOnSide(at, start, end)),
    at,
  );
}

function nearest(candidates: readonly ImagePoint[], at: ImagePoint): Near | null {
  let best: Near | null = null;
  candidates.forEach((candidate, index) => {
    const far = distance(candidate, at);
    if (!best || far < best.distance) best = { index, at: candidate, distance: far };
  });
  return best;
}

/** The length of an open line in pixels. */
export const lineLength = (points: readonly Pair[]): number =>
  sidesOf(points, false).reduce((sum, [start, end]) => sum + distance(pointOf(start), pointOf(end)), 0);

/** The middle of every side, where a corner can be put in. */
export const middles = (points: readonly Pair[], closed: boolean): ImagePoint[] =>
  sidesOf(points, closed).map(([start, end]) => imagePoint((start[0] + end[0]) / 2, (start[1] + end[1]) / 2));

/**
 * Intersection over union of two simple polygons, 0 to 1.
 *
 * The area that only one covers is that of both outlines together under the even-odd rule. Cut at all corners
 * and crossings it is a sum of trapezoids, each as high as its slab is in the middle: exact.
 */
export function polygonIou(first: readonly Pair[], second: readonly Pair[]): number {
  const one = sidesOf(first, true);
  const other = sidesOf(second, true);
  const sides = [...one, ...other];
  const cuts = [...new Set([...sides.map(([start]) => start[0]), ...crossings(one, other)])].sort(
    (a, b) => a - b,
  );
  let apart = 0;
  cuts.slice(1).forEach((right, index) => {
    const left = cuts[index] ?? right;
    apart += (right - left) * oddLength(sides, (left + right) / 2);
  });
  const total = polygonArea(first) + polygonArea(second);
  const shared = Math.max(0, (total - apart) / 2);
  return total - shared > 0 ? Math.min(1, shared / (total - shared)) : 0;
}

/** The length of the line at `x` that an odd number of outlines covers. */
function oddLength(sides: readonly Side[], x: number): number {
  const heights: number[] = [];
  for (const [start, end] of sides) {
    if (start[0] > x === end[0] > x) continue;
    heights.push(start[1] + ((x - start[0]) / (end[0] - start[0])) * (end[1] - start[1]));
  }
  heights.sort((a, b) => a - b);
  return heights.reduce((sum, height, index) => (index % 2 ? sum + height : sum - height), 0);
}

function crossings(first: readonly Side[], second: readonly Side[]): number[] {
  const found: number[] = [];
  for (const [a, b] of first) {
    for (const [c, d] of second) {
      const determinant = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0]);
      if (determinant === 0) continue;
      const along = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / determinant;
      const across = ((c[0] - a[0]) * (b[1] - a[1]) - (c[1] - a[1]) * (b[0] - a[0])) / determinant;
      if (along >= 0 && along <= 1 && across >= 0 && across <= 1) found.push(a[0] + along * (b[0] - a[0]));
    }
  }
  return found;
}
