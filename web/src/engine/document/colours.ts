/** How labels are told apart: a colour, a letter or two, and a pattern for eyes that colours do not help. */

import type { Label } from "./values";

export interface Sign {
  readonly colour: string;
  /** One to three letters that no other label of the definition has. */
  readonly letters: string;
  /** Which of the patterns of a fill. */
  readonly pattern: number;
}

// Chosen to be told apart with any kind of colour vision and on photographs (after Okabe and Ito 2008).
const PALETTE = [
  "#ff9f1c",
  "#4cc9f0",
  "#06d6a0",
  "#f15bb5",
  "#ffe45e",
  "#9b8cff",
  "#ef6351",
  "#80b918",
  "#00b4d8",
  "#d4a373",
  "#c77dff",
  "#2ec4b6",
] as const;

const UNKNOWN: Sign = { colour: "#c9d1cf", letters: "?", pattern: 0 };
const LETTERS_MAX = 3;

const made = new WeakMap<readonly Label[], (label: string) => Sign>();

/** Return the signs of labels, retired ones included, since old answers have them. */
export function signsOf(labels: readonly Label[] = []): (label: string) => Sign {
  const known = made.get(labels) ?? signsFor(labels);
  made.set(labels, known);
  return known;
}

function signsFor(labels: readonly Label[]): (label: string) => Sign {
  const taken = new Set<string>();
  const signs = new Map<string, Sign>();
  labels.forEach(({ name, colour }, index) => {
    const letters = lettersOf(name, index, taken);
    taken.add(letters);
    signs.set(name, {
      colour: colour ?? PALETTE[index % PALETTE.length] ?? UNKNOWN.colour,
      letters,
      pattern: index,
    });
  });
  return (label) => signs.get(label) ?? UNKNOWN;
}

function lettersOf(name: string, index: number, taken: ReadonlySet<string>): string {
  const [first = "?", ...rest] = Array.from(name.normalize("NFC").toUpperCase()).filter(
    (one) => one.trim() !== "",
  );
  const candidates = [first, ...rest.map((second) => first + second)];
  return candidates.find((one) => !taken.has(one)) ?? String(index + 1).slice(0, LETTERS_MAX);
}

/** Black or white, whichever can be read on a colour (WCAG 2.2, relative luminance). */
export function inkOn(colour: string): "#000000" | "#ffffff" {
  const channels = /^#(..)(..)(..)$/.exec(colour)?.slice(1) ?? [];
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const share = Number.parseInt(channel, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}
