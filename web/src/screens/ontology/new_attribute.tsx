/** A further question about the marks of a label. */

import { type FormEvent, useId, useState } from "react";
import { t } from "@/app/words";
import type { Attribute, Label } from "@/engine/document/values";
import { Button } from "@/kit/button";
import { Segments } from "@/kit/choices";
import { Dialog } from "@/kit/dialog";
import { Field, Input, TextArea } from "@/kit/field";
import { Notice } from "@/kit/shown";
import type { Editor } from "./use_editing";

export interface NewAttributeProps {
  readonly editor: Editor;
  readonly label: Label;
  readonly made: (name: string) => void;
  readonly close: () => void;
}

export const KINDS = (): readonly (readonly [Attribute["kind"], string])[] => [
  ["choice", t("A choice")],
  ["boolean", t("Yes or no")],
  ["number", t("A number")],
  ["text", t("A text")],
];

export function NewAttribute({ editor, label, made, close }: NewAttributeProps) {
  const form = useId();
  const [name, setName] = useState("");
  const [kind, setKind] = useState<Attribute["kind"]>("choice");
  const [choices, setChoices] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const among = [...new Set(choices.split("\n").map((one) => one.trim()))].filter(Boolean);
  const add = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (kind === "choice" && among.length === 0) return setRefused(t("Write at least one choice."));
    const attribute: Attribute = {
      name: name.trim(),
      kind,
      ...(kind === "choice" ? { choices: among } : {}),
    };
    const why = editor.edit([{ step: "add_attribute", label: label.name, attribute }]);
    setRefused(why);
    if (why) return;
    made(attribute.name);
    close();
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t("Ask about {label}", { label: label.name })}
      actions={
        <>
          <Button onClick={close}>{t("Cancel")}</Button>
          <Button type="submit" form={form} look="primary">
            {t("Add the attribute")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={add} className="flex flex-col gap-4" noValidate>
        <Field label={t("Name of the attribute")}>
          {(links) => (
            <Input
              {...links}
              autoComplete="off"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <div className="flex flex-col gap-1">
          <span className="text-sm font-medium">{t("What is answered")}</span>
          <div>
            <Segments label={t("What is answered")} value={kind} choices={KINDS()} onChange={setKind} />
          </div>
        </div>
        {kind === "choice" && (
          <Field label={t("Choices, one on each line")}>
            {(links) => (
              <TextArea {...links} value={choices} onChange={(event) => setChoices(event.target.value)} />
            )}
          </Field>
        )}
        {refused && <Notice>{refused}</Notice>}
      </form>
    </Dialog>
  );
}
