/** What becomes of an entry after a reply, and which is sent next: decisions, without any I/O. */

import type { Modality } from "../document/values";
import type { Entry, Refusal, Reply } from "./values";

const PAUSE_MILLISECONDS_FIRST = 500;
const PAUSE_MILLISECONDS_MOST = 30_000;
const RETRY_AFTER_SECONDS_MOST = 300;

/** One service's way: after failures in a row nothing is sent to it before a time. */
export interface Lane {
  readonly failures: number;
  readonly notBefore: number;
}

export type Lanes = ReadonlyMap<Modality, Lane>;
export type Verdict = "delivered" | "again" | "signed out" | "refused";

/** Return what a reply means for an entry. */
export function verdict(entry: Entry, reply: Reply): Verdict {
  if (reply.kind === "none") return "again";
  if (reply.kind === "stranger") return "signed out";
  const { state, code, retryable } = reply;
  if (state >= 200 && state < 300) return "delivered";
  if (state === 401) return "signed out";
  // What is passed over twice is passed over, and what somebody else has by now needs no passing over.
  if (entry.kind === "skip" && (state === 404 || state === 409)) return "delivered";
  if (retryable || state === 408 || state === 425 || state === 429 || state >= 500 || code === "offline")
    return "again";
  return "refused";
}

/** Return what is kept of a refusal. */
export function refusalOf(reply: Reply, now: number): Refusal {
  if (reply.kind !== "answer") return { state: 0, code: reply.kind, detail: "", at: now };
  return { state: reply.state, code: reply.code, detail: reply.detail, at: now };
}

/**
 * Return a lane after one more failure: it rests twice as long each time, and between half and all of that, so that
 * many browsers do not come back at once. A server's Retry-After is the least.
 */
export function rested(lane: Lane | undefined, reply: Reply, now: number, draw: () => number): Lane {
  const failures = (lane?.failures ?? 0) + 1;
  const most = Math.min(PAUSE_MILLISECONDS_FIRST * 2 ** (failures - 1), PAUSE_MILLISECONDS_MOST);
  const told = reply.kind === "answer" ? (reply.retryAfterSeconds ?? 0) : 0;
  const least = Math.min(Math.max(told, 0), RETRY_AFTER_SECONDS_MOST) * 1000;
  return { failures, notBefore: now + Math.max(most * (0.5 + draw() / 2), least) };
}

/** What to do next: send an entry, wait until a time, or nothing at all. */
export type Next = { readonly send: Entry } | { readonly waitUntil: number } | null;

/** Return what to do next. Within a lane the order is that of the keys; a resting lane holds no other one up. */
export function next(entries: readonly Entry[], lanes: Lanes, now: number): Next {
  let waitUntil = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    if (entry.refusal) continue;
    const notBefore = lanes.get(entry.modality)?.notBefore ?? 0;
    if (notBefore <= now) return { send: entry };
    waitUntil = Math.min(waitUntil, notBefore);
  }
  return Number.isFinite(waitUntil) ? { waitUntil } : null;
}
