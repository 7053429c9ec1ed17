/** Commands that were met are kept over pages, the latest of each, and not without end. */

import { expect, test, vi } from "vitest";
import { type Command, Registry } from "@/engine/hotkeys/registry";
import { rememberCommands, seen, withThose } from "./seen";

const one = (id: string, keys: string[] = ["d"]): Command => ({
  id,
  title: id,
  scope: "tool",
  keys,
  run: () => {},
});

test("they stay known after their page is gone", () => {
  vi.useFakeTimers();
  const registry = new Registry();
  rememberCommands(registry);
  registry.register([one("flip"), one("project-1"), one("mute", [])])();
  registry.register([one("flip"), one("project-1"), one("mute", [])]);
  vi.runAllTimers();
  expect(seen.get().map(({ id }) => id)).toEqual(["flip"]);
  vi.useRealTimers();
});

test("the latest of an id counts, and the oldest go first", () => {
  const many = Array.from({ length: 200 }, (_, at) => one(`c${at}`));
  const after = withThose(many, [one("c0", ["x"]), one("new")]);
  expect(after).toHaveLength(200);
  expect(after.at(-2)).toMatchObject({ id: "c0", keys: ["x"] });
  expect(after[0]?.id).toBe("c2");
});
