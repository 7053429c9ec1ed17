/** The pointer: selects, moves and reshapes marks, one state machine like the drawing tools. */

import type { Action, Geometry, Mark, MarkId, ToolName } from "../../document/values";
import { type Box, boxBetween, leeway, united } from "../../geometry/box";
import type { ImagePoint } from "../../geometry/coordinates";
import { distance, type Frame, fitted, rounded } from "../../geometry/points";
import type { Fault, Shape } from "../shape";

/** A mark on the stage with its shape. */
export interface Placed {
  readonly id: MarkId;
  readonly tool: ToolName;
  readonly mark: Mark;
  readonly shape: Shape;
}

export interface PointContext {
  readonly frame: Frame;
  /** Image pixels: how near is on it, and one pixel of the screen. */
  readonly reach: number;
  readonly pixel: number;
  readonly readOnly: boolean;
  readonly selection: ReadonlySet<MarkId>;
  readonly placed: (id: MarkId) => Placed | undefined;
  /** What can be picked at a point, the topmost first. */
  readonly at: (point: ImagePoint) => readonly Placed[];
  readonly inside: (box: Box) => readonly MarkId[];
  /** A corner pulled near another's goes there; never to the mark's own. */
  readonly snap: (point: ImagePoint, own: MarkId) => ImagePoint;
}

export interface Grip {
  readonly id: MarkId;
  readonly handle: string;
}

export type PointerState =
  /** `grip` is the corner last touched: keys act on it. */
  | { readonly at: "idle"; readonly grip: Grip | null }
  | {
      readonly at: "pressed";
      readonly from: ImagePoint;
      readonly ids: readonly MarkId[];
      readonly only: MarkId | null;
    }
  | {
      readonly at: "moving";
      readonly from: ImagePoint;
      readonly by: ImagePoint;
      readonly ids: readonly MarkId[];
    }
  | {
      readonly at: "reshaping";
      readonly grip: Grip;
      readonly from: ImagePoint;
      /** What every step of the drag starts from: the mark's own, with the corner that was put in. */
      readonly base: Geometry;
      readonly geometry: Geometry;
      readonly moved: boolean;
    }
  | { readonly at: "marquee"; readonly from: ImagePoint; readonly to: ImagePoint; readonly more: boolean };

export interface PointEvent {
  readonly kind: "press" | "move" | "release" | "cancel";
  readonly at: ImagePoint;
  readonly shift: boolean;
  readonly alt: boolean;
}

export type PointEffect =
  | { readonly kind: "select"; readonly ids: readonly MarkId[] }
  | { readonly kind: "perform"; readonly action: Action }
  | { readonly kind: "refused"; readonly fault: Fault };

export interface PointStep {
  readonly state: PointerState;
  readonly effects: readonly PointEffect[];
}

export const RESTING: PointerState = { at: "idle", grip: null };
/** A hand trembles this much of a reach before it drags. */
const TREMBLE = 0.4;

const stay = (state: PointerState): PointStep => ({ state, effects: [] });

export function stepPointer(state: PointerState, event: PointEvent, context: PointContext): PointStep {
  switch (event.kind) {
    case "press":
      return pressed(event, context);
    case "move":
      return moved(state, event, context);
    case "release":
      return released(state, event, context);
    case "cancel":
      return stay(RESTING);
  }
}

/** The handle under a point, of the one mark that is selected. */
export function gripAt(at: ImagePoint, context: PointContext): Grip | null {
  const placed = onlySelected(context);
  if (!placed || placed.mark.locked || placed.mark.hidden || context.readOnly) return null;
  let best: Grip | null = null;
  let least = context.reach;
  for (const handle of placed.shape.handles(placed.mark.geometry, context.pixel)) {
    const far = distance(handle.at, at) * (handle.kind === "middle" || handle.kind === "side" ? 1.2 : 1);
    if (far <= least) [best, least] = [{ id: placed.id, handle: handle.id }, far];
  }
  return best;
}

