/** Cards: what was begun comes first, and arrows go where they lead on the screen. */

import { expect, test } from "vitest";
import { type Card, inOrder, neighbour } from "./cards";

function card(name: string, open: number, leased: number, state: "active" | "paused" = "active"): Card {
  const waiting = { project: name, open, mine_leased: leased, answered_by_me: 0 };
  // Of a project the order looks at its name and state.
  const project = { id: name, name, state } as Card["project"];
  return { project, role: "annotator", waiting, progress: null };
}

test("begun work first, then what waits, then the empty, then the paused; by name within", () => {
  const cards = [
    card("paused", 9, 0, "paused"),
    card("empty", 0, 0),
    card("waits b", 2, 0),
    card("waits a", 1, 0),
    card("begun", 0, 1),
    { ...card("unknown", 0, 0), waiting: null },
  ];
  const names = inOrder(cards).map(({ project }) => project.name);
  expect(names).toEqual(["begun", "waits a", "waits b", "empty", "unknown", "paused"]);
});

test.each([
  ["ArrowRight", 0, 1],
  ["ArrowLeft", 0, 0],
  ["ArrowDown", 1, 4],
  ["ArrowDown", 3, 3],
  ["ArrowUp", 4, 1],
  ["ArrowUp", 1, 1],
  ["Home", 4, 0],
  ["End", 0, 4],
  ["x", 2, 2],
])("of five cards in rows of three, %s leads from %i to %i", (key, from, to) => {
  expect(neighbour(key, from, 5, 3)).toBe(to);
});
