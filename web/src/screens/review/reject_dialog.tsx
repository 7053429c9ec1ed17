/** Why an outcome is rejected: whoever does the work again reads it. One of a few reasons by a key, or own words. */

import { useState } from "react";
import { useCommands } from "@/app/commands";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { TextArea } from "@/kit/field";
import { Kbd } from "@/kit/kbd";

const reasons = (): readonly string[] => [
  t("Something is missing"),
  t("Something is marked that is not there"),
  t("The wrong label"),
  t("Not exact enough"),
];

export interface RejectDialogProps {
  readonly open: boolean;
  readonly close: () => void;
  /** What was written as a comment before. */
  readonly comment: string;
  /** Who does it again, as the project has it. */
  readonly reworkBy: "same" | "another";
  readonly reject: (reason: string) => void;
}

export function RejectDialog({ open, close, reworkBy, ...rest }: RejectDialogProps) {
  const whom =
    reworkBy === "same"
      ? t("The work is asked for again, of the one who did it where that was one person.")
      : t("The work is asked for again, of somebody else.");
  return (
    <Dialog
      open={open}
      onOpenChange={(now) => !now && close()}
      title={t("Why is it rejected?")}
      description={`${whom} ${t("They find this answer as their draft, and read your reason.")}`}
    >
      {open && <Reasons {...rest} />}
    </Dialog>
  );
}

function Reasons({ comment, reject }: Pick<RejectDialogProps, "comment" | "reject">) {
  const [own, setOwn] = useState(comment);
  const send = () => own.trim() && reject(own.trim());
  useCommands([
    ...reasons().map((reason, place) => ({
      id: `reject-reason-${place + 1}`,
      title: reason,
      scope: "dialog" as const,
      keys: [`${place + 1}`],
      run: () => reject(reason),
    })),
    { id: "reject-send", title: t("Reject"), scope: "dialog", keys: ["ctrl+enter"], run: send },
  ]);
  return (
    <div className="flex flex-col gap-2">
      {reasons().map((reason, place) => (
        <Button
          key={reason}
          data-first={(place === 0 && comment === "") || undefined}
          className="justify-between!"
          onClick={() => reject(reason)}
        >
          {reason}
          <Kbd keys={[`${place + 1}`]} />
        </Button>
      ))}
      <TextArea
        aria-label={t("Another reason")}
        placeholder={t("In your own words")}
        data-first={comment !== "" || undefined}
        value={own}
        onChange={(event) => setOwn(event.target.value)}
      />
      <Button look="danger" className="self-end" disabled={!own.trim()} onClick={send}>
        {t("Reject")}
        <Kbd keys={["Ctrl", "↵"]} />
      </Button>
    </div>
  );
}
