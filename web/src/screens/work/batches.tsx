/** The batches of a project: how far each is and how it stands against its deadline; priority changed in place. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { problemOf } from "@/api/client";
import { notifyProblem } from "@/app/account-menu";
import { useCommands } from "@/app/commands";
import { counted, moment, t } from "@/app/words";
import { Button, IconButton } from "@/kit/button";
import { ChoiceInPlace } from "@/kit/choice_in_place";
import { Menu, MenuItem, MenuLine } from "@/kit/menu";
import { Badge, Empty, Notice, Progress } from "@/kit/shown";
import { type Column, Table } from "@/kit/table";
import { notifyDone } from "@/kit/toast";
import { CancelBatch } from "./cancel_batch";
import { ChangeBatch } from "./change_batch";
import { changeBatch } from "./changing";
import { NewBatch } from "./new_batch";
import {
  type Batch,
  type BatchProgress,
  batchesQuery,
  batchProgressQuery,
  type Priority,
  type Project,
} from "./queries";
import { askedWords, PRIORITIES, priorityWord, standing } from "./told";

/** A batch, and how far it is, once that is counted. */
interface Line {
  readonly batch: Batch;
  readonly progress: BatchProgress | undefined;
}

type Open = { readonly what: "new" } | { readonly what: "change" | "cancel"; readonly id: string };

export function Batches({ project }: { readonly project: Project }) {
  const batches = useQuery(batchesQuery(project));
  const counts = useQuery(batchProgressQuery(project)).data;
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const byId = new Map(counts?.items.map((one) => [one.batch, one]));
  const lines = batches.data?.map((batch) => ({ batch, progress: byId.get(batch.id) })).reverse();
  const chosen = lines?.find(({ batch }) => open?.what !== "new" && batch.id === open?.id);
  useCommands([
    {
      id: "batch-new",
      title: t("New batch"),
      scope: "page",
      keys: ["n"],
      run: () => setOpen({ what: "new" }),
    },
  ]);
  const add = (
    <Button icon="add" look="primary" onClick={() => setOpen({ what: "new" })}>
      {t("New batch")}
    </Button>
  );
  return (
    <section aria-label={t("Batches")} className="flex flex-col gap-3">
      {batches.error && <Notice>{problemOf(batches.error).message}</Notice>}
      <div className="flex items-center gap-3">
        <p className="flex-1 text-sm text-quiet">{lines && lines.length > 0 && <Summary lines={lines} />}</p>
        {lines && lines.length > 0 && add}
      </div>
      <Table
        label={t("Batches")}
        columns={columns(project, setOpen)}
        rows={lines}
        keyOf={({ batch }) => batch.id}
        nameOf={({ batch }) => batch.name}
        empty={
          <Empty icon="layers" title={t("No batch yet")} action={add}>
            {t(
              "A batch releases items as tasks together, with one priority, deadline and number of answers.",
            )}
          </Empty>
        }
      />
      {open?.what === "new" && <NewBatch project={project} close={close} />}
      {open?.what === "change" && chosen && (
        <ChangeBatch key={chosen.batch.id} project={project} batch={chosen.batch} close={close} />
      )}
      {open?.what === "cancel" && chosen && <CancelBatch project={project} {...chosen} close={close} />}
    </section>
  );
}

function Summary({ lines }: { readonly lines: readonly Line[] }) {
  const sum = (count: (one: BatchProgress) => number) =>
    lines.reduce((total, { progress }) => total + (progress ? count(progress) : 0), 0);
  const leased = sum((one) => one.leased);
  const pace = sum((one) => one.answered_last_hour);
  return t(
    "{leased, plural, =0 {Nobody has a task now} one {# task is being worked on} other {# tasks are being worked on}}; {pace, plural, =0 {no answer} one {# answer} other {# answers}} in the last hour.",
    { leased, pace },
  );
}

const columns = (project: Project, open: (open: Open) => void): readonly Column<Line>[] => [
  {
    id: "name",
    title: t("Batch"),
    value: ({ batch }) => batch.name,
    cell: (line) => <Name project={project} {...line} />,
  },
  {
    id: "progress",
    title: t("Answers"),
    value: ({ progress }) => (progress?.asked ? progress.answered / progress.asked : null),
    cell: (line) => <Done {...line} />,
    className: "w-52",
  },
  {
    id: "priority",
    title: t("Priority"),
    value: ({ batch }) => PRIORITIES.indexOf(batch.priority),
    cell: ({ batch }) => <PriorityChoice project={project} batch={batch} />,
    className: "w-32",
  },
  {
    id: "deadline",
    title: t("Deadline"),
    value: ({ batch }) => batch.deadline,
    cell: (line) => <Due {...line} onChange={() => open({ what: "change", id: line.batch.id })} />,
    className: "w-56",
  },
  {
    id: "more",
    title: t("What can be done"),
    bare: true,
    end: true,
    cell: ({ batch }) => <More project={project} batch={batch} open={open} />,
    className: "w-12",
  },
];

