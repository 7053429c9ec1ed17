/** The one registry of commands: who answers a key now, what each key is called, who is in whose way. */

import { chord, chordsOf } from "./chord";
import { typedInto } from "./typing";

/** Where a command is at home. The further right, the nearer to the hand: it is asked first. */
export const SCOPES = ["app", "page", "surface", "tool", "dialog"] as const;
export type Scope = (typeof SCOPES)[number];

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly scope: Scope;
  /** The keys it has unless a preset or the person says otherwise: "ctrl+enter", "shift+d", "?". */
  readonly keys: readonly string[];
  readonly run: (event?: KeyboardEvent) => void;
  readonly enabled?: () => boolean;
  /** Runs again and again while the key is held. */
  readonly repeat?: boolean;
}

/** Keys by command id, in place of a command's own; an empty list takes its keys away. */
export type KeyMap = Readonly<Record<string, readonly string[]>>;

/** A chord that two commands of one scope claim. */
export interface Conflict {
  readonly chord: string;
  readonly scope: Scope;
  readonly ids: readonly string[];
}

export class Registry {
  private groups: (readonly Command[])[] = [];
  private readonly listeners = new Set<() => void>();
  private modals = 0;
  private map: KeyMap = {};
  private changes = 0;

  /** Adds commands; what is returned takes them away again. Of two for a key, the later one is asked first. */
  register(commands: readonly Command[]): () => void {
    for (const command of commands) command.keys.forEach(chord);
    this.groups = [...this.groups, commands];
    this.changed();
    return () => {
      this.groups = this.groups.filter((group) => group !== commands);
      this.changed();
    };
  }

  /** Says that a dialog is open: until what is returned is called, only commands of dialogs answer. */
  openModal(): () => void {
    this.modals += 1;
    let open = true;
    return () => {
      if (open) this.modals -= 1;
      open = false;
    };
  }

  /** Takes the keys of the preset and the person. */
  remap(map: KeyMap): void {
    this.map = map;
    this.changed();
  }

  /** Return every command there is now, each id once (the latest), in the order they came. */
  get commands(): readonly Command[] {
    const byId = new Map<string, Command>();
    for (const command of this.groups.flat()) byId.set(command.id, command);
    return [...byId.values()];
  }

  /** Return the chords a command answers to. */
  keysOf(command: Pick<Command, "id" | "keys">): readonly string[] {
    return (this.map[command.id] ?? command.keys).map(chord);
  }

  find(id: string): Command | undefined {
    return this.commands.find((command) => command.id === id);
  }

  /** Runs a command by its id, as a button or the palette does; false where it is absent or not enabled. */
  run(id: string): boolean {
    const command = this.find(id);
    if (!command || command.enabled?.() === false) return false;
    command.run();
    return true;
  }

  /** Answers a key event; true where a command took it, and then the browser's own action is prevented. */
  handle(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || event.isComposing || event.getModifierState?.("AltGraph")) return false;
    for (const pressed of chordsOf(event)) {
      if (typedInto(event, pressed)) continue;
      const command = this.answering(pressed);
      if (!command) continue;
      event.preventDefault();
      if (!event.repeat || command.repeat) command.run(event);
      return true;
    }
    return false;
  }

  /** Return the command that a chord reaches now. */
  answering(pressed: string): Command | undefined {
    const scopes = this.modals > 0 ? (["dialog"] as const) : [...SCOPES].reverse();
    const all = this.groups.flat().reverse();
    for (const scope of scopes) {
      const found = all.find(
        (command) =>
          command.scope === scope && this.keysOf(command).includes(pressed) && command.enabled?.() !== false,
      );
      if (found) return found;
    }
    return undefined;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Return a number that grows with every change, for whoever draws what is registered. */
  version = (): number => this.changes;

  private changed(): void {
    this.changes += 1;
    for (const listener of this.listeners) listener();
  }
}

/** Return the chords that several commands of one scope claim under a map. */
export function conflicts(
  commands: readonly Pick<Command, "id" | "scope" | "keys">[],
  map: KeyMap = {},
): readonly Conflict[] {
  const claimed = new Map<string, { chord: string; scope: Scope; ids: Set<string> }>();
  for (const { id, scope, keys } of commands)
    for (const key of (map[id] ?? keys).map(chord)) {
      const place = `${scope} ${key}`;
      const claim = claimed.get(place) ?? { chord: key, scope, ids: new Set<string>() };
      claim.ids.add(id);
      claimed.set(place, claim);
    }
  return [...claimed.values()]
    .filter(({ ids }) => ids.size > 1)
    .map(({ chord: key, scope, ids }) => ({ chord: key, scope, ids: [...ids] }));
}
