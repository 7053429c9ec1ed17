/** A document with its past and its future: what undo and redo go through. */

import { apply } from "./apply";
import type { Action, Document } from "./values";

const STEPS_KEPT = 500;

interface Step {
  readonly before: Document;
  readonly together?: string | undefined;
}

export interface History {
  readonly present: Document;
  readonly past: readonly Step[];
  readonly future: readonly Document[];
}

/** Return a history that begins with a document. */
export const beginning = (document: Document): History => ({ present: document, past: [], future: [] });

/**
 * Return the history after an action. Actions that carry the same `together`, one after the other, are one step.
 * An action that changes nothing is no step.
 */
export function perform(history: History, action: Action, together?: string): History {
  const present = apply(history.present, action);
  if (present === history.present) return history;
  const last = history.past.at(-1);
  if (together !== undefined && last?.together === together && history.future.length === 0) {
    return { ...history, present };
  }
  const past = [...history.past, { before: history.present, together }].slice(-STEPS_KEPT);
  return { present, past, future: [] };
}

/** Return the history one step back; the same one at its beginning. */
export function undo(history: History): History {
  const last = history.past.at(-1);
  if (!last) return history;
  return {
    present: last.before,
    past: history.past.slice(0, -1),
    future: [history.present, ...history.future],
  };
}

/** Return the history one step on again; the same one where nothing was undone. */
export function redo(history: History): History {
  const [next, ...future] = history.future;
  if (!next) return history;
  return { present: next, past: [...history.past, { before: history.present }], future };
}
