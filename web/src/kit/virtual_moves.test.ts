/** Keys in endless rows: where they lead, and that they never leave what there is. */

import { describe, expect, it } from "vitest";
import { between, moved } from "./virtual_moves";

const KEYS = ["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "PageDown", "PageUp", "Home", "End"];

describe("keys in endless rows", () => {
  it("never leave what there is, wherever they stand", () => {
    for (const count of [1, 2, 7, 30])
      for (const across of [1, 3, 5])
        for (let at = 0; at < count; at += 1)
          for (const key of KEYS) {
            const to = moved(key, at, { count, across, page: across * 2 }) ?? at;
            expect(to, `${key} from ${at} of ${count}`).toBeGreaterThanOrEqual(0);
            expect(to, `${key} from ${at} of ${count}`).toBeLessThan(count);
          }
  });

  it("keep the column at either end, and go to the end with a page", () => {
    const extent = { count: 10, across: 4, page: 8 };
    expect(moved("ArrowUp", 2, extent)).toBe(2);
    expect(moved("ArrowDown", 7, extent)).toBe(7);
    expect(moved("ArrowDown", 5, extent)).toBe(9);
    expect(moved("PageDown", 5, extent)).toBe(9);
    expect(moved("End", 0, extent)).toBe(9);
  });

  it("leave other keys alone, and the arrows to the side in rows", () => {
    expect(moved("x", 0, { count: 3, across: 1, page: 1 })).toBeNull();
    expect(moved("ArrowRight", 0, { count: 3, across: 1, page: 1 })).toBeNull();
    expect(moved("End", 0, { count: 0, across: 1, page: 1 })).toBeNull();
  });

  it("a stretch has its ends in order", () => expect(between(7, 3)).toEqual({ from: 3, to: 7 }));
});
