/** The part of a long list that is in sight: one look for its whole length, its parts by their anchors. */

import { keepPreviousData, queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { answered, type ModalityShape, modality, type PlatformShape } from "@/api/client";
import { queryClient } from "@/app/query";
import { asked, type Filter } from "./filter";

export type Project = PlatformShape<"ProjectView">;
export type Found = ModalityShape<"FoundView">;
export type Choices = ModalityShape<"Choices">;

/** How often it is asked for what has come into sight; what has left it meanwhile is asked for no more. */
const SETTLED_MILLISECONDS = 80;
const COUNTED_AGAIN_MILLISECONDS = 20_000;

export const choicesQuery = ({ id, modality: name }: Project) =>
  queryOptions({
    queryKey: ["data choices", id],
    refetchInterval: COUNTED_AGAIN_MILLISECONDS,
    queryFn: () => answered(modality(name).GET("/data/choices", { params: { query: { project: id } } })),
  });

const partKey = (project: string, filter: Filter, anchor: string) => [
  "data",
  project,
  "part",
  filter,
  anchor,
];

const lookQuery = ({ id, modality: name }: Project, filter: Filter) =>
  queryOptions({
    queryKey: ["data", id, "look", filter],
    queryFn: async ({ signal }) => {
      const query = { project: id, ...asked(filter) };
      const look = await answered(modality(name).GET("/data", { params: { query }, signal }));
      const [first] = look.anchors;
      if (first !== undefined) queryClient.setQueryData(partKey(id, filter, first), look.rows);
      return { ...look, filter };
    },
    placeholderData: keepPreviousData,
  });

export type Look = NonNullable<ReturnType<typeof useLook>["data"]>;
export const useLook = (project: Project, filter: Filter) => useQuery(lookQuery(project, filter));

function partQuery({ id, modality: name }: Project, look: Look, part: number) {
  const [since = "", until] = look.anchors.slice(part, part + 2);
  const query = { project: id, since, ...(until !== undefined && { until }), ...asked(look.filter) };
  return queryOptions({
    queryKey: partKey(id, look.filter, since),
    queryFn: async ({ signal }) =>
      (await answered(modality(name).GET("/data/rows", { params: { query }, signal }))).rows,
  });
}

/** Return every row from one position to another, both within: what is not in sight is asked for as well. */
export async function rowsBetween(project: Project, look: Look, from: number, to: number): Promise<Found[]> {
  const rows: Found[] = [];
  const step = look.anchor_rows;
  for (
    let part = Math.floor(from / step);
    part <= Math.floor(to / step) && part < look.anchors.length;
    part += 1
  ) {
    const found = await queryClient.ensureQueryData(partQuery(project, look, part));
    rows.push(...found.slice(Math.max(0, from - part * step), to - part * step + 1));
  }
  return rows;
}

/** Return the rows in sight by their positions, and what is told when others come into sight. */
export function useRows(project: Project, look: Look | undefined) {
  const [seen, setSeen] = useState({ first: 0, last: 0 });
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(waiting.current), []);
  const latest = useRef({ first: 0, last: 0 });
  const onSeen = useCallback((first: number, last: number) => {
    latest.current = { first, last };
    waiting.current ??= setTimeout(() => {
      waiting.current = undefined;
      setSeen(latest.current);
    }, SETTLED_MILLISECONDS);
  }, []);
  const step = look?.anchor_rows ?? 1;
  const parts = look ? partsSeen(seen, step, look.anchors.length) : [];
  const rows = useQueries({
    queries: look ? parts.map((part) => partQuery(project, look, part)) : [],
    combine: useCallback(
      (results: { data: readonly Found[] | undefined }[]) => results.map(({ data }) => data),
      [],
    ),
  });
  const first = parts[0] ?? 0;
  const row = useCallback(
    (position: number): Found | undefined => rows[Math.floor(position / step) - first]?.[position % step],
    [rows, step, first],
  );
  return { row, onSeen };
}

/** Return the parts in sight, and the next one when its beginning is near. */
function partsSeen({ first, last }: { first: number; last: number }, step: number, parts: number): number[] {
  const from = Math.max(0, Math.floor((first - step / 4) / step));
  const to = Math.min(parts - 1, Math.floor((last + step / 4) / step));
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
}
