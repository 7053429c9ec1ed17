/** Geometry says what exact arithmetic says, as the server's does: tests/golden/geometry.json. */

import golden from "@golden/geometry.json";
import { describe, expect, it } from "vitest";
import { boxIou, leeway } from "./box";
import { imagePoint } from "./coordinates";
import { crossing, crossingAt, isClockwise } from "./outline";
import { fitted, type Pair } from "./points";
import { insidePolygon, nearestSide, polygonArea, polygonIou } from "./polygon";
import { inward, outward, rotatedCorners, rotatedIou } from "./rotated_box";

const pairs = (points: readonly number[][]): Pair[] =>
  points.map(([x = Number.NaN, y = Number.NaN]) => [x, y]);
const boxFrom = ([x = 0, y = 0, width = 0, height = 0]: number[]) => ({ x, y, width, height });
const rotatedFrom = ([x = 0, y = 0, width = 0, height = 0, angle = 0]: number[]) => ({
  x,
  y,
  width,
  height,
  angle,
});
const near = (found: number, expected: number) =>
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(golden.tolerance * Math.max(1, Math.abs(expected)));

describe("golden geometry", () => {
  it("measures the overlap of boxes", () => {
    for (const { first, second, iou } of golden.boxes) near(boxIou(boxFrom(first), boxFrom(second)), iou);
  });

  it("turns boxes and measures their overlap", () => {
    for (const { first, second, first_corners, iou } of golden.rotated_boxes) {
      rotatedCorners(rotatedFrom(first)).forEach(([x, y], index) => {
        const [expectedX, expectedY] = pairs(first_corners)[index] ?? [Number.NaN, Number.NaN];
        near(x, expectedX);
        near(y, expectedY);
      });
      near(rotatedIou(rotatedFrom(first), rotatedFrom(second)), iou);
    }
  });

  it("measures polygons, alone and in pairs", () => {
    for (const { points, area, clockwise } of golden.polygons) {
      near(polygonArea(pairs(points)), area);
      expect(isClockwise(pairs(points))).toBe(clockwise);
    }
    for (const { first, second, iou } of golden.polygon_pairs)
      near(polygonIou(pairs(first), pairs(second)), iou);
  });

  it("finds outlines that cross, touch or fold back", () => {
    for (const { points, crosses } of golden.outlines) {
      expect(crossing(pairs(points)) !== null, JSON.stringify(points)).toBe(crosses);
    }
  });

  it("finds a crossing at the corner that made it", () => {
    const square: Pair[] = [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ];
    square.forEach((_, index) => {
      expect(crossingAt(square, index)).toBe(false);
    });
    expect(
      crossingAt(
        [
          [0, 0],
          [10, 0],
          [-5, 5],
          [0, 10],
        ],
        2,
      ),
    ).toBe(true);
  });

  it("says what lies inside", () => {
    for (const { points, point, where } of golden.places) {
      const [x = 0, y = 0] = point;
      const edge = nearestSide(imagePoint(x, y), pairs(points), true);
      if (where === "border") expect(edge?.distance).toBeLessThan(1e-9);
      else expect(insidePolygon(imagePoint(x, y), pairs(points))).toBe(where === "inside");
    }
  });
});

describe("geometry of its own", () => {
  it("turns in and out of a box's axes", () => {
    const box = { x: 40, y: 30, width: 20, height: 10, angle: 77 };
    const there = inward(box, outward(box, 3, -4));
    expect(there.x).toBeCloseTo(3, 10);
    expect(there.y).toBeCloseTo(-4, 10);
  });

  it("keeps moved bounds inside, and lets what is outside in", () => {
    const frame = { width: 100, height: 50 };
    expect(leeway({ x: 10, y: 10, width: 20, height: 20 }, -30, 30, frame)).toEqual({ x: -10, y: 20 });
    expect(leeway({ x: -10, y: 0, width: 20, height: 20 }, -5, 0, frame)).toEqual({ x: 0, y: 0 });
    expect(leeway({ x: -10, y: 0, width: 20, height: 20 }, 5, 0, frame)).toEqual({ x: 5, y: 0 });
    expect(fitted(imagePoint(-3, 50.129), { width: 100, height: 60 })).toEqual({ x: 0, y: 50.13 });
  });
});
