/** The selection of a text as a state machine: one cell at a time by keys, any stretch by pointer. */

import { hullOf, type Stretch } from "./offsets";
import type { Passage } from "./passage";
import type { Granularity } from "./segments";

/** What is selected runs from one cell to the other, both included, whichever comes first. */
export interface Selection {
  readonly anchor: Stretch;
  readonly focus: Stretch;
}

export type Unit = "cell" | "sentence" | "text";

export type SelectionEvent =
  | { readonly kind: "move"; readonly by: 1 | -1; readonly unit: Unit; readonly extend: boolean }
  /** To the cell at an offset: a click, or a step to another line. */
  | { readonly kind: "place"; readonly offset: number; readonly extend: boolean }
  /** Over a stretch that the pointer drew. */
  | { readonly kind: "draw"; readonly touched: Stretch }
  /** Exactly these: what a span covers. */
  | { readonly kind: "take"; readonly stretch: Stretch }
  | { readonly kind: "clear" };

export const selected = (state: Selection | null): Stretch | null =>
  state && hullOf(state.anchor, state.focus);

/** Return the selection after an event; `cells` says whether it snaps to words or to characters. */
export function select(
  passage: Passage,
  cells: Granularity,
  state: Selection | null,
  event: SelectionEvent,
): Selection | null {
  switch (event.kind) {
    case "clear":
      return null;
    case "take":
      return { anchor: event.stretch, focus: event.stretch };
    case "draw": {
      const snapped = passage.snapped(event.touched, cells);
      return snapped ? { anchor: snapped, focus: snapped } : state;
    }
    case "place":
      return reached(state, passage.cellNear(event.offset, cells), event.extend);
    case "move":
      return reached(state, moved(passage, cells, state, event), event.extend);
  }
}

function reached(state: Selection | null, focus: Stretch | undefined, extend: boolean): Selection | null {
  if (!focus) return state;
  return { anchor: extend && state ? state.anchor : focus, focus };
}

function moved(
  passage: Passage,
  cells: Granularity,
  state: Selection | null,
  event: SelectionEvent & { kind: "move" },
): Stretch | undefined {
  if (!state) return passage.cellNear(0, cells);
  const { by, unit, extend } = event;
  if (unit === "cell") return next(passage, cells, state.focus, by);
  if (unit === "text")
    return by > 0 ? passage.cellBefore(passage.text.length, cells) : passage.cellFrom(0, cells);
  return acrossSentence(passage, cells, state.focus, by, extend);
}

const next = (passage: Passage, cells: Granularity, from: Stretch, by: 1 | -1) =>
  by > 0 ? passage.cellFrom(from.end, cells) : passage.cellBefore(from.start, cells);

/** A step goes to the sentence's first cell; while extending forwards to its last, so that all of it is taken. */
function acrossSentence(
  passage: Passage,
  cells: Granularity,
  from: Stretch,
  by: 1 | -1,
  extend: boolean,
): Stretch | undefined {
  const here = passage.cellNear(from.start, "sentence");
  if (!here) return undefined;
  if (by < 0) {
    const target = from.start > here.start ? here : passage.cellBefore(here.start, "sentence");
    return passage.cellFrom((target ?? here).start, cells);
  }
  const forward = passage.cellFrom(here.end, "sentence");
  if (!extend) return forward ? passage.cellFrom(forward.start, cells) : undefined;
  const target = from.end < here.end ? here : forward;
  return target && passage.cellBefore(target.end, cells);
}

/** Return where a span's border goes with a step of one cell; null where it would pass the other one or the text. */
export function borderStep(
  passage: Passage,
  cells: Granularity,
  hull: Stretch,
  border: "start" | "end",
  by: 1 | -1,
): number | null {
  const at = border === "start" ? hull.start : hull.end;
  const passed = next(passage, cells, { start: at, end: at }, by);
  if (!passed) return null;
  const away = (border === "end") === by > 0;
  if (away) return border === "end" ? passed.end : passed.start;
  const reached = next(passage, cells, passed, by);
  if (!reached) return null;
  const offset = border === "end" ? reached.end : reached.start;
  return offset > hull.start && offset < hull.end ? offset : null;
}
