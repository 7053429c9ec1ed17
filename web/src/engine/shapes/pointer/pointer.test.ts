/** The pointer: what it selects, moves and reshapes, and what it leaves alone. */

import { describe, expect, it } from "vitest";
import { apply, emptyDocument, marksOf } from "../../document/apply";
import type { Document, Geometry, Mark, MarkId, ToolName } from "../../document/values";
import { imagePoint } from "../../geometry/coordinates";
import { shapeFor } from "../all";
import { type Placed, type PointContext, type PointEffect, previewOf, RESTING, stepPointer } from "./tool";

const FRAME = { width: 200, height: 100 };
const BIG = { x: 10, y: 10, width: 100, height: 80 };
const SMALL = { x: 120, y: 40, width: 20, height: 20 };
const TRIANGLE = {
  points: [
    [150, 10],
    [190, 10],
    [170, 60],
  ],
};

class Desk {
  document: Document;
  selection: ReadonlySet<MarkId> = new Set();
  state = RESTING;
  readOnly = false;
  readonly effects: PointEffect[] = [];

  constructor(marks: Record<ToolName, readonly [string, Geometry, Partial<Mark>?][]>) {
    const made = Object.entries(marks).map(([tool, those]) => {
      const list = those.map(([id, geometry, more]) => ({
        id,
        label: "car",
        attributes: {},
        geometry,
        ...more,
      }));
      return [tool, list as unknown as readonly Mark[]] as const;
    });
    this.document = { ...emptyDocument, marks: Object.fromEntries(made) };
  }

  private get all(): Placed[] {
    return Object.keys(this.document.marks).flatMap((tool) => {
      const shape = shapeFor(tool);
      return shape ? marksOf(this.document, tool).map((mark) => ({ id: mark.id, tool, mark, shape })) : [];
    });
  }

  private get context(): PointContext {
    return {
      frame: FRAME,
      reach: 4,
      pixel: 1,
      readOnly: this.readOnly,
      selection: this.selection,
      placed: (id) => this.all.find((one) => one.id === id),
      at: (point) => this.all.filter(({ mark, shape }) => shape.hit(mark.geometry, point, 4)).reverse(),
      inside: () => this.all.map(({ id }) => id),
      snap: (point) => point,
    };
  }

  send(kind: "press" | "move" | "release" | "cancel", x: number, y: number, keys = ""): this {
    const event = { kind, at: imagePoint(x, y), shift: keys.includes("shift"), alt: keys.includes("alt") };
    const step = stepPointer(this.state, event, this.context);
    this.state = step.state;
    for (const effect of step.effects) {
      this.effects.push(effect);
      if (effect.kind === "select") this.selection = new Set(effect.ids);
      if (effect.kind === "perform") this.document = apply(this.document, effect.action);
    }
    return this;
  }

  click = (x: number, y: number, keys = "") => this.send("press", x, y, keys).send("release", x, y, keys);
  drag = (x: number, y: number, toX: number, toY: number, keys = "") =>
    this.send("press", x, y).send("move", toX, toY, keys).send("release", toX, toY, keys);

  get selected(): string[] {
    return [...this.selection];
  }

  geometry(tool: ToolName, index = 0): Geometry | undefined {
    return marksOf(this.document, tool)[index]?.geometry;
  }

  get preview() {
    return previewOf(this.state, this.context);
  }
}

const boxes = () =>
  new Desk({
    box: [
      ["big", BIG],
      ["small", SMALL],
    ],
  });

describe("selecting", () => {
  it("takes what is clicked, more with Shift, nothing beside everything", () => {
    const desk = boxes().click(50, 50);
    expect(desk.selected).toEqual(["big"]);
    expect(desk.click(130, 50, "shift").selected).toEqual(["big", "small"]);
    expect(desk.click(50, 50, "shift").selected).toEqual(["small"]);
    expect(desk.click(195, 95).selected).toEqual([]);
    expect(desk.effects.every(({ kind }) => kind === "select")).toBe(true);
  });

  it("catches with a marquee, and goes down through what lies on each other with Alt", () => {
    expect(boxes().drag(199, 99, 1, 1).selected).toEqual(["big", "small"]);
    const stacked = new Desk({
      box: [
        ["low", BIG],
        ["high", BIG],
      ],
    });
    expect(stacked.click(50, 50).selected).toEqual(["high"]);
    expect(stacked.click(50, 50, "alt").selected).toEqual(["low"]);
    expect(stacked.click(50, 50, "alt").selected).toEqual(["high"]);
  });
});

