/** A project's pace as bars, and when the rest will be done. Pure. */

import { t } from "@/app/words";
import type { Plot } from "@/kit/chart_data";
import { HOUR_SECONDS, type Pace } from "./asking";

const PEOPLE_SHOWN_MAX = 5;
const seconds = (at: string) => Date.parse(at) / 1000;

/** Return labels by steps of time: a line for each of the busiest people, one for all others; without any it is 0. */
export function plotOfPace(pace: Pace): Plot {
  const step = pace.step === "hour" ? HOUR_SECONDS : 24 * HOUR_SECONDS;
  const first = Math.floor(seconds(pace.since) / step) * step;
  const count = Math.max(0, Math.ceil((seconds(pace.until) - first) / step));
  const times = Array.from({ length: count }, (_, at) => first + at * step);
  const shown = pace.people.slice(0, PEOPLE_SHOWN_MAX);
  const lines = shown.map(({ name }) => ({ name, values: new Array<number>(count).fill(0) }));
  const others = { name: t("Others"), values: new Array<number>(count).fill(0) };
  const place = new Map(shown.map(({ member }, at) => [member, at]));
  for (const { at, member, labels } of pace.moments) {
    const line = lines[place.get(member ?? "") ?? -1] ?? others;
    const bar = Math.floor((seconds(at) - first) / step);
    line.values[bar] = (line.values[bar] ?? 0) + labels;
  }
  return { times, lines: pace.people_total > shown.length ? [...lines, others] : lines };
}

/** Return what came in altogether. */
export function sumOf({ moments }: Pick<Pace, "moments">) {
  let [labels, revisions, discounted, worked] = [0, 0, 0, 0];
  for (const one of moments) {
    labels += one.labels;
    revisions += one.revisions;
    discounted += one.discounted;
    worked += one.worked_seconds;
  }
  return { labels, revisions, discounted, worked };
}

/** Return how many labels an hour come in while anybody works: nights in which nobody does make nothing slower. */
export function hourly(pace: Pace): number {
  const perStep = pace.step === "hour" ? 1 : 24;
  const steps = new Set(pace.moments.filter(({ labels }) => labels > 0).map(({ at }) => at)).size;
  return steps === 0 ? 0 : sumOf(pace).labels / (steps * perStep);
}

/** Return how many labels an hour come in by the clock, nights and all, since the first of this time. */
export function byTheClock(pace: Pace, now = Date.now()): number {
  const [first] = pace.moments;
  if (!first) return 0;
  const from = Math.max(seconds(first.at), seconds(pace.since));
  const hours = Math.max(1, (Math.min(now / 1000, seconds(pace.until)) - from) / HOUR_SECONDS);
  return sumOf(pace).labels / hours;
}

/** Return when so many answers will be in at so many an hour; null while nobody works or nothing is left. */
export function estimatedEnd(left: number, perHour: number, now = Date.now()): Date | null {
  if (left <= 0 || perHour <= 0) return null;
  return new Date(now + (left / perHour) * HOUR_SECONDS * 1000);
}
