/** What waits in each batch beside its deadline, when it will be done at this pace, and what dynamic overlap saved. */

import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { counted, moment, t } from "@/app/words";
import { Badge, Progress } from "@/kit/shown";
import { Table } from "@/kit/table";
import { Csv } from "./agreement_panels";
import { type BatchRow, batchesQuery, type Look, overlapQuery, type Project, paceQuery } from "./asking";
import { byTheClock, estimatedEnd } from "./pace";
import { NothingYet, Panel } from "./panel";

const OVERLAPS_MAX = 20;
const left = ({ progress }: BatchRow) => (progress ? Math.max(0, progress.asked - progress.answered) : 0);
const doneShare = ({ progress }: BatchRow) =>
  progress && progress.asked > 0 ? progress.answered / progress.asked : 0;

interface Forecast extends BatchRow {
  readonly end: Date | null;
}

/** Batches are worked on in the order of their deadlines, so each waits for what lies before it. */
export function forecasts(rows: readonly BatchRow[], perHour: number, now = Date.now()): readonly Forecast[] {
  const due = ({ batch }: BatchRow) =>
    batch.deadline ? Date.parse(batch.deadline) : Number.POSITIVE_INFINITY;
  let before = 0;
  return [...rows]
    .sort((one, other) => due(one) - due(other) || one.batch.id.localeCompare(other.batch.id))
    .map((row) => {
      if (row.batch.state !== "open" || left(row) === 0) return { ...row, end: null };
      before += left(row);
      return { ...row, end: estimatedEnd(before, perHour, now) };
    });
}

export function QueuePanel({ look }: { readonly look: Look }) {
  const { project } = look;
  const found = useQuery(batchesQuery(project));
  const { data: pace } = useQuery(paceQuery({ ...look, person: undefined }));
  return (
    <Panel
      wide
      title={t("Batches and their deadlines")}
      about={t("What is left, and when it will be done if labels go on coming in as they did in this time.")}
      found={found}
    >
      {(rows) => {
        if (rows.length === 0)
          return <NothingYet>{t("A batch is what is labelled together: make one under Work.")}</NothingYet>;
        const known = forecasts(rows, pace ? byTheClock(pace) : 0);
        return (
          <>
            <Table
              label={t("Batches and their deadlines")}
              columns={columns(project)}
              rows={known}
              keyOf={({ batch }) => batch.id}
              nameOf={({ batch }) => batch.name}
              empty={null}
            />
            <Csv
              file="batches"
              label={t("Batches: save as CSV")}
              rows={() => [
                ["batch", "state", "deadline", "asked", "answered", "estimated_end"],
                ...known.map(({ batch, progress, end }) => [
                  batch.name,
                  batch.state,
                  batch.deadline ?? null,
                  progress?.asked ?? null,
                  progress?.answered ?? null,
                  end?.toISOString() ?? null,
                ]),
              ]}
            />
          </>
        );
      }}
    </Panel>
  );
}

const columns = (project: Project) => [
  {
    id: "name",
    title: t("Batch"),
    value: ({ batch }: Forecast) => batch.name,
    cell: ({ batch }: Forecast) => (
      <Link
        to="/projects/$project/data"
        params={{ project: project.id }}
        search={{ filter: { batches: [batch.id] } }}
        className="font-medium underline-offset-2 hover:underline"
      >
        {batch.name}
      </Link>
    ),
  },
  {
    id: "done",
    title: t("Done"),
    value: doneShare,
    cell: (row: Forecast) => (
      <span className="flex items-center gap-2">
        <Progress
          label={t("{name}: done", { name: row.batch.name })}
          share={doneShare(row)}
          className="w-28"
        />
        <span className="text-sm text-quiet tabular-nums">{Math.floor(100 * doneShare(row))} %</span>
      </span>
    ),
  },
  {
    id: "left",
    title: t("Answers left"),
    end: true,
    value: left,
    cell: (row: Forecast) => counted(left(row)),
  },
  {
    id: "deadline",
    title: t("Deadline"),
    value: ({ batch }: Forecast) => batch.deadline ?? null,
    cell: ({ batch }: Forecast) =>
      batch.deadline ? moment(batch.deadline) : <span className="text-quiet">–</span>,
  },
  {
    id: "end",
    title: t("Estimated end"),
    value: ({ end }: Forecast) => end?.getTime() ?? null,
    cell: Ending,
  },
];

function Ending({ batch, end, progress }: Forecast) {
  if (batch.state !== "open") return <Badge>{batch.state}</Badge>;
  if (progress && progress.asked > 0 && progress.answered >= progress.asked)
    return (
      <Badge tone="good" icon="check">
        {t("done")}
      </Badge>
    );
  if (!end) return <span className="text-quiet">{t("nobody labels now")}</span>;
  const late =
    batch.deadline !== null && batch.deadline !== undefined && end.getTime() > Date.parse(batch.deadline);
  return (
    <span className="flex flex-wrap items-center gap-2">
      {moment(end)}
      {late && (
        <Badge tone="bad" icon="alert">
          {t("late")}
        </Badge>
      )}
    </span>
  );
}

/** Answers that need not be asked for, by batch: there where a batch has a target. */
export function OverlapPanel({ project }: { readonly project: Project }) {
  const batches = useQuery(batchesQuery(project));
  const aimed = batches.data?.filter(({ batch }) => batch.target).slice(0, OVERLAPS_MAX) ?? [];
  const reports = useQueries({ queries: aimed.map(({ batch }) => overlapQuery(project, batch.id)) });
  if (aimed.length === 0) return null;
  return (
    <Panel
      wide
      title={t("Labels saved by dynamic overlap")}
      about={t("Beside asking every task as often as it might have been asked.")}
      found={batches}
    >
      {() => (
        <ul className="flex flex-col gap-3">
          {aimed.map(({ batch }, at) => {
            const report = reports[at]?.data;
            return (
              <li key={batch.id} className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1">
                <Link
                  to="/projects/$project/data"
                  params={{ project: project.id }}
                  search={{ filter: { batches: [batch.id], states: ["done"] } }}
                  className="truncate font-medium underline-offset-2 hover:underline"
                >
                  {batch.name}
                </Link>
                <span className="text-right tabular-nums">
                  {report
                    ? t("{saved} of {fixed} saved ({share} %)", {
                        saved: counted(report.saved),
                        fixed: counted(report.labels_fixed),
                        share: (100 * report.saved_share).toFixed(0),
                      })
                    : "…"}
                </span>
                <Progress
                  label={t("{name}: share saved", { name: batch.name })}
                  share={report?.saved_share ?? 0}
                  className="col-span-2"
                />
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
