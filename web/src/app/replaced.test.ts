/** A page whose parts are gone is loaded again, once. */

import { expect, test, vi } from "vitest";
import { reloadWhenReplaced } from "./replaced";

test("it reloads once, and lets the error be shown when that did not help", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  const reload = vi.fn();
  reloadWhenReplaced(storage, reload);
  const failed = () => new Event("vite:preloadError", { cancelable: true });
  expect(dispatchEvent(failed())).toBe(false);
  expect(dispatchEvent(failed())).toBe(true);
  expect(reload).toHaveBeenCalledTimes(1);
});
