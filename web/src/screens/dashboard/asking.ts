/** What the overview asks the services, for the time and the person that its address names. */

import { queryOptions } from "@tanstack/react-query";
import { answered, type ModalityShape, modality, type PlatformShape } from "@/api/client";
import type { OverviewSearch } from "@/app/router";

export type Project = PlatformShape<"ProjectView">;
export type Pace = ModalityShape<"PaceView">;
export type Agreement = ModalityShape<"AgreementView">;
export type Skill = ModalityShape<"SkillView">;

const DAY_MILLISECONDS = 86_400_000;
export const HOUR_SECONDS = 3600;
const REFRESH_MILLISECONDS = 30_000;
const PAGE_ROWS = 200;
const HOUR_STEPS_DAYS_MAX = 7;
const HOPS_DAYS_MAX = 14;
const HOP_STEPS = 48;

/** Whose work is looked at, and when. */
export interface Look {
  readonly project: Project;
  readonly days: number;
  /** The end of the time where the address names one; else it is now. */
  readonly until: string | undefined;
  readonly person: string | undefined;
}

export const lookOf = (project: Project, { days = 7, until, person }: OverviewSearch): Look => ({
  project,
  days,
  until,
  person,
});

/** Return the ends of a look as a request names them; `until` is left out while it is now. */
export function stretchOf({ days, until }: Pick<Look, "days" | "until">, now = Date.now()) {
  const end = until === undefined ? now : Date.parse(until);
  return { since: new Date(end - days * DAY_MILLISECONDS).toISOString(), ...(until && { until }) };
}

/** Few steps are hours, many are days. */
export const stepOf = (days: number) => (days <= HOUR_STEPS_DAYS_MAX ? "hour" : "day");

const fresh = (look: Look) => ({ refetchInterval: look.until ? (false as const) : REFRESH_MILLISECONDS });

export const paceQuery = (look: Look) => {
  const { project, days, until, person } = look;
  return queryOptions({
    queryKey: ["overview", project.id, "pace", days, until, person],
    queryFn: () => {
      const query = {
        project: project.id,
        step: stepOf(days),
        ...stretchOf(look),
        ...(person && { member: person }),
      } as const;
      return answered(modality(project.modality).GET("/pace", { params: { query } }));
    },
    ...fresh(look),
  });
};

/** Hops are kept for two weeks; a longer look has the last of them. */
export const hopsQuery = (look: Look) => {
  const { project, until } = look;
  const days = Math.min(look.days, HOPS_DAYS_MAX);
  return queryOptions({
    queryKey: ["overview", project.id, "hops", days, until],
    queryFn: () => {
      const hours = Math.max(1, Math.ceil((days * 24) / HOP_STEPS));
      const query = { project: project.id, step_minutes: 60 * hours, ...stretchOf({ days, until }) };
      return answered(modality(project.modality).GET("/hops", { params: { query } }));
    },
    ...fresh(look),
  });
};

export const agreementQuery = ({ id, modality: name }: Project, by: "week" | "label") =>
  queryOptions({
    queryKey: ["overview", id, "agreement", by],
    queryFn: () => answered(modality(name).GET("/agreement", { params: { query: { project: id, by } } })),
  });

/** The first page of annotators; with a person that one, and the days of their skill. */
export const skillQuery = ({ project, person }: Look) =>
  queryOptions({
    queryKey: ["overview", project.id, "skill", person],
    queryFn: () => {
      const query = { project: project.id, limit: PAGE_ROWS, ...(person && { member: person }) };
      return answered(modality(project.modality).GET("/skill", { params: { query } }));
    },
  });

export const batchesQuery = ({ id, modality: name }: Project) =>
  queryOptions({
    queryKey: ["overview", id, "batches"],
    queryFn: async () => {
      const [listed, progress] = await Promise.all([
        answered(modality(name).GET("/batches", { params: { query: { project: id, limit: PAGE_ROWS } } })),
        answered(modality(name).GET("/batches/progress", { params: { query: { project: id } } })),
      ]);
      const far = new Map(progress.items.map((one) => [one.batch, one]));
      return listed.items.map((batch) => ({ batch, progress: far.get(batch.id) }));
    },
    refetchInterval: REFRESH_MILLISECONDS,
  });

export type BatchRow = Awaited<ReturnType<NonNullable<ReturnType<typeof batchesQuery>["queryFn"]>>>[number];

export const overlapQuery = ({ modality: name }: Project, batch: string) =>
  queryOptions({
    queryKey: ["overview", "overlap", batch],
    queryFn: () =>
      answered(modality(name).GET("/batches/{batch_id}/overlap", { params: { path: { batch_id: batch } } })),
  });
