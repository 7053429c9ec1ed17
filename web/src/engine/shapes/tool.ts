/** What a drawing tool is: a state machine from events in image coordinates to states and effects, as values. */

import type { Action, Geometry, Json, Mark, MarkId, ToolName } from "../document/values";
import type { ImagePoint } from "../geometry/coordinates";
import type { Frame } from "../geometry/points";
import type { Fault } from "./shape";

/** A pointer or the keyboard's cross hair, in image coordinates. */
export type ToolEvent =
  | { readonly kind: "press" | "move" | "release"; readonly at: ImagePoint; readonly steady: boolean }
  /** The keyboard's click (Space), and Enter or a double click. */
  | { readonly kind: "place" | "finish"; readonly at: ImagePoint }
  /** Takes back the last step; gives up. */
  | { readonly kind: "back" | "cancel" }
  /** A key of the tool's own: "occluded", "absent", "erase", "lasso", "thicker", "thinner". */
  | { readonly kind: "option"; readonly name: string };

export interface DrawContext {
  readonly frame: Frame;
  readonly label: string;
  /** How near counts as the same place, in image pixels. */
  readonly reach: number;
  readonly settings: Readonly<Record<string, Json>>;
  /** The mark that the tool goes on with: a mask that is painted on. */
  readonly mark: Mark | null;
}

export type Effect =
  | { readonly kind: "drawn"; readonly geometry: Geometry; readonly of?: MarkId }
  | { readonly kind: "erased"; readonly of: MarkId }
  /** The mark in hand is finished: the next stroke begins another. */
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly fault: Fault }
  | {
      readonly kind: "said";
      readonly what: "begun" | "point" | "taken-back";
      readonly count: number;
      readonly name?: string;
    };

export interface Step<S> {
  readonly state: S;
  readonly effects: readonly Effect[];
}

/** What is to be seen of a shape that is being drawn. */
export interface Draft {
  readonly geometry: Geometry | null;
  /** Points already set. */
  readonly points: readonly ImagePoint[];
  /** Whether a click now would close the outline. */
  readonly closing: boolean;
  /** A name for what comes next, such as a keypoint's. */
  readonly next: string | null;
  readonly brush: Brush | null;
}

/** Strokes that have not become pixels yet. */
export interface Brush {
  readonly at: ImagePoint | null;
  readonly radius: number;
  readonly erases: boolean;
  readonly path: readonly ImagePoint[];
  readonly filled: boolean;
}

export interface DrawTool<S> {
  readonly tool: ToolName;
  readonly start: S;
  readonly step: (state: S, event: ToolEvent, context: DrawContext) => Step<S>;
  readonly draft: (state: S, context: DrawContext) => Draft;
  /** Whether something is begun, so that Escape gives up the shape and not the tool. */
  readonly isBusy: (state: S) => boolean;
}

export const NO_DRAFT: Draft = { geometry: null, points: [], closing: false, next: null, brush: null };

export const stay = <S>(state: S): Step<S> => ({ state, effects: [] });

/** A tool with its state inside: what the stage holds while somebody draws. */
export interface Running {
  readonly tool: ToolName;
  readonly send: (event: ToolEvent, context: DrawContext) => readonly Effect[];
  readonly draft: (context: DrawContext) => Draft;
  readonly isBusy: () => boolean;
}

export function running<S>(machine: DrawTool<S>): Running {
  let state = machine.start;
  return {
    tool: machine.tool,
    send: (event, context) => {
      const next = machine.step(state, event, context);
      state = next.state;
      return next.effects;
    },
    draft: (context) => machine.draft(state, context),
    isBusy: () => machine.isBusy(state),
  };
}

/** What an effect does to the document: a new mark, or the one under redraw or paint with its new geometry. */
export function actionOf(effect: Effect, tool: ToolName, fresh: Mark): Action | null {
  switch (effect.kind) {
    case "drawn":
      return effect.of
        ? { kind: "change", tool, id: effect.of, change: { geometry: effect.geometry } }
        : { kind: "add", tool, marks: [{ ...fresh, geometry: effect.geometry }] };
    case "erased":
      return { kind: "remove", tool, ids: [effect.of] };
    default:
      return null;
  }
}
