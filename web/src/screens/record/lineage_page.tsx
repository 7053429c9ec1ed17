/** How one outcome came about: the picture, the chosen step, the versions, and everything that happened to its task. */

import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { answered, modality, problemOf } from "@/api/client";
import { Waiting } from "@/app/fallbacks";
import { projectQuery } from "@/app/query";
import { isAtLeast } from "@/app/role";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import type { Modality } from "@/engine/document/values";
import { Icon } from "@/kit/icon";
import { Notice } from "@/kit/shown";
import { Details, ProvingEvents, toldOf } from "./details";
import { graphOf } from "./graph";
import { History } from "./history";
import { layOut } from "./layout";
import type { Lineage } from "./nodes";
import { Picture } from "./picture";

export default function LineagePage() {
  const { project: id = "", outcome = "" } = useParams({ strict: false });
  const { data: project, error: lost } = useQuery(projectQuery(id));
  const { data, error } = useQuery({
    queryKey: ["lineage", outcome],
    queryFn: () =>
      answered(
        modality((project?.modality ?? "text") as Modality).GET("/outcomes/{outcome}/lineage", {
          params: { path: { outcome } },
        }),
      ),
    enabled: project !== undefined,
  });
  const problem = lost ?? error;
  if (problem) return <Notice>{problemOf(problem).message}</Notice>;
  if (!project || !data) return <Waiting />;
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-6">
      <Link
        to="/projects/$project/record"
        params={{ project: id }}
        className="mb-3 inline-flex items-center gap-1.5 rounded-md text-quiet hover:text-ink"
      >
        <Icon name="arrowLeft" />
        {t("Record of {name}", { name: project.name })}
      </Link>
      <Traced key={outcome} project={id} lineage={data} />
    </div>
  );
}

function Traced({ project, lineage }: { readonly project: string; readonly lineage: Lineage }) {
  const manages = isAtLeast(useMe(), project, "manager");
  const graph = useMemo(() => graphOf(lineage), [lineage]);
  const layout = useMemo(() => layOut(graph), [graph]);
  const [chosen, setChosen] = useState(lineage.outcome ?? lineage.task.id);
  const node = graph.nodes.find(({ id }) => id === chosen) ?? graph.nodes[0];
  return (
    <div className="flex flex-col gap-6">
      <header>
        <h1 className="text-xl font-semibold tracking-tight">{lineage.item.unique_id}</h1>
        <p className="text-quiet">{standing(lineage)}</p>
      </header>
      {lineage.missing.map((words) => (
        <Notice key={words} tone="warn">
          {t("Not all could be read.")} {words}
        </Notice>
      ))}
      <Picture layout={layout} chosen={node?.id ?? ""} choose={setChosen} />
      {node && <Details lineage={lineage} node={node} />}
      {lineage.versions.length > 0 && (
        <section aria-labelledby="versions">
          <h2 id="versions" className="mb-2 text-lg font-semibold">
            {t("Versions")}
          </h2>
          <History
            project={project}
            modality={lineage.task.modality as Modality}
            task={lineage.task.id}
            manages={manages}
          />
        </section>
      )}
      <section aria-labelledby="happened">
        <h2 id="happened" className="mb-2 text-lg font-semibold">
          {t("What happened")}
        </h2>
        <ProvingEvents lineage={lineage} events={toldOf(lineage)} label={t("What happened")} />
      </section>
    </div>
  );
}

function standing({ outcome, version, is_current, versions }: Lineage): string {
  if (!outcome) return t("No outcome yet");
  const state = versions.at(-1)?.state ?? "";
  const now = is_current ? t("current") : t("replaced");
  return t("Version {version}, {state}, {now}", { version, state, now });
}
