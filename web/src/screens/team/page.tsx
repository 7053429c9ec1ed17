/** Who works on a project: roles, how they stand, and how others come to it. */

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { problemOf } from "@/api/client";
import { useCommands } from "@/app/commands";
import { projectQuery } from "@/app/query";
import { isAtLeast } from "@/app/role";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Empty, Notice, Skeleton } from "@/kit/shown";
import { Table } from "@/kit/table";
import { onProjectQuery } from "../people/queries";
import { Add } from "./add";
import { columns } from "./columns";
import { PauseMember } from "./pause_member";
import { annotatorsQuery, type Line, type Project } from "./queries";

export default function TeamPage() {
  const { project: id = "" } = useParams({ strict: false });
  const { data: project, error } = useQuery(projectQuery(id));
  if (!isAtLeast(useMe(), id, "manager"))
    return (
      <Empty icon="people" title={t("This page is for the project's managers")}>
        {t("You review in this project. Ask a manager if you need more.")}
      </Empty>
    );
  if (error) return <Notice>{problemOf(error).message}</Notice>;
  if (!project) return <Skeleton className="m-6 h-64" />;
  return <Team project={project} />;
}

function Team({ project }: { readonly project: Project }) {
  const me = useMe();
  const people = useQuery(onProjectQuery(project.id));
  const standings = useQuery(annotatorsQuery(project)).data ?? [];
  const [adding, setAdding] = useState(false);
  const [pausing, setPausing] = useState<Line | null>(null);
  const byMember = new Map(standings.map((one) => [one.member, one]));
  const lines = people.data?.map((member) => ({ member, standing: byMember.get(member.member) }));
  useCommands([
    { id: "team-add", title: t("Add somebody"), scope: "page", keys: ["n"], run: () => setAdding(true) },
  ]);
  const add = (
    <Button icon="add" look="primary" onClick={() => setAdding(true)}>
      {t("Add somebody")}
    </Button>
  );
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-6">
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="text-xl font-semibold tracking-tight">{t("Team")}</h2>
          <p className="text-quiet">
            {t("Who is on this project. Owners and managers of the organisation reach it in any case.")}
          </p>
        </div>
        {add}
      </div>
      {people.error && <Notice>{problemOf(people.error).message}</Notice>}
      <Table
        label={t("Team")}
        columns={columns({ project, me, pause: setPausing })}
        rows={lines}
        keyOf={({ member }) => member.member}
        nameOf={({ member }) => member.name}
        empty={
          <Empty icon="people" title={t("Nobody is on this project yet")} action={add}>
            {t(
              "Annotators see the projects they are on, and nothing else. Add members, or invite by a link.",
            )}
          </Empty>
        }
      />
      {adding && <Add project={project} on={people.data ?? []} close={() => setAdding(false)} />}
      {pausing && <PauseMember project={project} line={pausing} close={() => setPausing(null)} />}
    </div>
  );
}
