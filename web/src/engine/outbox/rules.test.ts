/** What the outbox decides about replies, pauses and order. */

import { describe, expect, it } from "vitest";
import { type Lane, next, rested, verdict } from "./rules";
import type { Entry, Reply } from "./values";

const entry = (key: string, more: Partial<Entry> = {}): Entry => ({
  key,
  kind: "submission",
  modality: "text",
  project: "prj_1",
  assignment: `asg_${key}`,
  task: `task_${key}`,
  uniqueId: key,
  body: "{}",
  tab: "tab",
  claims: 0,
  queuedAt: 0,
  ...more,
});

const answer = (state: number, more: Partial<Extract<Reply, { kind: "answer" }>> = {}): Reply => ({
  kind: "answer",
  state,
  code: "",
  detail: "",
  retryable: false,
  retryAfterSeconds: null,
  ...more,
});

describe("a verdict", () => {
  it.each([
    [{ kind: "none" }, "again"],
    [{ kind: "stranger" }, "signed out"],
    [answer(200), "delivered"],
    [answer(401), "signed out"],
    [answer(503), "again"],
    [answer(507), "again"],
    [answer(429), "again"],
    [answer(409, { code: "stale_fence" }), "refused"],
    [answer(409, { code: "lease_expired" }), "refused"],
    [answer(422, { code: "invalid_answer" }), "refused"],
    [answer(409, { retryable: true }), "again"],
    [answer(403), "refused"],
  ] as [Reply, string][])("of %j is %s", (reply, expected) => {
    expect(verdict(entry("a"), reply)).toBe(expected);
  });

  it("takes a skip of what is over as done", () => {
    expect(verdict(entry("a", { kind: "skip" }), answer(409))).toBe("delivered");
    expect(verdict(entry("a", { kind: "skip" }), answer(422))).toBe("refused");
  });
});

describe("a lane", () => {
  it("rests longer with each failure, within bounds, and never under Retry-After", () => {
    let lane: Lane | undefined;
    const pauses: number[] = [];
    for (let failure = 0; failure < 10; failure++) {
      lane = rested(lane, { kind: "none" }, 1_000, () => 1);
      pauses.push(lane.notBefore - 1_000);
    }
    expect(pauses.slice(0, 4)).toEqual([500, 1000, 2000, 4000]);
    expect(Math.max(...pauses)).toBe(30_000);
    expect(rested(undefined, { kind: "none" }, 0, () => 0).notBefore).toBe(250);
    expect(rested(undefined, answer(503, { retryAfterSeconds: 7 }), 0, () => 0).notBefore).toBe(7_000);
    expect(rested(undefined, answer(503, { retryAfterSeconds: 1e9 }), 0, () => 0).notBefore).toBe(300_000);
  });

  it("that rests holds up only its own entries, and refused ones hold up nothing", () => {
    const refusal = { state: 422, code: "invalid_answer", detail: "", at: 0 };
    const entries = [entry("a", { refusal }), entry("b"), entry("c", { modality: "image" }), entry("d")];
    const lanes = new Map([["text", { failures: 1, notBefore: 100 }]]) as ReadonlyMap<"text", Lane>;
    expect(next(entries, lanes, 0)).toEqual({ send: entries[2] });
    expect(next(entries, lanes, 100)).toEqual({ send: entries[1] });
    expect(next([entries[1] as Entry], lanes, 0)).toEqual({ waitUntil: 100 });
    expect(next([entries[0] as Entry], lanes, 0)).toBeNull();
  });
});
