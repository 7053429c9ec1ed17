/** How a batch stands against its deadline, in words. */

import { describe, expect, it } from "vitest";
import { askedWords, lasting, standing } from "./told";

const NOW = Date.parse("2030-01-01T12:00:00Z");
const HOUR = 3_600_000;
const due = (hours: number) => ({
  state: "open" as const,
  deadline: new Date(NOW + hours * HOUR).toISOString(),
});
const progress = (asked: number, answered: number, pace: number) => ({
  asked,
  answered,
  answered_last_hour: pace,
});

describe("a batch against its deadline", () => {
  it("is in time only while the pace of the last hour suffices", () => {
    expect(standing(due(5), progress(100, 60, 10), NOW)).toMatchObject({ tone: "good" });
    expect(standing(due(3), progress(100, 60, 10), NOW)).toEqual({
      tone: "bad",
      words: "at this pace 1 h late",
    });
  });

  it("is late once the moment is over, whatever the pace", () => {
    expect(standing(due(-2), progress(100, 99, 1000), NOW)).toEqual({ tone: "bad", words: "2 h late" });
  });

  it("is finished when all answers are in, however late", () => {
    expect(standing(due(-2), progress(100, 100, 0), NOW)).toEqual({ tone: "good", words: "Finished" });
  });

  it("says that nobody works on it, and that it is paused", () => {
    expect(standing(due(2), progress(10, 0, 0), NOW)?.tone).toBe("warn");
    expect(standing({ ...due(2), state: "paused" }, progress(10, 0, 9), NOW)?.words).toContain("paused");
  });

  it("has nothing to say of a batch without tasks, cancelled, or not counted yet", () => {
    expect(standing(due(2), progress(0, 0, 0), NOW)).toBeNull();
    expect(standing({ ...due(2), state: "cancelled" }, progress(10, 0, 1), NOW)).toBeNull();
    expect(standing(due(2), undefined, NOW)).toBeNull();
  });
});

describe("words", () => {
  it("say how long in one unit", () => {
    expect([20_000, 59 * 60_000, 3 * HOUR, 47 * HOUR, 72 * HOUR].map(lasting)).toEqual([
      "1 min",
      "59 min",
      "3 h",
      "47 h",
      "3 days",
    ]);
  });

  it("say how often tasks are asked", () => {
    expect(askedWords({ overlap: 1 })).toBe("1 answer each");
    const target = { kind: "confidence" as const, value: 0.955, overlap_max: 5, price: 0 };
    expect(askedWords({ overlap: 2, target })).toBe("2 to 5 answers, until each 95.5 % sure");
  });
});
