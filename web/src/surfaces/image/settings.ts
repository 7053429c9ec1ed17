/** How this person likes to see images: kept in their browser. */

import { Persisted } from "@/app/persisted";

export interface ImageSettings {
  /** Of the image, 1 as it is. */
  readonly brightness: number;
  readonly contrast: number;
  /** Of fills, 0 to 1. */
  readonly opacity: number;
  readonly patterns: boolean;
  readonly letters: boolean;
  readonly snaps: boolean;
  readonly magnifies: boolean;
}

export const DEFAULTS: ImageSettings = {
  brightness: 1,
  contrast: 1,
  opacity: 0.14,
  patterns: false,
  letters: true,
  snaps: false,
  magnifies: false,
};

export const imageSettings = new Persisted<ImageSettings>("annotary.image", (stored) => {
  const found = typeof stored === "object" && stored !== null ? stored : {};
  const kept = Object.entries(found).filter(
    ([name, value]) => Object.hasOwn(DEFAULTS, name) && typeof value === typeof Reflect.get(DEFAULTS, name),
  );
  return { ...DEFAULTS, ...Object.fromEntries(kept) };
});
