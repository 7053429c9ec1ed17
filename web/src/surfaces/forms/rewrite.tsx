/** A text written anew, with what it changes shown beside it. */

import { useDeferredValue, useMemo, useRef } from "react";
import { t } from "@/app/words";
import { isRecord } from "@/engine/document/answer";
import type { Json } from "@/engine/document/values";
import { difference } from "@/engine/text/difference";
import { Offsets } from "@/engine/text/offsets";
import { Button } from "@/kit/button";
import { classes } from "@/kit/classes";
import { TextArea } from "@/kit/field";
import { Differing } from "../differing";
import { FormFrame, useFormCommands } from "../form_frame";
import type { FormProps } from "../surface";
import { Prompt, Prose } from "../text/item_reading";

export default function RewriteForm(props: FormProps) {
  const { tool, task, definition, document, perform, readOnly, announce } = props;
  const box = useRef<HTMLElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  // A text area knows only \n, and so does what is stored.
  const original = typeof task.item.text === "string" ? task.item.text.replace(/\r\n?/g, "\n") : undefined;
  const written = writtenIn(document.forms[tool]);
  const text = written ?? original ?? "";
  const limits = limitsOf(definition.tools[tool] ?? {});
  const write = (value: string) => {
    // Words are undone one by one.
    perform({ kind: "fill", tool, value: { text: value } }, `${tool} ${value.split(/\s+/).length}`);
  };
  const reset = () => {
    perform({ kind: "fill", tool, value: undefined });
    announce(original === undefined ? t("Empty again") : t("As it was"));
  };
  useFormCommands(props, box, [
    { id: "write", title: t("Write"), keys: ["e", "enter"], run: () => field.current?.focus() },
    {
      id: "reset",
      title: t("Back to the original"),
      keys: ["ctrl+alt+r"],
      enabled: () => written !== undefined,
      run: reset,
    },
  ]);
  return (
    <div className="flex min-h-full flex-col">
      {task.item.prompt !== undefined && <Prompt prompt={task.item.prompt} />}
      <div className="mx-auto w-full max-w-[140ch] flex-1 p-4 sm:p-6">
        <FormFrame
          tool={tool}
          title={original === undefined ? t("Write a reply") : t("Rewrite")}
          box={box}
          className="gap-3"
        >
          <div className={classes("grid gap-4", original !== undefined && "lg:grid-cols-2")}>
            <div className="flex min-w-0 flex-col gap-2">
              <TextArea
                ref={field}
                dir="auto"
                aria-label={original === undefined ? t("Your reply") : t("The rewritten text")}
                value={text}
                readOnly={readOnly}
                spellCheck
                onChange={(event) => write(event.target.value)}
                className="field-sizing-content min-h-60 p-4! text-lg! leading-relaxed!"
              />
              <Foot {...{ text, written, original, limits, readOnly, reset }} keep={() => write(text)} />
            </div>
            {original !== undefined && <Changes before={original} after={text} />}
          </div>
        </FormFrame>
      </div>
    </div>
  );
}

const writtenIn = (value: Json | undefined): string | undefined =>
  isRecord(value) && typeof value.text === "string" ? value.text : undefined;

interface Limits {
  readonly least: number;
  readonly most: number;
  /** Whether the original may be given back. */
  readonly unchanged: boolean;
}

function limitsOf(settings: Readonly<Record<string, Json>>): Limits {
  const { characters_min: least, characters_max: most, unchanged } = settings;
  return {
    least: typeof least === "number" ? least : 1,
    most: typeof most === "number" ? most : 20_000,
    unchanged: unchanged !== false,
  };
}

interface FootProps {
  readonly text: string;
  readonly written: string | undefined;
  readonly original: string | undefined;
  readonly limits: Limits;
  readonly readOnly: boolean;
  readonly reset: () => void;
  readonly keep: () => void;
}

function Foot({ text, written, original, limits, readOnly, reset, keep }: FootProps) {
  const count = useMemo(() => new Offsets(text).points, [text]);
  const wrong = wrongWith(text, count, original, limits);
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <p
        aria-live="polite"
        className={classes(
          "text-sm tabular-nums",
          wrong && written !== undefined ? "text-bad" : "text-quiet",
        )}
      >
        {t("{count} of {most} characters", { count, most: limits.most })}
        {wrong && written !== undefined ? ` · ${wrong}` : ""}
      </p>
      {!readOnly && (
        <span className="flex gap-2">
          {written === undefined && original !== undefined && limits.unchanged && (
            <Button size="sm" icon="check" onClick={keep}>
              {t("It is good as it is")}
            </Button>
          )}
          <Button size="sm" icon="undo" disabled={written === undefined} onClick={reset}>
            {t("Reset")}
          </Button>
        </span>
      )}
    </div>
  );
}

function wrongWith(
  text: string,
  count: number,
  original: string | undefined,
  limits: Limits,
): string | undefined {
  if (text.trim() === "") return t("it may not be blank");
  if (count < limits.least) return t("at least {least}", { least: limits.least });
  if (count > limits.most) return t("{over} too many", { over: count - limits.most });
  if (!limits.unchanged && text === original) return t("it must differ from the original");
  return undefined;
}

/** The difference follows the typing as fast as it can be found. */
function Changes({ before, after }: { readonly before: string; readonly after: string }) {
  const shown = useDeferredValue(after);
  const runs = useMemo(() => difference(before, shown), [before, shown]);
  const changed = runs.some(({ kind }) => kind !== "same");
  return (
    <section aria-label={t("What changes")} className="flex min-w-0 flex-col gap-2">
      <Prose className="min-h-60 rounded-md border border-line bg-sunken p-4">
        <Differing runs={runs} />
      </Prose>
      <p className="text-quiet text-sm">
        {changed ? t("What changes") : t("The original: nothing changes yet")}
      </p>
    </section>
  );
}
