/** Who answers a key: the nearest scope, the latest, the enabled; and whose keys are left alone. */

import { beforeEach, expect, type Mock, test, vi } from "vitest";
import { CATALOGUE, keysFor, PRESETS } from "./catalogue";
import { type Command, conflicts, Registry, type Scope } from "./registry";

let registry: Registry;
beforeEach(() => {
  registry = new Registry();
  document.body.replaceChildren();
});

interface Watched extends Command {
  readonly run: Mock<Command["run"]>;
}

const command = (
  id: string,
  scope: Scope,
  keys: string[],
  more: Partial<Omit<Command, "run">> = {},
): Watched => ({
  id,
  title: id,
  scope,
  keys,
  run: vi.fn(),
  ...more,
});

function press(key: string, init: KeyboardEventInit = {}, on: Element = document.body): boolean {
  const event = new KeyboardEvent("keydown", {
    key,
    bubbles: true,
    cancelable: true,
    composed: true,
    ...init,
  });
  let taken = false;
  on.addEventListener(
    "keydown",
    (heard) => {
      taken = registry.handle(heard as KeyboardEvent);
    },
    { once: true },
  ); // prettier-ignore
  on.dispatchEvent(event);
  return taken;
}

test("the nearest scope is asked first, and a disabled command lets the next one answer", () => {
  const [page, tool] = [command("page", "page", ["space"]), command("tool", "tool", ["space"])];
  let enabled = true;
  registry.register([{ ...tool, enabled: () => enabled }]);
  registry.register([page]);
  press(" ");
  enabled = false;
  press(" ");
  expect([tool.run.mock.calls.length, page.run.mock.calls.length]).toEqual([1, 1]);
});

test("of two in a scope the later one answers until it goes", () => {
  const [first, second] = [command("first", "page", ["d"]), command("second", "page", ["d"])];
  registry.register([first]);
  const remove = registry.register([second]);
  press("d");
  remove();
  press("d");
  expect([first.run.mock.calls.length, second.run.mock.calls.length]).toEqual([1, 1]);
  expect(registry.commands.map(({ id }) => id)).toEqual(["first"]);
});

test("what is taken is not the browser's any more; what is not taken is", () => {
  registry.register([command("submit", "page", ["ctrl+enter"])]);
  expect(press("Enter", { ctrlKey: true })).toBe(true);
  expect(press("Enter")).toBe(false);
});

test("a held key runs again only where the command says so, and the browser never scrolls meanwhile", () => {
  const [once, again] = [command("once", "page", ["d"]), command("again", "page", ["f"], { repeat: true })];
  registry.register([once, again]);
  for (const repeat of [false, true, true]) {
    expect(press("d", { repeat })).toBe(true);
    press("f", { repeat });
  }
  expect([once.run.mock.calls.length, again.run.mock.calls.length]).toEqual([1, 3]);
});

test("letters typed into a field are text, Ctrl still commands, and Ctrl+Z is the field's own", () => {
  const field = document.body.appendChild(document.createElement("textarea"));
  const [letter, submit, undo] = [
    command("letter", "page", ["d"]),
    command("submit", "page", ["ctrl+enter"]),
    command("undo", "page", ["ctrl+z"]),
  ];
  registry.register([letter, submit, undo]);
  press("d", {}, field);
  press("z", { ctrlKey: true }, field);
  press("Enter", { ctrlKey: true }, field);
  expect([letter, submit, undo].map(({ run }) => run.mock.calls.length)).toEqual([0, 1, 0]);
});

test("letters typed into a list choose a line there, Ctrl still commands", () => {
  const [letter, ctrl] = [command("n", "page", ["n"]), command("find", "page", ["ctrl+k"])];
  registry.register([letter, ctrl]);
  const list = document.body.appendChild(document.createElement("select"));
  press("n", {}, list);
  press("k", { ctrlKey: true }, list);
  expect([letter.run.mock.calls.length, ctrl.run.mock.calls.length]).toEqual([0, 1]);
});

test("while a word is composed no key commands", () => {
  const letter = command("letter", "page", ["d"]);
  registry.register([letter]);
  expect(press("d", { isComposing: true })).toBe(false);
  expect(letter.run).not.toHaveBeenCalled();
});

test("Enter and Space on a button press the button", () => {
  const button = document.body.appendChild(document.createElement("button"));
  registry.register([command("play", "surface", ["space"]), command("letter", "surface", ["d"])]);
  expect([press(" ", {}, button), press("d", {}, button)]).toEqual([false, true]);
});

test("while a dialog is open only its own commands answer", () => {
  const [page, dialog] = [command("page", "page", ["d"]), command("dialog", "dialog", ["d"])];
  registry.register([page, dialog]);
  const close = registry.openModal();
  const stay = registry.openModal();
  press("d");
  close();
  close();
  expect(press("d")).toBe(true);
  expect(page.run).not.toHaveBeenCalled();
  stay();
  registry.register([command("page", "page", ["e"])]);
  expect(press("e")).toBe(true);
});

test("a remap replaces the keys, and an empty list takes them away", () => {
  const skip = command("skip", "page", ["s"]);
  registry.register([skip]);
  registry.remap({ skip: ["shift+s"] });
  expect([press("s"), press("S", { shiftKey: true })]).toEqual([false, true]);
  registry.remap({ skip: [] });
  expect([press("s"), press("S", { shiftKey: true })]).toEqual([false, false]);
  expect(registry.run("skip")).toBe(true);
});

test("a key that two commands of a scope claim is a conflict; scopes may share keys", () => {
  const commands = [command("a", "page", ["d"]), command("b", "page", ["x"]), command("c", "tool", ["d"])];
  expect(conflicts(commands)).toEqual([]);
  expect(conflicts(commands, { b: ["D"] })).toEqual([{ chord: "d", scope: "page", ids: ["a", "b"] }]);
});

test.each(Object.entries(PRESETS))(
  "the preset %s has no conflict and names only known commands",
  (_, map) => {
    expect(conflicts(CATALOGUE, map)).toEqual([]);
    expect(Object.keys(map).filter((id) => !CATALOGUE.some((known) => known.id === id))).toEqual([]);
    expect(() => keysFor("no such command")).toThrow();
  },
);
