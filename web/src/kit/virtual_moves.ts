/** Where a key leads in rows that are too many to draw: arrows, a page, either end. Pure. */

export interface Extent {
  /** How many there are in all. */
  readonly count: number;
  /** How many stand beside each other. */
  readonly across: number;
  /** How many of them a page shows. */
  readonly page: number;
}

/** Return the position a key leads to from another, or null where the key moves nothing. */
export function moved(key: string, at: number, { count, across, page }: Extent): number | null {
  const leads: Readonly<Record<string, number>> = {
    ArrowDown: at + across,
    ArrowUp: at - across,
    ...(across > 1 && { ArrowRight: at + 1, ArrowLeft: at - 1 }),
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: count - 1,
  };
  const to = leads[key];
  if (to === undefined || count === 0) return null;
  // A page beyond either end leads to that end; an arrow beyond it stays, so that columns are kept.
  if (key.startsWith("Page")) return Math.min(count - 1, Math.max(0, to));
  return to < 0 || to >= count ? at : to;
}

/** A stretch of positions, both ends within, and what is done with it. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly how: "turn" | "add";
}

/** Return the positions between two, whichever is first. */
export const between = (one: number, other: number): Omit<Stretch, "how"> => ({
  from: Math.min(one, other),
  to: Math.max(one, other),
});