function onlySelected({ selection, placed }: PointContext): Placed | undefined {
  const [id, ...more] = selection;
  return id !== undefined && more.length === 0 ? placed(id) : undefined;
}

function pressed(event: PointEvent, context: PointContext): PointStep {
  const grip = gripAt(event.at, context);
  const gripped = grip && context.placed(grip.id);
  if (grip && gripped) return event.alt ? without(grip, gripped) : gripping(grip, gripped, event.at);
  const there = context.at(event.at);
  if (there.length === 0) return stay({ at: "marquee", from: event.at, to: event.at, more: event.shift });
  const target = event.alt
    ? below(there, context.selection)
    : (selectedOf(there, context.selection) ?? there[0]);
  if (!target) return stay(RESTING);
  const { selection } = context;
  if (event.shift) {
    const ids = selection.has(target.id)
      ? [...selection].filter((id) => id !== target.id)
      : [...selection, target.id];
    return { state: { at: "pressed", from: event.at, ids, only: null }, effects: [{ kind: "select", ids }] };
  }
  if (selection.has(target.id)) {
    // Released where it was pressed, the click was for what lies on top.
    const only = there[0]?.id ?? target.id;
    return stay({ at: "pressed", from: event.at, ids: [...selection], only });
  }
  const ids = [target.id];
  return { state: { at: "pressed", from: event.at, ids, only: null }, effects: [{ kind: "select", ids }] };
}

const selectedOf = (there: readonly Placed[], selection: ReadonlySet<MarkId>) =>
  there.find(({ id }) => selection.has(id));

/** The next one down, so that repeated clicks go through all that lie here. */
function below(there: readonly Placed[], selection: ReadonlySet<MarkId>): Placed | undefined {
  const place = there.findIndex(({ id }) => selection.has(id));
  return there[(place + 1) % there.length];
}

function gripping(grip: Grip, { shape, mark }: Placed, from: ImagePoint): PointStep {
  const grabbed = shape.grab(mark.geometry, grip.handle);
  return stay({
    at: "reshaping",
    grip: { id: grip.id, handle: grabbed.handle },
    from,
    base: grabbed.geometry,
    geometry: grabbed.geometry,
    moved: grabbed.handle !== grip.handle,
  });
}

/** Takes the corner out. */
export function without(grip: Grip, { shape, mark, tool }: Placed): PointStep {
  const geometry = shape.removeHandle(mark.geometry, grip.handle);
  if (!geometry) return { state: RESTING, effects: [{ kind: "refused", fault: "few-points" }] };
  return changed(tool, grip.id, shape, geometry, null);
}

function changed(tool: ToolName, id: MarkId, shape: Shape, geometry: Geometry, grip: Grip | null): PointStep {
  const fault = shape.fault(geometry);
  if (fault) return { state: RESTING, effects: [{ kind: "refused", fault }] };
  const action: Action = { kind: "change", tool, id, change: { geometry } };
  return { state: { at: "idle", grip }, effects: [{ kind: "perform", action }] };
}

function moved(state: PointerState, event: PointEvent, context: PointContext): PointStep {
  switch (state.at) {
    case "pressed": {
      const ids = state.ids.filter((id) => isMovable(context.placed(id)));
      const still = distance(state.from, event.at) < TREMBLE * context.reach;
      if (still || context.readOnly || ids.length === 0) return stay(state);
      return moved({ at: "moving", from: state.from, by: { x: 0, y: 0 }, ids }, event, context);
    }
    case "moving":
      return stay({ ...state, by: wayOf(state.ids, state.from, event, context) });
    case "reshaping":
      return stay(reshaped(state, event, context));
    case "marquee":
      return stay({ ...state, to: event.at });
    default:
      return stay(state);
  }
}

const isMovable = (placed: Placed | undefined): boolean =>
  placed !== undefined && !placed.mark.locked && placed.shape.movable;

