/** A ranking keeps every candidate once, whatever is done to it. */

import { describe, expect, test } from "vitest";
import { asGiven, joinedTo, moved, placed, type Tiers, tied } from "./ranking";

describe("moving", () => {
  test("past neighbours", () => {
    expect(moved([[0], [1], [2]], 2, -1)).toEqual([[0], [2], [1]]);
    expect(moved([[0], [1], [2]], 0, 1)).toEqual([[1], [0], [2]]);
  });
  test("out of a tie first", () => {
    expect(moved([[0, 1], [2]], 1, -1)).toEqual([[1], [0], [2]]);
    expect(moved([[0, 1], [2]], 0, 1)).toEqual([[1], [0], [2]]);
  });
  test("past a whole tie", () => expect(moved([[0, 1], [2]], 2, -1)).toEqual([[2], [0, 1]]));
  test("not beyond the ends", () => {
    expect(moved([[0], [1]], 0, -1)).toEqual([[0], [1]]);
    expect(moved([[0], [1]], 1, 1)).toEqual([[0], [1]]);
  });
});

test("ties are made with the one above, and undone", () => {
  expect(tied([[2], [0], [1]], 0)).toEqual([[0, 2], [1]]);
  expect(tied([[0, 2], [1]], 0)).toEqual([[2], [0], [1]]);
  expect(tied([[0], [1]], 0)).toEqual([[0, 1]]);
  expect(joinedTo([[0], [1], [2]], 2, 0)).toEqual([[0, 2], [1]]);
});

test("a place is taken", () => {
  expect(placed([[0, 1], [2]], 1, 0)).toEqual([[1], [0], [2]]);
  expect(placed([[0], [1], [2]], 0, 9)).toEqual([[1], [2], [0]]);
});

test("every candidate stands in one tier, and no tier is empty", () => {
  let tiers: Tiers = asGiven(6);
  for (let turn = 0; turn < 2000; turn++) {
    const candidate = (turn * 5 + (turn >> 2)) % 6;
    const by = turn % 2 ? 1 : -1;
    const choices = [moved, tied, (now: Tiers, one: number) => placed(now, one, turn % 7)] as const;
    tiers = (choices[turn % 3] ?? moved)(tiers, candidate, by);
    expect([...tiers.flat()].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(tiers.every((tier) => tier.length > 0)).toBe(true);
  }
});
