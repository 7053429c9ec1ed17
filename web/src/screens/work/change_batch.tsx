/** A batch's priority, deadline, target and order, changed together; all of it can be undone. */

import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { problemOf } from "@/api/client";
import { notifyProblem } from "@/app/account-menu";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { Field, Select } from "@/kit/field";
import { Notice } from "@/kit/shown";
import { notifyDone } from "@/kit/toast";
import { changeBatch } from "./changing";
import { DeadlineField } from "./deadline_field";
import type { Batch, BatchChange, Project } from "./queries";
import { TargetFields } from "./target_fields";
import { ofField, targetOf } from "./terms";
import { PRIORITIES, priorityWord } from "./told";

export interface ChangeBatchProps {
  readonly project: Project;
  readonly batch: Batch;
  readonly close: () => void;
}

export function ChangeBatch({ project, batch, close }: ChangeBatchProps) {
  const before = termsOf(batch);
  const changing = useMutation({
    mutationFn: (change: BatchChange) => changeBatch(project, batch.id, change),
    onSuccess: () => {
      close();
      notifyDone(
        t("{name} is changed", { name: batch.name }),
        () => void changeBatch(project, batch.id, before).catch(notifyProblem),
      );
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    changing.mutate({
      priority: PRIORITIES.find((one) => one === fields.get("priority")) ?? batch.priority,
      order: fields.get("order") === "shuffled" ? "shuffled" : "imported",
      deadline: ofField(String(fields.get("deadline") ?? "")),
      target: targetOf(fields, batch.target?.price),
    });
  };
  const save = (
    <>
      <Button onClick={close}>{t("Leave it")}</Button>
      <Button type="submit" form="change-batch" look="primary" busy={changing.isPending}>
        {t("Change")}
      </Button>
    </>
  );
  return (
    <Dialog open onOpenChange={close} title={t("Change {name}", { name: batch.name })} actions={save}>
      <form id="change-batch" onSubmit={submit} className="flex flex-col gap-4" noValidate>
        {changing.error && <Notice>{problemOf(changing.error).message}</Notice>}
        <PlaceFields priority={batch.priority} order={batch.order} />
        <DeadlineField deadline={batch.deadline} />
        <TargetFields target={batch.target} overlap={batch.overlap} />
      </form>
    </Dialog>
  );
}

/** Return what may be changed of a batch, as it is. */
const termsOf = ({ priority, deadline, target, order }: Batch): BatchChange => ({
  priority,
  deadline,
  order,
  target: target ?? null,
});

export interface PlaceFieldsProps {
  readonly priority: Batch["priority"];
  readonly order: Batch["order"];
}

/** When its tasks come, beside those of other batches and among themselves. */
export const PlaceFields = ({ priority, order }: PlaceFieldsProps) => (
  <div className="grid gap-4 sm:grid-cols-2">
    <Field label={t("Priority")}>
      {(links) => (
        <Select {...links} name="priority" defaultValue={priority} className="w-full">
          {PRIORITIES.map((one) => (
            <option key={one} value={one}>
              {priorityWord(one)}
            </option>
          ))}
        </Select>
      )}
    </Field>
    <Field label={t("Order")}>
      {(links) => (
        <Select {...links} name="order" defaultValue={order} className="w-full">
          <option value="imported">{t("As they came in")}</option>
          <option value="shuffled">{t("Shuffled")}</option>
        </Select>
      )}
    </Field>
  </div>
);
