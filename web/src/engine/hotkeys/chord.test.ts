/** Chords: one spelling for each, and the right names for a key event on any layout. */

import { expect, test } from "vitest";
import { BadChord, chord, chordsOf, shownKeys } from "./chord";

test.each([
  ["Ctrl+Enter", "ctrl+enter"],
  ["shift+ctrl+z", "ctrl+shift+z"],
  ["cmd+K", "ctrl+k"],
  ["space", "space"],
  ["ctrl+space", "ctrl+space"],
  ["+", "+"],
  ["ctrl++", "ctrl++"],
  ["alt+left", "alt+arrowleft"],
  ["?", "?"],
])("%s is spelt %s", (text, spelt) => {
  expect(chord(text)).toBe(spelt);
  expect(chord(spelt)).toBe(spelt);
});

test.each(["", "ctrl", "ctrl+shift", "ctrl+ctrl+a", "a+b"])("%j names no key", (text) => {
  expect(() => chord(text)).toThrow(BadChord);
});

test("a modifier alone answers to nothing", () => {
  expect(chordsOf({ key: "Shift", shiftKey: true })).toEqual([]);
  expect(chordsOf({ key: "Dead", code: "KeyA" })).toEqual([]);
});

test("a sign needs no Shift in its name, a letter does", () => {
  expect(chordsOf({ key: "?", code: "Slash", shiftKey: true })).toContain("?");
  expect(chordsOf({ key: "D", code: "KeyD", shiftKey: true })).toEqual(["shift+d"]);
});

test("other layouts answer by the place of the key, Latin ones by the letter", () => {
  expect(chordsOf({ key: "в", code: "KeyD", ctrlKey: true })).toContain("ctrl+d");
  // AZERTY: the letter a stands where q does; it must not also be q.
  expect(chordsOf({ key: "a", code: "KeyQ" })).toEqual(["a"]);
  expect(chordsOf({ key: "!", code: "Digit1", shiftKey: true })).toContain("shift+1");
});

test("the command key of a Mac is Ctrl", () => {
  expect(chordsOf({ key: "k", metaKey: true })).toEqual(["ctrl+k"]);
});

test("the space bar has a name", () => {
  expect(chordsOf({ key: " ", code: "Space", ctrlKey: true })).toEqual(["ctrl+space"]);
});

test("keys are shown as they are printed", () => {
  expect(shownKeys("ctrl+shift+z")).toEqual(["Ctrl", "Shift", "Z"]);
  expect(shownKeys("ctrl++")).toEqual(["Ctrl", "+"]);
  expect(shownKeys("space")).toEqual(["Space"]);
  expect(shownKeys("f1")).toEqual(["F1"]);
});
