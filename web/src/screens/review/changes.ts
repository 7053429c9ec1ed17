/** What an amendment changes, mark by mark and in words: told before it is sent. Pure. */

import type { Document } from "@/engine/document/values";
import { compare, type Point } from "./comparison";
import { toolWords } from "./wording";

export interface Change {
  readonly key: string;
  readonly kind: "added" | "removed" | "changed";
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
  /** The mark stays what it is and lies elsewhere. */
  readonly moved: boolean;
}

/** Return what differs between an outcome and what it is amended to. */
export function changesBetween(before: Document, after: Document, multiple: boolean): readonly Change[] {
  const found = compare([before, after], multiple).flatMap((point) => changeOf(point) ?? []);
  if (before.justification === after.justification) return found;
  const why = {
    key: "justification",
    what: "justification",
    before: before.justification,
    after: after.justification,
  };
  return [...found, { ...why, kind: "changed", moved: false }];
}

function changeOf({ key, tool, about, said: [one = null, other = null] }: Point): Change | null {
  if (!one && !other) return null;
  const kind = !one ? "added" : !other ? "removed" : "changed";
  const moved = isMoved(one?.mark?.geometry, other?.mark?.geometry);
  if (kind === "changed" && one?.words === other?.words && !moved) return null;
  const what = [toolWords(tool), one?.mark && one.mark.label === about ? "" : about]
    .filter(Boolean)
    .join(" · ");
  return {
    key,
    kind,
    what,
    before: one?.words ?? null,
    after: other?.words ?? null,
    moved: kind === "changed" && moved,
  };
}

const isMoved = (one: unknown, other: unknown): boolean =>
  one !== undefined && other !== undefined && JSON.stringify(one) !== JSON.stringify(other);
