/** Events in words, and hops as lines. */

import { describe, expect, it } from "vitest";
import { duration, plotOf, stepMinutes } from "./hop_series";
import { inWords, sequenceOf } from "./told";

describe("an event in words", () => {
  it("says what happened, with the verdict and the reason", () => {
    expect(inWords({ type: "submission.received", data: null })).toBe("An answer came in");
    expect(inWords({ type: "review.decided", data: { verdict: "amended" } })).toBe(
      "A verdict was given: verdict: amended",
    );
    expect(inWords({ type: "outcome.revised", data: { reverts: "out_1", reason: "Wrong {label}." } })).toBe(
      "The outcome was replaced by another: back to an earlier version; Wrong {label}.",
    );
  });

  it("does with one that it does not know, and with data of any kind", () => {
    expect(inWords({ type: "rocket.launched_twice", data: { verdict: 7 } })).toBe("rocket launched twice");
    expect(inWords({ type: "constructor", data: null })).toBe("constructor");
  });

  it("has its number in the log", () => expect(sequenceOf("text.1234")).toBe("1234"));
});

describe("hops", () => {
  it("are lines over all steps of time, with gaps where nothing was counted", () => {
    const moments = [
      { at: "2026-11-23T12:01:00Z", name: "claimed", count: 1, p50_seconds: 1, p99_seconds: 2 },
      { at: "2026-11-23T12:00:00Z", name: "total", count: 1, p50_seconds: 3, p99_seconds: 4 },
    ] as Parameters<typeof plotOf>[0]["moments"];
    const { times, lines } = plotOf({ moments }, "claimed");
    const [p50, p99] = lines.map(({ values }) => values);
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 60]);
    expect([p50, p99]).toEqual([
      [null, 1],
      [null, 2],
    ]);
  });

  it("are said in the unit they are read in", () => {
    expect([2e-6, 0.0123, 1.5, 600, 9000].map(duration)).toEqual([
      "2 µs",
      "12.3 ms",
      "1.50 s",
      "10.0 min",
      "2.5 h",
    ]);
    expect([1, 24, 168].map(stepMinutes)).toEqual([1, 24, 168]);
  });
});
