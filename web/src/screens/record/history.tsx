/** The versions of an outcome with what each changed, and going back to an earlier one. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useId, useState } from "react";
import { answered, type ModalityShape, modality, problemOf } from "@/api/client";
import { queryClient } from "@/app/query";
import { moment, t } from "@/app/words";
import type { Modality } from "@/engine/document/values";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { Field, TextArea } from "@/kit/field";
import { Badge, Notice, Skeleton } from "@/kit/shown";

type Version = ModalityShape<"VersionView">;

export interface HistoryProps {
  readonly project: string;
  readonly modality: Modality;
  readonly task: string;
  /** Managers may go back. */
  readonly manages: boolean;
}

export function History({ project, modality: name, task, manages }: HistoryProps) {
  const [chosen, setChosen] = useState<Version | null>(null);
  const { data, error } = useQuery({
    queryKey: ["history", task],
    queryFn: () => answered(modality(name).GET("/outcomes/{task}/history", { params: { path: { task } } })),
  });
  if (error) return <Notice>{problemOf(error).message}</Notice>;
  if (!data) return <Skeleton className="h-24" />;
  const hasCurrent = data.versions.some(({ is_current }) => is_current);
  const by = ({ member, made_by }: Version) => (member ? (data.people[member] ?? member) : made_by);
  return (
    <>
      <ol
        aria-label={t("Versions, the newest first")}
        className="divide-y divide-line rounded-lg border border-line bg-raised"
      >
        {data.versions.map((one) => (
          <li key={one.id} className="flex flex-wrap items-start gap-x-3 gap-y-1 px-3 py-2">
            <span className="w-24 font-medium">{t("Version {version}", { version: one.version })}</span>
            <span className="min-w-48 flex-1">
              <span className="block text-sm text-quiet">
                {one.reverts ? t("{name} went back to an earlier version", { name: by(one) }) : by(one)},{" "}
                {moment(one.created_at)}
              </span>
              {(one.diff?.changes ?? []).map(({ text }) => (
                <span key={text} className="block">
                  {text}
                </span>
              ))}
            </span>
            <Badge tone={one.is_current ? "good" : "plain"}>
              {one.is_current ? t("current") : one.state}
            </Badge>
            {manages && hasCurrent && !one.is_current && (
              <Button size="sm" icon="undo" onClick={() => setChosen(one)}>
                {t("Go back to version {version}", { version: one.version })}
              </Button>
            )}
          </li>
        ))}
      </ol>
      {chosen && <GoBack project={project} modality={name} version={chosen} close={() => setChosen(null)} />}
    </>
  );
}

interface GoBackProps {
  readonly project: string;
  readonly modality: Modality;
  readonly version: Version;
  readonly close: () => void;
}

function GoBack({ project, modality: name, version, close }: GoBackProps) {
  const form = useId();
  const navigate = useNavigate();
  const going = useMutation({
    mutationFn: (reason: string) =>
      answered(
        modality(name).POST("/outcomes/{outcome}/revert", {
          params: { path: { outcome: version.id } },
          body: { reason },
        }),
      ),
    onSuccess: async ({ id }) => {
      close();
      await queryClient.invalidateQueries({ predicate: ({ queryKey }) => CHANGED.has(String(queryKey[0])) });
      await navigate({ to: "/projects/$project/record/$outcome", params: { project, outcome: id } });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    going.mutate(String(new FormData(event.currentTarget).get("reason") ?? ""));
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t("Go back to version {version}", { version: version.version })}
      description={t(
        "What it said becomes the next version. Nothing is deleted, and the record says who did it.",
      )}
      actions={
        <>
          <Button onClick={close}>{t("Cancel")}</Button>
          <Button type="submit" form={form} look="primary" busy={going.isPending}>
            {t("Go back")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit}>
        {going.error && <Notice>{problemOf(going.error).message}</Notice>}
        <Field label={t("Why")} hint={t("It is kept in the record.")}>
          {(links) => <TextArea {...links} name="reason" maxLength={2000} />}
        </Field>
      </form>
    </Dialog>
  );
}

const CHANGED: ReadonlySet<string> = new Set(["history", "lineage", "outcomes", "events"]);
