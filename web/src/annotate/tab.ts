/** This tab's name, and which other tabs of this browser are still there. */

import type { DeskTask } from "@/engine/outbox/values";
import { ulid } from "@/engine/ulid";

const NAME = "annotary.tab";
const GIVEN_BACK = "annotary.given-back";
const LOCK = "annotary-tab-";
/** Where there are no locks: a tab that was not heard of for so long is gone. */
const SILENT_MILLISECONDS = 40_000;

/** What a tab has in hand or has asked for: whose it is, and when that was last heard of. */
type Left = Pick<DeskTask, "tab" | "seenAt">;

export interface Tab {
  readonly id: string;
  /** Return who of the tabs is there: a judgement on tasks by the tab that has them in hand. */
  readonly whoIsThere: (now: number) => Promise<(left: Left) => boolean>;
  /** Remembers that a task was given back: a page that ends may not get to take it off the desk. */
  readonly giveBack: (assignment: string) => void;
  readonly gaveBack: (assignment: string) => boolean;
}

/** Return this tab, under the name it had before it was loaded again. */
export async function openTab(): Promise<Tab> {
  const kept = read(NAME);
  const given = new Set((read(GIVEN_BACK) ?? "").split(" "));
  write(GIVEN_BACK, "");
  const left: string[] = [];
  const notes = {
    giveBack: (assignment: string) => {
      left.push(assignment);
      write(GIVEN_BACK, left.join(" "));
    },
    gaveBack: (assignment: string) => given.has(assignment) || left.includes(assignment),
  };
  if (!navigator.locks) return { id: kept ?? named(), whoIsThere: async (now) => lately(now), ...notes };
  // A tab that was duplicated brings the other's name along: the lock says that it is taken.
  const id = kept && (await held(kept)) ? kept : named();
  if (id !== kept) await held(id);
  return { id, whoIsThere: byLocks, ...notes };
}

const lately = (now: number) => (left: Left) => now - left.seenAt < SILENT_MILLISECONDS;

async function byLocks(): Promise<(left: Left) => boolean> {
  const { held: locks = [] } = await navigator.locks.query();
  const names = new Set(locks.map((lock) => lock.name));
  return (left) => names.has(LOCK + left.tab);
}

/** Takes a name for as long as the page lives; false where another tab has it. */
function held(id: string): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(LOCK + id, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => undefined) : undefined;
    });
  });
}

function named(): string {
  const id = ulid();
  write(NAME, id);
  return id;
}

function read(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, text: string): void {
  try {
    sessionStorage.setItem(key, text);
  } catch {
    // Then a reload is a new tab, which takes the old one's tasks over.
  }
}
