/** Making a relation as a state machine: a source, then a target, then its label. */

import type { MarkId } from "@/engine/document/values";

export interface Linking {
  readonly source: MarkId;
  readonly target: MarkId | null;
}

export type LinkingEvent =
  | { readonly kind: "begin"; readonly selection: readonly MarkId[] }
  /** To the next span, or back, in reading order. */
  | { readonly kind: "step"; readonly by: 1 | -1 }
  | { readonly kind: "point"; readonly id: MarkId }
  | { readonly kind: "turn" }
  | { readonly kind: "cancel" };

/** Return the state after an event; `order` are the spans as they are read. */
export function link(state: Linking | null, event: LinkingEvent, order: readonly MarkId[]): Linking | null {
  switch (event.kind) {
    case "begin": {
      const [source, target = null] = event.selection;
      return source !== undefined && order.length > 1 ? { source, target } : null;
    }
    case "cancel":
      return null;
    case "point":
      return state && event.id !== state.source ? { ...state, target: event.id } : state;
    case "turn":
      return state?.target ? { source: state.target, target: state.source } : state;
    case "step":
      return state && { ...state, target: stepped(state, event.by, order) };
  }
}

function stepped({ source, target }: Linking, by: 1 | -1, order: readonly MarkId[]): MarkId | null {
  const from = order.indexOf(target ?? source);
  for (let steps = 1; steps <= order.length; steps++) {
    const found = order[(from + by * steps + order.length * 2) % order.length];
    if (found !== undefined && found !== source) return found;
  }
  return target;
}
