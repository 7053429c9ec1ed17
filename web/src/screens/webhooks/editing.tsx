/** A webhook is made or changed: its address, and what it is told of. */

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { problemOf } from "@/api/client";
import { projectsQuery } from "@/app/query";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { Field, Input } from "@/kit/field";
import { Notice } from "@/kit/shown";
import { notify } from "@/kit/toast";
import { again, change, make, type Webhook, wordsOf } from "./hooks";

export interface EditingProps {
  /** The one that is changed; none is made. */
  readonly webhook: Webhook | undefined;
  readonly close: () => void;
  readonly showSecret: (secret: string) => void;
}

export function Editing({ webhook, close, showSecret }: EditingProps) {
  const form = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const told = new FormData(event.currentTarget);
    const body = {
      url: String(told.get("url") ?? "").trim(),
      description: String(told.get("description") ?? "").trim(),
      event_types: wordsOf(String(told.get("types") ?? "")),
      projects: told.getAll("project").map(String),
    };
    setBusy(true);
    try {
      if (webhook) {
        await change(webhook, body);
        notify({ title: t("Webhook changed"), tone: "good" });
      } else showSecret((await make(body)).secret);
      again();
      close();
    } catch (error) {
      setProblem(problemOf(error).message);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      title={webhook ? t("Change the webhook") : t("New webhook")}
      actions={
        <>
          <Button onClick={close}>{t("Cancel")}</Button>
          <Button type="submit" form={form} look="primary" busy={busy}>
            {webhook ? t("Save") : t("Make it")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
        <Fields webhook={webhook} />
        {problem && <Notice>{problem}</Notice>}
      </form>
    </Dialog>
  );
}

function Fields({ webhook }: { readonly webhook: Webhook | undefined }) {
  const { data: projects } = useQuery(projectsQuery);
  return (
    <>
      <Field label={t("Address")} hint={t("It must answer 2xx within 15 seconds.")}>
        {(links) => (
          <Input
            {...links}
            name="url"
            type="url"
            data-first
            autoComplete="off"
            placeholder="https://train.example.org/hook"
            defaultValue={webhook?.url}
          />
        )}
      </Field>
      <Field label={t("What it is for")}>
        {(links) => <Input {...links} name="description" defaultValue={webhook?.description} />}
      </Field>
      <Field
        label={t("Types of events")}
        hint={t("Such as outcome.accepted, or outcome.* for all of a noun; nothing means all.")}
      >
        {(links) => (
          <Input
            {...links}
            name="types"
            autoComplete="off"
            spellCheck={false}
            defaultValue={webhook?.event_types.join(" ")}
          />
        )}
      </Field>
      <fieldset className="flex max-h-40 flex-col gap-1 overflow-y-auto">
        <legend className="mb-1 text-sm font-medium">{t("Projects: none chosen means all")}</legend>
        {projects?.map(({ id, name }) => (
          <label key={id} className="flex items-center gap-2">
            <input
              type="checkbox"
              name="project"
              value={id}
              defaultChecked={webhook?.projects.includes(id)}
              className="size-4 accent-accent"
            />
            {name}
          </label>
        ))}
      </fieldset>
    </>
  );
}