/** How far all of them can go together without leaving the image; with Shift only along one axis. */
function wayOf(
  ids: readonly MarkId[],
  from: ImagePoint,
  event: PointEvent,
  context: PointContext,
): ImagePoint {
  let [dx, dy] = [rounded(event.at.x - from.x), rounded(event.at.y - from.y)];
  if (event.shift && Math.abs(dx) > Math.abs(dy)) dy = 0;
  else if (event.shift) dx = 0;
  return leewayOf(ids, dx, dy, context);
}

export function leewayOf(
  ids: readonly MarkId[],
  dx: number,
  dy: number,
  { placed, frame }: Pick<PointContext, "placed" | "frame">,
): ImagePoint {
  const bounds = ids.flatMap((id) => {
    const found = placed(id);
    return found ? [found.shape.bounds(found.mark.geometry)] : [];
  });
  const [first, ...others] = bounds;
  return first ? leeway(others.reduce(united, first), dx, dy, frame) : { x: 0, y: 0 };
}

function reshaped(
  state: PointerState & { at: "reshaping" },
  event: PointEvent,
  context: PointContext,
): PointerState {
  const placed = context.placed(state.grip.id);
  const still = !state.moved && distance(state.from, event.at) < TREMBLE * context.reach;
  if (!placed || still) return state;
  const to =
    state.grip.handle === "turn" ? event.at : fitted(context.snap(event.at, state.grip.id), context.frame);
  const bounds = { frame: context.frame, steady: event.shift };
  const geometry = placed.shape.reshape(state.base, state.grip.handle, to, bounds);
  return { ...state, geometry, moved: true };
}

function released(state: PointerState, event: PointEvent, context: PointContext): PointStep {
  switch (state.at) {
    case "pressed": {
      const changes =
        state.only !== null && !(context.selection.size === 1 && context.selection.has(state.only));
      const effects: PointEffect[] =
        changes && state.only !== null ? [{ kind: "select", ids: [state.only] }] : [];
      return { state: RESTING, effects };
    }
    case "moving":
      return { state: RESTING, effects: moves(state.ids, state.by, context) };
    case "reshaping": {
      const placed = context.placed(state.grip.id);
      if (!placed || !state.moved) return stay({ at: "idle", grip: state.grip });
      return changed(placed.tool, placed.id, placed.shape, state.geometry, state.grip);
    }
    case "marquee":
      return { state: RESTING, effects: [{ kind: "select", ids: caught(state, event, context) }] };
    default:
      return stay(state);
  }
}

function caught(state: PointerState & { at: "marquee" }, event: PointEvent, context: PointContext): MarkId[] {
  const kept = state.more ? [...context.selection] : [];
  if (distance(state.from, event.at) < context.reach) return kept;
  return [...new Set([...kept, ...context.inside(boxBetween(state.from, event.at))])];
}

/** One action that moves all marks by the same way; none where there is no way to go. */
export function moves(
  ids: readonly MarkId[],
  by: ImagePoint,
  { placed }: Pick<PointContext, "placed">,
): PointEffect[] {
  if (by.x === 0 && by.y === 0) return [];
  const actions = ids.flatMap<Action>((id) => {
    const found = placed(id);
    if (!found) return [];
    const geometry = found.shape.translate(found.mark.geometry, by.x, by.y);
    return [{ kind: "change", tool: found.tool, id, change: { geometry } }];
  });
  const [only] = actions;
  if (!only) return [];
  return [{ kind: "perform", action: actions.length === 1 ? only : { kind: "several", actions } }];
}

/** Geometries as they are seen while they are dragged, in place of the document's. */
export function previewOf(
  state: PointerState,
  { placed }: Pick<PointContext, "placed">,
): Map<MarkId, Geometry> {
  const seen = new Map<MarkId, Geometry>();
  if (state.at === "reshaping") seen.set(state.grip.id, state.geometry);
  if (state.at === "moving") {
    for (const id of state.ids) {
      const found = placed(id);
      if (found) seen.set(id, found.shape.translate(found.mark.geometry, state.by.x, state.by.y));
    }
  }
  return seen;
}
