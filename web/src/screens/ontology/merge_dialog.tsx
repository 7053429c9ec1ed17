/** One label goes into another: its marks become marks of that one. */

import { type FormEvent, useId, useState } from "react";
import { t } from "@/app/words";
import type { Label } from "@/engine/document/values";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { Field, Select } from "@/kit/field";
import { Notice } from "@/kit/shown";
import type { Chosen } from "./chosen";
import type { Editor } from "./use_editing";

export interface LabelDialogProps {
  readonly editor: Editor;
  readonly label: Label;
  readonly choose: (chosen: Chosen) => void;
  readonly close: () => void;
}

export function MergeDialog({ editor, label, choose, close }: LabelDialogProps) {
  const form = useId();
  const others = (editor.definition.labels ?? []).filter(({ name }) => name !== label.name);
  const [into, setInto] = useState(others[0]?.name ?? "");
  const [refused, setRefused] = useState<string | null>(null);
  const lost = (label.attributes ?? []).filter(
    ({ name }) => !others.find((one) => one.name === into)?.attributes?.some((one) => one.name === name),
  );
  const merge = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    const why = editor.edit([{ step: "merge_labels", labels: [label.name], into }]);
    setRefused(why);
    if (why) return;
    choose({ label: into });
    close();
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t("Merge {label} into another", { label: label.name })}
      actions={
        <>
          <Button onClick={close}>{t("Cancel")}</Button>
          <Button type="submit" form={form} look="primary">
            {t("Merge")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={merge} className="flex flex-col gap-3" noValidate>
        <Field label={t("Into")}>
          {(links) => (
            <Select
              {...links}
              className="w-full"
              value={into}
              onChange={(event) => setInto(event.target.value)}
            >
              {others.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          )}
        </Field>
        <p className="text-quiet">
          {t(
            "Marks of {label} become marks of {into}. Going back, nobody can tell which they were, unless the version is rolled back.",
            { label: label.name, into },
          )}
        </p>
        {lost.length > 0 && (
          <Notice tone="warn">
            {t("{into} does not ask {attributes}: those answers are lost.", {
              into,
              attributes: lost.map(({ name }) => name).join(", "),
            })}
          </Notice>
        )}
        {refused && <Notice>{refused}</Notice>}
      </form>
    </Dialog>
  );
}
