/** A choice that takes effect as it is made: the keys walk through it, and only what is wanted last is done. */

import { useRef, useState } from "react";
import { Select } from "./field";

export interface ChoiceInPlaceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [value: T, words: string])[];
  readonly disabled?: boolean;
  readonly className?: string;
  /** Does it, and says so where it could not. */
  readonly onChange: (value: T) => Promise<unknown>;
}

export function ChoiceInPlace<T extends string>(props: ChoiceInPlaceProps<T>) {
  const { label, value, choices, disabled = false, className, onChange } = props;
  const [shown, setShown] = useState<T | null>(null);
  const wanted = useRef<T | null>(null);
  const busy = useRef(false);
  const choose = async (chosen: T | undefined) => {
    if (chosen === undefined) return;
    setShown(chosen);
    wanted.current = chosen;
    if (busy.current) return;
    busy.current = true;
    while (wanted.current !== null) {
      const next: T = wanted.current;
      await onChange(next);
      // Others came meanwhile: the last of them counts.
      if (wanted.current === next) wanted.current = null;
    }
    busy.current = false;
    setShown(null);
  };
  return (
    <Select
      aria-label={label}
      disabled={disabled}
      value={shown ?? value}
      onChange={(event) => void choose(choices.find(([one]) => one === event.currentTarget.value)?.[0])}
      className={className ?? "w-36"}
    >
      {choices.map(([one, words]) => (
        <option key={one} value={one}>
          {words}
        </option>
      ))}
    </Select>
  );
}
