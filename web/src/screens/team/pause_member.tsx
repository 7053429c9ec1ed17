/** The second look before an annotator is paused: leases end, and recent answers may be asked for again. */

import { useState } from "react";
import { t } from "@/app/words";
import { Confirm } from "@/kit/confirm";
import { Field, Input } from "@/kit/field";
import { notifyDone } from "@/kit/toast";
import { type Line, type Project, pauseMember } from "./queries";

export interface PauseMemberProps {
  readonly project: Project;
  readonly line: Line;
  readonly close: () => void;
}

export function PauseMember({ project, line: { member, standing }, close }: PauseMemberProps) {
  const [reason, setReason] = useState("");
  const [days, setDays] = useState("0");
  const { name } = member;
  const run = async () => {
    const { requeued } = await pauseMember(project, member.member, reason.trim(), Number(days));
    notifyDone(
      t(
        "{name} is paused; {requeued, plural, =0 {no answer is} one {# answer is} other {# answers are}} asked for again",
        {
          name,
          requeued,
        },
      ),
    );
  };
  return (
    <Confirm open onOpenChange={close} title={t("Pause {name}?", { name })} action={t("Pause")} run={run}>
      <p>
        {t(
          "They get no tasks of this project until they are let in again; the leases they hold end at once. They have given {answers, plural, =0 {no answers} one {# answer} other {# answers}} here.",
          { answers: standing?.answers ?? 0 },
        )}
      </p>
      <Field label={t("Reason")} hint={t("They see it.")}>
        {(links) => <Input {...links} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
      <Field
        label={t("Ask again for the answers of so many days")}
        hint={t("Those answers count no more, which cannot be undone. 0: all of them count.")}
      >
        {(links) => (
          <Input
            {...links}
            type="number"
            min={0}
            max={365}
            value={days}
            onChange={(event) => setDays(event.target.value)}
            className="w-28!"
          />
        )}
      </Field>
    </Confirm>
  );
}
