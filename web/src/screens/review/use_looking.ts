/** What of a review is looked at: whose answers, side by side or over one another, which difference. */

import { useMemo, useState } from "react";
import { Persisted, usePersisted } from "@/app/persisted";
import type { MarkId } from "@/engine/document/values";
import { differs, type Point } from "./comparison";
import { disputedMarks, marksOfPoint, type Reviewed } from "./preparing";

export type Arrangement = "over" | "beside";

/** How answers are laid out stays from review to review. */
export const arrangement = new Persisted<Arrangement>("annotary.review.arrangement", (stored) =>
  stored === "beside" ? "beside" : "over",
);

export interface Looking {
  /** Numbers of the voices that are shown. */
  readonly shown: ReadonlySet<number>;
  readonly toggle: (number: number) => void;
  readonly only: (number: number) => void;
  readonly arrangement: Arrangement;
  readonly arrange: (arrangement: Arrangement) => void;
  /** Marks that are shown; null for all. */
  readonly disputed: ReadonlySet<MarkId> | null;
  readonly setDisputed: (on: boolean) => void;
  /** What the answers differ in, in the order of the list. */
  readonly differences: readonly Point[];
  readonly at: Point | null;
  readonly go: (point: Point | null) => void;
  /** Whether there is one more that way. */
  readonly hasNext: (by: 1 | -1) => boolean;
  readonly step: (by: 1 | -1) => void;
}

export function useLooking(reviewed: Reviewed, select: (ids: Iterable<MarkId>) => void): Looking {
  const { voices, points } = reviewed;
  const [shown, setShown] = useState<ReadonlySet<number>>(() => new Set(voices.map(({ number }) => number)));
  const [isDisputed, setDisputed] = useState(false);
  const [at, setAt] = useState<Point | null>(null);
  const [arranged, arrange] = usePersisted(arrangement);
  const differences = useMemo(() => points.filter(differs), [points]);
  const disputed = useMemo(() => (isDisputed ? disputedMarks(points) : null), [isDisputed, points]);
  const go = (point: Point | null) => {
    setAt(point);
    select(point ? marksOfPoint(point) : []);
  };
  const place = at ? differences.indexOf(at) : -1;
  const next = (by: 1 | -1) => differences[at === null && by < 0 ? differences.length - 1 : place + by];
  return {
    shown,
    toggle: (number) => setShown((now) => toggled(now, number)),
    only: (number) =>
      setShown((now) =>
        now.size === 1 && now.has(number) ? new Set(voices.map((voice) => voice.number)) : new Set([number]),
      ),
    arrangement: arranged,
    arrange,
    disputed,
    setDisputed,
    differences,
    at,
    go,
    hasNext: (by) => next(by) !== undefined,
    step: (by) => {
      const found = next(by);
      if (found) go(found);
    },
  };
}

function toggled(now: ReadonlySet<number>, number: number): ReadonlySet<number> {
  const next = new Set(now);
  if (!next.delete(number)) next.add(number);
  return next;
}
