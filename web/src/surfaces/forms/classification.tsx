/** Classes of an item: one or several, as a tree, with a filter where there are many. */

import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { t } from "@/app/words";
import { labelsFor } from "@/engine/document/answer";
import { marksOf } from "@/engine/document/apply";
import { classPick } from "@/engine/document/class_pick";
import { signsOf } from "@/engine/document/colours";
import { type Branch, branchesOf, keysOf } from "@/engine/document/labels";
import type { Mark } from "@/engine/document/values";
import { shownKeys } from "@/engine/hotkeys/chord";
import { classes } from "@/kit/classes";
import { Input } from "@/kit/field";
import { Icon } from "@/kit/icon";
import { Kbd } from "@/kit/kbd";
import { FormFrame, useFormCommands } from "../form_frame";
import { MarkQuestions } from "../mark_questions";
import type { FormProps } from "../surface";

/** With more labels than this a field filters them. */
const FILTERED_FROM = 12;

export default function ClassificationForm(props: FormProps) {
  const { tool, definition, document, perform, readOnly, announce } = props;
  const box = useRef<HTMLElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [filter, setFilter] = useState("");
  const labels = useMemo(() => labelsFor(definition.labels, tool), [definition, tool]);
  const keys = useMemo(() => keysOf(labels), [labels]);
  const marks = marksOf(document, tool);
  const multiple = definition.tools[tool]?.multiple === true;
  const pick = (label: string) => {
    if (readOnly) return;
    perform(classPick(document, definition, label));
    announce(marks.some((mark) => mark.label === label) ? t("Not {label}", { label }) : label);
  };
  const shown = branchesOf(labels).filter(({ label }) => matches(label.name, filter));
  useFormCommands(props, box, [
    ...labels.map(({ name }) => ({
      id: name,
      title: t("Class: {name}", { name }),
      keys: keys.get(name) ?? [],
      run: () => pick(name),
    })),
    { id: "filter", title: t("Filter the classes"), keys: ["/"], run: () => field.current?.focus() },
  ]);
  const pickFirst = (event: KeyboardEvent) => {
    const [first] = shown;
    if (event.key !== "Enter" || event.nativeEvent.isComposing || event.ctrlKey || !first || !filter) return;
    pick(first.label.name);
    setFilter("");
  };
  return (
    <FormFrame
      tool={tool}
      title={t("Class")}
      said={multiple ? t("several may fit") : t("one of them")}
      box={box}
    >
      {labels.length > FILTERED_FROM && (
        <Input
          ref={field}
          type="search"
          aria-label={t("Filter the classes")}
          placeholder={t("Filter ( / )")}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={pickFirst}
        />
      )}
      {/* biome-ignore lint/a11y: the role is one of the two, by the settings */}
      <div
        role={multiple ? "group" : "radiogroup"}
        aria-label={t("Class")}
        onKeyDown={step}
        className="flex max-h-[46vh] flex-col gap-0.5 overflow-y-auto p-0.5"
      >
        {shown.map((branch, at) => (
          <ClassLine
            key={branch.label.name}
            {...props}
            branch={branch}
            stop={at === 0}
            multiple={multiple}
            mark={marks.find(({ label }) => label === branch.label.name)}
            pick={pick}
            hint={keys.get(branch.label.name)?.[0]}
          />
        ))}
        {shown.length === 0 && <p className="p-2 text-quiet text-sm">{t("No class is called that.")}</p>}
      </div>
    </FormFrame>
  );
}

const matches = (name: string, filter: string) =>
  name.toLocaleLowerCase().includes(filter.trim().toLocaleLowerCase());

interface ClassLineProps extends FormProps {
  readonly branch: Branch;
  readonly stop: boolean;
  readonly multiple: boolean;
  readonly mark: Mark | undefined;
  readonly pick: (label: string) => void;
  readonly hint: string | undefined;
}

function ClassLine({ branch: { label, depth }, stop, multiple, mark, pick, hint, ...props }: ClassLineProps) {
  const { colour } = signsOf(props.definition.labels)(label.name);
  return (
    <>
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is one of the two, by the settings */}
      <button
        type="button"
        role={multiple ? "checkbox" : "radio"}
        aria-checked={mark !== undefined}
        disabled={props.readOnly}
        tabIndex={mark || stop ? 0 : -1}
        data-class
        onClick={() => pick(label.name)}
        className={classes(
          "flex min-h-9 shrink-0 items-center gap-2.5 rounded-md border px-2.5 py-1 text-left text-base",
          mark ? "border-accent bg-accent-soft" : "border-transparent enabled:hover:bg-hover",
        )}
        style={{ marginInlineStart: `${depth * 1.25}rem` }}
      >
        <span
          className={classes(
            "flex size-4 shrink-0 items-center justify-center border-2",
            multiple ? "rounded-sm" : "rounded-full",
            !mark && "border-line-strong",
          )}
          style={mark && { borderColor: colour, background: colour }}
        >
          {mark && <Icon name="check" className="size-3 text-[#000]" />}
        </span>
        <span className="min-w-0 flex-1">
          <span className="block break-words">{label.name}</span>
          {label.description && <span className="block text-quiet text-sm">{label.description}</span>}
        </span>
        {mark?.suggested && <span className="text-quiet text-xs">{t("suggested")}</span>}
        {hint && (
          <span className="max-sm:hidden">
            <Kbd keys={shownKeys(hint)} />
          </span>
        )}
      </button>
      {mark && <MarkQuestions {...props} mark={mark} />}
    </>
  );
}

function step(event: KeyboardEvent<HTMLDivElement>): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || !(event.target instanceof HTMLElement) || !event.target.matches("[data-class]")) return;
  const lines = Array.from(event.currentTarget.querySelectorAll<HTMLElement>("[data-class]"));
  lines[(lines.indexOf(event.target) + by + lines.length) % lines.length]?.focus();
  event.preventDefault();
  event.stopPropagation();
}
