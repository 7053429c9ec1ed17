/** Differences say both texts exactly, and no more than differs. */

import { expect, test } from "vitest";
import { difference, type Run } from "./difference";

const said = (runs: readonly Run[], left: Run["kind"]) =>
  runs.flatMap(({ kind, text }) => (kind === left ? [] : [text])).join("");

function sentence(seed: number): string {
  const words = ["the", " ", "cat", "שלום", "👩🏽‍💻", "\r\n", ".", "sat", "e\u0301", " "];
  let state = seed * 7919 + 1;
  return Array.from({ length: seed % 40 }, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return words[(state >> 9) % words.length];
  }).join("");
}

test("both texts can be read from it", () => {
  for (let seed = 0; seed < 400; seed++) {
    const [before, after] = [sentence(seed), sentence(seed * 3 + 5)];
    const runs = difference(before, after);
    expect(said(runs, "added")).toBe(before);
    expect(said(runs, "removed")).toBe(after);
    for (const [at, run] of runs.entries()) expect(run.kind).not.toBe(runs[at + 1]?.kind);
  }
});

test("only what differs is marked, by whole words", () => {
  expect(difference("The cat sat down.", "The old cat sat up.")).toEqual([
    { kind: "same", text: "The " },
    { kind: "added", text: "old " },
    { kind: "same", text: "cat sat " },
    { kind: "removed", text: "down" },
    { kind: "added", text: "up" },
    { kind: "same", text: "." },
  ]);
});

/** The most words that two texts can share, in order. */
function sharedWords(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const word of a) {
    const next = [0];
    for (const [at, other] of b.entries())
      next.push(word === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0));
    row = next;
  }
  return row[b.length] ?? 0;
}

test("as much as can be is left as it was", () => {
  for (let seed = 1; seed < 300; seed++) {
    const letters = (by: number) =>
      Array.from({ length: (seed * by) % 12 }, (_, at) => "ab."[(seed * by + at * at) % 3] ?? "a");
    const [before, after] = [letters(7), letters(11)];
    const runs = difference(before.join(" "), after.join(" "));
    const same = runs.flatMap(({ kind, text }) => (kind === "same" ? [...text] : []));
    expect(same.length).toBe(sharedWords([...before.join(" ")], [...after.join(" ")]));
  }
});

test("the same text has no difference, and an empty one none at all", () => {
  expect(difference("a b", "a b")).toEqual([{ kind: "same", text: "a b" }]);
  expect(difference("", "")).toEqual([]);
});

test("texts with nothing in common are replaced, in time", () => {
  const started = performance.now();
  const runs = difference("a ".repeat(9000), "b. ".repeat(9000));
  expect(said(runs, "added")).toBe("a ".repeat(9000));
  expect(performance.now() - started).toBeLessThan(3000);
});
