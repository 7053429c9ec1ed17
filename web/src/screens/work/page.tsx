/** The work of a project: its batches, its tasks and who holds them, and what managers do with both. */

import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { answered, platform, problemOf } from "@/api/client";
import { notifyProblem } from "@/app/account-menu";
import { useCommands } from "@/app/commands";
import { projectQuery, queryClient } from "@/app/query";
import { isAtLeast } from "@/app/role";
import { workRoute } from "@/app/router";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Tabs } from "@/kit/choices";
import { Empty, Notice, Skeleton } from "@/kit/shown";
import { notifyDone } from "@/kit/toast";
import { Batches } from "./batches";
import type { Project } from "./queries";
import { Tasks } from "./tasks";

export default function WorkPage() {
  const { project: id = "" } = useParams({ strict: false });
  const { data: project, error } = useQuery(projectQuery(id));
  if (!isAtLeast(useMe(), id, "manager")) return <NotForYou />;
  if (error) return <Notice>{problemOf(error).message}</Notice>;
  if (!project) return <Skeleton className="m-6 h-64" />;
  return <Work project={project} />;
}

function Work({ project }: { readonly project: Project }) {
  const { view = "batches" } = workRoute.useSearch();
  const navigate = useNavigate();
  const show = (chosen: string) =>
    void navigate({
      to: "/projects/$project/work",
      params: { project: project.id },
      search: chosen === "tasks" ? { view: "tasks" } : {},
    });
  useCommands([
    { id: "work-batches", title: t("Show batches"), scope: "page", keys: ["b"], run: () => show("batches") },
    { id: "work-tasks", title: t("Show tasks"), scope: "page", keys: ["t"], run: () => show("tasks") },
  ]);
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-6">
      <div className="mb-3 flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="text-xl font-semibold tracking-tight">{t("Work")}</h2>
          <p className="text-quiet">{t("What is to be labelled, in which order, and who has it now.")}</p>
        </div>
        <PauseProject project={project} />
      </div>
      <Tabs
        label={t("Work")}
        value={view}
        onChange={show}
        tabs={[
          { value: "batches", label: t("Batches"), content: <Batches project={project} /> },
          { value: "tasks", label: t("Tasks"), content: <Tasks project={project} /> },
        ]}
      />
    </div>
  );
}

/** Holds the whole project back, or lets it go on; both can be undone. */
function PauseProject({ project }: { readonly project: Project }) {
  const put = async (state: "active" | "paused") => {
    const params = { path: { project: project.id } };
    await answered(platform.PATCH("/v1/projects/{project}", { params, body: { state } }));
    await queryClient.invalidateQueries({ queryKey: ["project", project.id] });
    await queryClient.invalidateQueries({ queryKey: ["projects"] });
  };
  const active = project.state === "active";
  const turn = () =>
    put(active ? "paused" : "active")
      .then(() =>
        notifyDone(
          active ? t("The project is paused") : t("The project goes on"),
          () => void put(active ? "active" : "paused").catch(notifyProblem),
        ),
      )
      .catch(notifyProblem);
  return (
    <Button icon={active ? "pause" : "play"} onClick={turn}>
      {active ? t("Pause the project") : t("Resume the project")}
    </Button>
  );
}

const NotForYou = () => (
  <Empty icon="people" title={t("This page is for the project's managers")}>
    {t("You review in this project. Ask a manager if you need more.")}
  </Empty>
);
