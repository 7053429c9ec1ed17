/** Everything a project's data can be filtered by, with how much of it there is. */

import { type ReactNode, useEffect, useId, useState } from "react";
import { useCommands } from "@/app/commands";
import { counted, t } from "@/app/words";
import { Button } from "@/kit/button";
import { classes } from "@/kit/classes";
import { Input, Select } from "@/kit/field";
import { useColours } from "./colours";
import { type Filter, shareWords, stateWords, turned, withField } from "./filter";
import type { Choices, Project } from "./looking";

export interface FilterPanelProps {
  readonly project: Project;
  readonly filter: Filter;
  readonly choices: Choices | undefined;
  readonly onChange: (filter: Filter) => void;
}

const TYPED_MILLISECONDS = 250;
const SHOWN_AT_FIRST = 6;

export function FilterPanel({ project, filter, choices, onChange }: FilterPanelProps) {
  const colour = useColours(project);
  const searchId = useId();
  useCommands([
    {
      id: "data-search",
      title: t("Search the data"),
      scope: "page",
      keys: ["/"],
      run: () => document.getElementById(searchId)?.focus(),
    },
  ]);
  const set = <Field extends keyof Filter>(field: Field, value: Filter[Field] | undefined) =>
    onChange(withField(filter, field, value));
  const list = (field: "batches" | "datasets" | "annotators" | "labels" | "answered") => ({
    chosen: filter[field] ?? [],
    options: choices?.[field] ?? [],
    onTurn: (value: string) => set(field, turned(filter[field], value)),
  });
  return (
    <aside
      aria-label={t("Filter")}
      className="max-h-72 shrink-0 overflow-y-auto px-4 py-3 lg:max-h-none lg:w-64"
    >
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-1">
        <Typed
          id={searchId}
          label={t("Words in the item")}
          value={filter.words ?? ""}
          onType={(words) => set("words", words)}
        />
        <Options
          title={t("State")}
          chosen={filter.states ?? []}
          options={(choices?.states ?? []).map((one) => ({ ...one, name: stateWords(one.value) }))}
          onTurn={(value) => set("states", turned(filter.states, value) as NonNullable<Filter["states"]>)}
        />
        <Options title={t("Label of the outcome")} {...list("labels")} colour={colour} />
        <Options title={t("Label of any answer")} {...list("answered")} colour={colour} />
        <Range field="agreement" filter={filter} onChange={onChange} />
        <Range field="confidence" filter={filter} onChange={onChange} />
        <Options title={t("Batch")} {...list("batches")} />
        <Options title={t("Dataset")} {...list("datasets")} />
        <Options title={t("Annotator")} {...list("annotators")} />
        <YesNo
          label={t("Issues")}
          value={filter.issues}
          words={[t("With open issues"), t("Without open issues")]}
          onChange={(value) => set("issues", value)}
        />
        <YesNo
          label={t("Gold")}
          value={filter.gold}
          words={[t("Gold only"), t("No gold")]}
          onChange={(value) => set("gold", value)}
        />
        <Typed
          label={t("Key begins with")}
          value={filter.unique_id ?? ""}
          onType={(key) => set("unique_id", key)}
        />
        <Metadata filter={filter} onChange={onChange} />
      </div>
    </aside>
  );
}

const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <fieldset className="min-w-0">
    <legend className="mb-1 text-sm font-medium">{title}</legend>
    {children}
  </fieldset>
);

interface TypedProps {
  readonly id?: string;
  readonly label: string;
  readonly value: string;
  readonly onType: (text: string) => void;
}

/** A field whose text is asked for a moment after the last key. */
function Typed({ id, label, value, onType }: TypedProps) {
  const [text, setText] = useState(value);
  // The address may change by other ways: a filter taken out, a slice opened.
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const typed = setTimeout(() => onType(text), TYPED_MILLISECONDS);
    return () => clearTimeout(typed);
  });
  const made = useId();
  return (
    <div>
      <label htmlFor={id ?? made} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      <Input
        id={id ?? made}
        type="search"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  );
}

interface OptionsProps {
  readonly title: string;
  readonly chosen: readonly string[];
  readonly options: Choices["labels"];
  readonly onTurn: (value: string) => void;
  readonly colour?: (label: string) => string;
}

