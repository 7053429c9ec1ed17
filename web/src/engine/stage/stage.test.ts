/** The stage's values: the view, the grid, snapping, the scene, and what is done to selected marks. */

import { describe, expect, it } from "vitest";
import { apply, emptyDocument, marksOf } from "../document/apply";
import { signsOf } from "../document/colours";
import type { Action, Definition, Document, Geometry, MarkId } from "../document/values";
import { imagePoint, stagePoint } from "../geometry/coordinates";
import { Grid } from "./grid";
import { Scene } from "./scene";
import { duplicates, neighbour, nudge, raised } from "./selected";
import { snapped } from "./snapping";
import { fitting, panBy, resized, reveal, shownOf, toImage, toStage, zoomBy, zoomTo } from "./viewport";

const FRAME = { width: 400, height: 300 };
const VIEW = fitting({ width: 1000, height: 600, scale: 1, left: 0, top: 0 }, FRAME);
const DEFINITION: Definition = { tools: { box: {} }, labels: [{ name: "car" }, { name: "cat" }] };

const boxAt = (x: number, y: number, size = 10): Geometry => ({ x, y, width: size, height: size });

function documentOf(...boxes: readonly Geometry[]): Document {
  const marks = boxes.map((geometry, index) => ({
    id: `m${index}` as MarkId,
    label: "car",
    attributes: {},
    geometry,
  }));
  return apply(emptyDocument, { kind: "add", tool: "box", marks });
}

function sceneOf(document: Document): Scene {
  const scene = new Scene();
  scene.update(document, DEFINITION);
  return scene;
}

describe("the view", () => {
  it("fits the image in the middle", () => {
    expect(VIEW.scale).toBeCloseTo(552 / 300);
    expect(toImage(VIEW, stagePoint(500, 300)).x).toBeCloseTo(200, 0);
  });

  it("keeps what is under the pointer there while it zooms", () => {
    const at = stagePoint(612, 141);
    for (const factor of [1.3, 0.8, 4]) {
      const zoomed = zoomBy(VIEW, FRAME, factor, at);
      expect(zoomed.scale).toBeCloseTo(VIEW.scale * factor);
      const there = toStage(zoomed, toImage(VIEW, at));
      expect([there.x, there.y]).toEqual([expect.closeTo(at.x), expect.closeTo(at.y)]);
    }
  });

  it("lies on whole pixels at 100 %, and never loses the image", () => {
    const plain = zoomTo(VIEW, FRAME, 1, stagePoint(333.3, 111.1));
    expect([plain.left % 1, plain.top % 1]).toEqual([0, 0]);
    const far = shownOf(panBy(VIEW, FRAME, 1e6, -1e6));
    expect(far.x).toBeLessThan(0);
    expect(far.x + far.width).toBeGreaterThan(0);
    expect(far.y).toBeLessThan(FRAME.height);
  });

  it("goes to a box that is out of sight, and stays where it is in sight", () => {
    const near = zoomTo(VIEW, FRAME, 8, stagePoint(0, 0));
    const box = { x: 380, y: 280, width: 10, height: 10 };
    const shown = shownOf(reveal(near, FRAME, box));
    expect(shown.x + shown.width).toBeGreaterThanOrEqual(390);
    expect(shown.y + shown.height).toBeGreaterThanOrEqual(290);
    expect(reveal(VIEW, FRAME, box)).toBe(VIEW);
    expect(resized(VIEW, FRAME, 1200, 600).left).toBe(VIEW.left + 100);
  });
});

describe("the grid", () => {
  it("finds what meets a box, as asking all of them would", () => {
    const grid = new Grid<number>();
    const boxes = Array.from({ length: 300 }, (_, index) => ({
      x: (index * 97) % 2000,
      y: (index * 61) % 1500,
      width: 1 + ((index * 13) % (index % 50 === 0 ? 3000 : 90)),
      height: 1 + ((index * 29) % 80),
    }));
    boxes.forEach((box, index) => {
      grid.put(index, box);
    });
    for (let index = 0; index < 300; index += 3) grid.remove(index);
    const left = 300;
    for (const asked of [
      { x: left, y: 200, width: 150, height: 90 },
      { x: -10, y: -10, width: 5000, height: 5000 },
    ]) {
      const expected = boxes.flatMap((box, index) => {
        const meets = box.x <= asked.x + asked.width && asked.x <= box.x + box.width;
        return index % 3 && meets && box.y <= asked.y + asked.height && asked.y <= box.y + box.height
          ? [index]
          : [];
      });
      expect(grid.meeting(asked).sort((a, b) => a - b)).toEqual(expected);
    }
  });
});

