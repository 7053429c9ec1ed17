/** How the page looks to this person: theme, contrast and motion, theirs or the system's. */

import { Persisted } from "./persisted";

export const THEMES = ["system", "dark", "light"] as const;
export const CONTRASTS = ["system", "more", "normal"] as const;
export const MOTIONS = ["system", "less", "normal"] as const;

export interface Appearance {
  readonly theme: (typeof THEMES)[number];
  readonly contrast: (typeof CONTRASTS)[number];
  readonly motion: (typeof MOTIONS)[number];
}

const QUERIES = {
  theme: "(prefers-color-scheme: dark)",
  contrast: "(prefers-contrast: more)",
  motion: "(prefers-reduced-motion: reduce)",
};

const among = <T extends string>(choices: readonly [T, ...T[]], found: unknown): T =>
  choices.find((choice) => choice === found) ?? choices[0];

export const appearance = new Persisted<Appearance>("annotary.appearance", (stored) => {
  const found: Record<string, unknown> = typeof stored === "object" && stored !== null ? { ...stored } : {};
  return {
    theme: among(THEMES, found.theme),
    contrast: among(CONTRASTS, found.contrast),
    motion: among(MOTIONS, found.motion),
  };
});

/** Return the theme that is shown, the system's choice resolved. */
export function shownTheme(): "dark" | "light" {
  const { theme } = appearance.get();
  return theme === "system" ? (matchMedia(QUERIES.theme).matches ? "dark" : "light") : theme;
}

/** Puts the appearance on the page and keeps it there while the person or the system changes it. */
export function keepAppearance(): void {
  const show = () => {
    const { contrast, motion } = appearance.get();
    const { dataset } = document.documentElement;
    const more = contrast === "system" ? matchMedia(QUERIES.contrast).matches : contrast === "more";
    const less = motion === "system" ? matchMedia(QUERIES.motion).matches : motion === "less";
    dataset.theme = shownTheme();
    dataset.contrast = more ? "more" : "normal";
    dataset.motion = less ? "less" : "normal";
  };
  show();
  appearance.subscribe(show);
  for (const query of Object.values(QUERIES)) matchMedia(query).addEventListener("change", show);
}
