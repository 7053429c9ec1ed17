/** Labels as the screens need them: their keys and their places in a taxonomy. */

import type { Label } from "./values";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];

/** Return the keys of each label: its own, and the digit of its place where no label has that for its own. */
export function keysOf(labels: readonly Label[]): ReadonlyMap<string, readonly string[]> {
  const own = new Set(labels.flatMap(({ hotkey }) => hotkey ?? []));
  return new Map(
    labels.map(({ name, hotkey }, place) => {
      const digit = DIGITS[place];
      const digits = digit && !own.has(digit) ? [digit] : [];
      return [name, hotkey ? [hotkey, ...digits] : digits] as const;
    }),
  );
}

export interface Branch {
  readonly label: Label;
  /** How many parents it has above it. */
  readonly depth: number;
}

/** Return labels as a tree read from top to bottom: each after its parent, a parent that is not there left out. */
export function branchesOf(labels: readonly Label[]): readonly Branch[] {
  const names = new Set(labels.map(({ name }) => name));
  const under = (parent: string | undefined, depth: number): readonly Branch[] =>
    labels
      .filter((label) => (names.has(label.parent ?? "") ? label.parent : undefined) === parent)
      .flatMap((label) => [{ label, depth }, ...under(label.name, depth + 1)]);
  return under(undefined, 0);
}
