/** The cards of my projects: what waits in each, which comes first, and where the arrows lead. */

import { type QueryObserverResult, useQueries, useQuery } from "@tanstack/react-query";
import type { ModalityShape, PlatformShape } from "@/api/client";
import { progressQuery, projectsQuery, waitingQuery } from "@/app/query";
import { isAtLeast, roleOn } from "@/app/role";
import { type Me, useMe } from "@/app/session";
import type { Modality } from "@/engine/document/values";

export type Project = PlatformShape<"ProjectView">;
export type Progress = ModalityShape<"Progress">;
export type Waiting = ModalityShape<"ProjectWaiting">;

export interface Card {
  readonly project: Project;
  readonly role: Me["member"]["role"];
  /** What waits for this member; null while it is not known. */
  readonly waiting: Waiting | null;
  /** How far the project is; null for whoever may not see it. */
  readonly progress: Progress | null;
}

/** As far as the services count what is open. */
export const COUNTED = 1000;

/** Orders cards: first where work was begun, then where some waits, then by name. */
export function inOrder(cards: readonly Card[]): readonly Card[] {
  const weight = ({ project, waiting }: Card) =>
    project.state !== "active" ? 3 : waiting?.mine_leased ? 0 : waiting?.open ? 1 : 2;
  return [...cards].sort(
    (one, other) => weight(one) - weight(other) || one.project.name.localeCompare(other.project.name),
  );
}

export interface Cards {
  readonly cards: readonly Card[];
  readonly loading: boolean;
  /** What waits is known, or cannot be: the order stays as it is. */
  readonly settled: boolean;
  readonly error: Error | null;
  readonly again: () => void;
}

/** Return the cards of all projects of whoever is signed in. */
export function useCards(): Cards {
  const me = useMe();
  const projects = useQuery(projectsQuery);
  const shown = (projects.data ?? []).filter(({ state }) => state !== "deleted");
  const modalities = [...new Set(shown.map(({ modality }) => modality))];
  const waiting = useQueries({ queries: modalities.map(waitingQuery), combine: everyProject });
  const managed = shown.filter(({ id }) => isAtLeast(me, id, "reviewer"));
  const progress = useQueries({
    queries: managed.map(({ id, modality }) => progressQuery(modality, id)),
    combine: (results) => new Map(results.map(({ data }, at) => [managed[at]?.id, data])),
  });
  const cards = shown.map((project) => ({
    project,
    role: roleOn(me, project.id),
    waiting: waiting.byProject.get(project.id) ?? null,
    progress: progress.get(project.id) ?? null,
  }));
  return {
    cards: inOrder(cards),
    loading: projects.isPending,
    settled: projects.isSuccess && waiting.settled,
    error: projects.error,
    again: () => void projects.refetch(),
  };
}

const everyProject = (
  results: readonly QueryObserverResult<{ readonly projects: readonly Waiting[] }>[],
) => ({
  byProject: new Map(
    results.flatMap(({ data }) => data?.projects.map((one) => [one.project, one] as const) ?? []),
  ),
  settled: results.every(({ isPending }) => !isPending),
});

/** Return where an arrow leads in a grid of cards, from one of them; at an edge it stays. */
export function neighbour(key: string, at: number, count: number, columns: number): number {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
  };
  const to = key === "Home" ? 0 : key === "End" ? count - 1 : at + (steps[key] ?? 0);
  return to < 0 || to >= count ? at : to;
}

/** Return what a modality is called on a card. */
export const ICONS = { text: "text", image: "image", video: "video" } as const satisfies Record<
  Modality,
  string
>;
