/** A row of options of which one is chosen: levels of a scale, choices, strengths. One tab stop; arrows move. */

import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { classes } from "@/kit/classes";

export interface Option<T> {
  readonly value: T;
  readonly words: ReactNode;
  /** For screen readers, where the words alone say too little. */
  readonly name?: string;
  /** The digit or letter that picks it. */
  readonly digit?: string | undefined;
}

export interface OptionRowProps<T> {
  readonly label: string;
  readonly options: readonly Option<T>[];
  readonly chosen: T | undefined;
  readonly pick: (value: T) => void;
  readonly readOnly?: boolean;
  readonly className?: string;
  readonly optionClassName?: string;
}

export function OptionRow<T extends string | number>(props: OptionRowProps<T>) {
  const { label, options, chosen, pick, readOnly = false, className, optionClassName } = props;
  const row = useRef<HTMLDivElement>(null);
  const stop = Math.max(
    0,
    options.findIndex(({ value }) => value === chosen),
  );
  return (
    <div
      ref={row}
      role="radiogroup"
      aria-label={label}
      onKeyDown={(event) => step(row.current, event)}
      className={classes("flex flex-wrap gap-1", className)}
    >
      {options.map(({ value, words, name, digit }, at) => (
        // biome-ignore lint/a11y/useSemanticElements: a button can be styled whole
        <button
          key={value}
          type="button"
          role="radio"
          aria-checked={value === chosen}
          aria-label={name}
          aria-keyshortcuts={digit}
          disabled={readOnly}
          tabIndex={at === stop ? 0 : -1}
          onClick={() => pick(value)}
          className={classes(
            "relative flex min-h-9 min-w-9 items-center justify-center rounded-md border px-2.5 font-medium text-base transition-colors duration-75",
            value === chosen
              ? "border-accent bg-accent text-on-accent"
              : "border-line bg-raised text-ink enabled:hover:border-line-strong enabled:hover:bg-hover",
            optionClassName,
          )}
        >
          {words}
        </button>
      ))}
    </div>
  );
}

/** The focus goes to the next option or back; picking is for Enter and Space, so that looking changes nothing. */
function step(row: HTMLElement | null, event: KeyboardEvent): void {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!by || !row || event.ctrlKey || event.altKey || event.shiftKey) return;
  const options: Element[] = Array.from(row.querySelectorAll("[role=radio]"));
  const at = document.activeElement ? options.indexOf(document.activeElement) : -1;
  const next = options[(at + by + options.length) % options.length];
  if (next instanceof HTMLElement) next.focus();
  event.preventDefault();
  event.stopPropagation();
}
