/** Long work of all projects that this member manages: how far each job is, what went wrong, and how to stop it. */

import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { problemOf } from "@/api/client";
import { projectsQuery, queryClient } from "@/app/query";
import { isAtLeast } from "@/app/role";
import { useMe } from "@/app/session";
import { counted, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Segments } from "@/kit/choices";
import { Select } from "@/kit/field";
import { Empty, Notice, Skeleton } from "@/kit/shown";
import { JobLine } from "@/screens/files/job_line";
import { isOver, type Job } from "@/screens/intake/jobs";
import { allJobs } from "./all_jobs";

const PAUSE_MILLISECONDS = 1500;
const REST_MILLISECONDS = 15_000;
const SHOWN_AT_ONCE = 30;
type Which = "all" | "going" | "failed";

const everyJobQuery = queryOptions({
  queryKey: ["jobs"],
  queryFn: allJobs,
  refetchInterval: ({ state: { data } }) =>
    data?.some((job) => !isOver(job)) ? PAUSE_MILLISECONDS : REST_MILLISECONDS,
});

export default function JobsPage() {
  const me = useMe();
  const manages = ["", ...me.projects.map(({ project }) => project)].some((one) =>
    isAtLeast(me, one, "manager"),
  );
  if (!manages) return <NotForYou />;
  return (
    <div className="mx-auto w-full max-w-4xl px-4 py-8 sm:px-6">
      <h1 className="text-xl font-semibold tracking-tight">{t("Jobs")}</h1>
      <p className="mb-4 text-quiet">
        {t("Imports, exports, releases, migrations: what takes longer than a request, the newest first.")}
      </p>
      <Jobs />
    </div>
  );
}

function Jobs() {
  const { data: jobs, error, isPending } = useQuery(everyJobQuery);
  const { data: projects } = useQuery(projectsQuery);
  const [which, setWhich] = useState<Which>("all");
  const [project, setProject] = useState("");
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const names = new Map(projects?.map(({ id, name }) => [id, name]));
  const found = jobs?.filter((job) => matches(job, which, project)) ?? [];
  const going = jobs?.filter((job) => !isOver(job)).length ?? 0;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <Segments
          label={t("Which jobs")}
          value={which}
          choices={[
            ["all", t("All")],
            ["going", t("Going on")],
            ["failed", t("Failed")],
          ]}
          onChange={setWhich}
        />
        <Select
          aria-label={t("Project")}
          className="w-56"
          value={project}
          onChange={({ target }) => setProject(target.value)}
        >
          <option value="">{t("All projects")}</option>
          {projects?.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
        <span role="status" className="ml-auto text-sm text-quiet">
          {jobs && t("{going} going on, {all} in all", { going: counted(going), all: counted(jobs.length) })}
        </span>
      </div>
      {error && <Notice>{problemOf(error).message}</Notice>}
      {isPending && <Skeleton className="h-40" />}
      {jobs && found.length === 0 && <NoJobs any={jobs.length > 0} />}
      <ul aria-label={t("Jobs")} className="flex flex-col gap-3 empty:hidden">
        {found.slice(0, shown).map((job) => (
          <li key={job.id}>
            <p className="mb-1 truncate text-sm text-quiet">
              {job.project ? (names.get(job.project) ?? t("a project that is gone")) : t("the organisation")}
            </p>
            <JobLine
              job={job}
              name={job.id}
              onChange={() => void queryClient.invalidateQueries({ queryKey: ["jobs"] })}
            />
          </li>
        ))}
      </ul>
      {found.length > shown && (
        <Button className="mt-3" onClick={() => setShown(shown + SHOWN_AT_ONCE)}>
          {t("More")}
        </Button>
      )}
    </>
  );
}

function matches(job: Job, which: Which, project: string): boolean {
  if (project && job.project !== project) return false;
  if (which === "going") return !isOver(job);
  return which === "all" || job.state === "failed";
}

const NoJobs = ({ any }: { readonly any: boolean }) => (
  <Empty icon="clock" title={any ? t("None of these") : t("No job yet")}>
    {any
      ? t("Choose other jobs or another project.")
      : t("An import or an export that is begun in a project is followed here, and can be stopped.")}
  </Empty>
);

const NotForYou = () => (
  <Empty
    icon="clock"
    title={t("Jobs are for those who manage a project")}
    action={<Link to="/">{t("To my projects")}</Link>}
  >
    {t("You label or review; nothing of yours runs here.")}
  </Empty>
);
