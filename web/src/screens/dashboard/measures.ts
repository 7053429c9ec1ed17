/** Agreement as lines and rows: which measure speaks for a tool, over weeks and by label. Pure. */

import { t } from "@/app/words";
import type { Plot } from "@/kit/chart_data";
import type { Agreement } from "./asking";

type Group = Agreement["groups"][number];

/** What is looked at first: agreement beyond chance where there is any, else how alike answers are. */
const FIRST = ["alpha_nominal", "alpha_ordinal", "alpha_interval", "alpha_jaccard", "alpha"];
const MEAN = "mean_agreement";

const known = ({ measures }: Group, name: string) => measures[name]?.value != null;

/** Return the measure that a group is told by. */
export function measureOf(group: Group): string | undefined {
  const names = Object.keys(group.measures);
  const alpha = [...FIRST, ...names.filter((name) => name.startsWith("alpha"))];
  return [...alpha, MEAN, ...names].find((name) => known(group, name));
}

export const measureWord = (name: string): string =>
  name === MEAN ? t("mean agreement") : name.startsWith("alpha") ? t("Krippendorff's alpha") : name;

/** Return agreement by weeks, a line with its interval for each tool. */
export function plotOfWeeks({ groups }: Pick<Agreement, "groups">): Plot {
  const weeks = [...new Set(groups.flatMap(({ week }) => (week ? [week] : [])))].sort();
  const lines = [...new Set(groups.map(({ tool }) => tool))].map((tool) => {
    const mine = new Map(groups.filter((one) => one.tool === tool).map((one) => [one.week ?? "", one]));
    const measure = [...mine.values()].map(measureOf).find((name) => name !== undefined) ?? MEAN;
    const of = (week: string) => mine.get(week)?.measures[measure];
    return {
      name: `${tool}, ${measureWord(measure)}`,
      values: weeks.map((week) => of(week)?.value ?? null),
      low: weeks.map((week) => of(week)?.low ?? null),
      high: weeks.map((week) => of(week)?.high ?? null),
    };
  });
  return { times: weeks.map((week) => Date.parse(`${week}T00:00:00Z`) / 1000), lines };
}

/** A group as a row: its value, its interval and what it rests on. */
export function rowOf(group: Group) {
  const name = measureOf(group);
  const { value = null, low = null, high = null } = (name && group.measures[name]) || {};
  return { value, low, high, measure: name ? measureWord(name) : "" };
}
