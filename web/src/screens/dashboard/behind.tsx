/** The answers behind a bar, each with the way to its record. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answered, modality, problemOf } from "@/api/client";
import { moment, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { Badge, Notice, Skeleton } from "@/kit/shown";
import type { Look } from "./asking";

const PAGE_ROWS = 50;

export interface BehindProps {
  readonly look: Look;
  /** Seconds since 1970. */
  readonly from: number;
  readonly until: number;
  readonly close: () => void;
}

const written = (seconds: number) => new Date(seconds * 1000).toISOString();

export function Behind({ look, from, until, close }: BehindProps) {
  const { id, modality: name } = look.project;
  const found = useInfiniteQuery({
    queryKey: ["overview", id, "behind", from, until, look.person],
    initialPageParam: "",
    queryFn: ({ pageParam }) => {
      const query = {
        project: id,
        since: written(from),
        until: written(until),
        limit: PAGE_ROWS,
        ...(look.person && { member: look.person }),
        ...(pageParam && { next_token: pageParam }),
      };
      return answered(modality(name).GET("/pace/answers", { params: { query } }));
    },
    getNextPageParam: (page) => page.next_token ?? undefined,
  });
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Dialog open wide onOpenChange={close} title={t("Answers from {at} on", { at: moment(written(from)) })}>
      {found.isPending && <Skeleton className="h-40" />}
      {found.error && <Notice>{problemOf(found.error).message}</Notice>}
      {found.isSuccess && rows.length === 0 && <p>{t("Nobody answered in this time.")}</p>}
      <ul aria-label={t("Answers")} className="max-h-96 divide-y divide-line overflow-y-auto">
        {rows.map((one) => (
          <li key={one.submission}>
            <Link
              to="/projects/$project/record/$outcome"
              params={{ project: id, outcome: one.task }}
              className="flex items-center gap-3 px-2 py-2 hover:bg-hover"
            >
              <span className="min-w-0 flex-1 truncate font-medium">{one.unique_id}</span>
              {!one.counts && <Badge>{t("counts no more")}</Badge>}
              <span className="truncate text-quiet">{one.name}</span>
              <span className="w-36 shrink-0 text-right text-sm text-quiet tabular-nums">
                {moment(one.at)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {found.hasNextPage && (
        <Button className="mt-3" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("More")}
        </Button>
      )}
    </Dialog>
  );
}
