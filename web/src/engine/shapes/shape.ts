/** What every shape can do, so that the stage needs to know none of them. */

import type { Geometry, Json, ToolName } from "../document/values";
import type { Box } from "../geometry/box";
import type { ImagePoint } from "../geometry/coordinates";
import type { Frame, Pair } from "../geometry/points";

/** A place to grab a selected shape by. */
export interface Handle {
  readonly id: string;
  readonly at: ImagePoint;
  /** `middle` is where a corner can be put in; `point` is a named one, `faint` when it is occluded. */
  readonly kind: "corner" | "side" | "turn" | "vertex" | "middle" | "point";
  readonly cursor: string;
  readonly faint?: boolean;
}

export interface Outline {
  readonly points: readonly Pair[];
  readonly closed: boolean;
}

/** How a shape is drawn now. Lengths are in image pixels: what is 2 px on the screen is 2 / scale here. */
export interface Look {
  readonly colour: string;
  /** One pixel of the screen. */
  readonly pixel: number;
  readonly lineWidth: number;
  /** 0 for none; of the fill. */
  readonly opacity: number;
  readonly pattern: CanvasPattern | null;
  readonly dashed: boolean;
  readonly edges: readonly (readonly [string, string])[];
}

export type Pen = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export interface Bounds {
  readonly frame: Frame;
  /** Shift: keeps the ratio of the sides, or the angle at steps. */
  readonly steady: boolean;
}

/** A shape of one kind. `G` is its geometry once read; `read` says null of what is no such geometry. */
export interface ShapeKind<G> {
  readonly tool: ToolName;
  readonly read: (geometry: Geometry) => G | null;
  readonly write: (geometry: G) => Geometry;
  readonly bounds: (geometry: G) => Box;
  /** Whether a point is on the shape, up to `reach` image pixels beside its lines. */
  readonly hit: (geometry: G, at: ImagePoint, reach: number) => boolean;
  readonly draw: (pen: Pen, geometry: G, look: Look) => void;
  readonly handles: (geometry: G, pixel: number) => readonly Handle[];
  /** The same shape moved; the caller has seen to it that it stays where it may be. */
  readonly translate: (geometry: G, dx: number, dy: number) => G;
  readonly reshape: (geometry: G, handle: string, to: ImagePoint, bounds: Bounds) => G;
  /** Before a handle is dragged: a middle becomes a corner. */
  readonly grab?: (geometry: G, handle: string) => { readonly geometry: G; readonly handle: string };
  readonly removeHandle?: (geometry: G, handle: string) => G | null;
  /** Corners and sides that others snap to. */
  readonly outline?: (geometry: G) => Outline;
  /** Why this is no answer, or null. */
  readonly fault?: (geometry: G) => Fault | null;
  /** Whether it has to stay inside the image when it is moved. */
  readonly movable: boolean;
}

export type Fault = "empty" | "crossing" | "few-points" | "folded" | "no-skeleton";

/** A shape whose geometry is read on the way in, so that shapes of all kinds lie in one list. */
export type Shape = Required<Omit<ShapeKind<Geometry>, "read" | "write">> & {
  readonly reads: (geometry: Geometry) => boolean;
};

const NOWHERE: Box = { x: 0, y: 0, width: 0, height: 0 };
const NO_OUTLINE: Outline = { points: [], closed: false };

/** Wraps a kind so that it takes any geometry; what it cannot read is nowhere, is not drawn and stays as it is. */
export function shapeOf<G>(kind: ShapeKind<G>): Shape {
  const known = new WeakMap<Geometry, G>();
  const read = (geometry: Geometry): G | null => {
    const before = known.get(geometry);
    if (before !== undefined) return before;
    const found = kind.read(geometry);
    if (found !== null) known.set(geometry, found);
    return found;
  };
  const using = <R>(geometry: Geometry, otherwise: R, use: (found: G) => R): R => {
    const found = read(geometry);
    return found === null ? otherwise : use(found);
  };
  const { write } = kind;
  return {
    tool: kind.tool,
    movable: kind.movable,
    reads: (geometry) => read(geometry) !== null,
    bounds: (geometry) => using(geometry, NOWHERE, kind.bounds),
    hit: (geometry, at, reach) => using(geometry, false, (found) => kind.hit(found, at, reach)),
    draw: (pen, geometry, look) => using(geometry, undefined, (found) => kind.draw(pen, found, look)),
    handles: (geometry, pixel) => using(geometry, [], (found) => kind.handles(found, pixel)),
    translate: (geometry, dx, dy) =>
      using(geometry, geometry, (found) => write(kind.translate(found, dx, dy))),
    reshape: (geometry, handle, to, bounds) =>
      using(geometry, geometry, (found) => write(kind.reshape(found, handle, to, bounds))),
    grab: (geometry, handle) =>
      using(geometry, { geometry, handle }, (found) => {
        const grabbed = kind.grab?.(found, handle);
        return grabbed ? { geometry: write(grabbed.geometry), handle: grabbed.handle } : { geometry, handle };
      }),
    removeHandle: (geometry, handle) =>
      using(geometry, null, (found) => {
        const left = kind.removeHandle?.(found, handle) ?? null;
        return left === null ? null : write(left);
      }),
    outline: (geometry) => using(geometry, NO_OUTLINE, (found) => kind.outline?.(found) ?? NO_OUTLINE),
    fault: (geometry) => using<Fault | null>(geometry, "empty", (found) => kind.fault?.(found) ?? null),
  };
}

export const isNumber = (value: Json | undefined): value is number => typeof value === "number";

/** Puts the line's style on the pen. */
export function applyLine(pen: Pen, look: Look): void {
  pen.strokeStyle = look.colour;
  pen.lineWidth = look.lineWidth;
  pen.lineJoin = "round";
  pen.lineCap = look.dashed ? "butt" : "round";
  pen.setLineDash(look.dashed ? [6 * look.pixel, 4 * look.pixel] : []);
}

/** Fills and strokes the path that is on the pen. */
export function fillAndStroke(pen: Pen, look: Look, fills = true): void {
  if (fills && look.opacity > 0) {
    pen.globalAlpha = look.opacity;
    pen.fillStyle = look.colour;
    pen.fill();
    pen.globalAlpha = 1;
    if (look.pattern) {
      pen.fillStyle = look.pattern;
      pen.fill();
    }
  }
  applyLine(pen, look);
  pen.stroke();
}
