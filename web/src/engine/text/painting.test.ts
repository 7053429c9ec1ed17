/** Painting by elements leaves the text as it was, and every offset where it was. */

import { beforeEach, expect, test } from "vitest";
import { utf16 } from "@/engine/geometry/coordinates";
import { stretch } from "./offsets";
import { MarkPainter, type Paint } from "./painting";
import { Passage } from "./passage";
import { TextView } from "./view";

const TEXT = "Ada 👩🏽‍💻 met Babbage.\r\nעדה גרה בלונדון.\n\nThe end";
let root: HTMLElement;
let view: TextView;

beforeEach(() => {
  root = document.createElement("div");
  document.body.replaceChildren(root);
  view = new TextView(root, new Passage(TEXT));
});

const paint = (words: string, layer = 0): Paint => {
  const start = TEXT.indexOf(words);
  const part = stretch(start, start + words.length);
  return { part, colour: "#123456", layer, strength: "plain", line: "solid" };
};

function everyOffsetHolds() {
  expect(root.textContent).toBe(TEXT);
  for (let at = 0; at < TEXT.length; at++) {
    const range = view.rangeOf(stretch(at, at + 1));
    expect(range?.toString()).toBe(TEXT.charAt(at));
    if (range) expect(view.offsetOf(range.startContainer, range.startOffset)).toBe(utf16(at));
  }
}

test("offsets are found in the page and back", () => everyOffsetHolds());

test("marks overlap, cross lines and go again", () => {
  const painter = new MarkPainter(view);
  painter.paint([paint("Ada 👩🏽‍💻 met"), paint("met Babbage.\r\nעדה", 1), paint("גרה")]);
  expect(root.querySelectorAll("mark").length).toBeGreaterThan(4);
  expect(Array.from(root.querySelectorAll("mark mark"), (mark) => mark.textContent)).toEqual(["met"]);
  everyOffsetHolds();
  painter.paint([paint("גרה")]);
  expect(Array.from(root.querySelectorAll("mark"), (mark) => mark.textContent)).toEqual(["גרה"]);
  everyOffsetHolds();
  painter.clear();
  expect(root.querySelector("mark")).toBeNull();
  everyOffsetHolds();
});

test("what the pointer drew is found, and what it drew elsewhere is not", () => {
  const selection = document.getSelection();
  const range = view.rangeOf(paint("Babbage.\r\nעדה").part);
  if (range) selection?.addRange(range);
  const drawn = view.drawn(selection);
  expect(drawn && view.passage.slice(drawn)).toBe("Babbage.\r\nעדה");
  selection?.removeAllRanges();
  expect(view.drawn(selection)).toBeUndefined();
});
