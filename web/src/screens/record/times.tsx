/** Where the time of a project's labels goes: median and tail of each hop, and one hop over time. */

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { answered, modality, problemOf } from "@/api/client";
import { counted, t } from "@/app/words";
import { Chart } from "@/kit/chart";
import { Field, Select } from "@/kit/field";
import { Empty, Notice, Progress, Skeleton } from "@/kit/shown";
import { duration, type Hop, type Hops, hopWord, plotOf, stepMinutes } from "./hop_series";
import type { Project } from "./outcomes";

const HOURS = [1, 24, 168] as const;
const HOUR_MILLISECONDS = 3_600_000;

export default function Times({ project }: { readonly project: Project }) {
  const { id, modality: name } = project;
  const [hours, setHours] = useState<number>(24);
  const { data, error, isPending } = useQuery({
    queryKey: ["hops", id, hours],
    queryFn: () => {
      const since = new Date(Date.now() - hours * HOUR_MILLISECONDS).toISOString();
      const query = { project: id, since, step_minutes: stepMinutes(hours) };
      return answered(modality(name).GET("/hops", { params: { query } }));
    },
    refetchInterval: 30_000,
  });
  return (
    <section aria-label={t("Times")}>
      <div className="mb-4 w-48">
        <Field label={t("Over")}>
          {(links) => (
            <Select {...links} value={hours} onChange={(event) => setHours(Number(event.target.value))}>
              {HOURS.map((one) => (
                <option key={one} value={one}>
                  {t("{hours, plural, one {the last hour} other {the last # hours}}", { hours: one })}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {error && <Notice>{problemOf(error).message}</Notice>}
      {isPending && <Skeleton className="h-60" />}
      {data && data.hops.length === 0 && (
        <Empty icon="clock" title={t("No label went its way yet")}>
          {t("Choose a longer time.")}
        </Empty>
      )}
      {data && data.hops.length > 0 && <Found hops={data} />}
    </section>
  );
}

function Found({ hops }: { readonly hops: Hops }) {
  const [chosen, setChosen] = useState("total");
  const name = hops.hops.some((hop) => hop.name === chosen) ? chosen : (hops.hops.at(-1)?.name ?? chosen);
  const plot = useMemo(() => plotOf(hops, name), [hops, name]);
  const label = t("{hop}: median and 99th percentile over time", { hop: hopWord(name) });
  return (
    <div className="flex flex-col gap-6">
      <Table hops={hops.hops} chosen={name} choose={setChosen} />
      <figure className="rounded-lg border border-line bg-raised p-3">
        <figcaption className="mb-2 font-medium">{label}</figcaption>
        <Chart label={label} plot={plot} format={duration} file={`hop-${name}`} />
      </figure>
    </div>
  );
}

interface TableProps {
  readonly hops: readonly Hop[];
  readonly chosen: string;
  readonly choose: (name: string) => void;
}

const Table = ({ hops, chosen, choose }: TableProps) => (
  <div className="overflow-x-auto rounded-lg border border-line bg-raised">
    <table className="w-full text-base tabular-nums">
      <thead className="text-left text-sm text-quiet">
        <tr>
          {[t("Hop"), t("Labels"), "p50", "p90", "p99", t("Share")].map((title) => (
            <th key={title} scope="col" className="px-3 py-2 font-medium">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line border-t border-line">
        {hops.map((hop) => (
          <tr key={hop.name} className={hop.name === chosen ? "bg-accent-soft" : undefined}>
            <th scope="row" className="px-3 py-1.5 text-left font-medium">
              <button
                type="button"
                aria-pressed={hop.name === chosen}
                onClick={() => choose(hop.name)}
                className="rounded-sm underline-offset-2 hover:underline"
              >
                {hopWord(hop.name)}
              </button>
            </th>
            <td className="px-3 py-1.5">{counted(hop.count)}</td>
            <td className="px-3 py-1.5">{duration(hop.p50_seconds)}</td>
            <td className="px-3 py-1.5">{duration(hop.p90_seconds)}</td>
            <td className="px-3 py-1.5">{duration(hop.p99_seconds)}</td>
            <td className="w-40 px-3 py-1.5">
              <Progress label={t("{hop}: share of the time", { hop: hopWord(hop.name) })} share={hop.share} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
