/** How rows of a table are chosen: one, a stretch with Shift, all with Ctrl+A, from row to row with the arrows. */

import type { KeyboardEvent, MouseEvent } from "react";

/** The rows there are, which of them are chosen, and who hears of it. */
export interface Choice {
  readonly keys: readonly string[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

/** The row a stretch begins at: the last one that was turned, whichever table it is in. */
let last: string | null = null;

/** Return what is chosen after one row was turned, with Shift all from the last one to it. */
export function turned(choice: Choice, key: string, from: string | null): ReadonlySet<string> {
  const chosen = new Set(choice.chosen);
  const wanted = !chosen.has(key);
  const [at, start] = [choice.keys.indexOf(key), from === null ? -1 : choice.keys.indexOf(from)];
  const stretch = start < 0 ? [key] : choice.keys.slice(Math.min(at, start), Math.max(at, start) + 1);
  for (const one of stretch) wanted ? chosen.add(one) : chosen.delete(one);
  return chosen;
}

/** A click on a row's box; Space on it is a click as well. */
export function chosenPointer(choice: Choice, key: string, event: MouseEvent): void {
  choice.onChoose(turned(choice, key, event.shiftKey ? last : null));
  last = key;
}

/** Arrows go from box to box, with Shift they choose on the way; Ctrl+A chooses all. */
export function chosenKeys(choice: Choice, key: string, event: KeyboardEvent<HTMLInputElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined) {
    const boxes = [...(event.currentTarget.closest("table")?.querySelectorAll("[data-choose]") ?? [])];
    const at = boxes.indexOf(event.currentTarget) + step;
    const next = choice.keys[at];
    if (next !== undefined) (boxes[at] as HTMLElement).focus();
    if (next !== undefined && event.shiftKey) choice.onChoose(new Set([...choice.chosen, key, next]));
  } else if (event.key === "a" && (event.ctrlKey || event.metaKey))
    choice.onChoose(new Set([...choice.chosen, ...choice.keys]));
  else return;
  event.preventDefault();
}
