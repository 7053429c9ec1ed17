/** Skill in a word. */

import { t } from "@/app/words";
import type { Tone } from "../work/told";

/** Return what is known of somebody's skill, in a word; the numbers stand on the project's overview. */
export function skillWord(skill: number | null | undefined): { readonly words: string; readonly tone: Tone } {
  if (skill === null || skill === undefined) return { words: t("Not known yet"), tone: "plain" };
  if (skill >= 0.9) return { words: t("Very good"), tone: "good" };
  if (skill >= 0.75) return { words: t("Good"), tone: "good" };
  if (skill >= 0.6) return { words: t("Fair"), tone: "warn" };
  return { words: t("Weak"), tone: "bad" };
}
