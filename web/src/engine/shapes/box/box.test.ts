/** Drawing and reshaping boxes. */

import { expect, it } from "vitest";
import { redo, undo } from "../../document/history";
import { imagePoint } from "../../geometry/coordinates";
import { running } from "../tool";
import { Trial } from "../trial";
import { box } from "./shape";
import { boxTool } from "./tool";

const start = () => new Trial(running(boxTool));

it("is dragged from any corner to any other, and undone and redone", () => {
  const trial = start().drag([50, 40], [20.126, 10]).drag([1, 2], [11, 22]);
  const [first, second] = [
    { x: 20.13, y: 10, width: 29.87, height: 30 },
    { x: 1, y: 2, width: 10, height: 20 },
  ];
  expect(trial.geometries).toEqual([first, second]);
  trial.history = undo(trial.history);
  expect(trial.geometries).toEqual([first]);
  trial.history = redo(trial.history);
  expect(trial.geometries).toEqual([first, second]);
});

it("is drawn by two clicks as well, and shows itself in between", () => {
  const trial = start().click([10, 10]).move([30, 50]);
  expect(trial.geometries).toEqual([]);
  expect(trial.draft.geometry).toEqual({ x: 10, y: 10, width: 20, height: 40 });
  expect(trial.click([30, 50]).geometries).toEqual([{ x: 10, y: 10, width: 20, height: 40 }]);
  expect([trial.isBusy, trial.faults]).toEqual([false, []]);
});

it("is drawn by keys: Enter begins and ends it", () => {
  const trial = start().finish([5, 6]).move([6, 6]).move([15, 16]).finish([15, 16]);
  expect(trial.geometries).toEqual([{ x: 5, y: 6, width: 10, height: 10 }]);
});

it("stays inside the image, and is square with Shift", () => {
  expect(start().drag([190, 90], [400, 300]).geometries).toEqual([{ x: 190, y: 90, width: 10, height: 10 }]);
  expect(start().drag([10, 10], [30, 15], true).geometries).toEqual([
    { x: 10, y: 10, width: 20, height: 20 },
  ]);
  expect(start().drag([190, 50], [260, 60], true).geometries).toEqual([
    { x: 190, y: 50, width: 10, height: 10 },
  ]);
});

it("refuses what has no area, and Escape gives it up", () => {
  const flat = start().drag([10, 10], [60, 10]);
  expect([flat.geometries, flat.faults]).toEqual([[], ["empty"]]);
  const given = start().press([1, 1]).move([9, 9]).cancel().release([9, 9]);
  expect([given.geometries, given.isBusy]).toEqual([[], false]);
});

it("is pulled by its handles, turns over past the other side, and keeps its ratio with Shift", () => {
  const frame = { width: 200, height: 100 };
  const geometry = { x: 10, y: 20, width: 30, height: 20 };
  const pull = (handle: string, x: number, y: number, steady = false) =>
    box.reshape(geometry, handle, imagePoint(x, y), { frame, steady });
  expect(pull("se", 60, 50)).toEqual({ x: 10, y: 20, width: 50, height: 30 });
  expect(pull("w", 50, 99)).toEqual({ x: 40, y: 20, width: 10, height: 20 });
  expect(pull("nw", 45, 45)).toEqual({ x: 40, y: 40, width: 5, height: 5 });
  expect(pull("se", 70, 22, true)).toEqual({ x: 10, y: 20, width: 60, height: 40 });
  expect(box.handles(geometry, 1).map(({ id, at }) => [id, at.x, at.y])).toContainEqual(["e", 40, 30]);
});
