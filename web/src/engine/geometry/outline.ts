/** Whether an outline is simple, decided exactly, and which way round it runs. */

import type { Pair } from "./points";

// Rounding error of the float determinant (Shewchuk 1997, "Adaptive Precision Floating-Point Arithmetic").
const EPSILON = 2 ** -53;
const ERROR_BOUND = (3 + 16 * EPSILON) * EPSILON;
const UNDERFLOW_BOUND = 1e-300;
const EXACT_SCALE = 2 ** 200;

/** A number whose sign is exactly that of (b - a) x (c - a): 0 where the three lie on one line. */
export function turn(a: Pair, b: Pair, c: Pair): number {
  const left = (a[0] - c[0]) * (b[1] - c[1]);
  const right = (a[1] - c[1]) * (b[0] - c[0]);
  const determinant = left - right;
  if (Math.abs(determinant) > ERROR_BOUND * (Math.abs(left) + Math.abs(right)) + UNDERFLOW_BOUND) {
    return determinant;
  }
  const exact = (value: number) => BigInt(Math.round(value * EXACT_SCALE));
  const [x, y] = [exact(c[0]), exact(c[1])];
  const sign = (exact(a[0]) - x) * (exact(b[1]) - y) - (exact(a[1]) - y) * (exact(b[0]) - x);
  return sign > 0n ? 1 : sign < 0n ? -1 : 0;
}

/** Whether a simple outline runs clockwise on the screen; the turn at its leftmost corner tells. */
export function isClockwise(points: readonly Pair[]): boolean {
  let corner = 0;
  points.forEach((point, index) => {
    const least = points[corner];
    if (least && (point[0] < least[0] || (point[0] === least[0] && point[1] < least[1]))) corner = index;
  });
  const before = points[(corner + points.length - 1) % points.length];
  const at = points[corner];
  const after = points[(corner + 1) % points.length];
  return Boolean(before && at && after && turn(before, at, after) > 0);
}

interface Side {
  readonly index: number;
  readonly start: Pair;
  readonly end: Pair;
  readonly left: number;
  readonly right: number;
}

function sidesOf(points: readonly Pair[]): Side[] {
  return points.map((start, index) => {
    const end = points[(index + 1) % points.length] ?? start;
    return { index, start, end, left: Math.min(start[0], end[0]), right: Math.max(start[0], end[0]) };
  });
}

/** Two sides of a closed outline that meet where they should not, by their first corners; or null. */
export function crossing(points: readonly Pair[]): readonly [number, number] | null {
  const sides = sidesOf(points).sort((one, other) => one.left - other.left);
  let open: Side[] = [];
  for (const side of sides) {
    open = open.filter((other) => other.right >= side.left);
    const met = open.find((other) => meet(side, other, points.length));
    if (met) return [Math.min(met.index, side.index), Math.max(met.index, side.index)];
    open.push(side);
  }
  return null;
}

/** A side that meets one of those that end in the corner `index`, as `crossing` tells it. */
export function crossingAt(points: readonly Pair[], index: number): boolean {
  const sides = sidesOf(points);
  const moved = [sides[index], sides[(index + points.length - 1) % points.length]];
  return moved.some((side) => side && sides.some((other) => meet(side, other, points.length)));
}

function meet(one: Side, other: Side, size: number): boolean {
  if (one.index === other.index) return same(one.start, one.end);
  if (other.index === (one.index + 1) % size) return foldsBack(one, other);
  if (one.index === (other.index + 1) % size) return foldsBack(other, one);
  if (one.right < other.left || other.right < one.left) return false;
  if (Math.max(one.start[1], one.end[1]) < Math.min(other.start[1], other.end[1])) return false;
  if (Math.max(other.start[1], other.end[1]) < Math.min(one.start[1], one.end[1])) return false;
  return (
    straddles(turn(one.start, one.end, other.start), turn(one.start, one.end, other.end)) &&
    straddles(turn(other.start, other.end, one.start), turn(other.start, other.end, one.end))
  );
}

/** Whether the side after a corner runs back over the side before it. */
function foldsBack(before: Side, after: Side): boolean {
  if (same(before.start, before.end) || same(after.start, after.end)) return true;
  if (turn(before.start, before.end, after.end) !== 0) return false;
  const [x, y] = before.end;
  return (before.start[0] - x) * (after.end[0] - x) + (before.start[1] - y) * (after.end[1] - y) > 0;
}

const same = (one: Pair, other: Pair) => one[0] === other[0] && one[1] === other[1];
const straddles = (one: number, other: number) => (one <= 0 && other >= 0) || (other <= 0 && one >= 0);
