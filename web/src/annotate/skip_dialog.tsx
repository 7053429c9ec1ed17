/** Why a task is passed over: one of a few reasons by a key, or the person's own words. */

import { useState } from "react";
import { useCommands } from "@/app/commands";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { Input } from "@/kit/field";
import { Kbd } from "@/kit/kbd";

const reasons = (): readonly string[] => [
  t("I cannot tell"),
  t("The item is broken or empty"),
  t("The instructions do not say"),
  t("I would rather not see this"),
];

export interface SkipDialogProps {
  readonly open: boolean;
  readonly close: () => void;
  readonly skip: (reason: string) => void;
}

export function SkipDialog({ open, close, skip }: SkipDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(now) => !now && close()}
      title={t("Skip this task")}
      description={t("Somebody else gets it; it is not offered to you again.")}
    >
      {open && <Reasons skip={skip} />}
    </Dialog>
  );
}

function Reasons({ skip }: Pick<SkipDialogProps, "skip">) {
  const [own, setOwn] = useState("");
  useCommands(
    reasons().map((reason, place) => ({
      id: `skip-reason-${place + 1}`,
      title: reason,
      scope: "dialog" as const,
      keys: [`${place + 1}`],
      run: () => skip(reason),
    })),
  );
  return (
    <div className="flex flex-col gap-2">
      {reasons().map((reason, place) => (
        <Button
          key={reason}
          data-first={place === 0 || undefined}
          className="justify-between!"
          onClick={() => skip(reason)}
        >
          {reason}
          <Kbd keys={[`${place + 1}`]} />
        </Button>
      ))}
      <form
        className="mt-1 flex gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          skip(own.trim());
        }}
      >
        <Input
          aria-label={t("Another reason")}
          placeholder={t("Another reason")}
          value={own}
          onChange={(event) => setOwn(event.target.value)}
        />
        <Button type="submit" look="primary" disabled={!own.trim()}>
          {t("Skip")}
        </Button>
      </form>
    </div>
  );
}
