/** Search: letters in order are found, starts of words first, and greed for them loses nothing. */

import { expect, test } from "vitest";
import { found, match } from "./search";

test("initials beat letters from the middle", () => {
  const lines = ["Resubmit drafts", "Submit and go on", "Show all keys", "Settings"];
  expect(found(lines, "sag", (line) => line)[0]).toBe("Submit and go on");
  expect(found(lines, "SUB", (line) => line)[0]).toBe("Submit and go on");
  expect(found(lines, "", (line) => line)).toEqual(lines);
  expect(found(lines, "zz", (line) => line)).toEqual([]);
});

test("letters out of order do not match", () => {
  expect(match("Undo", "odnu")).toBeNull();
  expect(match("Überblick", "ü b")).not.toBeNull();
});
