/** The rules of the forms: digits and levels, leaning to a side, weighted totals. */

import { describe, expect, test } from "vitest";
import { criteriaOf, totalOf } from "./criteria";
import { leanOf, nextLean, preferenceOf } from "./forms/preference";
import { digitOf, levelOf, levelsOf, scaleOf } from "./scales";

describe("digits", () => {
  test("say the level itself where they can say every one", () => {
    expect(levelOf({ minimum: 1, maximum: 5 }, "4")).toBe(4);
    expect(levelOf({ minimum: 0, maximum: 9 }, "0")).toBe(0);
    expect(levelOf({ minimum: 1, maximum: 5 }, "6")).toBeUndefined();
  });
  test("else count from the lowest", () => {
    expect(levelOf({ minimum: -2, maximum: 2 }, "1")).toBe(-2);
    expect(levelOf({ minimum: 1, maximum: 10 }, "0")).toBe(10);
  });
  test("never mean two levels", () => {
    for (const scale of [
      { minimum: 0, maximum: 10 },
      { minimum: -7, maximum: 7 },
      { minimum: 1, maximum: 21 },
    ]) {
      const digits = levelsOf(scale).flatMap((level) => digitOf(scale, level) ?? []);
      expect(new Set(digits).size).toBe(digits.length);
    }
  });
  test("a label has its own scale, the tool's, or none", () => {
    const settings = { minimum: 0, maximum: 3, scales: { tone: { minimum: -1, maximum: 1 }, spam: null } };
    expect(scaleOf(settings, "tone")).toEqual({ minimum: -1, maximum: 1 });
    expect(scaleOf(settings, "other")).toEqual({ minimum: 0, maximum: 3 });
    expect(scaleOf(settings, "spam")).toBeNull();
    expect(scaleOf(undefined, "x")).toEqual({ minimum: 1, maximum: 5 });
  });
});

describe("preference", () => {
  const leans = [-3, -2, -1, 0, 1, 2, 3];
  test("values come back as they were", () => {
    for (const lean of leans) expect(leanOf(preferenceOf(lean, 3))).toBe(lean);
    expect(preferenceOf(-1, 1)).toEqual({ choice: "a" });
    expect(preferenceOf(0, 3)).toEqual({ choice: "tie" });
  });
  test("arrows begin with the weakest and stop at the strongest", () => {
    expect(nextLean(leans, undefined, -1)).toBe(-1);
    expect(nextLean(leans, 1, -1)).toBe(0);
    expect(nextLean(leans, 3, 1)).toBe(3);
  });
});

describe("rubric", () => {
  const criteria = criteriaOf([
    { name: "correct", weight: 3, scale: [0, 4] },
    { name: "style", choices: ["clumsy", "plain", "elegant"] },
  ]);
  test("the total weighs the places of what is scored", () => {
    expect(totalOf(criteria, { correct: 2, style: "elegant" })).toBeCloseTo((3 * 0.5 + 1) / 4);
    expect(totalOf(criteria, { style: "plain" })).toBeCloseTo(0.5);
    expect(totalOf(criteria, {})).toBeUndefined();
  });
  test("what is no score does not count", () => expect(totalOf(criteria, { correct: 9 })).toBeUndefined());
});
