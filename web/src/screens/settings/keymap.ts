/** What the settings of keys show and change: the known commands, their keys, and who is in whose way. */

import { effectiveKeys, type OwnKeys } from "@/app/hotkeys";
import { CATALOGUE, type Known, PRESETS } from "@/engine/hotkeys/catalogue";
import { BadChord, chord, chordsOf, type KeyPress } from "@/engine/hotkeys/chord";
import { type Conflict, conflicts, type KeyMap } from "@/engine/hotkeys/registry";

export interface Row {
  readonly command: Known;
  readonly keys: readonly string[];
  /** The person's own, not the preset's. */
  readonly own: boolean;
  /** Titles of the commands that claim one of its keys, too. */
  readonly against: readonly string[];
}

/**
 * Return every known command with its keys now. `also` are those that the catalogue lacks: forms and tools of
 * different tasks are never there together, so that each of them can only be in the way of the catalogue's.
 */
export function rows(ownKeys: OwnKeys, also: readonly Known[] = []): readonly Row[] {
  const others = also.filter(({ id }) => !CATALOGUE.some((one) => one.id === id));
  const map = effectiveKeys(ownKeys);
  const among = conflicts(CATALOGUE, map);
  const row = (command: Known, found: readonly Conflict[]): Row => ({
    command,
    keys: (map[command.id] ?? command.keys).map(chord),
    own: command.id in ownKeys.keys,
    against: found
      .filter(({ ids }) => ids.includes(command.id))
      .flatMap(({ ids }) => CATALOGUE.filter(({ id }) => id !== command.id && ids.includes(id)))
      .map(({ title }) => title),
  });
  return [
    ...CATALOGUE.map((command) => row(command, among)),
    ...others.map((command) => row(command, conflicts([...CATALOGUE, command], map))),
  ];
}

/** Return the keys with one more for a command, or with one less, or as the preset has them. */
export function withKey({ preset, keys }: OwnKeys, { command, keys: now }: Row, pressed: string): OwnKeys {
  return { preset, keys: tidied(preset, { ...keys, [command.id]: [...new Set([...now, chord(pressed)])] }) };
}

export function withoutKey({ preset, keys }: OwnKeys, { command, keys: now }: Row, key: string): OwnKeys {
  return { preset, keys: tidied(preset, { ...keys, [command.id]: now.filter((one) => one !== key) }) };
}

export function reset({ preset, keys }: OwnKeys, id: string): OwnKeys {
  return { preset, keys: Object.fromEntries(Object.entries(keys).filter(([one]) => one !== id)) };
}

/** Leaves out what says the same as the preset. */
function tidied(preset: OwnKeys["preset"], keys: KeyMap): KeyMap {
  const presets: KeyMap = PRESETS[preset];
  const usual = (id: string) => presets[id] ?? CATALOGUE.find((one) => one.id === id)?.keys;
  const same = (id: string, mine: readonly string[]) =>
    JSON.stringify(usual(id)?.map(chord)) === JSON.stringify(mine.map(chord));
  return Object.fromEntries(Object.entries(keys).filter(([id, mine]) => !same(id, mine)));
}

/** Return the chord that a key press stands for when keys are taught, or null for a lone modifier. */
export function taught(press: KeyPress): string | null {
  const names = chordsOf(press);
  // The last name is the plainest: "?" rather than "shift+?".
  const name = names.at(-1);
  if (name === undefined) return null;
  try {
    return chord(name);
  } catch (error) {
    if (error instanceof BadChord) return null;
    throw error;
  }
}
