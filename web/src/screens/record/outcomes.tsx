/** A project's outcomes, each with the way to its lineage; any outcome or task is found by its id. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { answered, modality, type PlatformShape, problemOf } from "@/api/client";
import { moment, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Field, Input } from "@/kit/field";
import { Badge, Empty, Notice, Skeleton } from "@/kit/shown";

export type Project = PlatformShape<"ProjectView">;
const PAGE_ROWS = 50;
const ID = /^(out|task)_[0-9a-f]{32}$/;

export function Outcomes({ project }: { readonly project: Project }) {
  const { id, modality: name } = project;
  const found = useInfiniteQuery({
    queryKey: ["outcomes", id],
    initialPageParam: "",
    queryFn: ({ pageParam }) => {
      const query = { project: id, limit: PAGE_ROWS, ...(pageParam && { next_token: pageParam }) };
      return answered(modality(name).GET("/outcomes", { params: { query } }));
    },
    getNextPageParam: (page) => page.next_token ?? undefined,
  });
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section aria-label={t("Outcomes")}>
      <FindById project={id} />
      {found.error && <Notice>{problemOf(found.error).message}</Notice>}
      {found.isPending && <Skeleton className="h-40" />}
      {found.isSuccess && rows.length === 0 && (
        <Empty title={t("No outcome yet")}>
          {t("Once tasks have their answers, what is agreed stands here.")}
        </Empty>
      )}
      <ul className="divide-y divide-line rounded-lg border border-line bg-raised empty:hidden">
        {rows.map((one) => (
          <li key={one.id}>
            <Link
              to="/projects/$project/record/$outcome"
              params={{ project: id, outcome: one.id }}
              className="flex items-center gap-3 px-3 py-2 hover:bg-hover"
            >
              <span className="min-w-0 flex-1 truncate font-medium">{one.unique_id}</span>
              <span className="hidden text-sm text-quiet sm:inline">
                {t("version {version}, {aggregator}", { version: one.version, aggregator: one.aggregator })}
              </span>
              <span className="w-16 text-right text-sm text-quiet tabular-nums">
                {(100 * one.confidence).toFixed(1)} %
              </span>
              <Badge tone={one.state === "accepted" ? "good" : "plain"}>{one.state}</Badge>
              <span className="hidden w-40 text-right text-sm text-quiet md:inline">
                {moment(one.created_at)}
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
    </section>
  );
}

function FindById({ project }: { readonly project: string }) {
  const navigate = useNavigate();
  const [error, setError] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const outcome = String(new FormData(event.currentTarget).get("id") ?? "").trim();
    if (!ID.test(outcome)) return setError(t("Expected out_ or task_ and 32 hexadecimal digits."));
    void navigate({ to: "/projects/$project/record/$outcome", params: { project, outcome } });
  };
  return (
    <form onSubmit={submit} noValidate className="mb-4 flex items-start gap-2">
      <div className="max-w-md flex-1">
        <Field label={t("Outcome or task, by its id")} error={error}>
          {(links) => (
            <Input {...links} name="id" autoComplete="off" spellCheck={false} placeholder="out_…" />
          )}
        </Field>
      </div>
      <Button type="submit" icon="search" className="mt-6 h-9">
        {t("Trace")}
      </Button>
    </form>
  );
}
