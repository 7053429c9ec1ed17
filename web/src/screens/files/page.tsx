/** A project's files: what was brought in and taken out, how far it is, and how to do either. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { problemOf } from "@/api/client";
import { useCommands } from "@/app/commands";
import { Waiting } from "@/app/fallbacks";
import { projectQuery } from "@/app/query";
import { isAtLeast } from "@/app/role";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Empty, Notice, Skeleton } from "@/kit/shown";
import { ExportForm } from "./export_form";
import { BringIn } from "./import_form";
import { JobLine } from "./job_line";
import { jobsQuery } from "./jobs";

export default function FilesPage() {
  const { project: id = "" } = useParams({ strict: false });
  const me = useMe();
  const { data: project } = useQuery(projectQuery(id));
  const jobs = useQuery(jobsQuery(id));
  const [shown, setShown] = useState<"import" | "export" | null>(null);
  const cache = useQueryClient();
  const mayImport = me.member.role === "owner" || me.member.role === "manager";
  const again = () => void cache.invalidateQueries({ queryKey: ["jobs", id] });
  useCommands([
    { id: "files-export", title: t("Export"), scope: "page", keys: ["e"], run: () => setShown("export") },
    {
      id: "files-import",
      title: t("Bring files in"),
      scope: "page",
      keys: ["b"],
      enabled: () => mayImport,
      run: () => setShown("import"),
    },
  ]);
  if (!project) return <Waiting />;
  if (!isAtLeast(me, id, "manager")) return <NotYours />;
  return (
    <div className="mx-auto w-full max-w-5xl px-4 py-6 sm:px-6">
      <header className="mb-4 flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="text-lg font-semibold">{t("Files")}</h2>
          <p className="text-quiet">{t("What was brought in, and what was taken out.")}</p>
        </div>
        {mayImport && (
          <Button icon="upload" aria-expanded={shown === "import"} onClick={() => setShown("import")}>
            {t("Bring files in")}
          </Button>
        )}
        <Button look="primary" icon="download" onClick={() => setShown("export")}>
          {t("Export")}
        </Button>
      </header>
      {shown === "import" && <BringIn project={project} onClose={() => setShown(null)} onBegun={again} />}
      <ExportForm
        project={project}
        open={shown === "export"}
        onOpenChange={(open) => setShown(open ? "export" : null)}
        onBegun={again}
      />
      {jobs.error && <Notice>{problemOf(jobs.error).message}</Notice>}
      {jobs.isPending && <Skeleton className="h-24" />}
      {jobs.data?.length === 0 && shown !== "import" && (
        <div className="rounded-lg border border-dashed border-line-strong">
          <Empty icon="folder" title={t("Nothing was brought in yet")}>
            {t(
              "Bring in texts, images or videos: each becomes a task. What people agree on is exported from here.",
            )}
          </Empty>
        </div>
      )}
      <ul aria-label={t("Imports and exports")} className="flex flex-col gap-3">
        {jobs.data?.map((job) => (
          <li key={job.id}>
            <JobLine job={job} name={project.name} onChange={again} />
          </li>
        ))}
      </ul>
    </div>
  );
}

const NotYours = () => (
  <Empty icon="folder" title={t("Files are brought in and taken out by managers")}>
    {t("Ask one of this project's managers for an export.")}
  </Empty>
);
