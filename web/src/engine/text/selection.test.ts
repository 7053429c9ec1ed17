/** The selection machine: words by arrows, sentences by jumps, stretches by pointer. */

import { describe, expect, test } from "vitest";
import { stretch } from "./offsets";
import { Passage } from "./passage";
import type { Granularity } from "./segments";
import { type Selection, type SelectionEvent, select, selected, type Unit } from "./selection";

const TEXT = "Ada met Charles. He built it!\n𝒜 👩🏽‍💻 ok";
const passage = new Passage(TEXT);

const step = (by: 1 | -1, unit: Unit = "cell", extend = false): SelectionEvent => ({
  kind: "move",
  by,
  unit,
  extend,
});

function words(events: readonly SelectionEvent[], cells: Granularity = "word"): string | null {
  const state = events.reduce<Selection | null>((now, event) => select(passage, cells, now, event), null);
  const found = selected(state);
  return found && passage.slice(found);
}

describe("by keys", () => {
  test("the first step is the first word", () => expect(words([step(1)])).toBe("Ada"));
  test("steps go word by word, over full stops", () => {
    expect(words([step(1), step(1), step(1)])).toBe("Charles");
    expect(words([step(1), step(1), step(1), step(1), step(1)])).toBe("He");
    expect(words([step(1), step(1), step(-1)])).toBe("Ada");
  });
  test("borders hold", () => {
    expect(words([step(1), step(-1)])).toBe("Ada");
    expect(words([step(1), step(1, "text"), step(1)])).toBe("ok");
  });
  test("Shift keeps the first word, and turns around it", () => {
    expect(words([step(1), step(1, "cell", true), step(1, "cell", true)])).toBe("Ada met Charles");
    expect(
      words([step(1), step(1), step(1, "cell", true), step(-1, "cell", true), step(-1, "cell", true)]),
    ).toBe("Ada met");
  });
  test("sentences", () => {
    expect(words([step(1), step(1, "sentence")])).toBe("He");
    expect(words([step(1), step(1, "sentence", true)])).toBe("Ada met Charles.");
    expect(words([step(1), step(1, "sentence", true), step(1, "sentence", true)])).toBe(TEXT.split("\n")[0]);
    expect(words([step(1), step(1), step(1), step(-1, "sentence")])).toBe("Ada");
    expect(words([step(1, "cell"), step(1, "sentence"), step(-1, "sentence")])).toBe("Ada");
  });
  test("by character, an emoji is one step", () => {
    const at = TEXT.indexOf("👩");
    const there: SelectionEvent = { kind: "place", offset: at, extend: false };
    expect(words([there], "grapheme")).toBe("👩🏽‍💻");
    expect(words([there, step(-1), step(-1)], "grapheme")).toBe("𝒜");
  });
});

test("a stretch drawn snaps; one over nothing changes nothing", () => {
  const start = TEXT.indexOf("et Char");
  expect(words([{ kind: "draw", touched: stretch(start, start + 7) }])).toBe("met Charles");
  const space = TEXT.indexOf(" met");
  expect(words([step(1), { kind: "draw", touched: stretch(space, space + 1) }])).toBe("Ada");
});

test("clearing selects nothing, and a text without words has nothing to select", () => {
  expect(words([step(1), { kind: "clear" }])).toBeNull();
  expect(select(new Passage(" \n "), "word", null, step(1))).toBeNull();
});

test("every state selects whole cells, whatever happens", () => {
  const events = [
    step(1),
    step(-1),
    step(1, "cell", true),
    step(-1, "cell", true),
    step(1, "sentence"),
    step(-1, "sentence", true),
    step(1, "sentence", true),
  ];
  const starts = new Set(
    passage.blocks.flatMap((_, at) => passage.cellsOf(at, "word").map(({ start }) => start)),
  );
  let state: Selection | null = null;
  for (let turn = 0; turn < 500; turn++) {
    const event = events[(turn * turn + 3 * turn + (turn >> 3)) % events.length];
    if (event) state = select(passage, "word", state, event);
    expect(starts).toContain(selected(state)?.start);
  }
});
