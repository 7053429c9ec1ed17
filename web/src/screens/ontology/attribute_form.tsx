/** One attribute of a label: what may be answered, whether it must be, and what is meant where it is left out. */

import { useState } from "react";
import { t } from "@/app/words";
import type { Attribute, AttributeValue, Label } from "@/engine/document/values";
import { IconButton } from "@/kit/button";
import { Segments, Switch } from "@/kit/choices";
import { Field, Input, Select } from "@/kit/field";
import { Notice } from "@/kit/shown";
import { Question } from "@/surfaces/question";
import { attributeSteps } from "./editing";
import { KINDS } from "./new_attribute";
import { Settled, useSettled } from "./settled";
import type { Step } from "./steps";
import type { Editor } from "./use_editing";

export interface AttributeFormProps {
  readonly editor: Editor;
  readonly label: Label;
  readonly attribute: Attribute;
  readonly setOpen: (name: string | null) => void;
}

/** What is not said any more. */
const without = (field: keyof Attribute) => ({ [field]: undefined }) as Partial<Attribute>;

type Put = (change: Partial<Attribute>, values?: Readonly<Record<string, string>>) => string | null;

export function AttributeForm({ editor, label, attribute, setOpen }: AttributeFormProps) {
  const [refused, setRefused] = useState<string | null>(null);
  const put: Put = (change, values) => {
    const now = { ...attribute, ...change };
    const why = editor.edit(attributeSteps(label.name, attribute, now, values));
    setRefused(why);
    if (why === null && now.name !== attribute.name) setOpen(now.name);
    return why;
  };
  const toKind = (kind: Attribute["kind"]) => {
    const { minimum: _, maximum: __, unit: ___, choices: ____, multiple: _____, ...kept } = attribute;
    const choices = kind === "choice" ? { choices: [t("yes"), t("no")] } : {};
    const { default: ______, ...rest } = { ...kept, kind, ...choices };
    setRefused(editor.edit(attributeSteps(label.name, attribute, rest)));
  };
  return (
    <div className="flex flex-col gap-4 border-t border-line p-3">
      {refused && <Notice>{refused}</Notice>}
      <div className="grid gap-4 sm:grid-cols-2">
        <Settled
          label={t("Name of the attribute")}
          value={attribute.name}
          settle={(name) => put({ name: name.trim() })}
        />
        <div className="flex flex-col gap-1 sm:col-span-2">
          <span className="text-sm font-medium">{t("What is answered")}</span>
          <div>
            <Segments
              label={t("What is answered")}
              value={attribute.kind}
              choices={KINDS()}
              onChange={toKind}
            />
          </div>
        </div>
      </div>
      {attribute.kind === "choice" && <Choices {...{ attribute, put }} />}
      {attribute.kind === "number" && <Range {...{ attribute, put }} />}
      <div className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        <Turn
          words={t("Must be answered")}
          on={attribute.required === true}
          turn={(required) => put({ required })}
        />
        {attribute.kind === "choice" && (
          <Turn
            words={t("Several may be chosen")}
            on={attribute.multiple === true}
            turn={(multiple) => put({ multiple })}
          />
        )}
        <Per {...{ editor, label, attribute }} setRefused={setRefused} />
      </div>
      <Default {...{ attribute, put }} />
    </div>
  );
}

interface TurnProps {
  readonly words: string;
  readonly on: boolean;
  readonly turn: (on: boolean) => void;
  readonly disabled?: boolean;
}

const Turn = ({ words, on, turn, disabled = false }: TurnProps) => (
  <div className="flex items-center justify-between gap-2 text-sm font-medium">
    {words}
    <Switch label={words} checked={on} onChange={turn} disabled={disabled} />
  </div>
);

interface PerProps extends Pick<AttributeFormProps, "editor" | "label" | "attribute"> {
  readonly setRefused: (why: string | null) => void;
}

/** Asked once of a track, or at each keyframe. No step moves values from one to the other: new ones only. */
function Per({ editor, label, attribute, setRefused }: PerProps) {
  if (!("tracks" in editor.definition.tools)) return null;
  const isNew = editor.editing.steps.some(
    (step) =>
      (step.step === "add_label" && step.label.name === label.name) ||
      (step.step === "add_attribute" && step.label === label.name && step.attribute.name === attribute.name),
  );
  const turn = (on: boolean) => {
    const { per: _, ...kept } = attribute;
    const now: Attribute = on ? { ...kept, per: "frame" } : kept;
    const at = label.attributes?.indexOf(attribute) ?? 0;
    const steps: Step[] = [
      { step: "remove_attribute", label: label.name, attribute: attribute.name },
      { step: "add_attribute", label: label.name, attribute: now, at },
    ];
    setRefused(editor.edit(steps));
  };
  return (
    <Turn words={t("Asked at each keyframe")} on={attribute.per === "frame"} turn={turn} disabled={!isNew} />
  );
}

