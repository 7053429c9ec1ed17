/** Values of answers in a few words, the same words for the same value. Pure. */

import { t } from "@/app/words";
import { isRecord } from "@/engine/document/answer";
import type { Attributes, Json, Mark, ToolName } from "@/engine/document/values";

const EXCERPT_CHARACTERS = 60;

/** Return what attributes say: `colour red, parked`. */
export const wordsOfAttributes = (attributes: Attributes): string =>
  Object.entries(attributes)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, value]) =>
      value === true ? name : value === false ? t("not {name}", { name }) : `${name} ${shown(value)}`,
    )
    .join(", ");

const shown = (value: Json): string => (Array.isArray(value) ? value.map(String).join(" + ") : String(value));

export function wordsOfPreference(value: Json): string {
  if (!isRecord(value)) return wordsOfValue(value);
  const { choice, strength } = value;
  if (choice === "tie") return t("Tie");
  const name = String(choice).toUpperCase();
  return typeof strength === "number" ? t("{name}, by {strength}", { name, strength }) : name;
}

/** Return an order from best to worst, candidates counted from 1 as the screen does: `2 › 1 = 3`. */
export function wordsOfRanking(value: Json): string {
  if (!isRecord(value) || !Array.isArray(value.tiers)) return wordsOfValue(value);
  const tiers = value.tiers.map((tier) => (Array.isArray(tier) ? tier : [tier]));
  return tiers.map((tier) => tier.map((one) => Number(one) + 1).join(" = ")).join(" › ");
}

export function wordsOfValue(value: Json): string {
  const text = isRecord(value) && typeof value.text === "string" ? value.text : value;
  return typeof text === "string" || typeof text === "number" ? String(text) : JSON.stringify(text);
}

/** Return the words of a text that a mark is about, offsets in code points; nothing where it is about none. */
export function excerptOf(text: Json | undefined, { geometry }: Mark): string {
  const { start, end } = geometry;
  if (typeof text !== "string" || typeof start !== "number" || typeof end !== "number") return "";
  const words = Array.from(text.slice(0, 2 * end)).slice(start, end);
  return words.length > EXCERPT_CHARACTERS
    ? `${words.slice(0, EXCERPT_CHARACTERS).join("")}…`
    : words.join("");
}

/** Return what a tool is called. */
export const toolWords = (tool: ToolName): string => t(tool.replaceAll("_", " "));
