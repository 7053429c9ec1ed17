/** The hops of labels as rows of a table and as lines of a chart. Pure. */

import type { ModalityShape } from "@/api/client";
import { t } from "@/app/words";
import type { Plot } from "@/kit/chart_data";

export type Hops = ModalityShape<"HopsView">;
export type Hop = Hops["hops"][number];

const NAMES: Readonly<Record<string, string>> = {
  accepted: "Accepted",
  appended: "Appended to the chain",
  claimed: "Taken",
  committed: "Committed",
  consensus: "Consensus",
  consumed: "Consumed",
  done: "All answers there",
  eligible: "Ready to be taken",
  first_input: "First input",
  flushed: "Handed to the database",
  group_opened: "Group opened",
  relayed: "Relayed",
  snapshotted: "In a snapshot",
  submitted: "Submitted",
  total: "All together",
};

/** Return what a hop is called. */
export const hopWord = (name: string): string => t(Object.hasOwn(NAMES, name) ? (NAMES[name] ?? name) : name);

/** Return a duration in the unit that it is read in. */
export function duration(seconds: number): string {
  if (seconds < 0.001) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 1) return `${(seconds * 1e3).toPrecision(3)} ms`;
  if (seconds < 120) return `${seconds.toPrecision(3)} s`;
  if (seconds < 7200) return `${(seconds / 60).toFixed(1)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** Return the median and the tail of one hop over the steps of time that any hop has. */
export function plotOf({ moments }: Pick<Hops, "moments">, name: string): Plot {
  const times = [...new Set(moments.map(({ at }) => Date.parse(at) / 1000))].sort(
    (one, other) => one - other,
  );
  const mine = new Map(
    moments.filter((one) => one.name === name).map((one) => [Date.parse(one.at) / 1000, one]),
  );
  return {
    times,
    lines: [
      { name: "p50", values: times.map((time) => mine.get(time)?.p50_seconds ?? null) },
      { name: "p99", values: times.map((time) => mine.get(time)?.p99_seconds ?? null), dashed: true },
    ],
  };
}

/** Return how many minutes a step has, so that a span of time has some sixty of them. */
export const stepMinutes = (hours: number): number => Math.max(1, Math.round((hours * 60) / 60));
