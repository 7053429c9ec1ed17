/** What happened in a project, in words, from a time on; how well each event is proved beside it. */

import { queryOptions, useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answered, modality, platform, problemOf } from "@/api/client";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Field, Select } from "@/kit/field";
import { Empty, Notice, Skeleton } from "@/kit/shown";
import { EventList, type Proof } from "./event_list";
import type { Project } from "./outcomes";
import { sequenceOf, type Told } from "./told";

const LOT_EVENTS = 100;
const HOUR_MILLISECONDS = 3_600_000;
const SPANS = [1, 24, 168, 0] as const;
const MEMBERS_SHOWN = 1000;

/** The names of members; whoever may not see them goes without. */
export const namesQuery = queryOptions({
  queryKey: ["names"],
  queryFn: async () => {
    const found = await answered(
      platform.GET("/v1/members", { params: { query: { limit: MEMBERS_SHOWN } } }),
    );
    return new Map(found.items.map(({ id, name }) => [id, name]));
  },
  retry: false,
});

const spanWord = (hours: number): string =>
  ({ 1: t("the last hour"), 24: t("the last day"), 168: t("the last week"), 0: t("the beginning") })[hours] ??
  "";

export function ProjectEvents({ project }: { readonly project: Project }) {
  const [hours, setHours] = useState<number>(24);
  const found = useLots(project, hours);
  const lots = found.data?.pages ?? [];
  const events = lots.flatMap(({ items }) => items.map(({ event }) => told(event)));
  const names = useQuery(namesQuery).data;
  const proofs = useProofs(
    project,
    lots.map(({ items }) => items.map(({ event }) => event.id)),
  );
  return (
    <section aria-label={t("What happened")}>
      <div className="mb-4 w-48">
        <Field label={t("Since")}>
          {(links) => (
            <Select {...links} value={hours} onChange={(event) => setHours(Number(event.target.value))}>
              {SPANS.map((one) => (
                <option key={one} value={one}>
                  {spanWord(one)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {found.error && <Notice>{problemOf(found.error).message}</Notice>}
      {found.isPending && <Skeleton className="h-40" />}
      {found.isSuccess && events.length === 0 && (
        <Empty icon="clock" title={t("Nothing happened")}>
          {t("Choose a longer time.")}
        </Empty>
      )}
      {events.length > 0 && (
        <EventList
          label={t("What happened")}
          events={events}
          nameOf={(member) => names?.get(member) ?? member}
          proofOf={(id) => proofs.get(id)}
        />
      )}
      {found.hasNextPage && (
        <Button className="mt-3" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("More")}
        </Button>
      )}
    </section>
  );
}

function useLots({ id, modality: name }: Project, hours: number) {
  return useInfiniteQuery({
    queryKey: ["events", id, hours],
    initialPageParam: "",
    queryFn: ({ pageParam }) => {
      const since = new Date(Date.now() - hours * HOUR_MILLISECONDS).toISOString();
      const begin = pageParam ? { cursor: pageParam } : hours ? { since } : {};
      const query = { project: id, limit: LOT_EVENTS, ...begin };
      return answered(modality(name).GET("/events", { params: { query } }));
    },
    getNextPageParam: ({ more, cursor }) => (more ? cursor : undefined),
  });
}

/** Asks for each lot how well its events are proved. */
function useProofs(
  { modality: name }: Project,
  lots: readonly (readonly string[])[],
): ReadonlyMap<string, Proof> {
  return useQueries({
    queries: lots
      .filter(({ length }) => length > 0)
      .map((ids) => ({
        queryKey: ["proofs", ids],
        queryFn: async () => {
          const query = { sequences: ids.map(sequenceOf).join(",") };
          return (await answered(modality(name).GET("/events/proofs", { params: { query } }))).proofs;
        },
      })),
    combine: (results) =>
      new Map(
        results.flatMap(({ data }) =>
          Object.entries(data ?? {}).map(([sequence, proof]) => [`${name}.${sequence}`, proof] as const),
        ),
      ),
  });
}

interface CloudEvent {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly subject: string;
  readonly actorid?: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

const told = ({ id, type, time, subject, actorid, data }: CloudEvent): Told => ({
  id,
  type,
  time,
  subject,
  actor: actorid ?? null,
  data,
});