describe("snapping", () => {
  const outline = {
    points: [
      [10, 10],
      [50, 10],
      [50, 40],
    ],
    closed: true,
  } as const;

  it("goes to corners first, then sides, then the border", () => {
    const go = (x: number, y: number) => snapped(imagePoint(x, y), [outline], FRAME, 4);
    expect(go(48, 12)).toEqual({ at: { x: 50, y: 10 }, to: "corner" });
    expect(go(30, 12)).toEqual({ at: { x: 30, y: 10 }, to: "side" });
    expect(go(398, 150)).toEqual({ at: { x: 400, y: 150 }, to: "border" });
    expect(go(200, 150)).toEqual({ at: { x: 200, y: 150 }, to: "nothing" });
  });
});

describe("the scene", () => {
  it("says where a change is seen, and nothing of what stayed", () => {
    const before = documentOf(boxAt(0, 0), boxAt(100, 100), boxAt(200, 200));
    const scene = new Scene();
    expect(scene.update(before, DEFINITION)).toBeNull();
    expect(scene.update(before, DEFINITION)).toEqual([]);
    const change: Action = {
      kind: "change",
      tool: "box",
      id: "m1" as MarkId,
      change: { geometry: boxAt(150, 100) },
    };
    const moved = apply(before, change);
    expect(scene.update(moved, DEFINITION)).toEqual([boxAt(150, 100), boxAt(100, 100)]);
    const gone = apply(moved, { kind: "remove", tool: "box", ids: ["m0" as MarkId] });
    expect(scene.update(gone, DEFINITION)).toEqual([boxAt(0, 0)]);
    const turned = apply(gone, { kind: "order", tool: "box", ids: ["m2", "m1"] as MarkId[] });
    expect(scene.update(turned, DEFINITION)).toEqual([boxAt(150, 100)]);
  });

  it("picks the smaller of two that lie in each other, and nothing hidden or locked", () => {
    const document = documentOf(boxAt(20, 20, 10), boxAt(0, 0, 100));
    const at = (changed: Document) =>
      sceneOf(changed)
        .at(imagePoint(25, 25), 1)
        .map(({ id }) => id);
    expect(at(document)).toEqual(["m0", "m1"]);
    const id = "m0" as MarkId;
    for (const change of [{ hidden: true }, { locked: true }]) {
      expect(at(apply(document, { kind: "change", tool: "box", id, change }))).toEqual(["m1"]);
    }
  });
});

describe("selected marks", () => {
  const document = documentOf(boxAt(0, 0), boxAt(385, 100), boxAt(50, 50));
  const scene = sceneOf(document);
  const context = { placed: (id: MarkId) => scene.get(id), frame: FRAME };
  const marks = (...ids: string[]) => ids.flatMap((id) => scene.get(id as MarkId) ?? []);
  const marksAfter = (action: Action | null) => marksOf(action ? apply(document, action) : document, "box");

  it("are nudged together, as far as the image goes", () => {
    const nudged = marksAfter(nudge(marks("m1", "m2"), 10, 1, context));
    expect(nudged.map(({ geometry }) => geometry)).toEqual([boxAt(0, 0), boxAt(390, 101), boxAt(55, 51)]);
    expect(nudge(marks("m0"), -1, 0, context)).toBeNull();
  });

  it("are copied beside themselves with ids of their own", () => {
    const made = duplicates(marks("m1"), () => "copy" as MarkId, context);
    expect(made?.ids).toEqual(["copy"]);
    expect(marksAfter(made?.action ?? null).at(-1)?.geometry).toEqual(boxAt(390, 110));
  });

  it("come to the front and go to the back", () => {
    const all = () => marksOf(document, "box");
    expect(marksAfter(raised(marks("m0"), all, "front")).map(({ id }) => id)).toEqual(["m1", "m2", "m0"]);
    expect(marksAfter(raised(marks("m2"), all, "back")).map(({ id }) => id)).toEqual(["m2", "m0", "m1"]);
  });

  it("have a next one until the last", () => {
    const shown = scene.shown();
    expect(neighbour(shown, new Set(), 1)?.id).toBe("m0");
    expect(neighbour(shown, new Set(["m1" as MarkId]), 1)?.id).toBe("m2");
    expect(neighbour(shown, new Set(["m2" as MarkId]), 1)).toBeNull();
    expect(neighbour(shown, new Set(), -1)?.id).toBe("m2");
  });
});

it("gives every label letters of its own", () => {
  const names = ["car", "cat", "Cart", "cab", "caa", "c", "日本"];
  const sign = signsOf(names.map((name) => ({ name })));
  expect(new Set(names.map((name) => sign(name).letters)).size).toBe(names.length);
});
