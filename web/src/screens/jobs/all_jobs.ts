/** Every job that the member may see, the newest first. */

import { answered, platform } from "@/api/client";
import type { Job } from "@/screens/intake/jobs";

const PAGE_ROWS = 1000;

/** The API lists them oldest first, page by page. */
export async function allJobs(): Promise<readonly Job[]> {
  const found: Job[] = [];
  let next: string | null | undefined;
  do {
    const query = { limit: PAGE_ROWS, ...(next ? { next_token: next } : {}) };
    const page = await answered(platform.GET("/v1/jobs", { params: { query } }));
    found.push(...page.items);
    next = page.next_token;
  } while (next);
  return found.reverse();
}
