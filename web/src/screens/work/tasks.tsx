/** The tasks of a project: filtered, chosen, and what is done with those that are chosen. */

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { problemOf } from "@/api/client";
import { workRoute } from "@/app/router";
import { moment, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Avatar, Badge, Empty, Notice } from "@/kit/shown";
import { type Column, Table } from "@/kit/table";
import { onProjectQuery } from "../people/queries";
import { type Batch, batchesQuery, type Project, type Task, tasksQuery } from "./queries";
import { TaskDeeds } from "./task_deeds";
import { TaskFilters } from "./task_filters";
import { lasting, STATE_TONES, stateWord } from "./told";

export function Tasks({ project }: { readonly project: Project }) {
  const { view: _view, ...filter } = workRoute.useSearch();
  const found = useInfiniteQuery(tasksQuery(project, filter));
  const batches = useQuery(batchesQuery(project)).data ?? [];
  const people = useQuery(onProjectQuery(project.id)).data ?? [];
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const rows = found.data?.pages.flatMap(({ items }) => items);
  const held = rows?.filter(({ id }) => chosen.has(id)) ?? [];
  const names = new Map(people.map(({ member, name }) => [member, name]));
  return (
    <section aria-label={t("Tasks")} className="flex flex-col gap-3">
      <TaskFilters project={project} batches={batches} people={people} />
      {found.error && <Notice>{problemOf(found.error).message}</Notice>}
      <TaskDeeds project={project} tasks={held} people={people} done={() => setChosen(new Set())} />
      <Table
        label={t("Tasks")}
        columns={columns(project, batches, names)}
        rows={rows}
        keyOf={({ id }) => id}
        nameOf={({ unique_id }) => unique_id}
        chosen={chosen}
        onChoose={setChosen}
        empty={<NoTask filtered={Object.keys(filter).length > 0} />}
      />
      {found.hasNextPage && (
        <Button
          className="self-center"
          busy={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t("More tasks")}
        </Button>
      )}
    </section>
  );
}

const NoTask = ({ filtered }: { readonly filtered: boolean }) =>
  filtered ? (
    <Empty icon="search" title={t("No task is like that")}>
      {t("Take a filter away to see more.")}
    </Empty>
  ) : (
    <Empty icon="layers" title={t("No task yet")}>
      {t("A batch makes tasks of items: release one under Batches, or import a file under Files.")}
    </Empty>
  );

const columns = (
  project: Project,
  batches: readonly Batch[],
  names: ReadonlyMap<string, string>,
): readonly Column<Task>[] => [
  {
    id: "item",
    title: t("Item"),
    value: ({ unique_id }) => unique_id,
    cell: ({ unique_id, item }) => (
      <Link
        to="/projects/$project/data/$item"
        params={{ project: project.id, item }}
        className="block max-w-72 min-w-24 truncate font-medium hover:underline"
      >
        {unique_id}
      </Link>
    ),
  },
  {
    id: "state",
    title: t("State"),
    value: ({ state }) => stateWord(state),
    cell: ({ state }) => <Badge tone={STATE_TONES[state]}>{stateWord(state)}</Badge>,
    className: "w-28",
  },
  {
    id: "answers",
    title: t("Answers"),
    end: true,
    value: ({ answered }) => answered,
    cell: ({ answered, overlap, state }) =>
      state === "gold" ? answered : t("{answered} of {overlap}", { answered, overlap }),
    className: "w-24",
  },
  {
    id: "holder",
    title: t("Held by"),
    value: ({ holders }) => holders[0]?.expires_at ?? null,
    cell: (task) => <Holders task={task} names={names} />,
  },
  {
    id: "batch",
    title: t("Batch"),
    value: ({ batch }) => batches.find(({ id }) => id === batch)?.name ?? "",
    cell: ({ batch }) => (
      <span className="block max-w-48 truncate text-quiet">
        {batches.find(({ id }) => id === batch)?.name}
      </span>
    ),
  },
];

/** Who has a task now and when the lease ends, or for whom it is kept. */
function Holders({ task, names }: { readonly task: Task; readonly names: ReadonlyMap<string, string> }) {
  const { holders, reserved_for: kept, state } = task;
  if (holders.length > 0)
    return (
      <ul>
        {holders.map(({ assignment, name, expires_at: until }) => (
          <li key={assignment} className="flex items-center gap-2">
            <Avatar name={name} className="size-5! text-[0.625rem]" />
            <span className="max-w-40 truncate">{name}</span>
            <span className="text-sm whitespace-nowrap text-quiet" title={moment(until)}>
              {t("lease ends in {time}", { time: lasting(Date.parse(until) - Date.now()) })}
            </span>
          </li>
        ))}
      </ul>
    );
  if (kept && (state === "open" || state === "paused"))
    return (
      <span className="text-quiet">
        {t("kept for {name}", { name: names.get(kept) ?? t("somebody not on the project") })}
      </span>
    );
  return <span className="text-quiet">–</span>;
}
