/** Masks are encoded to the byte as pycocotools does (tests/golden/rle.json), and painted pixel by pixel. */

import golden from "@golden/rle.json";
import { describe, expect, it } from "vitest";
import { imagePoint } from "../geometry/coordinates";
import {
  type Bitmap,
  bitmapOf,
  boundsOfCounts,
  countsOf,
  covers,
  emptyBitmap,
  fillPolygon,
  stroke,
} from "./bitmap";
import { decodeCounts, encodeCounts } from "./run_length";

const frameOf = ([height = 0, width = 0]: number[]) => ({ width, height });
const drawn = ({ width, height, pixels }: Bitmap): string[] =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (pixels[y * width + x] ? "#" : ".")).join(""),
  );

describe("golden masks", () => {
  it("are written and read as pycocotools does", () => {
    for (const { counts, text } of golden.masks) {
      expect(encodeCounts(counts)).toBe(text);
      expect(decodeCounts(text)).toEqual(counts);
    }
  });

  it("become bitmaps and come back", () => {
    for (const mask of golden.masks) {
      const frame = frameOf(mask.size);
      const bitmap = bitmapOf(mask.counts, frame);
      expect(bitmap.pixels.reduce((sum, pixel) => sum + pixel, 0)).toBe(mask.area);
      expect(countsOf(bitmap)).toEqual(mask.counts);
      if ("rows" in mask && mask.rows) expect(drawn(bitmap)).toEqual(mask.rows);
    }
  });

  it("know their bounds and their pixels", () => {
    for (const mask of golden.masks) {
      const frame = frameOf(mask.size);
      const [x = 0, y = 0, width = 0, height = 0] = mask.box;
      expect(boundsOfCounts(mask.counts, frame)).toEqual(mask.area ? { x, y, width, height } : null);
      const { pixels } = bitmapOf(mask.counts, frame);
      for (let at = 0; at < pixels.length; at += Math.ceil(pixels.length / 500)) {
        const point = imagePoint((at % frame.width) + 0.5, Math.floor(at / frame.width) + 0.5);
        expect(covers(mask.counts, frame, point)).toBe(pixels[at] === 1);
      }
    }
  });

  it("refuse what is no run length encoding", () => {
    expect(decodeCounts("é")).toBeNull();
    expect(decodeCounts("P")).toBeNull();
  });
});

describe("painting", () => {
  it("takes every pixel whose centre the brush reaches, and no other", () => {
    const frame = { width: 40, height: 30 };
    const path = [imagePoint(5, 5), imagePoint(30.3, 12.8), imagePoint(38, 29)];
    for (const radius of [0.8, 2.5, 6]) {
      const bitmap = emptyBitmap(frame);
      stroke(bitmap, path, radius, 1);
      const expected = Array.from(bitmap.pixels, (_, at) => {
        const [x, y] = [(at % 40) + 0.5, Math.floor(at / 40) + 0.5];
        return path.slice(1).some((to, index) => distanceTo(path[index] ?? to, to, x, y) <= radius) ? 1 : 0;
      });
      expect(Array.from(bitmap.pixels)).toEqual(expected);
      stroke(bitmap, path, radius + 1, 0);
      expect(bitmap.pixels.includes(1)).toBe(false);
    }
  });

  it("fills polygons by their pixels' centres, cut at the border", () => {
    const bitmap = emptyBitmap({ width: 6, height: 4 });
    fillPolygon(
      bitmap,
      [
        [1, 1],
        [9, 1],
        [9, 3],
        [1, 3],
      ],
      1,
    );
    expect(drawn(bitmap)).toEqual(["......", ".#####", ".#####", "......"]);
    fillPolygon(
      bitmap,
      [
        [2.5, 0],
        [4.5, 0],
        [4.5, 9],
        [2.5, 9],
      ],
      0,
    );
    expect(drawn(bitmap)).toEqual(["......", ".#..##", ".#..##", "......"]);
  });

  it("encodes a full-HD mask within a frame or two", () => {
    const bitmap = emptyBitmap({ width: 1920, height: 1080 });
    for (let x = 40; x < 1900; x += 90) stroke(bitmap, [imagePoint(x, 30), imagePoint(x + 60, 1000)], 30, 1);
    const took = Array.from({ length: 5 }, () => {
      const start = performance.now();
      encodeCounts(countsOf(bitmap));
      return performance.now() - start;
    });
    // A busy machine is slow at times, but not five times in a row.
    expect(Math.min(...took)).toBeLessThan(40);
    const counts = countsOf(bitmap);
    expect(countsOf(bitmapOf(decodeCounts(encodeCounts(counts)) ?? [], bitmap))).toEqual(counts);
  });
});

function distanceTo(
  from: { x: number; y: number },
  to: { x: number; y: number },
  x: number,
  y: number,
): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = Math.min(Math.max(((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy), 0), 1);
  return Math.hypot(x - from.x - along * dx, y - from.y - along * dy);
}
