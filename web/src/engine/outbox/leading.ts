/** Which of a browser's tabs delivers: one at a time, and another as soon as that one is gone. */

import type { Store } from "./store";

const TURN_MILLISECONDS = 5_000;

/** Says whether this tab may deliver now; `stop` lets another one. */
export interface Leading {
  readonly leads: () => Promise<boolean>;
  readonly stop: () => void;
}

/** Leads by the browser's locks: they end with the tab, however it ends. `took` is called when the turn comes. */
export function leadingByLock(locks: LockManager, name: string, took: () => void): Leading {
  const stopped = new AbortController();
  let holding = false;
  const held = new Promise<void>((resolve) => stopped.signal.addEventListener("abort", () => resolve()));
  locks
    .request(name, { signal: stopped.signal }, () => {
      holding = true;
      took();
      return held;
    })
    // It stopped while it was still waiting for its turn.
    .catch(() => undefined);
  return { leads: async () => holding && !stopped.signal.aborted, stop: () => stopped.abort() };
}

/**
 * Leads by a turn in the database, for names without https, where browsers have no locks. A turn that nobody keeps
 * ends by itself. Two clocks that differ may let two tabs deliver: entries have one effect under their keys.
 */
export function leadingByTurn(store: Store, holder: string, clock: () => number): Leading {
  let stopped = false;
  return {
    leads: async () =>
      !stopped && (await store.takeTurn("delivery", holder, clock(), clock() + TURN_MILLISECONDS)),
    stop: () => {
      stopped = true;
    },
  };
}
