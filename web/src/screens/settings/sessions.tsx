/** The browsers in which one is signed in, each of which can be signed out. */

import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { answered, platform, problemOf } from "@/api/client";
import { notifyProblem } from "@/app/account-menu";
import { queryClient } from "@/app/query";
import { moment, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Icon } from "@/kit/icon";
import { Badge, Notice, Skeleton } from "@/kit/shown";

const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: () => answered(platform.GET("/v1/me/sessions")),
});

export function Sessions() {
  const { data, error } = useQuery(sessionsQuery);
  const ending = useMutation({
    mutationFn: (session: string) =>
      answered(platform.DELETE("/v1/me/sessions/{session}", { params: { path: { session } } })),
    onSuccess: () => queryClient.invalidateQueries(sessionsQuery),
    onError: notifyProblem,
  });
  if (error)
    return (
      <div className="p-4">
        <Notice>{problemOf(error).message}</Notice>
      </div>
    );
  if (!data) return <Skeleton className="m-4 h-10" />;
  return (
    <ul className="divide-y divide-line">
      {data.items.map(({ id, name, present, created_at: since }) => (
        <li key={id} className="flex items-center gap-3 px-4 py-2.5">
          <Icon name="globe" className="text-quiet" />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium">{name}</span>
            <span className="block text-sm text-quiet">{t("since {since}", { since: moment(since) })}</span>
          </span>
          {present ? (
            <Badge tone="accent">{t("This one")}</Badge>
          ) : (
            <Button
              size="sm"
              busy={ending.isPending && ending.variables === id}
              onClick={() => ending.mutate(id)}
            >
              {t("Sign out")}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
