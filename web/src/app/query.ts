/** What the page knows of the server's state: one cache, and when it asks again. */

import { QueryClient, queryOptions } from "@tanstack/react-query";
import { answered, modality, Problem, platform } from "@/api/client";
import type { Modality } from "@/engine/document/values";

const STALE_MILLISECONDS = 20_000;
const RETRIES = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE_MILLISECONDS,
      // What the browser believes of the network is often wrong; the request tells.
      networkMode: "always",
      retry: (failures, error) => failures < RETRIES && error instanceof Problem && error.retryable,
    },
    mutations: { networkMode: "always", retry: false },
  },
});

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: () => answered(platform.GET("/v1/me")),
  staleTime: 60_000,
});

const PAGE_ROWS = 200;

/** Every project this member may see, from all pages. */
export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: async () => {
    const projects = [];
    let next: string | null | undefined;
    do {
      const query = { limit: PAGE_ROWS, ...(next ? { next_token: next } : {}) };
      const page = await answered(platform.GET("/v1/projects", { params: { query } }));
      projects.push(...page.items);
      next = page.next_token;
    } while (next);
    return projects;
  },
});

export const projectQuery = (project: string) =>
  queryOptions({
    queryKey: ["project", project],
    queryFn: () => answered(platform.GET("/v1/projects/{project}", { params: { path: { project } } })),
  });

/** How far a project is; members who may not see it get a problem. */
export const progressQuery = (name: Modality, project: string) =>
  queryOptions({
    queryKey: ["progress", project],
    queryFn: () => answered(modality(name).GET("/progress", { params: { query: { project } } })),
    retry: false,
  });

/** What waits for whoever is signed in, in every project of a modality. */
export const waitingQuery = (name: Modality) =>
  queryOptions({
    queryKey: ["waiting", name],
    queryFn: () => answered(modality(name).GET("/waiting")),
    staleTime: 5_000,
  });