function Options({ title, chosen, options, onTurn, colour }: OptionsProps) {
  const [all, setAll] = useState(false);
  const wanted = chosen.filter((value) => !options.some((one) => one.value === value));
  const lines = [...wanted.map((value) => ({ value, name: value, count: 0 })), ...options];
  if (lines.length === 0) return null;
  const shown = all ? lines : lines.slice(0, SHOWN_AT_FIRST + wanted.length);
  return (
    <Section title={title}>
      {shown.map(({ value, name, count }) => (
        <label
          key={value}
          className="-mx-1.5 flex h-7 items-center gap-2 rounded-md px-1.5 text-sm hover:bg-hover"
        >
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={() => onTurn(value)}
            className="size-3.5 accent-accent"
          />
          {colour && <span className="size-2 shrink-0 rounded-full" style={{ background: colour(value) }} />}
          <span className="min-w-0 flex-1 truncate">{name || t("without a name")}</span>
          <span className="text-xs text-quiet tabular-nums">{counted(count)}</span>
        </label>
      ))}
      {lines.length > shown.length && (
        <Button look="ghost" size="sm" onClick={() => setAll(true)}>
          {t("{count} more", { count: lines.length - shown.length })}
        </Button>
      )}
    </Section>
  );
}

interface RangeProps {
  readonly field: "agreement" | "confidence";
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

const BOUNDS = [0, 25, 50, 60, 70, 80, 90, 95, 100];

/** From and to in per cent; with both at their ends nothing is asked for. */
function Range({ field, filter, onChange }: RangeProps) {
  const range = filter[field];
  const [least, most] = range ? range.map((share) => Math.round(100 * Number(share))) : [0, 100];
  const set = (from: number, to: number) => {
    const whole = from === 0 && to === 100;
    onChange(
      withField(filter, field, whole ? undefined : [Math.min(from, to) / 100, Math.max(from, to) / 100]),
    );
  };
  const bounds = (value: number) => [...new Set([...BOUNDS, value])].sort((one, other) => one - other);
  const choice = (label: string, value: number, onPick: (value: number) => void) => (
    <Select
      aria-label={label}
      value={value}
      onChange={(event) => onPick(Number(event.target.value))}
      className="min-w-0 flex-1"
    >
      {bounds(value).map((percent) => (
        <option key={percent} value={percent}>
          {percent} %
        </option>
      ))}
    </Select>
  );
  return (
    <Section title={shareWords(field)}>
      <div className="flex items-center gap-2">
        {choice(t("{what} from", { what: shareWords(field) }), least ?? 0, (value) =>
          set(value, most ?? 100),
        )}
        <span className="text-quiet">–</span>
        {choice(t("{what} to", { what: shareWords(field) }), most ?? 100, (value) => set(least ?? 0, value))}
      </div>
    </Section>
  );
}

interface YesNoProps {
  readonly label: string;
  readonly value: boolean | null | undefined;
  readonly words: readonly [yes: string, no: string];
  readonly onChange: (value: boolean | undefined) => void;
}

function YesNo({ label, value, words, onChange }: YesNoProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      <Select
        id={id}
        value={value === true ? "yes" : value === false ? "no" : ""}
        onChange={(event) => onChange(event.target.value ? event.target.value === "yes" : undefined)}
        className="w-full"
      >
        <option value="">{t("Any")}</option>
        <option value="yes">{words[0]}</option>
        <option value="no">{words[1]}</option>
      </Select>
    </div>
  );
}

function Metadata({ filter, onChange }: Omit<RangeProps, "field">) {
  const [text, setText] = useState("");
  const at = text.indexOf("=");
  const id = useId();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (at < 1) return;
        const one = { [text.slice(0, at).trim()]: text.slice(at + 1).trim() };
        onChange(withField(filter, "metadata", { ...filter.metadata, ...one }));
        setText("");
      }}
    >
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {t("Metadata")}
      </label>
      <div className="flex gap-2">
        <Input
          id={id}
          value={text}
          placeholder={t("key = value")}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={at < 1} className={classes("h-9")}>
          {t("Add")}
        </Button>
      </div>
    </form>
  );
}
