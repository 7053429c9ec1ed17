/** COCO's run-length encoding of a mask, as run lengths and as text (maskApi.c, rleToString and rleFrString). */

// The text has six bits a character, from "0" on: five of the number, and one for more to come.
const FIRST = 48;
const MORE = 0x20;
const SIGN = 0x10;
const BITS = 5;

/** Run lengths in a compressed text, in turn outside and inside the mask; null for what is no such text. */
export function decodeCounts(text: string): number[] | null {
  const counts: number[] = [];
  let number = 0;
  let shift = 0;
  for (let at = 0; at < text.length; at++) {
    const bits = text.charCodeAt(at) - FIRST;
    if (bits < 0 || bits > 63 || shift > 30) return null;
    // Multiplied, since shifting by 30 bits would run into the sign of a 32-bit number.
    number += (bits & (MORE - 1)) * 2 ** shift;
    shift += BITS;
    if (bits & MORE) continue;
    if (bits & SIGN) number -= 2 ** shift;
    counts.push(counts.length > 2 ? number + (counts.at(-2) ?? 0) : number);
    number = 0;
    shift = 0;
  }
  return shift === 0 && counts.every((count) => count >= 0) ? counts : null;
}

/** Run lengths as compressed text; from the fourth on a number is the difference to the one two before it. */
export function encodeCounts(counts: readonly number[]): string {
  const written: string[] = [];
  counts.forEach((count, at) => {
    let number = at > 2 ? count - (counts[at - 2] ?? 0) : count;
    for (;;) {
      const bits = number & (MORE - 1);
      number >>= BITS;
      const last = number === (bits & SIGN ? -1 : 0);
      written.push(String.fromCharCode((last ? bits : bits | MORE) + FIRST));
      if (last) break;
    }
  });
  return written.join("");
}
