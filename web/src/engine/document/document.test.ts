/** The promises of documents, tried with random actions: undo gives back what was, answers survive the way through. */

import { describe, expect, it } from "vitest";
import { decode, encode } from "./answer";
import { apply, emptyDocument, marksOf } from "./apply";
import { beginning, type History, perform, redo, undo } from "./history";
import type { Action, Document, Json, Mark, MarkId } from "./values";

const TOOLS = ["box", "spans"];
const LABELLED = new Set(TOOLS);

/** A small generator of pseudo-random numbers (mulberry32), so that a failure can be repeated by its seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function someMark(draw: (below: number) => number): Mark {
  return {
    id: `m${draw(12)}` as MarkId,
    label: `label ${draw(3)}`,
    attributes: draw(2) ? { certain: draw(2) === 1 } : {},
    geometry: { start: draw(50), end: 50 + draw(50) },
    ...(draw(3) ? {} : { suggested: true }),
  };
}

function someAction(draw: (below: number) => number, depth = 0): Action {
  const tool = TOOLS[draw(2)] ?? "box";
  const ids = Array.from({ length: draw(5) }, () => `m${draw(12)}` as MarkId);
  const makers: (() => Action)[] = [
    () => ({ kind: "add", tool, marks: Array.from({ length: 1 + draw(3) }, () => someMark(draw)) }),
    () => ({ kind: "change", tool, id: `m${draw(12)}` as MarkId, change: { geometry: { start: draw(9) } } }),
    () => ({ kind: "change", tool, id: `m${draw(12)}` as MarkId, change: { hidden: draw(2) === 1 } }),
    () => ({ kind: "remove", tool, ids }),
    () => ({ kind: "order", tool, ids }),
    () => ({ kind: "fill", tool: "ranking", value: draw(3) ? [[draw(3)]] : undefined }),
    () => ({ kind: "envelope", change: { justification: `because ${draw(4)}` } }),
  ];
  if (depth === 0 && draw(5) === 0) {
    return { kind: "several", actions: Array.from({ length: draw(4) }, () => someAction(draw, 1)) };
  }
  return (makers[draw(makers.length)] ?? makers[0])?.() as Action;
}

function someDocument(draw: (below: number) => number): Document {
  return Array.from({ length: draw(30) }, () => someAction(draw)).reduce(apply, emptyDocument);
}

const seeds = Array.from({ length: 200 }, (_, number) => number);

describe("a document", () => {
  it("is what it was after any action and its undo, and what it became after redo", () => {
    for (const seed of seeds) {
      const draw = chance(seed);
      let history: History = beginning(someDocument(draw));
      const seen = [history.present];
      for (let step = 0; step < 20; step++) {
        history = perform(history, someAction(draw));
        if (history.present !== seen.at(-1)) seen.push(history.present);
      }
      for (const before of seen.slice(0, -1).reverse()) {
        history = undo(history);
        expect(history.present).toEqual(before);
      }
      expect(undo(history)).toBe(history);
      for (const after of seen.slice(1)) {
        history = redo(history);
        expect(history.present).toEqual(after);
      }
    }
  });

  it("undoes at once what was done together, and only that", () => {
    const fill = (value: string): Action => ({ kind: "fill", tool: "rewrite", value });
    let history = beginning(emptyDocument);
    for (const word of ["a", "ab", "abc"]) history = perform(history, fill(word), "typing");
    history = perform(history, fill("x"), "typing again");
    expect(undo(history).present.forms.rewrite).toBe("abc");
    expect(undo(undo(history)).present).toEqual(emptyDocument);
    const resumed = perform(undo(history), fill("y"), "typing");
    expect(undo(resumed).present.forms.rewrite).toBe("abc");
  });

  it("never holds a mark twice, and an edited suggestion is a person's", () => {
    for (const seed of seeds) {
      const draw = chance(seed);
      const made = someDocument(draw);
      for (const tool of TOOLS) {
        const ids = marksOf(made, tool).map((mark) => mark.id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const mark of marksOf(made, tool)) {
          const moved = apply(made, {
            kind: "change",
            tool,
            id: mark.id,
            change: { geometry: { start: 1 } },
          });
          expect(marksOf(moved, tool).find(({ id }) => id === mark.id)?.suggested ?? false).toBe(false);
        }
      }
    }
  });

  it("makes several changes at once as one after the other", () => {
    for (const seed of seeds) {
      const draw = chance(seed);
      const made = someDocument(draw);
      const actions = Array.from({ length: 12 }, () => someAction(draw, 1));
      expect(apply(made, { kind: "several", actions })).toEqual(actions.reduce(apply, made));
    }
  });

  it("keeps unnamed marks where they are when others are ordered", () => {
    const marks = ["a", "b", "c", "d"].map((id) => ({
      id: id as MarkId,
      label: "x",
      attributes: {},
      geometry: {},
    }));
    const made = apply(emptyDocument, { kind: "add", tool: "box", marks });
    const order: Action = { kind: "order", tool: "box", ids: ["d", "a"] as MarkId[] };
    expect(marksOf(apply(made, order), "box").map(({ id }) => id)).toEqual(["d", "b", "c", "a"]);
  });
});

describe("an answer", () => {
  it("survives decoding and encoding", () => {
    for (const seed of seeds) {
      const answer = encode(someDocument(chance(seed)));
      expect(encode(decode(answer, LABELLED))).toEqual(answer);
    }
  });

  it("keeps what it does not know", () => {
    const answer: Record<string, Json> = {
      box: [{ label: "car", attributes: { parked: true }, x: 1.5, y: 2, width: 3, height: 4, later: [1] }],
      ranking: [["a"], ["b", "c"]],
      cannot_assess: true,
      justification: "dark",
    };
    expect(encode(decode(answer, LABELLED))).toEqual(answer);
  });
});