function Name({ project, batch, progress }: Line & { readonly project: Project }) {
  return (
    <span className="block min-w-44">
      <span className="flex items-center gap-2">
        <Link
          to="/projects/$project/work"
          params={{ project: project.id }}
          search={{ view: "tasks", batch: batch.id }}
          className="min-w-0 truncate font-medium hover:underline"
        >
          {batch.name}
        </Link>
        {batch.state === "paused" && (
          <Badge tone="warn" icon="pause">
            {t("Paused")}
          </Badge>
        )}
        {batch.state === "cancelled" && <Badge>{t("Cancelled")}</Badge>}
        {progress && progress.leased > 0 && (
          <Badge tone="accent" icon="people">
            {t("{leased} held", { leased: progress.leased })}
          </Badge>
        )}
      </span>
      <span className="block text-sm text-quiet">
        {t("{tasks, plural, one {# task} other {# tasks}}", { tasks: batch.tasks })} · {askedWords(batch)}
      </span>
    </span>
  );
}

function Done({ batch, progress }: Line) {
  if (!progress)
    return <span className="text-sm text-quiet">{batch.tasks === 0 ? t("being released…") : "…"}</span>;
  const { asked, answered, done } = progress;
  return (
    <span className="block w-44">
      <Progress label={t("{name}: answers", { name: batch.name })} share={asked ? answered / asked : 0} />
      <span className="mt-1 block text-sm text-quiet tabular-nums">
        {t("{answered} of {asked} · {done} tasks done", {
          answered: counted(answered),
          asked: counted(asked),
          done: counted(done),
        })}
      </span>
    </span>
  );
}

function PriorityChoice({ project, batch }: { readonly project: Project; readonly batch: Batch }) {
  const { id, name, priority: before } = batch;
  const put = (priority: Priority) =>
    changeBatch(project, id, { priority })
      .then(() =>
        notifyDone(
          t("{name}: priority {priority}", { name, priority: priorityWord(priority) }),
          () => void changeBatch(project, id, { priority: before }).catch(notifyProblem),
        ),
      )
      .catch(notifyProblem);
  return (
    <ChoiceInPlace
      label={t("Priority of {name}", { name })}
      disabled={batch.state === "cancelled"}
      value={before}
      choices={PRIORITIES.map((one) => [one, priorityWord(one)])}
      onChange={put}
      className="w-28"
    />
  );
}

function Due({ batch, progress, onChange }: Line & { readonly onChange: () => void }) {
  const told = standing(batch, progress, Date.now());
  return (
    <span className="flex flex-col items-start gap-1">
      <button
        type="button"
        onClick={onChange}
        disabled={batch.state === "cancelled"}
        className="rounded-sm text-left enabled:hover:underline disabled:text-quiet"
      >
        {batch.deadline ? moment(batch.deadline) : t("No deadline")}
        <span className="sr-only">{t("Change {name}", { name: batch.name })}</span>
      </button>
      {told && <Badge tone={told.tone}>{told.words}</Badge>}
    </span>
  );
}

interface MoreProps {
  readonly project: Project;
  readonly batch: Batch;
  readonly open: (open: Open) => void;
}

function More({ project, batch, open }: MoreProps) {
  const put = (state: "open" | "paused") => changeBatch(project, batch.id, { state });
  const paused = batch.state === "paused";
  const words = { name: batch.name };
  const turn = () =>
    put(paused ? "open" : "paused")
      .then(() =>
        notifyDone(
          paused ? t("{name} goes on", words) : t("{name} is paused", words),
          () => void put(paused ? "paused" : "open").catch(notifyProblem),
        ),
      )
      .catch(notifyProblem);
  if (batch.state === "cancelled") return null;
  return (
    <Menu trigger={<IconButton icon="more" label={t("What can be done with {name}", words)} />}>
      <MenuItem icon={paused ? "play" : "pause"} onSelect={turn}>
        {paused ? t("Resume") : t("Pause")}
      </MenuItem>
      <MenuItem icon="clock" onSelect={() => open({ what: "change", id: batch.id })}>
        {t("Change deadline and target…")}
      </MenuItem>
      <MenuLine />
      <MenuItem icon="close" onSelect={() => open({ what: "cancel", id: batch.id })}>
        {t("Cancel…")}
      </MenuItem>
    </Menu>
  );
}
