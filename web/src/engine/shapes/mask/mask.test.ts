/** Painting masks with brush, eraser and lasso. */

import { expect, it } from "vitest";
import { undo } from "../../document/history";
import { imagePoint } from "../../geometry/coordinates";
import { bitmapOf } from "../../masks/bitmap";
import { running } from "../tool";
import { Trial } from "../trial";
import { mask, readMask } from "./shape";
import { maskTool } from "./tool";

const start = () => new Trial(running(maskTool));

function areaOf(trial: Trial): number {
  const read = readMask(trial.geometries[0] ?? {});
  return read ? bitmapOf(read.counts, read.frame).pixels.reduce((sum, pixel) => sum + pixel, 0) : 0;
}

/** The surface hands the mark that is painted on to the tool. */
function onto(trial: Trial): Trial {
  trial.mark = trial.marks[0] ?? null;
  return trial;
}

it("paints a disc at a click and a stroke along a drag, on one mask until it is finished", () => {
  const trial = start().click([50, 50]);
  expect(areaOf(trial)).toBeGreaterThan(Math.PI * 12 ** 2 - 40);
  expect(areaOf(trial)).toBeLessThan(Math.PI * 12 ** 2 + 40);
  onto(trial).drag([100, 20], [160, 20]);
  expect(trial.marks).toHaveLength(1);
  expect(mask.hit(trial.geometries[0] ?? {}, imagePoint(130, 20), 0)).toBe(true);
  expect(mask.hit(trial.geometries[0] ?? {}, imagePoint(80, 80), 0)).toBe(false);
  trial.history = undo(trial.history);
  expect(areaOf(trial)).toBeLessThan(Math.PI * 12 ** 2 + 40);
  expect(trial.finish().effects.at(-1)).toEqual({ kind: "done" });
});

it("erases, and a mask without pixels is gone", () => {
  const trial = onto(start().click([50, 50]))
    .option("erase")
    .option("thinner")
    .click([50, 50]);
  const ring = areaOf(trial);
  expect(ring).toBeGreaterThan(0);
  expect(ring).toBeLessThan((Math.PI * 12 ** 2) / 2);
  onto(trial).option("thicker").option("thicker").click([50, 50]);
  expect(trial.marks).toEqual([]);
  trial.history = undo(trial.history);
  expect(areaOf(trial)).toBe(ring);
});

it("fills what a stroke encloses, inside the image", () => {
  const whole = start().option("lasso").press([10, 10]).move([50, 10]).move([50, 40]).release([10, 40]);
  expect(areaOf(whole)).toBe(40 * 30);
  expect(mask.bounds(whole.geometries[0] ?? {})).toEqual({ x: 10, y: 10, width: 40, height: 30 });
  const outside = start()
    .option("lasso")
    .press([190, 90])
    .move([300, 90])
    .move([300, 300])
    .move([190, 300])
    .release([190, 300]);
  expect(areaOf(outside)).toBe(100);
});

it("says that nothing was painted where nothing was, and drops a stroke that is given up", () => {
  expect(start().option("erase").click([50, 50]).faults).toEqual(["empty"]);
  expect(start().press([10, 10]).move([90, 90]).cancel().release([90, 90]).geometries).toEqual([]);
});
