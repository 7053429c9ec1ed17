/** What the pages of an ontology ask of the services. */

import { queryOptions } from "@tanstack/react-query";
import { answered, type ModalityShape, modality, type PlatformShape, platform } from "@/api/client";
import { queryClient } from "@/app/query";
import type { Definition, Modality } from "@/engine/document/values";
import type { Step } from "./steps";

export type Project = PlatformShape<"ProjectView">;
export type Version = Omit<PlatformShape<"OntologyVersionView">, "definition"> & {
  readonly definition: Definition;
};
export type Checked = PlatformShape<"Checked">;
export type Publication = Omit<PlatformShape<"PublicationView">, "checked" | "watched"> & {
  readonly checked: Checked;
  readonly watched: PlatformShape<"Watched"> | null;
};
export type NewPublication = PlatformShape<"NewPublication">;
export type Change = ModalityShape<"ChangeView">;
export type Unchanged = ModalityShape<"UnchangedView">;

const PAGE_ROWS = 200;
const MOVING_MILLISECONDS = 1_000;
const CALM_MILLISECONDS = 15_000;

interface Page<T> {
  readonly items: readonly T[];
  readonly next_token?: string | null;
}

/** Return everything that pages hold. */
async function all<T>(read: (query: { limit: number; next_token?: string }) => Promise<Page<T>>) {
  const found: T[] = [];
  let next: string | null | undefined;
  do {
    const page = await read({ limit: PAGE_ROWS, ...(next ? { next_token: next } : {}) });
    found.push(...page.items);
    next = page.next_token;
  } while (next);
  return found;
}

/** One version by its number or id; reviewers may see those of their projects. */
export const versionQuery = (ontology: string, version: string) =>
  queryOptions({
    queryKey: ["ontology", ontology, "version", version],
    queryFn: async () =>
      (await answered(
        platform.GET("/v1/ontologies/{ontology}/versions/{version}", {
          params: { path: { ontology, version } },
        }),
      )) as Version,
  });

export const ontologyQuery = (ontology: string) =>
  queryOptions({
    queryKey: ["ontology", ontology, "itself"],
    queryFn: () => answered(platform.GET("/v1/ontologies/{ontology}", { params: { path: { ontology } } })),
  });

/** The versions with the latest first. */
export const versionsQuery = (ontology: string) =>
  queryOptions({
    queryKey: ["ontology", ontology, "versions"],
    queryFn: async () => {
      const path = { ontology };
      const found = await all((query) =>
        answered(platform.GET("/v1/ontologies/{ontology}/versions", { params: { path, query } })),
      );
      return found.reverse() as Version[];
    },
  });

/** The publications with the latest first; asked again soon while one is on trial. */
export const publicationsQuery = (ontology: string) =>
  queryOptions({
    queryKey: ["ontology", ontology, "publications"],
    queryFn: async () => {
      const path = { ontology };
      const found = await all((query) =>
        answered(platform.GET("/v1/ontologies/{ontology}/publications", { params: { path, query } })),
      );
      return found.reverse() as unknown as Publication[];
    },
    refetchInterval: ({ state }) =>
      state.data?.some((one) => one.state === "watching") ? 2 * MOVING_MILLISECONDS : CALM_MILLISECONDS,
  });

/** Return the version that the next one is made from: the latest that is neither on trial nor taken back. */
export const baseOf = (versions: readonly Version[], publications: readonly Publication[]) =>
  versions.find(
    ({ id }) => !publications.some(({ version, state }) => version.id === id && state !== "full"),
  );

/** What differs between two versions, in the server's words. */
export const differencesQuery = (ontology: string, before: string, after: string) =>
  queryOptions({
    queryKey: ["ontology", ontology, "differences", before, after],
    queryFn: () =>
      answered(
        platform.GET("/v1/ontologies/{ontology}/differences", {
          params: { path: { ontology }, query: { before, after } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What publishing would do; nothing is written. */
export const checkQuery = (ontology: string, base: string, asked: NewPublication) =>
  queryOptions({
    queryKey: ["ontology-check", ontology, base, asked],
    queryFn: () => check(ontology, asked),
    retry: false,
    staleTime: 0,
    gcTime: 60_000,
  });

const check = (ontology: string, body: NewPublication) =>
  answered(platform.POST("/v1/ontologies/{ontology}/check", { params: { path: { ontology } }, body }));

/** Return the body that publishes steps; the API leaves their shape open. */
export const asked = (steps: readonly Step[], more: Partial<NewPublication> = {}): NewPublication => ({
  steps: steps as unknown as NonNullable<NewPublication["steps"]>,
  ...more,
});

export async function publish(ontology: string, body: NewPublication): Promise<Publication> {
  const made = await answered(
    platform.POST("/v1/ontologies/{ontology}/publications", { params: { path: { ontology } }, body }),
  );
  return made as unknown as Publication;
}

export async function complete({ id, ontology }: Publication): Promise<void> {
  const path = { publication: id };
  await answered(platform.POST("/v1/publications/{publication}/complete", { params: { path } }));
  await forget(ontology);
}

export async function withdraw({ id, ontology }: Publication, reason: string): Promise<void> {
  const path = { publication: id };
  const body = { reason };
  await answered(platform.POST("/v1/publications/{publication}/withdraw", { params: { path }, body }));
  await forget(ontology);
}

/** What was known of an ontology, its projects and their answers is asked for again. */
export async function forget(ontology: string): Promise<void> {
  const keys = [["ontology", ontology], ["project"], ["projects"], ["changes"]];
  await Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

const MOVING: ReadonlySet<Change["state"]> = new Set(["waiting", "running", "following"]);
/** Say whether a change is under way. */
export const isMoving = ({ state }: Change): boolean => MOVING.has(state);

/**
 * The changes of a project's answers with the latest first; asked again each second while one is under way, or while
 * one that is `awaited` is not there: the worker writes it down when it begins.
 */
export const changesQuery = (
  name: Modality,
  project: string,
  awaited: (changes: readonly Change[]) => boolean = () => false,
) =>
  queryOptions({
    queryKey: ["changes", project],
    queryFn: async () => {
      const found = await all((query) =>
        answered(modality(name).GET("/changes", { params: { query: { project, ...query } } })),
      );
      return found.reverse();
    },
    refetchInterval: ({ state: { data } }) =>
      data && (data.some(isMoving) || awaited(data)) ? MOVING_MILLISECONDS : CALM_MILLISECONDS,
  });

export const unchangedQuery = (name: Modality, change: string) =>
  queryOptions({
    queryKey: ["changes", "unchanged", change],
    queryFn: () =>
      answered(
        modality(name).GET("/changes/{change}/unchanged", {
          params: { path: { change }, query: { limit: PAGE_ROWS } },
        }),
      ),
  });

const ACTS = {
  pause: "/changes/{change}/pause",
  resume: "/changes/{change}/resume",
  cancel: "/changes/{change}/cancel",
  rollback: "/changes/{change}/rollback",
  approve: "/changes/{change}/approve",
} as const;
export type Act = keyof typeof ACTS;

/** Pauses, resumes, cancels, takes back or approves a change. */
export async function act(name: Modality, change: string, deed: Act): Promise<void> {
  await answered(modality(name).POST(ACTS[deed], { params: { path: { change } } }));
  await queryClient.invalidateQueries({ queryKey: ["changes"] });
}

/** The members, so that who did something has a name. */
export const membersQuery = queryOptions({
  queryKey: ["members", "all"],
  queryFn: () => all((query) => answered(platform.GET("/v1/members", { params: { query } }))),
  retry: false,
});
