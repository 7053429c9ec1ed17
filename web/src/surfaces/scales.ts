/** Scales of whole numbers: those that settings give, their levels, and the digit that means each. */

import { isRecord } from "@/engine/document/answer";
import type { Json } from "@/engine/document/values";

export interface Scale {
  readonly minimum: number;
  readonly maximum: number;
}

/** With more levels than this a number is written rather than picked. */
export const LEVELS_MAX = 21;

type Settings = Readonly<Record<string, Json>>;

/** Return the scale of a label: its own, or the tool's; null where the settings say that it has none. */
export function scaleOf(settings: Settings | undefined, label: string): Scale | null {
  const scales = settings?.scales;
  const own = isRecord(scales) ? scales[label] : undefined;
  if (own === null) return null;
  const from = isRecord(own) ? own : (settings ?? {});
  return { minimum: whole(from.minimum, 1), maximum: whole(from.maximum, 5) };
}

const whole = (found: Json | undefined, otherwise: number) =>
  typeof found === "number" ? Math.trunc(found) : otherwise;

export const levelsOf = ({ minimum, maximum }: Scale): readonly number[] =>
  Array.from({ length: Math.max(0, maximum - minimum + 1) }, (_, step) => minimum + step);

/** Return the digit key of a level: the level itself where digits can say every one, else its place from 1. */
export function digitOf({ minimum, maximum }: Scale, level: number): string | undefined {
  const digit = minimum >= 0 && maximum <= 9 ? level : level - minimum + 1;
  if (digit === 10) return "0";
  return digit >= 0 && digit <= 9 ? String(digit) : undefined;
}

/** Return the level that a digit key means on a scale. */
export const levelOf = (scale: Scale, digit: string): number | undefined =>
  levelsOf(scale).find((level) => digitOf(scale, level) === digit);
