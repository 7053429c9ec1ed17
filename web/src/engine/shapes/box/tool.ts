/** Drawing a box: from corner to corner, by a drag, by two clicks or by the keyboard. */

import { type Box, boxBetween } from "../../geometry/box";
import { type ImagePoint, imagePoint } from "../../geometry/coordinates";
import { clamp, distance, type Frame, fitted } from "../../geometry/points";
import { type DrawContext, type DrawTool, NO_DRAFT, type Step, stay, type ToolEvent } from "../tool";

export type BoxState =
  | { readonly at: "idle" }
  /** `held` while the button is down; released where it was pressed, the box waits for a second click. */
  | { readonly at: "drawing"; readonly from: ImagePoint; readonly to: ImagePoint; readonly held: boolean };

const IDLE: BoxState = { at: "idle" };

function step(state: BoxState, event: ToolEvent, context: DrawContext): Step<BoxState> {
  switch (event.kind) {
    case "press":
    case "place":
    case "finish": {
      const at = fitted(event.at, context.frame);
      if (state.at === "drawing") return ended({ ...state, to: at }, context, event);
      const begun: BoxState = { at: "drawing", from: at, to: at, held: event.kind === "press" };
      return { state: begun, effects: [{ kind: "said", what: "begun", count: 1 }] };
    }
    case "move":
      return state.at === "idle" ? stay(state) : stay({ ...state, to: reached(state.from, event, context) });
    case "release":
      if (state.at === "idle" || !state.held) return stay(state);
      if (distance(state.from, event.at) < context.reach) return stay({ ...state, held: false });
      return ended({ ...state, to: reached(state.from, event, context) }, context, event);
    case "back":
    case "cancel":
      return stay(IDLE);
    default:
      return stay(state);
  }
}

function reached(
  from: ImagePoint,
  event: ToolEvent & { steady: boolean; at: ImagePoint },
  context: DrawContext,
) {
  return fitted(event.steady ? squared(from, event.at, context.frame) : event.at, context.frame);
}

/** The corner of a square, as large as it fits. */
function squared(from: ImagePoint, to: ImagePoint, frame: Frame): ImagePoint {
  const wayX = to.x < from.x ? -1 : 1;
  const wayY = to.y < from.y ? -1 : 1;
  const room = Math.min(wayX < 0 ? from.x : frame.width - from.x, wayY < 0 ? from.y : frame.height - from.y);
  const side = clamp(Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)), 0, room);
  return imagePoint(from.x + wayX * side, from.y + wayY * side);
}

function ended(state: BoxState & { at: "drawing" }, context: DrawContext, event: ToolEvent): Step<BoxState> {
  const last =
    "steady" in event && event.steady && "at" in event
      ? squared(state.from, event.at, context.frame)
      : state.to;
  const box = boxBetween(state.from, fitted(last, context.frame));
  if (box.width === 0 || box.height === 0) {
    return { state: { ...state, held: false }, effects: [{ kind: "refused", fault: "empty" }] };
  }
  return { state: IDLE, effects: [{ kind: "drawn", geometry: { ...box } }] };
}

export const boxOf = (state: BoxState): Box | null =>
  state.at === "drawing" ? boxBetween(state.from, state.to) : null;

export const boxTool: DrawTool<BoxState> = {
  tool: "box",
  start: IDLE,
  step,
  isBusy: (state) => state.at === "drawing",
  draft: (state) => {
    const box = boxOf(state);
    return { ...NO_DRAFT, geometry: box && { ...box }, points: state.at === "drawing" ? [state.from] : [] };
  },
};
