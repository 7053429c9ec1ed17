/** The four numbers that are looked at first. */

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import { progressQuery } from "@/app/query";
import { counted, moment, t } from "@/app/words";
import { Progress, Skeleton } from "@/kit/shown";
import { agreementQuery, batchesQuery, type Look, paceQuery } from "./asking";
import { rowOf } from "./measures";
import { byTheClock, estimatedEnd, hourly, sumOf } from "./pace";

export function Tiles({ look }: { readonly look: Look }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
      <Labels look={look} />
      <Done look={look} />
      <Rest look={look} />
      <Agreed look={look} />
    </div>
  );
}

interface TileProps {
  readonly title: string;
  readonly value: ReactNode;
  readonly children?: ReactNode;
}

function Tile({ title, value, children }: TileProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-1 rounded-lg border border-line bg-raised p-4">
      <h3 id={id} className="text-sm font-medium text-quiet">
        {title}
      </h3>
      <p className="text-2xl font-semibold tracking-tight tabular-nums">
        {value ?? <Skeleton className="h-8 w-24" />}
      </p>
      <div className="min-h-5 text-sm text-quiet">{children}</div>
    </section>
  );
}

function Labels({ look }: { readonly look: Look }) {
  const { data: pace } = useQuery(paceQuery(look));
  return (
    <Tile title={t("Labels in this time")} value={pace && counted(sumOf(pace).labels)}>
      {pace &&
        t("{rate} an hour while somebody works, {people, plural, one {# person} other {# people}}", {
          rate: counted(Math.round(hourly(pace))),
          people: pace.people_total,
        })}
    </Tile>
  );
}

function Done({ look }: { readonly look: Look }) {
  const { id, modality: name } = look.project;
  const { data: progress } = useQuery(progressQuery(name, id));
  const all = progress ? progress.tasks - progress.cancelled : 0;
  const share = progress && all > 0 ? progress.done / all : 0;
  return (
    <Tile title={t("Tasks done")} value={progress && `${Math.floor(100 * share)} %`}>
      {progress && (
        <>
          {t("{done} of {all}", { done: counted(progress.done), all: counted(all) })}
          <Progress label={t("Tasks done")} share={share} className="mt-1.5" />
        </>
      )}
    </Tile>
  );
}

function Rest({ look }: { readonly look: Look }) {
  const { data: rows } = useQuery(batchesQuery(look.project));
  const { data: pace } = useQuery(paceQuery({ ...look, person: undefined }));
  const left = rows?.reduce(
    (sum, { batch, progress }) =>
      batch.state === "open" && progress ? sum + Math.max(0, progress.asked - progress.answered) : sum,
    0,
  );
  const end = pace && left !== undefined ? estimatedEnd(left, byTheClock(pace)) : null;
  return (
    <Tile title={t("Answers left")} value={left === undefined ? undefined : counted(left)}>
      {left === 0
        ? t("Nothing waits.")
        : end
          ? t("at this pace until {end}", { end: moment(end) })
          : left !== undefined && t("no end in sight: nobody labelled in this time")}
    </Tile>
  );
}

function Agreed({ look }: { readonly look: Look }) {
  // The weeks are asked for anyway; each question costs the service a process.
  const { data } = useQuery(agreementQuery(look.project, "week"));
  const group = data?.groups.reduce<(typeof data.groups)[number] | undefined>(
    (newest, one) => ((one.week ?? "") > (newest?.week ?? "") ? one : newest),
    undefined,
  );
  const row = group && rowOf(group);
  const value = row && row.value !== null ? row.value.toFixed(2) : data ? "–" : undefined;
  return (
    <Tile title={t("Agreement, newest week")} value={value}>
      {row && row.low !== null && row.high !== null && group
        ? t("{measure}, {low} – {high}, {tasks} tasks", {
            measure: row.measure,
            low: row.low.toFixed(2),
            high: row.high.toFixed(2),
            tasks: counted(group.tasks),
          })
        : data && t("known once two people answered the same tasks")}
    </Tile>
  );
}
