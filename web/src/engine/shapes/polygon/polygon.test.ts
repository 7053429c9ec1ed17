/** Drawing and editing polygons and polylines. */

import { describe, expect, it } from "vitest";
import { undo } from "../../document/history";
import { imagePoint } from "../../geometry/coordinates";
import { polyline } from "../polyline/shape";
import { polylineTool } from "../polyline/tool";
import { running } from "../tool";
import { Trial } from "../trial";
import { polygon } from "./shape";
import { polygonTool } from "./tool";

const TRIANGLE = [
  [10, 10],
  [60, 12.5],
  [30, 80],
] as const;
const start = () => new Trial(running(polygonTool));
const clicked = (trial: Trial) => TRIANGLE.reduce((made, at) => made.click(at), trial);

describe("a polygon", () => {
  it("is closed by a click on its first corner, by Enter, or by a double click", () => {
    const drawn = [{ points: TRIANGLE }];
    const clicks = clicked(start()).move([11, 11]);
    expect(clicks.draft.closing).toBe(true);
    expect(clicks.click([11, 11]).geometries).toEqual(drawn);
    expect(clicked(start()).finish([150, 50]).geometries).toEqual(drawn);
    expect(clicked(start()).click([30, 80]).finish([30, 80]).geometries).toEqual(drawn);
    clicks.history = undo(clicks.history);
    expect(clicks.geometries).toEqual([]);
  });

  it("is drawn by keys: Space sets corners, Enter closes", () => {
    const trial = TRIANGLE.reduce((made, at) => made.place(at), start());
    expect(trial.finish([30, 80]).geometries).toEqual([{ points: TRIANGLE }]);
  });

  it("takes corners back, and gives up on Escape", () => {
    const trial = clicked(start()).click([100, 90]).back();
    expect(trial.draft.points).toHaveLength(3);
    expect(trial.finish().geometries).toEqual([{ points: TRIANGLE }]);
    expect(clicked(start()).cancel().finish().geometries).toEqual([]);
  });

  it("refuses to cross itself and goes on", () => {
    const trial = start().click([0, 0]).click([50, 50]).click([50, 0]).click([0, 50]).finish();
    expect([trial.geometries, trial.faults, trial.isBusy]).toEqual([[], ["crossing"], true]);
    expect(trial.back().finish().geometries).toHaveLength(1);
  });

  it("follows a free hand while the button is held", () => {
    const trial = start().press([100, 20]);
    for (let step = 1; step < 40; step++) {
      const turn = (step / 40) * 2 * Math.PI;
      trial.move([100 + 30 * Math.sin(turn), 50 - 30 * Math.cos(turn)]);
    }
    trial.release([100, 20]).finish();
    const [geometry] = trial.geometries;
    expect(polygon.outline(geometry ?? {}).points.length).toBeGreaterThan(15);
    expect(polygon.hit(geometry ?? {}, imagePoint(100, 50), 0)).toBe(true);
  });

  it("gets a corner on a side and loses one, but never its last three", () => {
    const geometry = { points: TRIANGLE };
    const grabbed = polygon.grab(geometry, "m0");
    expect(grabbed.handle).toBe("1");
    const frame = { width: 200, height: 100 };
    const pulled = polygon.reshape(grabbed.geometry, "1", imagePoint(35, 1), { frame, steady: false });
    expect(pulled).toEqual({
      points: [
        [10, 10],
        [35, 1],
        [60, 12.5],
        [30, 80],
      ],
    });
    expect(polygon.removeHandle(pulled, "1")).toEqual(geometry);
    expect(polygon.removeHandle(geometry, "1")).toBeNull();
  });
});

describe("a polyline", () => {
  const line = () => new Trial(running(polylineTool)).click([5, 5]).click([50, 5]);

  it("ends at Enter or a double click, and does not close", () => {
    expect(line().click([5, 5]).finish().geometries).toEqual([
      {
        points: [
          [5, 5],
          [50, 5],
          [5, 5],
        ],
      },
    ]);
    expect(line().click([50, 5]).finish([50, 5]).geometries).toEqual([
      {
        points: [
          [5, 5],
          [50, 5],
        ],
      },
    ]);
  });

  it("may cross itself, needs two points, and is hit on its line only", () => {
    const crossed = line().click([20, 30]).click([20, 1]).finish();
    expect(crossed.geometries).toHaveLength(1);
    expect(new Trial(running(polylineTool)).click([5, 5]).finish([5, 5]).geometries).toEqual([]);
    const geometry = {
      points: [
        [0, 0],
        [50, 50],
        [100, 0],
      ],
    };
    expect(polyline.hit(geometry, imagePoint(26, 24), 2)).toBe(true);
    expect(polyline.hit(geometry, imagePoint(50, 20), 2)).toBe(false);
  });
});
