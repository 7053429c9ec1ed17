/** The second look before what cannot be undone: what will happen, how much of it, and where it is grave its name. */

import { type FormEvent, type ReactNode, useId, useState } from "react";
import { problemOf } from "@/api/client";
import { t } from "@/app/words";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Field, Input } from "./field";
import { Notice } from "./shown";

export interface ConfirmProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** A question that names the thing: "Cancel 12 tasks?" */
  readonly title: string;
  /** What will happen, and what stays, with counts. */
  readonly children: ReactNode;
  /** What the button says: the deed, not "OK". */
  readonly action: string;
  /** Must be typed first, where the deed is grave. */
  readonly name?: string;
  /** What is done; the dialog closes when it is, and says why where it could not be. */
  readonly run: () => Promise<unknown>;
}

export const Confirm = (props: ConfirmProps) => (props.open ? <Asked {...props} /> : null);

function Asked({ onOpenChange, title, children, action, name, run }: ConfirmProps) {
  const form = useId();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const sure = name === undefined || typed.trim() === name.trim();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    // A portal's events reach the forms that it was drawn in.
    event.stopPropagation();
    if (!sure || busy) return;
    setBusy(true);
    try {
      await run();
      onOpenChange(false);
    } catch (error) {
      setProblem(problemOf(error).message);
      setBusy(false);
    }
  };
  const buttons = (
    <>
      <Button onClick={() => onOpenChange(false)} data-first={name === undefined ? true : undefined}>
        {t("Keep it as it is")}
      </Button>
      <Button type="submit" form={form} look="danger" busy={busy} disabled={!sure}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog open onOpenChange={onOpenChange} title={title} actions={buttons}>
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <div className="flex flex-col gap-2">{children}</div>
        {name !== undefined && (
          <Field label={t("Type {name} to go on", { name })}>
            {(links) => (
              <Input
                {...links}
                data-first
                autoComplete="off"
                spellCheck={false}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
        )}
        {problem && <Notice>{problem}</Notice>}
      </form>
    </Dialog>
  );
}
