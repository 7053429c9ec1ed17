/** Placing the points of a skeleton one after the other; each may be occluded, or absent. */

import type { ImagePoint } from "../../geometry/coordinates";
import { fitted } from "../../geometry/points";
import {
  type DrawContext,
  type DrawTool,
  type Effect,
  NO_DRAFT,
  type Step,
  stay,
  type ToolEvent,
} from "../tool";
import { ABSENT, type Keypoint, OCCLUDED, VISIBLE } from "./shape";
import { skeletonOf } from "./skeleton";

export interface KeypointsState {
  /** In the skeleton's order. */
  readonly placed: readonly Keypoint[];
  readonly to: ImagePoint | null;
  /** Whether the next point is hidden behind something. */
  readonly occluded: boolean;
}

const IDLE: KeypointsState = { placed: [], to: null, occluded: false };

function step(state: KeypointsState, event: ToolEvent, context: DrawContext): Step<KeypointsState> {
  switch (event.kind) {
    case "press":
    case "place": {
      const at = fitted(event.at, context.frame);
      return placed(state, [at.x, at.y, state.occluded ? OCCLUDED : VISIBLE], context);
    }
    case "finish":
      return finished(state, context);
    case "move":
      return stay({ ...state, to: fitted(event.at, context.frame) });
    case "option":
      if (event.name === "occluded") return stay({ ...state, occluded: !state.occluded });
      return event.name === "absent" ? placed(state, [0, 0, ABSENT], context) : stay(state);
    case "back":
      return {
        state: { ...state, placed: state.placed.slice(0, -1) },
        effects: [{ kind: "said", what: "taken-back", count: Math.max(state.placed.length - 1, 0) }],
      };
    case "cancel":
      return stay(IDLE);
    default:
      return stay(state);
  }
}

function placed(state: KeypointsState, point: Keypoint, context: DrawContext): Step<KeypointsState> {
  const names = skeletonOf(context.settings, context.label).points;
  if (names.length === 0) return { state: IDLE, effects: [{ kind: "refused", fault: "no-skeleton" }] };
  const next = { ...state, placed: [...state.placed, point], occluded: false };
  if (next.placed.length >= names.length) return finished(next, context);
  const name = names[next.placed.length] ?? "";
  return { state: next, effects: [{ kind: "said", what: "point", count: next.placed.length, name }] };
}

/** Points not placed are absent. */
function finished(state: KeypointsState, context: DrawContext): Step<KeypointsState> {
  if (!state.placed.some((point) => point[2] !== ABSENT)) {
    return { state: IDLE, effects: [{ kind: "refused", fault: "empty" }] };
  }
  const drawn: Effect = { kind: "drawn", geometry: { points: named(state.placed, context) } };
  return { state: IDLE, effects: [drawn] };
}

function named(points: readonly Keypoint[], context: DrawContext): Record<string, Keypoint> {
  const names = skeletonOf(context.settings, context.label).points;
  return Object.fromEntries(names.map((name, index) => [name, points[index] ?? [0, 0, ABSENT]]));
}

export const keypointsTool: DrawTool<KeypointsState> = {
  tool: "keypoints",
  start: IDLE,
  step,
  isBusy: (state) => state.placed.length > 0,
  draft: (state, context) => {
    const next = skeletonOf(context.settings, context.label).points[state.placed.length] ?? null;
    const ghost: Keypoint[] = state.to ? [[state.to.x, state.to.y, state.occluded ? OCCLUDED : VISIBLE]] : [];
    const geometry = state.placed.length > 0 ? { points: named([...state.placed, ...ghost], context) } : null;
    return { ...NO_DRAFT, geometry, next: next && state.occluded ? `(${next})` : next };
  },
};
