/** What every form has: a heading, and keys that work while it has the focus, or leads and nothing else has. */

import { type ReactNode, type RefObject, useId } from "react";
import { type Command, useCommands } from "@/app/commands";
import { classes } from "@/kit/classes";
import { Kbd } from "@/kit/kbd";
import { editorsFor } from "./registry";
import type { FormProps } from "./surface";

export type FormCommand = Omit<Command, "scope">;

export interface FormFrameProps {
  readonly tool: string;
  readonly title: string;
  /** What is still to be done, or what the form is about. */
  readonly said?: ReactNode;
  readonly box: RefObject<HTMLElement | null>;
  readonly className?: string;
  readonly children: ReactNode;
}

export function FormFrame({ tool, title, said, box, className, children }: FormFrameProps) {
  const id = useId();
  return (
    <section
      ref={box}
      data-form={tool}
      aria-labelledby={id}
      className={classes("flex flex-col gap-2", className)}
    >
      <header className="flex items-baseline justify-between gap-3">
        <h2 id={id} className="font-semibold text-base">
          {title}
        </h2>
        {said && <p className="text-quiet text-sm">{said}</p>}
      </header>
      {children}
    </section>
  );
}

/** Registers a form's keys. They are the tool's, so that they come before those of the page. */
export function useFormCommands(
  { tool, task, definition, readOnly }: FormProps,
  box: RefObject<HTMLElement | null>,
  commands: readonly FormCommand[],
): void {
  const editors = editorsFor(definition, task.modality);
  // Where something is drawn, keys are for that until the form is gone into.
  const leads = editors[0]?.tool === tool && !editors.some(({ place }) => place === "surface");
  const answers = () => {
    const form = document.activeElement?.closest("[data-form]");
    return form ? form === box.current : leads;
  };
  useCommands(
    commands.map(({ enabled, ...command }) => ({
      ...command,
      id: `${tool}-${command.id}`,
      scope: "tool",
      enabled: () => !readOnly && answers() && (enabled?.() ?? true),
    })),
  );
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];

/** Return a command for each digit. */
export const digitCommands = (title: string, run: (digit: string) => void): readonly FormCommand[] =>
  DIGITS.map((digit) => ({ id: digit, title: `${title} ${digit}`, keys: [digit], run: () => run(digit) }));

/** Return the commands that go on and back, one at a time. */
export const stepCommands = (
  next: string,
  previous: string,
  go: (by: 1 | -1) => void,
): readonly FormCommand[] => [
  { id: "next", title: next, keys: ["j", "down"], run: () => go(1), repeat: true },
  { id: "previous", title: previous, keys: ["k", "up"], run: () => go(-1), repeat: true },
];

export interface KeyHintsProps {
  readonly hints: readonly (readonly [keys: readonly string[], words: string])[];
}

/** The keys of a form, in a line below it; where there is no keyboard there is no line. */
export const KeyHints = ({ hints }: KeyHintsProps) => (
  <p className="flex flex-wrap gap-x-4 gap-y-1 text-quiet text-xs max-sm:hidden">
    {hints.map(([keys, words]) => (
      <span key={words} className="inline-flex items-center gap-1.5">
        <Kbd keys={keys} /> {words}
      </span>
    ))}
  </p>
);
