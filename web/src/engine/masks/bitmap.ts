/** Masks as bitmaps, a byte a pixel and row by row: painted, erased, filled, and turned into runs and back. */

import type { Box } from "../geometry/box";
import type { ImagePoint } from "../geometry/coordinates";
import { clamp, type Frame, type Pair } from "../geometry/points";
import { sidesOf } from "../geometry/polygon";

export interface Bitmap extends Frame {
  /** 1 inside the mask, else 0. */
  readonly pixels: Uint8Array;
}

export const emptyBitmap = (frame: Frame): Bitmap => ({
  width: frame.width,
  height: frame.height,
  pixels: new Uint8Array(frame.width * frame.height),
});

/** Columns read side by side, so that every cache line is used whole. */
const COLUMNS_AT_ONCE = 64;

/** The bitmap's columns one after the other, as COCO counts them. */
function byColumns(bitmap: Bitmap): Uint8Array {
  const { width, height, pixels } = bitmap;
  const columns = new Uint8Array(width * height);
  for (let left = 0; left < width; left += COLUMNS_AT_ONCE) {
    const right = Math.min(left + COLUMNS_AT_ONCE, width);
    for (let y = 0; y < height; y++) {
      const row = y * width;
      for (let x = left; x < right; x++) columns[x * height + y] = pixels[row + x] ?? 0;
    }
  }
  return columns;
}

/** Run lengths of pixels in turn outside and inside, column by column from the top left. */
export function countsOf(bitmap: Bitmap): number[] {
  const counts: number[] = [];
  let value = 0;
  let start = 0;
  const columns = byColumns(bitmap);
  while (start < columns.length) {
    const next = columns.indexOf(value ? 0 : 1, start);
    const end = next < 0 ? columns.length : next;
    counts.push(end - start);
    start = end;
    value = 1 - value;
  }
  return counts;
}

/** The bitmap of run lengths; runs past the last pixel are cut. */
export function bitmapOf(counts: readonly number[], frame: Frame): Bitmap {
  const bitmap = emptyBitmap(frame);
  let at = 0;
  counts.forEach((count, index) => {
    if (index % 2) fillRun(bitmap, at, Math.min(at + count, bitmap.pixels.length));
    at += count;
  });
  return bitmap;
}

function fillRun(bitmap: Bitmap, start: number, end: number): void {
  const { width, height, pixels } = bitmap;
  let x = Math.floor(start / height);
  let y = start - x * height;
  for (let left = end - start; left > 0; left--) {
    pixels[y * width + x] = 1;
    y += 1;
    if (y === height) {
      y = 0;
      x += 1;
    }
  }
}

/** Paints (1) or erases (0) every pixel whose centre is within `radius` of the line through `points`. */
export function stroke(bitmap: Bitmap, points: readonly ImagePoint[], radius: number, value: 0 | 1): void {
  points.forEach((point, index) => {
    capsule(bitmap, points[index - 1] ?? point, point, radius, value);
  });
}

/** Row by row: what lies within the radius of a straight line is one stretch of each row. */
function capsule(bitmap: Bitmap, from: ImagePoint, to: ImagePoint, radius: number, value: 0 | 1): void {
  const top = clamp(Math.ceil(Math.min(from.y, to.y) - radius - 0.5), 0, bitmap.height);
  const bottom = clamp(Math.floor(Math.max(from.y, to.y) + radius - 0.5), -1, bitmap.height - 1);
  for (let y = top; y <= bottom; y++) {
    const [left, right] = stretch(from, to, radius, y + 0.5);
    const first = Math.max(Math.ceil(left - 0.5), 0);
    const last = Math.min(Math.floor(right - 0.5), bitmap.width - 1);
    if (first <= last) bitmap.pixels.fill(value, y * bitmap.width + first, y * bitmap.width + last + 1);
  }
}

/** From where to where the line at height `y` lies within `radius` of the side: two discs and a band. */
function stretch(from: ImagePoint, to: ImagePoint, radius: number, y: number): [number, number] {
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  const take = (one: number, other: number) => {
    left = Math.min(left, one, other);
    right = Math.max(right, one, other);
  };
  for (const end of [from, to]) {
    const half = radius * radius - (y - end.y) ** 2;
    if (half >= 0) take(end.x - Math.sqrt(half), end.x + Math.sqrt(half));
  }
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length > 0) {
    const aside: Pair = [(-(to.y - from.y) / length) * radius, ((to.x - from.x) / length) * radius];
    for (const [start, end] of bandSides(from, to, aside)) {
      if (start[1] > y === end[1] > y) continue;
      const x = start[0] + ((y - start[1]) / (end[1] - start[1])) * (end[0] - start[0]);
      take(x, x);
    }
  }
  return [left, right];
}

function bandSides(from: ImagePoint, to: ImagePoint, [dx, dy]: Pair) {
  return sidesOf(
    [
      [from.x + dx, from.y + dy],
      [to.x + dx, to.y + dy],
      [to.x - dx, to.y - dy],
      [from.x - dx, from.y - dy],
    ],
    true,
  );
}

/** Fills (1) or clears (0) every pixel whose centre is inside the polygon by the even-odd rule. */
export function fillPolygon(bitmap: Bitmap, points: readonly Pair[], value: 0 | 1): void {
  const sides = sidesOf(points, true);
  const heights = points.map((point) => point[1]);
  const top = Math.max(Math.floor(Math.min(...heights)), 0);
  const bottom = Math.min(Math.ceil(Math.max(...heights)), bitmap.height) - 1;
  for (let y = top; y <= bottom; y++) {
    const cuts: number[] = [];
    for (const [start, end] of sides) {
      if (start[1] > y + 0.5 === end[1] > y + 0.5) continue;
      cuts.push(start[0] + ((y + 0.5 - start[1]) / (end[1] - start[1])) * (end[0] - start[0]));
    }
    cuts.sort((a, b) => a - b);
    for (let index = 0; index + 1 < cuts.length; index += 2) {
      const first = Math.max(Math.ceil((cuts[index] ?? 0) - 0.5), 0);
      const last = Math.min(Math.ceil((cuts[index + 1] ?? 0) - 0.5), bitmap.width);
      if (first < last) bitmap.pixels.fill(value, y * bitmap.width + first, y * bitmap.width + last);
    }
  }
}

/** The smallest box around the mask's pixels; null for an empty mask. */
export function boundsOfCounts(counts: readonly number[], frame: Frame): Box | null {
  let [left, right, top, bottom] = [frame.width, -1, frame.height, -1];
  let at = 0;
  counts.forEach((count, index) => {
    const last = at + count - 1;
    if (index % 2 && count > 0) {
      const [first, final] = [Math.floor(at / frame.height), Math.floor(last / frame.height)];
      left = Math.min(left, first);
      right = Math.max(right, final);
      // A run that goes on in the next column reaches from the bottom to the top.
      top = Math.min(top, first === final ? at % frame.height : 0);
      bottom = Math.max(bottom, first === final ? last % frame.height : frame.height - 1);
    }
    at += count;
  });
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Whether the mask covers the pixel at a point. */
export function covers(counts: readonly number[], frame: Frame, at: ImagePoint): boolean {
  const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
  if (x < 0 || y < 0 || x >= frame.width || y >= frame.height) return false;
  let left = x * frame.height + y;
  const run = counts.findIndex((count) => {
    left -= count;
    return left < 0;
  });
  return run % 2 === 1;
}
