/** Blocks lose nothing of a text; a selection snaps to whole words, or at least to whole characters. */

import { describe, expect, test } from "vitest";
import { stretch } from "./offsets";
import { Passage } from "./passage";
import { byPattern, type Granularity, piecesOf } from "./segments";

const TEXTS = [
  "",
  "\r\n\r\n",
  "one\rtwo\nthree\r\n\r\nfour",
  "no break at the end 👩🏽‍💻",
  `${"word ".repeat(3000)}end`,
  "👍".repeat(3001),
  "שלום עולם. مرحبا بالعالم!\n𝒜𝒷𝒸 e\u0301e\u0301",
];

test.each(TEXTS)("blocks put together are the text (%#)", (text) => {
  const { blocks } = new Passage(text);
  expect(blocks.map(({ start, end }) => text.slice(start, end)).join("")).toBe(text);
  for (const { start } of blocks)
    expect(text.slice(start - 1, start + 1)).not.toMatch(/^[\ud800-\udbff][\udc00-\udfff]$/);
});

test.each(TEXTS)("a block is found from every offset in it (%#)", (text) => {
  const passage = new Passage(text);
  passage.blocks.forEach(({ start, end }, at) => {
    expect(passage.blockAt(start)).toBe(at);
    if (end > start) expect(passage.blockAt(end - 1)).toBe(at);
  });
});

function snapped(text: string, drawn: string, granularity: Granularity = "word"): string | undefined {
  const passage = new Passage(text);
  const start = text.indexOf(drawn);
  const found = passage.snapped(stretch(start, start + drawn.length), granularity);
  return found && passage.slice(found);
}

describe("snapping", () => {
  test.each([
    ["Ada met Charles Babbage here.", "arles Bab", "Charles Babbage"],
    ["Ada met Charles Babbage here.", " Charles ", "Charles"],
    ["Ada met Charles Babbage here.", "here.", "here."],
    ["first\r\nsecond line", "st\r\nsec", "first\r\nsecond"],
    ["hi 👩🏽‍💻 there", "🏽", "👩🏽‍💻"],
    ["שלום עולם", "לום ע", "שלום עולם"],
    ["e\u0301té 𝒜𝒷 x", "\u0301", "e\u0301té"],
  ])("%j: %j is taken as %j", (text, drawn, whole) => expect(snapped(text, drawn)).toBe(whole));

  test("white space alone is nothing", () => expect(snapped("a    b", "  ")).toBeUndefined());
  test("by characters, no character is cut", () => {
    expect(snapped("xe\u0301x", "\u0301", "grapheme")).toBe("e\u0301");
    expect(snapped("a👩🏽‍💻b", "\u200d", "grapheme")).toBe("👩🏽‍💻");
    expect(snapped("Babbage", "abb", "grapheme")).toBe("abb");
  });
});

describe("without the browser's segmenter", () => {
  test("words keep their marks and joiners", () => {
    const text = "can't e\u0301té, 👩🏽‍💻 10.5 שלום";
    const words = piecesOf(text, "word", byPattern("word")).map(([start, end]) => text.slice(start, end));
    expect(words.slice(0, 3)).toEqual(["can't", "e\u0301té", ","]);
    expect(words.at(-1)).toBe("שלום");
  });
  test("sentences end at full stops", () => {
    const text = "One. Two!  Three";
    const found = piecesOf(text, "sentence", byPattern("sentence"));
    expect(found.map(([start, end]) => text.slice(start, end))).toEqual(["One.", "Two!", "Three"]);
  });
});

test("100 kB are cut and a word is found in time", () => {
  const started = performance.now();
  const passage = new Passage("The quick brown fox, and 日本語 too. ".repeat(3000));
  expect(passage.cellNear(passage.text.length >> 1, "word")).toBeDefined();
  expect(performance.now() - started).toBeLessThan(2000);
});
