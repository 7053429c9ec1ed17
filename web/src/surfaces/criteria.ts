/** The criteria of a rubric: what can be scored, and the weighted total of the scores. */

import { isRecord } from "@/engine/document/answer";
import type { Json } from "@/engine/document/values";
import { digitOf, levelsOf, type Scale } from "./scales";

export interface Criterion {
  readonly name: string;
  readonly description: string;
  readonly weight: number;
  readonly required: boolean;
  /** One of the two. Choices run from the worst to the best. */
  readonly scale: Scale | null;
  readonly choices: readonly string[];
}

export function criteriaOf(found: Json | undefined): readonly Criterion[] {
  if (!Array.isArray(found)) return [];
  return found.flatMap((one: Json) => {
    if (!isRecord(one) || typeof one.name !== "string") return [];
    const [minimum, maximum] = Array.isArray(one.scale) ? one.scale : [];
    const scale = typeof minimum === "number" && typeof maximum === "number" ? { minimum, maximum } : null;
    return [
      {
        name: one.name,
        description: typeof one.description === "string" ? one.description : "",
        weight: typeof one.weight === "number" ? one.weight : 1,
        required: one.required !== false,
        scale,
        choices: Array.isArray(one.choices) ? one.choices.map(String) : [],
      },
    ];
  });
}

export interface ScoreOption {
  readonly value: string | number;
  readonly words: string;
  readonly digit: string | undefined;
}

export function optionsOf({ scale, choices }: Criterion): readonly ScoreOption[] {
  if (scale)
    return levelsOf(scale).map((level) => ({
      value: level,
      words: String(level),
      digit: digitOf(scale, level),
    }));
  return choices.map((choice, at) => ({
    value: choice,
    words: choice,
    digit: at < 9 ? String(at + 1) : undefined,
  }));
}

/**
 * Return the weighted total of what is scored, from 0 to 1; undefined where nothing is. A score counts by its place
 * between the worst and the best: sum(weight * place) / sum(weight).
 */
export function totalOf(
  criteria: readonly Criterion[],
  scores: Readonly<Record<string, Json>>,
): number | undefined {
  let [sum, weights] = [0, 0];
  for (const criterion of criteria) {
    const options = optionsOf(criterion);
    const at = options.findIndex(({ value }) => value === scores[criterion.name]);
    if (at < 0) continue;
    sum += criterion.weight * (options.length > 1 ? at / (options.length - 1) : 1);
    weights += criterion.weight;
  }
  return weights > 0 ? sum / weights : undefined;
}
