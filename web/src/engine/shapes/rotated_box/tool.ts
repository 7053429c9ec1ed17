/** Drawing a turned box: one side from end to end, then pulled out to its other side. */

import { type ImagePoint, imagePoint } from "../../geometry/coordinates";
import { clamp, distance, fitted, rounded } from "../../geometry/points";
import type { RotatedBox } from "../../geometry/rotated_box";
import { type DrawContext, type DrawTool, NO_DRAFT, type Step, stay, type ToolEvent } from "../tool";
import { wholeTurn } from "./shape";

export type RotatedBoxState =
  | { readonly at: "idle" }
  | { readonly at: "side"; readonly from: ImagePoint; readonly to: ImagePoint; readonly held: boolean }
  | { readonly at: "pull"; readonly from: ImagePoint; readonly end: ImagePoint; readonly to: ImagePoint };

const IDLE: RotatedBoxState = { at: "idle" };

function step(state: RotatedBoxState, event: ToolEvent, context: DrawContext): Step<RotatedBoxState> {
  switch (event.kind) {
    case "press":
    case "place":
    case "finish":
      return pressed(state, fitted(event.at, context.frame), event.kind === "press", context);
    case "move":
      return state.at === "idle" ? stay(state) : stay({ ...state, to: fitted(event.at, context.frame) });
    case "release": {
      if (state.at !== "side" || !state.held) return stay(state);
      const at = fitted(event.at, context.frame);
      const isDrag = distance(state.from, at) >= context.reach;
      return isDrag ? sided({ ...state, to: at }) : stay({ ...state, held: false });
    }
    case "back":
      return stay(state.at === "pull" ? { at: "side", from: state.from, to: state.end, held: false } : IDLE);
    case "cancel":
      return stay(IDLE);
    default:
      return stay(state);
  }
}

function pressed(
  state: RotatedBoxState,
  at: ImagePoint,
  held: boolean,
  context: DrawContext,
): Step<RotatedBoxState> {
  if (state.at === "idle") {
    const effects = [{ kind: "said", what: "begun", count: 1 } as const];
    return { state: { at: "side", from: at, to: at, held }, effects };
  }
  if (state.at === "side") return distance(state.from, at) === 0 ? stay(state) : sided({ ...state, to: at });
  const box = pulledOut(state.from, state.end, at, context);
  if (box.width === 0 || box.height === 0) return { state, effects: [{ kind: "refused", fault: "empty" }] };
  return { state: IDLE, effects: [{ kind: "drawn", geometry: { ...box } }] };
}

const sided = ({ from, to }: { from: ImagePoint; to: ImagePoint }): Step<RotatedBoxState> => ({
  state: { at: "pull", from, end: to, to },
  effects: [{ kind: "said", what: "point", count: 2 }],
});

/** The box whose one side runs from `from` to `end` and whose other side passes through `to`. */
export function pulledOut(
  from: ImagePoint,
  end: ImagePoint,
  to: ImagePoint,
  { frame }: Pick<DrawContext, "frame">,
): RotatedBox {
  const width = distance(from, end);
  const [alongX, alongY] = width === 0 ? [1, 0] : [(end.x - from.x) / width, (end.y - from.y) / width];
  const pull = (to.y - from.y) * alongX - (to.x - from.x) * alongY;
  const centre = imagePoint((from.x + end.x - alongY * pull) / 2, (from.y + end.y + alongX * pull) / 2);
  return {
    x: rounded(clamp(centre.x, 0, frame.width)),
    y: rounded(clamp(centre.y, 0, frame.height)),
    width: rounded(width),
    height: rounded(Math.abs(pull)),
    angle: wholeTurn((Math.atan2(alongY, alongX) * 180) / Math.PI),
  };
}

export const rotatedBoxTool: DrawTool<RotatedBoxState> = {
  tool: "rotated_box",
  start: IDLE,
  step,
  isBusy: (state) => state.at !== "idle",
  draft: (state, context) => {
    if (state.at === "idle") return NO_DRAFT;
    const end = state.at === "pull" ? state.end : state.to;
    return {
      ...NO_DRAFT,
      geometry: { ...pulledOut(state.from, end, state.to, context) },
      points: state.at === "pull" ? [state.from, state.end] : [state.from],
    };
  },
};
