/** Colours of the theme as the canvas needs them. */

import type { Palette } from "@/engine/stage/overlay";
import { useThemeColours } from "@/kit/theme_colours";

const NAMES = ["accent", "bad", "warn", "quiet"] as const;

export const usePalette = (): Palette => useThemeColours(NAMES);
