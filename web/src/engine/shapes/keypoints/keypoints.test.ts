/** Placing and editing keypoints of a skeleton. */

import { expect, it } from "vitest";
import { undo } from "../../document/history";
import { imagePoint } from "../../geometry/coordinates";
import { running } from "../tool";
import { Trial } from "../trial";
import { keypoints, occludedOrNot } from "./shape";
import { keypointsTool } from "./tool";

const SETTINGS = {
  skeletons: {
    car: {
      points: ["front", "roof", "rear"],
      edges: [
        ["front", "roof"],
        ["roof", "rear"],
      ],
    },
  },
};
const start = () => new Trial(running(keypointsTool), SETTINGS);

it("asks for one point after the other and ends after the last", () => {
  const trial = start().move([1, 1]);
  expect(trial.draft.next).toBe("front");
  trial.click([10, 10]).click([50, 5]);
  expect([trial.draft.next, trial.geometries]).toEqual(["rear", []]);
  trial.click([90, 12]);
  const points = { front: [10, 10, 2], roof: [50, 5, 2], rear: [90, 12, 2] };
  expect(trial.geometries).toEqual([{ points }]);
  trial.history = undo(trial.history);
  expect(trial.geometries).toEqual([]);
});

it("marks points as occluded or absent, takes them back, and ends early", () => {
  const trial = start().option("occluded").place([10, 10]).option("absent").back().place([50, 5]).finish();
  const points = { front: [10, 10, 1], roof: [50, 5, 2], rear: [0, 0, 0] };
  expect(trial.geometries).toEqual([{ points }]);
});

it("refuses a skeleton without any point, and labels without a skeleton", () => {
  expect(start().option("absent").option("absent").option("absent").faults).toEqual(["empty"]);
  expect(new Trial(running(keypointsTool)).click([1, 1]).faults).toEqual(["no-skeleton"]);
});

it("moves with its absent points staying absent, and each point by itself", () => {
  const geometry = { points: { front: [10, 10, 1], roof: [50, 5, 2], rear: [0, 0, 0] } };
  expect(keypoints.bounds(geometry)).toEqual({ x: 10, y: 5, width: 40, height: 5 });
  expect(keypoints.translate(geometry, 3, 4)).toEqual({
    points: { front: [13, 14, 1], roof: [53, 9, 2], rear: [0, 0, 0] },
  });
  const bounds = { frame: { width: 200, height: 100 }, steady: false };
  expect(keypoints.reshape(geometry, "front", imagePoint(1, 2), bounds)).toMatchObject({
    points: { front: [1, 2, 1] },
  });
  expect(keypoints.handles(geometry, 1).map(({ id }) => id)).toEqual(["front", "roof"]);
});

it("turns a placed point's visibility and takes it out, but never the last one", () => {
  const geometry = { points: { front: [10, 10, 2], roof: [50, 5, 1] } };
  expect(occludedOrNot(geometry, "front")).toEqual({ points: { front: [10, 10, 1], roof: [50, 5, 1] } });
  expect(occludedOrNot(geometry, "roof")).toEqual({ points: { front: [10, 10, 2], roof: [50, 5, 2] } });
  const left = keypoints.removeHandle(geometry, "front");
  expect(left).toEqual({ points: { front: [0, 0, 0], roof: [50, 5, 1] } });
  expect(keypoints.removeHandle(left ?? {}, "roof")).toBeNull();
});
