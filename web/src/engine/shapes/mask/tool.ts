/** Painting a mask: strokes of a brush or an eraser, or a lasso around what is to be filled. */

import type { Geometry } from "../../document/values";
import { type ImagePoint, imagePoint } from "../../geometry/coordinates";
import { clamp, fitted, pairOf } from "../../geometry/points";
import { type Bitmap, bitmapOf, emptyBitmap, fillPolygon, stroke } from "../../masks/bitmap";
import { type DrawContext, type DrawTool, NO_DRAFT, type Step, stay, type ToolEvent } from "../tool";
import { maskOf, readMask } from "./shape";

export interface MaskState {
  readonly erases: boolean;
  readonly lasso: boolean;
  /** In image pixels. */
  readonly radius: number;
  /** Where the pointer went since it was pressed; null while it is up. */
  readonly path: readonly ImagePoint[] | null;
  readonly to: ImagePoint | null;
}

const RADIUS_MIN = 0.5;
const RADIUS_MAX = 500;
const THICKER = 1.25;
const START: MaskState = { erases: false, lasso: false, radius: 12, path: null, to: null };

function step(state: MaskState, event: ToolEvent, context: DrawContext): Step<MaskState> {
  switch (event.kind) {
    case "press":
      return stay({ ...state, path: [event.at], to: event.at });
    case "move":
      return stay({ ...state, to: event.at, path: state.path && [...state.path, event.at] });
    case "release":
      return state.path
        ? painted({ ...state, to: event.at }, [...state.path, event.at], context)
        : stay(state);
    case "place":
      return painted(state, [event.at], context);
    case "finish":
      return { state, effects: [{ kind: "done" }] };
    case "cancel":
      return stay({ ...state, path: null });
    case "option":
      return stay(withOption(state, event.name));
    default:
      return stay(state);
  }
}

function withOption(state: MaskState, name: string): MaskState {
  const sized = (by: number) => clamp(Math.round(state.radius * by * 10) / 10, RADIUS_MIN, RADIUS_MAX);
  switch (name) {
    case "erase":
      return { ...state, erases: !state.erases };
    case "lasso":
      return { ...state, lasso: !state.lasso };
    case "thicker":
      return { ...state, radius: sized(THICKER) };
    case "thinner":
      return { ...state, radius: sized(1 / THICKER) };
    default:
      return state;
  }
}

function painted(state: MaskState, path: readonly ImagePoint[], context: DrawContext): Step<MaskState> {
  const { mark, frame } = context;
  const bitmap = before(mark?.geometry, context);
  const value = state.erases ? 0 : 1;
  if (state.lasso)
    fillPolygon(
      bitmap,
      path.map((point) => pairOf(fitted(point, frame))),
      value,
    );
  else stroke(bitmap, path, state.radius, value);
  const geometry = maskOf(bitmap);
  const next = { ...state, path: null };
  if (geometry) return { state: next, effects: [{ kind: "drawn", geometry, ...(mark && { of: mark.id }) }] };
  return {
    state: next,
    effects: [mark ? { kind: "erased", of: mark.id } : { kind: "refused", fault: "empty" }],
  };
}

function before(geometry: Geometry | undefined, { frame }: DrawContext): Bitmap {
  const mask = geometry ? readMask(geometry) : null;
  return mask ? bitmapOf(mask.counts, frame) : emptyBitmap(frame);
}

export const maskTool: DrawTool<MaskState> = {
  tool: "mask",
  start: START,
  step,
  isBusy: (state) => state.path !== null,
  draft: (state) => ({
    ...NO_DRAFT,
    brush: {
      at: state.to && imagePoint(state.to.x, state.to.y),
      radius: state.radius,
      erases: state.erases,
      path: state.path ?? [],
      filled: state.lasso,
    },
  }),
};
