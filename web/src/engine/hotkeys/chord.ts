/** Chords: what a key combination is called, and which names a key event answers to. */

/** What a chord is made from; every `KeyboardEvent` has it. */
export interface KeyPress {
  readonly key: string;
  readonly code?: string;
  readonly ctrlKey?: boolean;
  readonly metaKey?: boolean;
  readonly altKey?: boolean;
  readonly shiftKey?: boolean;
}

const MODIFIERS = ["ctrl", "alt", "shift"] as const;
type Modifier = (typeof MODIFIERS)[number];

const ALIASES: Readonly<Record<string, string>> = {
  control: "ctrl",
  cmd: "ctrl",
  meta: "ctrl",
  option: "alt",
  esc: "escape",
  return: "enter",
  del: "delete",
  " ": "space",
  plus: "+",
  left: "arrowleft",
  right: "arrowright",
  up: "arrowup",
  down: "arrowdown",
};

const SHOWN: Readonly<Record<string, string>> = {
  ctrl: "Ctrl",
  alt: "Alt",
  shift: "Shift",
  space: "Space",
  escape: "Esc",
  enter: "Enter",
  delete: "Del",
  backspace: "⌫",
  tab: "Tab",
  arrowleft: "←",
  arrowright: "→",
  arrowup: "↑",
  arrowdown: "↓",
  pageup: "PgUp",
  pagedown: "PgDn",
};

/** A chord that names no key, or a modifier twice. */
export class BadChord extends Error {
  constructor(text: string) {
    super(`"${text}" names no key: write it like "ctrl+enter", "shift+d" or "?"`);
  }
}

const isModifier = (word: string): word is Modifier => MODIFIERS.some((name) => name === word);

/** Return a chord in its one spelling: modifiers in order, the key in lower case; throws `BadChord`. */
export function chord(text: string): string {
  const whole = text === " " ? "space" : text.trim().toLowerCase();
  // The plus sign joins, so that as a key it stands last: "ctrl++".
  const words = whole.endsWith("+")
    ? [...whole.slice(0, -1).split("+").filter(Boolean), "+"]
    : whole.split("+");
  const named = words.map((word) => ALIASES[word] ?? word);
  const key = named.pop();
  if (!key || isModifier(key) || !named.every(isModifier) || new Set(named).size < named.length)
    throw new BadChord(text);
  return join(named, key);
}

/** Return the chords that a key event answers to, the most literal first; none while only a modifier is down. */
export function chordsOf(press: KeyPress): readonly string[] {
  const key = ALIASES[press.key.toLowerCase()] ?? press.key.toLowerCase();
  if (["ctrl", "alt", "shift", "altgraph", "dead", "process", "unidentified"].includes(key)) return [];
  const held = MODIFIERS.filter((name) =>
    name === "ctrl" ? press.ctrlKey || press.metaKey : name === "alt" ? press.altKey : press.shiftKey,
  );
  const found = [join(held, key)];
  // "?" already says that Shift is down, on whichever layout it needs it.
  if (key.length === 1 && !/[\p{L}\p{N} ]/u.test(key)) found.push(join(without(held, "shift"), key));
  const physical = /^(?:Key|Digit)(.)$/.exec(press.code ?? "")?.[1]?.toLowerCase();
  // The place on the keyboard stands in for layouts without Latin letters, and for digits under Shift.
  if (physical && !/^[a-z0-9]$/.test(key)) found.push(join(held, physical));
  return [...new Set(found)];
}

/** Return the parts of a chord as people know them: `["Ctrl", "Enter"]`. */
export function shownKeys(text: string): readonly string[] {
  const key = text.endsWith("+") ? "+" : (text.split("+").at(-1) ?? "");
  const held = text
    .slice(0, text.length - key.length)
    .split("+")
    .filter(Boolean);
  return [...held, key].map(
    (word) => SHOWN[word] ?? (word.length === 1 ? word.toUpperCase() : capital(word)),
  );
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const without = (held: readonly Modifier[], name: Modifier) => held.filter((one) => one !== name);
const join = (held: readonly Modifier[], key: string) =>
  [...MODIFIERS.filter((name) => held.includes(name)), key].join("+");