describe("moving", () => {
  it("moves at the end of the drag in one action, as far as the image goes", () => {
    const desk = boxes().send("press", 130, 50).send("move", 150, 55);
    expect(desk.preview.get("small" as MarkId)).toEqual({ ...SMALL, x: 140, y: 45 });
    expect(desk.geometry("box", 1)).toEqual(SMALL);
    desk.send("move", 400, 50).send("release", 400, 50);
    expect(desk.geometry("box", 1)).toEqual({ ...SMALL, x: 180 });
    expect(desk.effects.filter(({ kind }) => kind === "perform")).toHaveLength(1);
  });

  it("moves all that is selected together", () => {
    const desk = boxes().click(50, 50).click(130, 50, "shift").drag(50, 50, 45, 70);
    expect([desk.geometry("box"), desk.geometry("box", 1)]).toEqual([
      { ...BIG, x: 5, y: 20 },
      { ...SMALL, x: 115, y: 50 },
    ]);
  });

  it("leaves locked marks, read-only answers and trembling hands alone", () => {
    const locked = new Desk({ box: [["big", BIG, { locked: true }]] }).drag(50, 50, 90, 60);
    expect(locked.geometry("box")).toEqual(BIG);
    const shown = boxes();
    shown.readOnly = true;
    expect(shown.click(50, 50).drag(10, 10, 30, 30).geometry("box")).toEqual(BIG);
    expect(boxes().drag(50, 50, 51, 50).geometry("box")).toEqual(BIG);
  });

  it("is given up by Escape", () => {
    const desk = boxes()
      .send("press", 130, 50)
      .send("move", 150, 55)
      .send("cancel", 0, 0)
      .send("release", 150, 55);
    expect(desk.geometry("box", 1)).toEqual(SMALL);
  });
});

describe("reshaping", () => {
  it("pulls a corner of the selected box, and of no other", () => {
    const desk = boxes().click(130, 50).drag(140, 60, 160, 70);
    expect(desk.geometry("box", 1)).toEqual({ x: 120, y: 40, width: 40, height: 30 });
    const two = boxes().click(50, 50).click(130, 50, "shift").drag(140, 60, 145, 60);
    expect(two.geometry("box", 1)).toEqual({ ...SMALL, x: 125 });
  });

  it("puts a corner on a side, keeps it in hand, and takes one out with Alt", () => {
    const desk = new Desk({ polygon: [["roof", TRIANGLE]] }).click(170, 30).drag(170, 10, 170, 2);
    expect(desk.geometry("polygon")).toEqual({
      points: [
        [150, 10],
        [170, 2],
        [190, 10],
        [170, 60],
      ],
    });
    expect(desk.state).toEqual({ at: "idle", grip: { id: "roof", handle: "1" } });
    desk.click(170, 2, "alt");
    expect(desk.geometry("polygon")).toEqual(TRIANGLE);
    desk.click(190, 10, "alt");
    expect(desk.effects.at(-1)).toEqual({ kind: "refused", fault: "few-points" });
  });

  it("refuses an outline that would cross itself, and leaves it as it was", () => {
    const square = {
      points: [
        [150, 10],
        [190, 10],
        [190, 60],
        [150, 60],
      ],
    };
    const desk = new Desk({ polygon: [["roof", square]] }).click(170, 30).drag(150, 10, 196, 50);
    expect(desk.effects.at(-1)).toEqual({ kind: "refused", fault: "crossing" });
    expect(desk.geometry("polygon")).toEqual(square);
  });
});
