/** No review in front: one comes, or there is a reason, and what can be done about it. */

import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { answered, type PlatformShape, platform, problemOf } from "@/api/client";
import { projectQuery } from "@/app/query";
import { isAtLeast } from "@/app/role";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import { Button, buttonClasses } from "@/kit/button";
import { Empty, Notice, Skeleton } from "@/kit/shown";
import type { ReviewView } from "./session";

type Project = PlatformShape<"ProjectView">;

export function Nothing({ view, project }: { readonly view: ReviewView; readonly project: Project }) {
  const { problem } = view;
  if (problem && !problem.retryable)
    return (
      <Empty icon="alert" title={t("No review can be had")}>
        {problem.message}
      </Empty>
    );
  if (problem)
    return (
      <Empty icon="alert" title={t("No connection")}>
        {t("Your verdicts are kept here. Reviews come as soon as the server answers again.")}
      </Empty>
    );
  if (!view.drained) return <Opening />;
  if ((project.quality.review?.policy ?? "none") === "none") return <Off project={project} />;
  return <Done view={view} project={project} />;
}

/** Reviews are switched off: what they are for, and for those who may, how to switch them on. */
function Off({ project }: { readonly project: Project }) {
  const manages = isAtLeast(useMe(), project.id, "manager");
  return (
    <Empty icon="eyeClosed" title={t("Nothing is reviewed in this project")}>
      <p>
        {t(
          "Outcomes count as soon as the answers agree. With review on, a second person looks first: they accept, reject with a reason, or amend.",
        )}
      </p>
      {manages ? (
        <SwitchOn project={project} />
      ) : (
        <p className="mt-3">{t("A manager of the project can switch it on.")}</p>
      )}
    </Empty>
  );
}

const SAMPLE = 0.1;

function SwitchOn({ project }: { readonly project: Project }) {
  const client = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const turn = async (policy: "all" | "sample") => {
    setBusy(true);
    try {
      const review = { ...project.quality.review, policy, share: SAMPLE };
      const params = { path: { project: project.id }, header: { "If-Match": `"${project.version}"` } };
      const body = { quality: { ...project.quality, review } };
      const changed = await answered(platform.PATCH("/v1/projects/{project}", { params, body }));
      client.setQueryData(projectQuery(project.id).queryKey, changed);
    } catch (error) {
      setProblem(problemOf(error).message);
    }
    setBusy(false);
  };
  return (
    <div className="mt-4 flex flex-col items-center gap-3">
      <div className="flex flex-wrap justify-center gap-2">
        <Button look="primary" busy={busy} onClick={() => void turn("all")}>
          {t("Review every outcome")}
        </Button>
        <Button busy={busy} onClick={() => void turn("sample")}>
          {t("Review one in ten")}
        </Button>
      </div>
      <p className="text-sm">{t("It holds for outcomes made from then on.")}</p>
      {problem && <Notice>{problem}</Notice>}
    </div>
  );
}

/** Review is on, and nothing waits for this person now. */
function Done({ view, project }: { readonly view: ReviewView; readonly project: Project }) {
  const { policy = "none", share = SAMPLE, levels = 1 } = project.quality.review ?? {};
  return (
    <Empty
      icon="check"
      title={view.decided > 0 ? t("You have looked at everything") : t("Nothing waits for you right now")}
      action={
        <Link to="/projects/$project" params={{ project: project.id }} className={buttonClasses("plain")}>
          {t("To the project")}
        </Link>
      }
    >
      <p>{t("What is new appears here by itself.")}</p>
      <ul className="mt-3 flex flex-col gap-1 text-left text-sm">
        <li>
          {policy === "all"
            ? t("Every outcome is looked at, as soon as its answers are in.")
            : t("{share} % of the outcomes are looked at, as soon as their answers are in.", {
                share: Math.round(100 * share),
              })}
        </li>
        <li>{t("You are not given what you have answered yourself, nor what you have looked at before.")}</li>
        {levels > 1 && (
          <li>
            {t("{levels} people look at each outcome in turn: another reviewer comes first or next.", {
              levels,
            })}
          </li>
        )}
      </ul>
    </Empty>
  );
}

export const Opening = () => (
  <div role="status" aria-label={t("Opening the review")} className="flex min-h-0 flex-1 flex-col gap-3 p-4">
    <Skeleton className="h-8 w-64" />
    <Skeleton className="min-h-0 flex-1" />
  </div>
);
