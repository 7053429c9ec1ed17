/** Jobs as the pages follow them: asked for again until they have ended. */

import { queryOptions } from "@tanstack/react-query";
import { answered, type PlatformShape, platform } from "@/api/client";
import type { Begun } from "./intake";
import type { Refused } from "./values";

export type Job = PlatformShape<"JobView">;

const PAUSE_MILLISECONDS = 700;
const PAGE_ROWS = 1000;

export const isOver = ({ state }: Job): boolean =>
  state === "succeeded" || state === "failed" || state === "cancelled";

/** One job, followed to its end. */
export const jobQuery = (job: string) =>
  queryOptions({
    queryKey: ["job", job],
    queryFn: () => answered(platform.GET("/v1/jobs/{job}", { params: { path: { job } } })),
    refetchInterval: ({ state: { data } }) => (data && isOver(data) ? false : PAUSE_MILLISECONDS),
    staleTime: 0,
  });

/** A number of what a job has counted so far. */
export function countOf(
  job: Job | undefined,
  name: "rows" | "tasks" | "refused" | "items" | "existing",
): number {
  const found = job?.result?.[name] ?? job?.progress[name];
  return typeof found === "number" ? found : 0;
}

/** How far a job is, from 0 to 1; null where nobody knows. */
export function shareOf(job: Job | undefined): number | null {
  if (!job) return 0;
  if (job.state === "succeeded") return 1;
  const { done, total } = job.progress;
  return typeof done === "number" && typeof total === "number" && total > 0 ? done / total : null;
}

/** The rows that an import refused, those whose reasons were kept. */
export const refusalsQuery = (begun: Begun) =>
  queryOptions({
    queryKey: ["refusals", begun.job],
    queryFn: async (): Promise<readonly Refused[]> => {
      const params = { path: { job: begun.job }, query: { limit: PAGE_ROWS } };
      const page = await answered(platform.GET("/v1/imports/{job}/refusals", { params }));
      return page.items.map(({ line, path, reason }) => {
        const file = begun.lines?.[line - 1];
        return file === undefined
          ? { file: begun.name, line, path, reason }
          : { file, line: null, path, reason };
      });
    },
  });
