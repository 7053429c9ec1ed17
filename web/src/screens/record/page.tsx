/** The record of a project: its outcomes and how each came about, what happened in it, where the time went. */

import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { problemOf } from "@/api/client";
import { Waiting } from "@/app/fallbacks";
import { projectQuery } from "@/app/query";
import { recordRoute } from "@/app/router";
import { t } from "@/app/words";
import { Tabs } from "@/kit/choices";
import { Notice } from "@/kit/shown";
import { ProjectEvents } from "./events";
import { Outcomes } from "./outcomes";

/** Charts are a chunk of their own. */
const Times = lazy(() => import("./times"));

type View = "outcomes" | "events" | "times";

export default function RecordPage() {
  const { project: id = "" } = useParams({ strict: false });
  const { view = "outcomes" } = recordRoute.useSearch();
  const navigate = useNavigate();
  const { data: project, error } = useQuery(projectQuery(id));
  if (error) return <Notice>{problemOf(error).message}</Notice>;
  if (!project) return <Waiting />;
  const show = (chosen: string) =>
    void navigate({
      to: "/projects/$project/record",
      params: { project: id },
      search: { view: chosen as View },
    });
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-6">
      <h1 className="text-xl font-semibold tracking-tight">{project.name}</h1>
      <p className="mb-4 text-quiet">{t("What was agreed, what happened, and where the time went.")}</p>
      <Tabs
        label={t("Record")}
        value={view}
        onChange={show}
        tabs={[
          { value: "outcomes", label: t("Outcomes"), content: <Outcomes project={project} /> },
          { value: "events", label: t("What happened"), content: <ProjectEvents project={project} /> },
          {
            value: "times",
            label: t("Times"),
            content: (
              <Suspense fallback={<Waiting />}>
                <Times project={project} />
              </Suspense>
            ),
          },
        ]}
      />
    </div>
  );
}
