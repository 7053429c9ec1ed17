/** One job: how far it is, what came of it, what did not go in, and what can be done about it. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answered, platform } from "@/api/client";
import { counted, moment, t } from "@/app/words";
import { Button, buttonClasses } from "@/kit/button";
import { Confirm } from "@/kit/confirm";
import { Icon } from "@/kit/icon";
import { Badge, Progress } from "@/kit/shown";
import { sizeWords } from "@/screens/intake/contents";
import { countOf, isOver, type Job, refusalsQuery, shareOf } from "@/screens/intake/jobs";
import { Report } from "@/screens/intake/report";
import { kindWords } from "./jobs";

const TONES = {
  waiting: "plain",
  running: "accent",
  succeeded: "good",
  failed: "bad",
  cancelled: "warn",
} as const;

const stateWords = (state: Job["state"]): string =>
  ({
    waiting: t("Waiting"),
    running: t("Running"),
    succeeded: t("Done"),
    failed: t("Failed"),
    cancelled: t("Cancelled"),
  })[state];

export interface JobLineProps {
  readonly job: Job;
  readonly name: string;
  readonly onChange: () => void;
}

export function JobLine({ job, name, onChange }: JobLineProps) {
  const [asked, setAsked] = useState(false);
  const [open, setOpen] = useState(false);
  const refused = job.kind === "import" ? countOf(job, "refused") : 0;
  const cancel = async () => {
    await answered(platform.DELETE("/v1/jobs/{job}", { params: { path: { job: job.id } } }));
    onChange();
  };
  return (
    <article className="rounded-lg border border-line bg-raised p-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Icon name={job.kind === "export" ? "download" : "upload"} className="text-quiet" />
        <h3 className="font-semibold">{kindWords(job.kind)}</h3>
        <Badge tone={TONES[job.state]}>{stateWords(job.state)}</Badge>
        <span className="text-sm text-quiet">{moment(job.created_at)}</span>
        <span className="ml-auto flex gap-2">
          {refused > 0 && (
            <Button size="sm" icon="alert" aria-expanded={open} onClick={() => setOpen(!open)}>
              {t("{refused, plural, one {# refused row} other {# refused rows}}", { refused })}
            </Button>
          )}
          {job.kind === "export" && job.state === "succeeded" && (
            <a href={`/v1/exports/${job.id}/content`} download className={buttonClasses("primary", "sm")}>
              <Icon name="download" />
              {t("Download")}
            </a>
          )}
          {!isOver(job) && (
            <Button size="sm" onClick={() => setAsked(true)}>
              {t("Cancel")}
            </Button>
          )}
        </span>
      </header>
      <p className="mt-1 text-sm text-quiet tabular-nums">{toldOf(job)}</p>
      {job.error && <p className="mt-1 text-sm text-bad">{job.error.detail}</p>}
      {!isOver(job) && <Progress label={kindWords(job.kind)} share={shareOf(job) ?? 0} className="mt-2" />}
      {open && <Refusals job={job} total={refused} name={name} />}
      <Confirm
        open={asked}
        onOpenChange={setAsked}
        title={job.kind === "import" ? t("Cancel this import?") : t("Cancel this job?")}
        action={t("Cancel it")}
        run={cancel}
      >
        {job.kind === "import"
          ? t(
              "{tasks, plural, one {# task that is} other {# tasks that are}} in already will stay; the rest is not brought in.",
              { tasks: countOf(job, "tasks") },
            )
          : t("What was done until now stays; there will be no file.")}
      </Confirm>
    </article>
  );
}

function toldOf(job: Job): string {
  if (job.kind === "export") {
    const { size_bytes, tasks, file_name } = job.result ?? {};
    if (typeof size_bytes !== "number" || typeof tasks !== "number") return progressWords(job);
    return t("{file}: {tasks, plural, one {# task} other {# tasks}}, {size}", {
      file: String(file_name),
      tasks,
      size: sizeWords(size_bytes),
    });
  }
  if (job.kind !== "import") return progressWords(job);
  return t("{tasks, plural, one {# task} other {# tasks}}, {items} new items, {existing} there already", {
    tasks: countOf(job, "tasks"),
    items: counted(countOf(job, "items")),
    existing: counted(countOf(job, "existing")),
  });
}

function progressWords(job: Job): string {
  const { done, total, unit } = job.progress;
  if (typeof done !== "number") return t("Not begun yet");
  const of =
    typeof total === "number"
      ? t("{done} of {total}", { done: counted(done), total: counted(total) })
      : counted(done);
  return typeof unit === "string" ? `${of} ${unit}` : of;
}

function Refusals({
  job,
  total,
  name,
}: {
  readonly job: Job;
  readonly total: number;
  readonly name: string;
}) {
  const { data } = useQuery(refusalsQuery({ job: job.id, name, lines: null }));
  return <div className="mt-3">{data && <Report refused={data} total={total} name={name} />}</div>;
}
