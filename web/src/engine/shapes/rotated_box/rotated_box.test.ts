/** Drawing, reshaping and turning turned boxes. */

import { expect, it } from "vitest";
import { undo } from "../../document/history";
import { imagePoint } from "../../geometry/coordinates";
import { centreOf, rotatedCorners } from "../../geometry/rotated_box";
import { running } from "../tool";
import { Trial } from "../trial";
import { rotatedBox } from "./shape";
import { rotatedBoxTool } from "./tool";

const frame = { width: 200, height: 100 };
const start = () => new Trial(running(rotatedBoxTool));

it("is drawn along one side and pulled out to the other", () => {
  const level = start().drag([20, 30], [60, 30]).move([50, 50]).click([45, 50]);
  expect(level.geometries).toEqual([{ x: 40, y: 40, width: 40, height: 20, angle: 0 }]);
  const upright = start().click([50, 10]).click([50, 60]).click([30, 20]);
  expect(upright.geometries).toEqual([{ x: 40, y: 35, width: 50, height: 20, angle: 90 }]);
  upright.history = undo(upright.history);
  expect(upright.geometries).toEqual([]);
});

it("has the side that was drawn among its own, whichever way it was pulled", () => {
  for (const to of [
    [10, 80],
    [90, 5],
  ] as const) {
    const [geometry] = start().click([30, 20]).click([70, 50]).click(to).geometries;
    const { x = 0, y = 0, width = 0, height = 0, angle = 0 } = { ...(geometry as Record<string, number>) };
    const corners = rotatedCorners({ x, y, width, height, angle });
    for (const [cornerX, cornerY] of [
      [30, 20],
      [70, 50],
    ] as const) {
      const off = Math.min(...corners.map(([atX, atY]) => Math.hypot(atX - cornerX, atY - cornerY)));
      expect(off).toBeLessThan(0.02);
    }
  }
});

it("takes steps back one by one, and is drawn by keys", () => {
  const trial = start().place([10, 10]).place([40, 10]).back();
  expect(trial.isBusy).toBe(true);
  expect(trial.back().isBusy).toBe(false);
  trial.place([10, 10]).place([40, 10]).move([40, 30]).finish([40, 30]);
  expect(trial.geometries).toEqual([{ x: 25, y: 20, width: 30, height: 20, angle: 0 }]);
});

it("is turned by its handle, in steps with Shift", () => {
  const geometry = { x: 50, y: 50, width: 40, height: 20, angle: 0 };
  const turned = (x: number, y: number, steady = false) =>
    rotatedBox.reshape(geometry, "turn", imagePoint(x, y), { frame, steady });
  expect(turned(80, 50)).toEqual({ ...geometry, angle: 90 });
  expect(turned(50, 90)).toEqual({ ...geometry, angle: 180 });
  expect(turned(49, 20)).toMatchObject({ angle: 358.09 });
  expect(turned(49, 20, true)).toMatchObject({ angle: 0 });
});

it("keeps the side opposite to the one that is pulled", () => {
  const geometry = { x: 100, y: 50, width: 60, height: 20, angle: 30 };
  const before = rotatedCorners(geometry);
  const handle = rotatedBox.handles(geometry, 1).find(({ id }) => id === "e");
  const to = imagePoint((handle?.at.x ?? 0) + 10, (handle?.at.y ?? 0) + 4);
  const after = rotatedBox.reshape(geometry, "e", to, { frame, steady: false });
  const corners = rotatedCorners(after as unknown as typeof geometry);
  for (const corner of [0, 3]) {
    expect(corners[corner]?.[0]).toBeCloseTo(before[corner]?.[0] ?? 0, 1);
    expect(corners[corner]?.[1]).toBeCloseTo(before[corner]?.[1] ?? 0, 1);
  }
  expect(rotatedBox.hit(geometry, centreOf(geometry), 0)).toBe(true);
  expect(rotatedBox.hit(geometry, imagePoint(100, 65), 0)).toBe(false);
});
