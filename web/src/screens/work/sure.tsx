/** The second look before tasks are cancelled, asked again or taken back. */

import { useState } from "react";
import { t } from "@/app/words";
import { Confirm } from "@/kit/confirm";
import { Field, Input } from "@/kit/field";
import { notifyDone } from "@/kit/toast";
import { act } from "./changing";
import type { Project, Task } from "./queries";

export type SureDeed = "cancel" | "requeue" | "recall";

/** From this many on, what cannot be undone wants a word typed. */
const MANY = 20;

export interface SureProps {
  readonly project: Project;
  readonly deed: SureDeed;
  readonly tasks: readonly Task[];
  readonly close: () => void;
  readonly done: () => void;
}

export function Sure({ project, deed, tasks, close, done }: SureProps) {
  const [reason, setReason] = useState("");
  const sum = (count: (task: Task) => number) => tasks.reduce((total, task) => total + count(task), 0);
  const counts = {
    count: tasks.length,
    held: sum(({ holders }) => holders.length),
    answers: sum(({ answered }) => answered),
  };
  const { title, action, said, after } = wordsOf(deed, counts);
  const run = async () => {
    const changed = await act(
      project,
      deed,
      tasks.map(({ id }) => id),
      reason.trim(),
    );
    done();
    notifyDone(after(changed));
  };
  const grave = deed === "cancel" && tasks.length >= MANY;
  return (
    <Confirm
      open
      onOpenChange={close}
      title={title}
      action={action}
      {...(grave && { name: String(tasks.length) })}
      run={run}
    >
      {said.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <Field label={t("Reason")} hint={t("It stands in the record; those who had a task do not see it.")}>
        {(links) => <Input {...links} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
    </Confirm>
  );
}

interface Counts {
  readonly count: number;
  readonly held: number;
  readonly answers: number;
}

function wordsOf(deed: SureDeed, counts: Counts) {
  const held = t(
    "{held, plural, =0 {Nobody has one of them now.} one {# lease ends at once; a draft is kept, but cannot be submitted.} other {# leases end at once; drafts are kept, but cannot be submitted.}}",
    { ...counts },
  );
  const answers = t(
    "{answers, plural, =0 {No answer is affected.} one {# answer stays in the record, and counts no more.} other {# answers stay in the record, and count no more.}}",
    { ...counts },
  );
  const all = {
    cancel: {
      title: t("Cancel {count, plural, one {# task} other {# tasks}}?", { ...counts }),
      action: t("Cancel {count, plural, one {# task} other {# tasks}}", { ...counts }),
      said: [t("They end without an outcome. This cannot be undone."), held],
      after: (count: number) =>
        t("{count, plural, one {# task is} other {# tasks are}} cancelled", { count }),
    },
    requeue: {
      title: t("Ask {count, plural, one {# task} other {# tasks}} again?", { ...counts }),
      action: t("Ask again"),
      said: [t("All answers are asked for anew, from whoever comes."), answers, held],
      after: (count: number) =>
        t("{count, plural, one {# task is} other {# tasks are}} asked again", { count }),
    },
    recall: {
      title: t("Take {count, plural, one {# task} other {# tasks}} back?", { ...counts }),
      action: t("Take back"),
      said: [held, t("The tasks go to whoever asks next, which may be the same person.")],
      after: (count: number) =>
        t("{count, plural, one {# task is} other {# tasks are}} taken back", { count }),
    },
  };
  return all[deed];
}
