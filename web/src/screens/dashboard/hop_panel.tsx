/** Median and tail of one hop over time; a mark opens the slowest labels of its step. */

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { answered, modality, problemOf } from "@/api/client";
import { counted, moment, t } from "@/app/words";
import { Chart } from "@/kit/chart";
import { Dialog } from "@/kit/dialog";
import { Select } from "@/kit/field";
import { Notice, Skeleton } from "@/kit/shown";
import { duration, type Hops, hopWord, plotOf } from "@/screens/record/hop_series";
import { hopsQuery, type Look, type Project } from "./asking";
import { NothingYet, Panel } from "./panel";

export function HopPanel({ look }: { readonly look: Look }) {
  const found = useQuery(hopsQuery(look));
  return (
    <Panel
      wide
      title={t("Where the time goes")}
      about={t("From a task's making to its accepted outcome: median and 99th percentile of one hand-off.")}
      found={found}
    >
      {(hops) =>
        hops.hops.length > 0 ? (
          <Found project={look.project} hops={hops} />
        ) : (
          <NothingYet>{t("No label went its way in this time: its hand-offs will stand here.")}</NothingYet>
        )
      }
    </Panel>
  );
}

function Found({ project, hops }: { readonly project: Project; readonly hops: Hops }) {
  const [chosen, setChosen] = useState("total");
  const [opened, setOpened] = useState<number | null>(null);
  const hop = hops.hops.find(({ name }) => name === chosen) ?? hops.hops.at(-1);
  const name = hop?.name ?? chosen;
  const plot = useMemo(() => plotOf(hops, name), [hops, name]);
  const from = opened === null ? undefined : plot.times[opened];
  const label = t("{hop}: median and 99th percentile over time", { hop: hopWord(name) });
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Select aria-label={t("Hop")} value={name} onChange={(event) => setChosen(event.target.value)}>
          {hops.hops.map((one) => (
            <option key={one.name} value={one.name}>
              {hopWord(one.name)}
            </option>
          ))}
        </Select>
        {hop && (
          <span className="text-sm text-quiet tabular-nums">
            {t("{labels} labels: p50 {p50}, p99 {p99}", {
              labels: counted(hop.count),
              p50: duration(hop.p50_seconds),
              p99: duration(hop.p99_seconds),
            })}
          </span>
        )}
      </div>
      <Chart label={label} plot={plot} format={duration} file={`hop-${name}`} open={setOpened} />
      {from !== undefined && (
        <Slowest
          {...{ project, name, from }}
          until={plot.times[(opened ?? 0) + 1] ?? Date.parse(hops.until) / 1000}
          close={() => setOpened(null)}
        />
      )}
    </>
  );
}

interface SlowestProps {
  readonly project: Project;
  readonly name: string;
  readonly from: number;
  readonly until: number;
  readonly close: () => void;
}

function Slowest({ project, name, from, until, close }: SlowestProps) {
  const client = modality(project.modality);
  const navigate = useNavigate();
  const at = (seconds: number) => new Date(seconds * 1000).toISOString();
  const found = useQuery({
    queryKey: ["overview", project.id, "slowest", name, from, until],
    queryFn: () => {
      const query = { project: project.id, since: at(from), until: at(until) };
      return answered(client.GET("/hops", { params: { query } }));
    },
  });
  const slowest = found.data?.hops.find((hop) => hop.name === name)?.slowest ?? [];
  const open = async (submission: string) => {
    const params = { path: { submission_id: submission } };
    const { task } = await answered(client.GET("/submissions/{submission_id}/hops", { params }));
    await navigate({
      to: "/projects/$project/record/$outcome",
      params: { project: project.id, outcome: task },
    });
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t("{hop}: the slowest from {at} on", { hop: hopWord(name), at: moment(at(from)) })}
    >
      {found.isPending && <Skeleton className="h-24" />}
      {found.error && <Notice>{problemOf(found.error).message}</Notice>}
      {found.isSuccess && slowest.length === 0 && <p>{t("Nothing ended this hop in this time.")}</p>}
      <ul aria-label={t("Slowest labels")} className="divide-y divide-line">
        {slowest.map(({ submission, seconds, at: when }) => (
          <li key={submission}>
            <button
              type="button"
              onClick={() => void open(submission)}
              className="flex w-full items-center justify-between gap-3 px-2 py-2 text-left hover:bg-hover"
            >
              <span className="font-medium tabular-nums">{duration(seconds)}</span>
              <span className="text-sm text-quiet">{moment(when)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
