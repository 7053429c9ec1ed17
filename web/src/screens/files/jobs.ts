/** The imports, exports and other jobs of a project, the newest first, asked for again while one goes. */

import { queryOptions } from "@tanstack/react-query";
import { answered, platform } from "@/api/client";
import { t } from "@/app/words";
import { isOver, type Job } from "@/screens/intake/jobs";

const PAUSE_MILLISECONDS = 1000;
const PAGE_ROWS = 200;

export const jobsQuery = (project: string) =>
  queryOptions({
    queryKey: ["jobs", project],
    queryFn: async (): Promise<readonly Job[]> => {
      const found: Job[] = [];
      let next: string | null | undefined;
      do {
        const query = { project, limit: PAGE_ROWS, ...(next ? { next_token: next } : {}) };
        const page = await answered(platform.GET("/v1/jobs", { params: { query } }));
        found.push(...page.items);
        next = page.next_token;
      } while (next);
      return found.reverse();
    },
    refetchInterval: ({ state: { data } }) =>
      data?.some((job) => !isOver(job)) ? PAUSE_MILLISECONDS : false,
  });

/** Return what a job is called. */
export const kindWords = (kind: string): string =>
  ({ import: t("Import"), export: t("Export") })[kind] ?? kind.replaceAll("_", " ");
