/** How a project goes: how fast, how well, how much is left; each mark leads to what is behind it. */

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { problemOf } from "@/api/client";
import { Waiting } from "@/app/fallbacks";
import { progressQuery, projectQuery } from "@/app/query";
import { isAtLeast } from "@/app/role";
import { overviewRoute } from "@/app/router";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import { Notice } from "@/kit/shown";
import { AgreementByLabel, AgreementOverTime } from "./agreement_panels";
import { lookOf, type Project } from "./asking";
import { Filters } from "./filters";
import { FirstSteps } from "./first_steps";
import { HopPanel } from "./hop_panel";
import { PeoplePanel } from "./people_panel";
import { OverlapPanel, QueuePanel } from "./queue_panel";
import { Throughput } from "./throughput";
import { Tiles } from "./tiles";

export default function OverviewPage() {
  const { project: id = "" } = useParams({ strict: false });
  const { data: project, error } = useQuery(projectQuery(id));
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-6">
      {error && <Notice>{problemOf(error).message}</Notice>}
      {project ? <Overview project={project} /> : !error && <Waiting />}
    </div>
  );
}

function Overview({ project }: { readonly project: Project }) {
  const { data: progress } = useQuery(progressQuery(project.modality, project.id));
  const search = overviewRoute.useSearch();
  const look = useMemo(() => lookOf(project, search), [project, search]);
  const manages = isAtLeast(useMe(), project.id, "manager");
  if (progress?.tasks === 0) return <FirstSteps project={project} />;
  return (
    <>
      <h2 className="sr-only">{t("Overview")}</h2>
      <Filters look={look} />
      <div className="mt-4 flex flex-col gap-4">
        <Tiles look={look} />
        <div className="grid gap-4 lg:grid-cols-2">
          <Throughput look={look} />
          {manages && <QueuePanel look={look} />}
          <AgreementOverTime project={project} />
          <AgreementByLabel project={project} />
          {manages && <HopPanel look={look} />}
          {manages && <PeoplePanel look={look} />}
          {manages && <OverlapPanel project={project} />}
        </div>
      </div>
    </>
  );
}