interface PartProps {
  readonly attribute: Attribute;
  readonly put: Put;
}

/** Choices as lines: a choice that is renamed stays the same one, so that answers follow. */
function Choices({ attribute, put }: PartProps) {
  const choices = attribute.choices ?? [];
  const rename = (old: string) => (written: string) => {
    const now = written.trim();
    if (!now) return t("A choice needs a name.");
    if (choices.includes(now)) return t("There is such a choice already.");
    return put({ choices: choices.map((one) => (one === old ? now : one)) }, { [old]: now });
  };
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">{t("Choices")}</legend>
      {choices.map((choice, place) => (
        <div key={choice} className="flex items-start gap-1">
          <ChoiceName
            label={t("Choice {number}", { number: place + 1 })}
            value={choice}
            settle={rename(choice)}
          />
          <IconButton
            icon="close"
            label={t("Remove the choice {choice}", { choice })}
            disabled={choices.length === 1}
            onClick={() => put({ choices: choices.filter((one) => one !== choice) })}
          />
        </div>
      ))}
      <NewChoice
        add={(choice) => (choices.includes(choice) ? null : put({ choices: [...choices, choice] }))}
      />
    </fieldset>
  );
}

interface ChoiceNameProps {
  readonly label: string;
  readonly value: string;
  readonly settle: (value: string) => string | null;
}

function ChoiceName({ label, value, settle }: ChoiceNameProps) {
  const { text, setText, error, done, pressed } = useSettled(value, settle);
  return (
    <div className="min-w-0 flex-1">
      <Input
        aria-label={label}
        aria-invalid={error ? true : undefined}
        className="h-8!"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={done}
        onKeyDown={pressed}
      />
      {error && <p className="text-sm text-bad">{error}</p>}
    </div>
  );
}

function NewChoice({ add }: { readonly add: (choice: string) => string | null }) {
  const [text, setText] = useState("");
  const done = () => {
    if (text.trim() && add(text.trim()) === null) setText("");
  };
  return (
    <Input
      aria-label={t("New choice")}
      placeholder={t("New choice")}
      className="h-8!"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        done();
      }}
    />
  );
}

function Range({ attribute, put }: PartProps) {
  const bound = (field: "minimum" | "maximum") => (text: string) => {
    if (text.trim() !== "" && !Number.isFinite(Number(text))) return t("Write a number.");
    return put(text.trim() === "" ? without(field) : { [field]: Number(text) });
  };
  return (
    <div className="grid grid-cols-3 gap-3">
      <Settled label={t("At least")} value={String(attribute.minimum ?? "")} settle={bound("minimum")} />
      <Settled label={t("At most")} value={String(attribute.maximum ?? "")} settle={bound("maximum")} />
      <Settled
        label={t("Unit")}
        value={attribute.unit ?? ""}
        settle={(text) => put(text.trim() ? { unit: text.trim() } : without("unit"))}
      />
    </div>
  );
}

/** What an answer means that leaves the attribute out. */
function Default({ attribute, put }: PartProps) {
  const set = (value: AttributeValue | undefined) =>
    put(value === undefined ? without("default") : { default: value });
  if (attribute.kind === "boolean")
    return (
      <Field label={t("Where it is left out")}>
        {(links) => (
          <Select
            {...links}
            value={attribute.default === undefined ? "" : String(attribute.default)}
            onChange={({ target }) => set(target.value === "" ? undefined : target.value === "true")}
          >
            <option value="">{t("nothing is meant")}</option>
            <option value="true">{t("yes")}</option>
            <option value="false">{t("no")}</option>
          </Select>
        )}
      </Field>
    );
  if (attribute.kind === "choice") {
    const { default: given, ...rest } = attribute;
    const asked = { ...rest, name: t("Where it is left out"), required: false };
    return <Question attribute={asked} value={given} set={(_, value) => set(value)} />;
  }
  const settle = (text: string) => {
    if (text.trim() === "") return set(undefined);
    return set(attribute.kind === "number" ? Number(text) : text);
  };
  return (
    <Settled
      label={t("Where it is left out")}
      value={String(attribute.default ?? "")}
      settle={settle}
      placeholder={t("nothing is meant")}
    />
  );
}
