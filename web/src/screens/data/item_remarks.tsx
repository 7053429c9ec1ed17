/** Second looks at a task, and what was remarked about it. */

import { useQuery } from "@tanstack/react-query";
import { answered, modality } from "@/api/client";
import { moment, t } from "@/app/words";
import { Badge } from "@/kit/shown";
import type { Project } from "./looking";

const ROWS = 100;

export function Remarks({ project, task }: { readonly project: Project; readonly task: string }) {
  const query = { task, limit: ROWS };
  const reviews = useQuery({
    queryKey: ["data", project.id, "reviews", task],
    queryFn: () => answered(modality(project.modality).GET("/reviews", { params: { query } })),
  });
  const issues = useQuery({
    queryKey: ["data", project.id, "issues", task],
    queryFn: () => answered(modality(project.modality).GET("/issues", { params: { query } })),
  });
  const looks = reviews.data?.items ?? [];
  const remarks = issues.data?.items ?? [];
  return (
    <>
      {looks.length > 0 && (
        <section aria-label={t("Reviews")} className="mt-5">
          <h3 className="mb-2 font-medium">{t("Reviews")}</h3>
          <ul className="flex flex-col gap-2">
            {looks.map(({ id, level, levels, state, verdict, comment, created_at }) => (
              <li key={id} className="rounded-lg border border-line bg-raised p-3">
                <span className="flex items-center gap-2">
                  <span className="flex-1">{t("Level {level} of {levels}", { level, levels })}</span>
                  <Badge tone={verdict === "accepted" ? "good" : verdict ? "warn" : "plain"}>
                    {verdict ?? state}
                  </Badge>
                </span>
                {comment && <p className="mt-1">{comment}</p>}
                <p className="mt-1 text-sm text-quiet">{moment(created_at)}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
      {remarks.length > 0 && (
        <section aria-label={t("Issues")} className="mt-5">
          <h3 className="mb-2 font-medium">{t("Issues")}</h3>
          <ul className="flex flex-col gap-2">
            {remarks.map(({ id, text, state, raised_at, comments }) => (
              <li key={id} className="rounded-lg border border-line bg-raised p-3">
                <span className="flex items-start gap-2">
                  <span className="min-w-0 flex-1 break-words">{text}</span>
                  <Badge tone={state === "open" ? "warn" : "good"}>{state}</Badge>
                </span>
                <p className="mt-1 text-sm text-quiet">
                  {moment(raised_at)}
                  {comments.length > 0 &&
                    ` · ${t("{count, plural, one {# comment} other {# comments}}", { count: comments.length })}`}
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
