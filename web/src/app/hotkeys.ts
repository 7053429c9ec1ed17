/** The page's one registry of commands, its link to the keyboard, and the keys this person chose. */

import { isPreset, PRESETS, type Preset } from "@/engine/hotkeys/catalogue";
import { type KeyMap, Registry } from "@/engine/hotkeys/registry";
import { Persisted } from "./persisted";
import { rememberCommands } from "./seen";

export const registry = new Registry();

/** A preset, and what the person changed on top of it. */
export interface OwnKeys {
  readonly preset: Preset;
  readonly keys: KeyMap;
}

const isRecord = (found: unknown): found is Record<string, unknown> =>
  typeof found === "object" && found !== null;

function keyMap(stored: unknown): KeyMap {
  if (!isRecord(stored)) return {};
  const isText = (found: unknown): found is string => typeof found === "string" && found !== "";
  const lists = Object.entries(stored).filter((entry): entry is [string, unknown[]] =>
    Array.isArray(entry[1]),
  );
  return Object.fromEntries(lists.map(([id, keys]) => [id, keys.filter(isText)]));
}

export const ownKeys = new Persisted<OwnKeys>("annotary.hotkeys", (stored) => {
  const found = isRecord(stored) ? stored : {};
  return { preset: isPreset(found.preset) ? found.preset : "annotary", keys: keyMap(found.keys) };
});

/** Return the keys by command that differ from the commands' own: the preset's, under the person's. */
export const effectiveKeys = ({ preset, keys }: OwnKeys): KeyMap => ({ ...PRESETS[preset], ...keys });

/** Links the registry to the keyboard, and to the keys of this person as they change. */
export function listenToKeys(): void {
  const show = () => registry.remap(effectiveKeys(ownKeys.get()));
  show();
  ownKeys.subscribe(show);
  rememberCommands(registry);
  document.addEventListener("keydown", (event) => registry.handle(event));
}
