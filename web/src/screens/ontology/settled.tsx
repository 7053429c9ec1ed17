/** Fields whose value counts when they are left or confirmed: what was typed is one step, and Escape takes it back. */

import { type KeyboardEvent, useEffect, useState } from "react";
import { Field, Input, TextArea } from "@/kit/field";

export interface SettledProps {
  readonly label: string;
  readonly value: string;
  /** Takes the value; returns in words why it cannot be, or null. */
  readonly settle: (value: string) => string | null;
  readonly hint?: string;
  readonly disabled?: boolean;
  readonly long?: boolean;
  readonly mono?: boolean;
  readonly type?: "text" | "number";
  readonly maxLength?: number;
  readonly placeholder?: string;
}

/** Return what a field shows while it is typed into, and what its keys and leaving it do. */
export function useSettled(value: string, settle: (value: string) => string | null, long = false) {
  const [text, setText] = useState(value);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    setText(value);
    setError(null);
  }, [value]);
  const done = () => {
    if (text === value) return setError(null);
    setError(settle(text));
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !long) {
      event.preventDefault();
      done();
    }
    if (event.key === "Escape" && text !== value) {
      event.stopPropagation();
      setText(value);
      setError(null);
    }
  };
  return { text, setText, error, done, pressed };
}

export function Settled({ label, value, settle, hint, long = false, mono, ...rest }: SettledProps) {
  const { text, setText, error, done, pressed } = useSettled(value, settle, long);
  const Part = long ? TextArea : Input;
  return (
    <Field label={label} hint={hint} error={error ?? undefined}>
      {(links) => (
        <Part
          {...links}
          {...(rest as object)}
          value={text}
          spellCheck={mono ? false : undefined}
          autoComplete="off"
          className={mono ? "font-mono text-sm!" : undefined}
          onChange={(event: { target: { value: string } }) => setText(event.target.value)}
          onBlur={done}
          onKeyDown={pressed}
        />
      )}
    </Field>
  );
}
