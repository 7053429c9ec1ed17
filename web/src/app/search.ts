/** How well a line answers what somebody types: letters in order, better at the starts of words. */

const START = 8;
const NEXT = 4;
const ANYWHERE = 1;

/** Return a score, higher for better, or null where the letters are not all there in order. */
export function match(line: string, typed: string): number | null {
  const letters = Array.from(typed.toLowerCase().replace(/\s+/g, ""));
  const text = Array.from(line.toLowerCase());
  let score = 0;
  let before = -1;
  for (const letter of letters) {
    const at = bestPlace(text, letter, before + 1);
    if (at < 0) return null;
    score += at === before + 1 && before >= 0 ? NEXT : isStart(text, at) ? START : ANYWHERE;
    before = at;
  }
  return score - text.length / 1000;
}

/** Return where a letter is: right here, else at the next start of a word, else wherever it comes first. */
function bestPlace(text: readonly string[], letter: string, from: number): number {
  if (text[from] === letter) return from;
  const start = text.findIndex((one, at) => at >= from && one === letter && isStart(text, at));
  return start >= 0 ? start : text.indexOf(letter, from);
}

const isStart = (text: readonly string[], at: number) =>
  at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? "");

/** Return the lines that match, the best first; all of them, in their order, where nothing is typed. */
export function found<T>(lines: readonly T[], typed: string, words: (line: T) => string): readonly T[] {
  if (!typed.trim()) return lines;
  return lines
    .map((line) => ({ line, score: match(words(line), typed) }))
    .filter((one): one is { line: T; score: number } => one.score !== null)
    .sort((one, other) => other.score - one.score)
    .map(({ line }) => line);
}
