/** One rating: its levels in a row, or a number to write where there are many. */

import { Input } from "@/kit/field";
import { OptionRow } from "./option_row";
import { digitOf, LEVELS_MAX, levelsOf, type Scale } from "./scales";

export interface LevelRowProps {
  readonly label: string;
  readonly scale: Scale;
  readonly level: number | undefined;
  readonly rate: (level: number | undefined) => void;
  readonly readOnly: boolean;
}

export function LevelRow({ label, scale, level, rate, readOnly }: LevelRowProps) {
  const levels = levelsOf(scale);
  if (levels.length > LEVELS_MAX)
    return (
      <Input
        type="number"
        aria-label={label}
        min={scale.minimum}
        max={scale.maximum}
        step={1}
        value={level ?? ""}
        readOnly={readOnly}
        onChange={(event) =>
          rate(event.target.value === "" ? undefined : Math.trunc(Number(event.target.value)))
        }
        className="w-28"
      />
    );
  return (
    <OptionRow
      label={label}
      options={levels.map((value) => ({ value, words: String(value), digit: digitOf(scale, value) }))}
      chosen={level}
      pick={(value) => rate(value === level ? undefined : value)}
      readOnly={readOnly}
    />
  );
}
