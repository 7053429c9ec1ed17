/** A new batch: which items become tasks, in which place, how often each is answered. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answered, modality, problemOf } from "@/api/client";
import { counted, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Segments } from "@/kit/choices";
import { Dialog } from "@/kit/dialog";
import { Field, Input, Select, TextArea } from "@/kit/field";
import { Notice } from "@/kit/shown";
import { notifyDone } from "@/kit/toast";
import { PlaceFields } from "./change_batch";
import { DeadlineField } from "./deadline_field";
import { type NewBatch as Asked, datasetsQuery, type Project, workChanged } from "./queries";
import { TargetFields } from "./target_fields";
import { ofField, targetOf } from "./terms";
import { PRIORITIES } from "./told";

type Source = "dataset" | "items";

export interface NewBatchProps {
  readonly project: Project;
  readonly close: () => void;
}

export function NewBatch({ project, close }: NewBatchProps) {
  const [source, setSource] = useState<Source>("dataset");
  const making = useMutation({
    mutationFn: (body: Asked) => answered(modality(project.modality).POST("/batches", { body })),
    onSuccess: async ({ name }) => {
      close();
      notifyDone(t("{name} is being released", { name }));
      await workChanged(project.id);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    making.mutate(asked(project.id, new FormData(event.currentTarget)));
  };
  const actions = (
    <>
      <Button onClick={close}>{t("Leave it")}</Button>
      <Button type="submit" form="new-batch" look="primary" busy={making.isPending}>
        {t("Release")}
      </Button>
    </>
  );
  return (
    <Dialog open onOpenChange={close} title={t("New batch")} actions={actions}>
      <form id="new-batch" onSubmit={submit} className="flex flex-col gap-4" noValidate>
        {making.error && <Notice>{problemOf(making.error).message}</Notice>}
        <Field label={t("Name")} hint={t("Left empty, it gets one.")}>
          {(links) => <Input {...links} name="name" autoComplete="off" />}
        </Field>
        <Segments
          label={t("Which items")}
          value={source}
          onChange={setSource}
          choices={[
            ["dataset", t("A whole dataset")],
            ["items", t("Chosen items")],
          ]}
        />
        {source === "dataset" ? <DatasetField project={project} /> : <ItemsField />}
        <PlaceFields priority="normal" order="imported" />
        <DeadlineField />
        <Field label={t("Answers for each task")} hint={t("With a target below, the least.")}>
          {(links) => (
            <Input {...links} name="overlap" type="number" min={1} max={100} defaultValue={project.overlap} />
          )}
        </Field>
        <TargetFields target={null} overlap={project.overlap} />
      </form>
    </Dialog>
  );
}

function DatasetField({ project }: { readonly project: Project }) {
  const datasets = useQuery(datasetsQuery(project)).data;
  return (
    <Field label={t("Dataset")} hint={t("Items that are tasks of this project already get no second one.")}>
      {(links) => (
        <Select {...links} name="dataset" className="w-full" disabled={!datasets}>
          {datasets?.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

const ItemsField = () => (
  <Field
    label={t("Items")}
    hint={t("Ids (item_…), one a line or between commas; {most} at the most.", { most: counted(10_000) })}
  >
    {(links) => <TextArea {...links} name="items" rows={4} spellCheck={false} className="font-mono" />}
  </Field>
);

/** Return what a form's fields ask for. */
function asked(project: string, fields: FormData): Asked {
  const typed = (name: string) => String(fields.get(name) ?? "").trim();
  const items = typed("items")
    .split(/[\s,]+/)
    .filter(Boolean);
  return {
    project,
    name: typed("name"),
    ...(fields.has("dataset") ? { dataset: typed("dataset") } : { items }),
    priority: PRIORITIES.find((one) => one === fields.get("priority")) ?? "normal",
    order: fields.get("order") === "shuffled" ? "shuffled" : "imported",
    deadline: ofField(typed("deadline")),
    overlap: Number(typed("overlap")),
    target: targetOf(fields),
  };
}
