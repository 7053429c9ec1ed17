/** Drawing an outline corner by corner: clicks, a free hand with the button held, or the keyboard. */

import type { ToolName } from "../document/values";
import type { ImagePoint } from "../geometry/coordinates";
import { crossing } from "../geometry/outline";
import { distance, fitted, pairOf } from "../geometry/points";
import { type DrawContext, type DrawTool, NO_DRAFT, type Step, stay, type ToolEvent } from "./tool";

export interface CornersState {
  readonly points: readonly ImagePoint[];
  readonly to: ImagePoint | null;
  readonly held: boolean;
}

const IDLE: CornersState = { points: [], to: null, held: false };
/** How many reaches apart the corners of a free hand are. */
const FREEHAND_REACHES = 1.5;

export function cornersTool(tool: ToolName, closed: boolean, least: number): DrawTool<CornersState> {
  const closes = (state: CornersState, at: ImagePoint, reach: number) => {
    const first = state.points[0];
    return closed && first !== undefined && state.points.length >= least && distance(first, at) <= reach;
  };

  function step(state: CornersState, event: ToolEvent, context: DrawContext): Step<CornersState> {
    switch (event.kind) {
      case "press":
        if (closes(state, event.at, context.reach)) return ended(state, context);
        return added({ ...state, held: true }, event.at, context);
      case "place":
        return closes(state, event.at, 0) ? ended(state, context) : added(state, event.at, context);
      case "finish":
        return state.points.length < least ? added(state, event.at, context) : ended(state, context);
      case "move":
        return moved(state, event.at, context);
      case "release":
        return stay({ ...state, held: false });
      case "back":
        return {
          state: { ...state, points: state.points.slice(0, -1), held: false },
          effects: [{ kind: "said", what: "taken-back", count: Math.max(state.points.length - 1, 0) }],
        };
      case "cancel":
        return stay(IDLE);
      default:
        return stay(state);
    }
  }

  function moved(state: CornersState, to: ImagePoint, context: DrawContext): Step<CornersState> {
    const at = fitted(to, context.frame);
    const last = state.points.at(-1);
    const isFar = last !== undefined && distance(last, at) >= FREEHAND_REACHES * context.reach;
    if (state.held && isFar && !closes(state, at, context.reach))
      return added({ ...state, to: at }, at, context, true);
    return stay({ ...state, to: at });
  }

  function added(
    state: CornersState,
    to: ImagePoint,
    context: DrawContext,
    silent = false,
  ): Step<CornersState> {
    const at = fitted(to, context.frame);
    const last = state.points.at(-1);
    if (last && distance(last, at) <= (state.held ? context.reach / 4 : 0)) return stay({ ...state, to: at });
    const points = [...state.points, at];
    return {
      state: { ...state, points, to: at },
      effects: silent ? [] : [{ kind: "said", what: "point", count: points.length }],
    };
  }

  function ended(state: CornersState, _context: DrawContext): Step<CornersState> {
    const points = state.points.map(pairOf);
    const fault = points.length < least ? "few-points" : closed && crossing(points) ? "crossing" : null;
    if (fault) return { state: { ...state, held: false }, effects: [{ kind: "refused", fault }] };
    return { state: IDLE, effects: [{ kind: "drawn", geometry: { points } }] };
  }

  return {
    tool,
    start: IDLE,
    step,
    isBusy: (state) => state.points.length > 0,
    draft: (state, context) => {
      if (state.points.length === 0) return NO_DRAFT;
      const closing = state.to !== null && closes(state, state.to, context.reach);
      const shown = state.to && !closing ? [...state.points, state.to] : state.points;
      return { ...NO_DRAFT, geometry: { points: shown.map(pairOf) }, points: state.points, closing };
    },
  };
}
