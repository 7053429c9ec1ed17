/** Offsets agree with Python's on the golden texts, and with counting by hand on random ones. */

import golden from "@golden/offsets.json";
import { describe, expect, test } from "vitest";
import { codePoint, utf16 } from "@/engine/geometry/coordinates";
import { Offsets } from "./offsets";

describe("golden texts", () => {
  test.each(golden.texts)("$text", ({ text, units }) => {
    const offsets = new Offsets(text);
    expect(offsets.points).toBe(units.length - 1);
    expect(units.map((_, point) => offsets.toUnit(codePoint(point)))).toEqual(units);
    expect(units.map((unit) => offsets.toPoint(utf16(unit)))).toEqual(units.map((_, point) => point));
  });
});

const ALPHABET = ["a", "é", "e\u0301", "𝒜", "👩‍🚀", "\ud800", "\udc00", "\r\n", "\u200b", "ש", "\ufeff"];

function randomText(seed: number): string {
  let state = seed;
  const draw = () => (state = (state * 1103515245 + 12345) % 2 ** 31);
  return Array.from({ length: draw() % 60 }, () => ALPHABET[(draw() >> 8) % ALPHABET.length]).join("");
}

test("every code point of any text is found again, lone surrogates included", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const text = randomText(seed);
    const offsets = new Offsets(text);
    let unit = 0;
    Array.from(text).forEach((character, point) => {
      expect(offsets.toUnit(codePoint(point))).toBe(unit);
      // The middle of a surrogate pair is no place of its own.
      for (let inside = 0; inside < character.length; inside++)
        expect(offsets.toPoint(utf16(unit + inside))).toBe(
          inside === 0 ? point : offsets.toPoint(utf16(unit)),
        );
      unit += character.length;
    });
    expect(offsets.toUnit(codePoint(offsets.points))).toBe(text.length);
  }
});

test("offsets outside the text are its borders", () => {
  const offsets = new Offsets("a👍");
  expect(offsets.toPoint(utf16(99))).toBe(2);
  expect(offsets.toUnit(codePoint(99))).toBe(3);
  expect(offsets.toUnit(codePoint(-1))).toBe(0);
});
