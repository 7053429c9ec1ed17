/** The second look before a batch is cancelled: what ends, and what stays. */

import { counted, t } from "@/app/words";
import { Confirm } from "@/kit/confirm";
import { notify } from "@/kit/toast";
import { changeBatch } from "./changing";
import type { Batch, BatchProgress, Project } from "./queries";

export interface CancelBatchProps {
  readonly project: Project;
  readonly batch: Batch;
  readonly progress: BatchProgress | undefined;
  readonly close: () => void;
}

export function CancelBatch({ project, batch, progress, close }: CancelBatchProps) {
  const unfinished = progress ? progress.open + progress.paused : batch.tasks;
  const cancel = async () => {
    await changeBatch(project, batch.id, { state: "cancelled" });
    notify({ title: t("{name} is cancelled", { name: batch.name }), tone: "good" });
  };
  return (
    <Confirm
      open
      onOpenChange={close}
      title={t("Cancel {name}?", { name: batch.name })}
      action={t("Cancel the batch")}
      name={batch.name}
      run={cancel}
    >
      <p>
        {t(
          "{unfinished, plural, =0 {No task is} one {# task that is not finished ends} other {# tasks that are not finished end}} without an outcome. This cannot be undone: the items would have to be released as a new batch.",
          { unfinished },
        )}
      </p>
      <p className="text-quiet">
        {t("What is done stays: {done} finished tasks, and all {answered} answers in the record.", {
          done: counted(progress?.done ?? 0),
          answered: counted(progress?.answered ?? 0),
        })}
      </p>
    </Confirm>
  );
}
