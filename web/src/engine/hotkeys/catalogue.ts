/** The commands that every workspace has, by id, and the keys that people coming from other tools know. */

import type { KeyMap, Scope } from "./registry";

/** A command as settings list it while the page it belongs to is not open. Titles are English; `t` says them. */
export interface Known {
  readonly id: string;
  readonly title: string;
  readonly scope: Scope;
  readonly keys: readonly string[];
}

const known = (scope: Scope, lines: readonly (readonly [id: string, title: string, ...keys: string[]])[]) =>
  lines.map(([id, title, ...keys]): Known => ({ id, title, scope, keys }));

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];

/** Whoever registers one of these commands uses the id and the keys of this list: `keysFor("submit")`. */
export const CATALOGUE: readonly Known[] = [
  ...known("app", [
    ["palette", "Search for a command", "ctrl+k"],
    ["help", "Show all keys", "?"],
  ]),
  ...known("page", [
    ["submit", "Submit and go on", "ctrl+enter"],
    ["skip", "Skip this task", "s"],
    ["accept", "Accept what is suggested", "a"],
    ["reject", "Reject what is suggested", "x"],
    ["undo", "Undo", "ctrl+z"],
    ["redo", "Redo", "ctrl+shift+z", "ctrl+y"],
    ["instructions", "Show or hide the instructions", "i"],
    ["pin", "Pin a remark to a place", "shift+i"],
  ]),
  ...known("surface", [
    ["draw", "Draw again with the last tool", "n"],
    ["pointer", "Point and select", "escape"],
    ["next-object", "Select the next mark", "tab"],
    ["previous-object", "Select the previous mark", "shift+tab"],
    ["delete", "Delete the selected marks", "delete", "backspace"],
    ["duplicate", "Duplicate the selected marks", "ctrl+d"],
    ["hide", "Hide or show the selected marks", "h"],
    ["lock", "Lock or unlock the selected marks", "l"],
    ["relation", "Relate two marks", "r"],
    ["zoom-in", "Zoom in", "+", "="],
    ["zoom-out", "Zoom out", "-"],
    ["zoom-fit", "Fit to the window", "home"],
  ]),
  ...known("surface", [
    ["play", "Play or pause", "space"],
    ["frame-next", "Next frame", "f"],
    ["frame-previous", "Previous frame", "d"],
    ["frame-next-10", "Ten frames on", "v"],
    ["frame-previous-10", "Ten frames back", "c"],
    ["keyframe-next", "Next keyframe", "shift+f"],
    ["keyframe-previous", "Previous keyframe", "shift+d"],
    ["keyframe", "Make or remove a keyframe", "k"],
    ["outside", "The object leaves the picture", "o"],
    ["occluded", "The object is occluded", "q"],
    ["segment-start", "A segment begins at this frame", "["],
    ["segment-end", "The segment ends with this frame", "]"],
    ["segment-move-start", "The selected segment begins at this frame", "alt+["],
    ["segment-move-end", "The selected segment ends with this frame", "alt+]"],
    ["timeline-zoom-in", "Stretch the timeline", "alt+="],
    ["timeline-zoom-out", "Shrink the timeline", "alt+-"],
    ["propagate", "Copy the mark to the next frames", "ctrl+b"],
  ]),
  ...known("tool", [
    ["review-accept", "Accept the outcome", "a"],
    ["review-reject", "Reject the outcome", "r"],
    ["review-amend", "Amend the outcome", "e"],
    ["review-comment", "Write a comment to the verdict", "m"],
    ["review-beside", "Side by side, or over one another", "s"],
    ["review-disputed", "Only what differs", "x"],
    ["review-next", "Next difference", "arrowdown", "tab"],
    ["review-previous", "Previous difference", "arrowup", "shift+tab"],
    ["review-back", "Give up the amendment", "shift+escape"],
  ]),
  ...known(
    "page",
    DIGITS.map((digit, at) => [`label-${at + 1}`, `Label ${at + 1}`, digit]),
  ),
];

/** Return the keys of a command of the catalogue; an id that it lacks is a mistake and throws. */
export function keysFor(id: string): readonly string[] {
  const found = CATALOGUE.find((command) => command.id === id);
  if (!found) throw new Error(`engine/hotkeys/catalogue.ts has no command "${id}"`);
  return found.keys;
}

const labels = (keys: (digit: string) => readonly string[]): KeyMap =>
  Object.fromEntries(DIGITS.map((digit, at) => [`label-${at + 1}`, keys(digit)]));

/** What differs from the catalogue. Where another tool's key is the browser's own, ours stays beside it. */
export const PRESETS = {
  annotary: {},
  cvat: {
    submit: ["ctrl+s", "ctrl+enter"],
    help: ["f1", "?"],
    redo: ["ctrl+shift+z", "ctrl+y"],
    duplicate: ["ctrl+d"],
    relation: ["alt+r"],
    "keyframe-next": ["r", "shift+f"],
    "keyframe-previous": ["e", "shift+d"],
    ...labels((digit) => [digit, `ctrl+${digit}`]),
  },
  "label-studio": {
    skip: ["ctrl+space"],
    delete: ["backspace", "delete"],
    "next-object": ["alt+.", "tab"],
    hide: ["alt+h"],
    lock: ["alt+l"],
    relation: ["alt+r"],
    play: ["alt+space"],
    "frame-next": ["alt+right"],
    "frame-previous": ["alt+left"],
    "frame-next-10": ["shift+alt+right"],
    "frame-previous-10": ["shift+alt+left"],
    "keyframe-next": ["ctrl+alt+right"],
    "keyframe-previous": ["ctrl+alt+left"],
  },
} as const satisfies Readonly<Record<string, KeyMap>>;

export type Preset = keyof typeof PRESETS;

export const isPreset = (found: unknown): found is Preset =>
  typeof found === "string" && Object.hasOwn(PRESETS, found);
