/** ULIDs: their form, their order in time, and that two are never one. */

import { expect, test } from "vitest";
import { ulid } from "./ulid";

test("it has the form of a ULID and begins with its time", () => {
  expect(ulid(1469918176385)).toMatch(/^01ARYZ6S41[0-9A-HJKMNP-TV-Z]{16}$/);
});

test("later ones sort later, and no two are the same", () => {
  const made = Array.from({ length: 2000 }, (_, at) => ulid(1_700_000_000_000 + at));
  expect([...made].sort()).toEqual(made);
  expect(new Set(Array.from({ length: 5000 }, () => ulid(1))).size).toBe(5000);
});
