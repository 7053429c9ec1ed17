/** What a reader takes as one: words, sentences and characters of a short piece of text. */

export type Granularity = "word" | "sentence" | "grapheme";

/** A half-open piece, in UTF-16 units from the start of what was segmented. */
export type Piece = readonly [start: number, end: number];

type Find = (text: string) => Iterable<{ readonly segment: string; readonly index: number }>;

/** White space, controls and what has no width: nothing to mark. */
const BLANK = /^[\p{Z}\p{C}]*$/u;

const LETTERS = String.raw`[\p{L}\p{M}\p{N}_]+`;

const PATTERNS: Readonly<Record<Granularity, RegExp>> = {
  word: new RegExp(
    `${LETTERS}(?:(?:['’.]|\\u200c|\\u200d)${LETTERS})*|[^\\p{L}\\p{M}\\p{N}_](?:\\p{M}|\\u200d\\P{M})*`,
    "gu",
  ),
  sentence: /[^.!?。！？؟।]*(?:[.!?。！？؟।]+["'”’)\]]*\s*|$)/gu,
  grapheme: /\r\n|\P{M}(?:\p{M}|\u200d\P{M}|[\u{1f3fb}-\u{1f3ff}])*|\p{M}+/gu,
};

function finder(granularity: Granularity): Find {
  if (typeof Intl === "undefined" || !("Segmenter" in Intl)) return byPattern(granularity);
  const segmenter = new Intl.Segmenter(undefined, { granularity });
  return (text) => segmenter.segment(text);
}

/** Finds pieces without the browser's segmenter: good for text with spaces, and never splits a character. */
export function byPattern(granularity: Granularity): Find {
  return function* (text) {
    for (const { 0: segment, index } of text.matchAll(PATTERNS[granularity]))
      if (segment) yield { segment, index };
  };
}

const finders = new Map<Granularity, Find>();

/** Return the pieces of a text that hold something to mark; blank ones are left out, save among characters. */
export function piecesOf(text: string, granularity: Granularity, find?: Find): readonly Piece[] {
  const known = find ?? finders.get(granularity) ?? finder(granularity);
  if (!find) finders.set(granularity, known);
  const pieces: Piece[] = [];
  for (const { segment, index } of known(text))
    if (granularity === "grapheme" || !BLANK.test(segment)) pieces.push(trimmed(segment, index, granularity));
  return pieces;
}

function trimmed(segment: string, index: number, granularity: Granularity): Piece {
  if (granularity !== "sentence") return [index, index + segment.length];
  const from = index + segment.length - segment.trimStart().length;
  return [from, index + segment.trimEnd().length];
}
