/** The newest draft wins, and what this browser wrote itself is no newer than what it wrote since. */

import { describe, expect, it } from "vitest";
import { decided, decode, encode, withSuggestions } from "../document/answer";
import { emptyDocument } from "../document/apply";
import { isNewer } from "./drafts";
import type { DraftAway } from "./values";

const LABELLED = new Set(["spans"]);
const answer = (...labels: string[]) => ({
  spans: labels.map((label, at) => ({ label, start: at, end: at + 1 })),
});
const documentOf = (...labels: string[]) => decode(answer(...labels), LABELLED);
const away = (version: number, seconds: number, ...labels: string[]): DraftAway => ({
  assignment: "asg_1",
  answer: answer(...labels),
  version,
  saved_at: new Date(1000 * seconds).toISOString(),
});

describe("a draft of the server", () => {
  it("is gone on from where there is none here", () => {
    expect(isNewer(away(1, 5, "a"), null)).toBe(true);
  });

  it("is older than what was written here since, whatever the clocks say", () => {
    const here = { document: documentOf("a", "b"), savedAt: 1, version: 3 };
    expect(isNewer(away(3, 900, "a"), here)).toBe(false);
    expect(isNewer(away(4, 900, "c"), here)).toBe(true);
  });

  it("is not brought back where it says the same, or was written before", () => {
    expect(isNewer(away(1, 900, "a"), { document: documentOf("a"), savedAt: 1 })).toBe(false);
    expect(isNewer(away(1, 5, "c"), { document: documentOf("a"), savedAt: 6000 })).toBe(false);
    expect(isNewer(away(1, 7, "c"), { document: documentOf("a"), savedAt: 6000 })).toBe(true);
  });

  it("has nothing in it that nobody decided on, and takes suggestions along that it lacks", () => {
    const suggested = decode(answer("a", "b"), LABELLED, { suggested: true });
    expect(encode(decided(suggested))).toEqual({});
    const back = withSuggestions(documentOf("a"), suggested);
    expect(back.marks.spans?.map(({ label, suggested: still }) => [label, still === true])).toEqual([
      ["a", false],
      ["b", true],
    ]);
    expect(withSuggestions(emptyDocument, emptyDocument)).toEqual(emptyDocument);
  });
});
