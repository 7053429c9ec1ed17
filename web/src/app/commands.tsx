/** Commands in React: `useCommands` registers what a part of the page can do, `Hint` shows its key. */

import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from "react";
import { shownKeys } from "@/engine/hotkeys/chord";
import type { Command, Registry } from "@/engine/hotkeys/registry";
import { Kbd } from "@/kit/kbd";
import { registry } from "./hotkeys";

export type { Command, Scope } from "@/engine/hotkeys/registry";

const always = () => true;
const While = createContext<() => boolean>(always);

export interface CommandsWhileProps {
  /** The same function at every drawing, or else commands are registered anew. */
  readonly holds: () => boolean;
  readonly children: ReactNode;
}

/** Commands of what is inside answer only while something holds: that the focus is there, of a part of a page. */
export const CommandsWhile = ({ holds, children }: CommandsWhileProps) => (
  <While.Provider value={holds}>{children}</While.Provider>
);

/**
 * Registers commands for as long as the component is there. They may be made anew at every drawing: what runs is
 * always the latest, and the registry hears of it only when ids, titles, scopes or keys change.
 */
export function useCommands(commands: readonly Command[], within: Registry = registry): void {
  const holds = useContext(While);
  const latest = useRef(commands);
  latest.current = commands;
  const shape = JSON.stringify(
    commands.map(({ id, title, scope, keys, repeat }) => [id, title, scope, keys, repeat]),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape says when they are others
  const registered = useMemo(
    () => commands.map((command) => following(command.id, latest, holds)),
    [shape, holds],
  );
  useEffect(() => within.register(registered), [registered, within]);
}

/** A command that stays registered while what it does changes with every drawing. */
function following(
  id: string,
  latest: { readonly current: readonly Command[] },
  holds: () => boolean,
): Command {
  const now = () => latest.current.find((command) => command.id === id);
  const made = now();
  if (!made) throw new Error(`the command ${id} is not among those that are registered`);
  return {
    ...made,
    run: (event) => now()?.run(event),
    enabled: () => holds() && (now()?.enabled?.() ?? now() !== undefined),
  };
}

/** Return the commands there are now, drawn again whenever they or their keys change. */
export function useRegistered(within: Registry = registry): readonly Command[] {
  const version = useSyncExternalStore(within.subscribe, within.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when they are others
  return useMemo(() => within.commands, [version, within]);
}

/** The key of a command, as a small cap; nothing where it has none. For the inside of buttons and menu lines. */
export function Hint({ command }: { readonly command: string }) {
  const found = useRegistered().find(({ id }) => id === command);
  const [first] = found ? registry.keysOf(found) : [];
  return first === undefined ? null : <Kbd keys={shownKeys(first)} />;
}

/** Runs a command by its id, as its key would; false where it is absent or not enabled now. */
export const runCommand = (id: string): boolean => registry.run(id);
