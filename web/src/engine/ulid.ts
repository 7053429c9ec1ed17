/** Identifiers made in the browser (ULID): sortable by time, and random enough to be made anywhere. */

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_LETTERS = 10;
const RANDOM_LETTERS = 16;

/**
 * Return a new ULID of 26 letters (github.com/ulid/spec). It asks for `getRandomValues` only, because browsers have
 * `randomUUID` on https and localhost alone.
 */
export function ulid(milliseconds: number = Date.now()): string {
  let time = "";
  for (let rest = milliseconds, place = 0; place < TIME_LETTERS; place += 1, rest = Math.floor(rest / 32))
    time = LETTERS.charAt(rest % 32) + time;
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_LETTERS));
  return time + Array.from(random, (byte) => LETTERS.charAt(byte % 32)).join("");
}
