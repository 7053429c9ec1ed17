/** Keys taught by a person: added, taken away, put back, and conflicts named on both sides. */

import { expect, test } from "vitest";
import type { OwnKeys } from "@/app/hotkeys";
import { type Row, reset, rows, taught, withKey, withoutKey } from "./keymap";

const PLAIN: OwnKeys = { preset: "annotary", keys: {} };
const row = (own: OwnKeys, id: string): Row => {
  const found = rows(own).find(({ command }) => command.id === id);
  if (!found) throw new Error(id);
  return found;
};

test("a key is added to those of the preset, and taken away again without a trace", () => {
  const more = withKey(PLAIN, row(PLAIN, "skip"), "Shift+S");
  expect(row(more, "skip")).toMatchObject({ keys: ["s", "shift+s"], own: true });
  expect(withoutKey(more, row(more, "skip"), "shift+s")).toEqual(PLAIN);
});

test("a command may be left without keys, and gets its own back", () => {
  const none = withoutKey(PLAIN, row(PLAIN, "skip"), "s");
  expect(row(none, "skip").keys).toEqual([]);
  expect(reset(none, "skip")).toEqual(PLAIN);
});

test("a conflict is told at both commands, by the other's title", () => {
  const clash = withKey(PLAIN, row(PLAIN, "skip"), "a");
  expect(row(clash, "skip").against).toEqual([row(PLAIN, "accept").command.title]);
  expect(row(clash, "accept").against).toEqual([row(PLAIN, "skip").command.title]);
  expect(rows(PLAIN).flatMap(({ against }) => against)).toEqual([]);
});

test("what a form has may clash with the catalogue, not with another form's", () => {
  const form = (id: string, key: string) => ({ id, title: id, scope: "surface" as const, keys: [key] });
  const found = rows(PLAIN, [form("one", "j"), form("other", "j"), form("third", "n"), form("draw", "j")]);
  const against = new Map(found.map(({ command, against }) => [command.id, against]));
  expect([against.get("one"), against.get("third")]).toEqual([[], [row(PLAIN, "draw").command.title]]);
  expect(found.filter(({ command }) => command.id === "draw")).toHaveLength(1);
});

test("another preset changes what is not the person's own", () => {
  const mine = withKey(PLAIN, row(PLAIN, "hide"), "shift+h");
  const studio: OwnKeys = { ...mine, preset: "label-studio" };
  expect(row(studio, "lock").keys).toEqual(["alt+l"]);
  expect(row(studio, "hide").keys).toEqual(["h", "shift+h"]);
});

test("what is pressed is taught in its plainest name", () => {
  expect(taught({ key: "?", code: "Slash", shiftKey: true })).toBe("?");
  expect(taught({ key: "D", code: "KeyD", shiftKey: true })).toBe("shift+d");
  expect(taught({ key: "Control", ctrlKey: true })).toBeNull();
});
