/** Tasks kept for one member: whom, and what happens to those who have them now. */

import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { problemOf } from "@/api/client";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { Field, Select } from "@/kit/field";
import { Notice } from "@/kit/shown";
import { notify, notifyDone } from "@/kit/toast";
import type { OnProject } from "../people/queries";
import { reassign } from "./changing";
import type { Project, Task } from "./queries";

export interface ReassignProps {
  readonly project: Project;
  readonly tasks: readonly Task[];
  readonly people: readonly OnProject[];
  readonly close: () => void;
  readonly done: () => void;
}

export function Reassign({ project, tasks, people, close, done }: ReassignProps) {
  const nameOf = (member: string) => people.find((one) => one.member === member)?.name ?? member;
  const giving = useMutation({
    mutationFn: (member: string) =>
      reassign(
        project,
        tasks.map(({ id }) => id),
        member,
      ),
    onSuccess: (changed, member) => {
      close();
      done();
      tellOf(changed, tasks.length, nameOf(member));
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    giving.mutate(String(new FormData(event.currentTarget).get("member")));
  };
  const held = tasks.reduce((total, { holders }) => total + holders.length, 0);
  const actions = (
    <>
      <Button onClick={close}>{t("Leave it")}</Button>
      <Button
        type="submit"
        form="reassign"
        look="primary"
        busy={giving.isPending}
        disabled={people.length === 0}
      >
        {t("Give")}
      </Button>
    </>
  );
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t("Give {count, plural, one {# task} other {# tasks}} to one member", { count: tasks.length })}
      actions={actions}
    >
      <form id="reassign" onSubmit={submit} className="flex flex-col gap-4" noValidate>
        {giving.error && <Notice>{problemOf(giving.error).message}</Notice>}
        <Field
          label={t("Member")}
          hint={t("They get them with their next task; nobody else is offered them.")}
        >
          {(links) => (
            <Select {...links} name="member" className="w-full">
              {people.map(({ member, name }) => (
                <option key={member} value={member}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <p className="text-quiet">
          {t(
            "{held, plural, =0 {Nobody has one of them now.} one {# lease ends at once; the draft is kept.} other {# leases end at once; the drafts are kept.}}",
            { held },
          )}
        </p>
      </form>
    </Dialog>
  );
}

/** Says how many were given; those whom the member had answered or skipped could not be. */
function tellOf(changed: number, of: number, name: string): void {
  const title = t("{changed, plural, one {# task is} other {# tasks are}} kept for {name}", {
    changed,
    name,
  });
  const left = of - changed;
  if (left === 0) notifyDone(title);
  else {
    const detail = t("{left, plural, one {# other} other {# others}}: {name} had answered or skipped them.", {
      left,
      name,
    });
    notify({ title, detail, tone: "warn" });
  }
}
