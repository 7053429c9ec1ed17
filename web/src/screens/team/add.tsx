/** How somebody comes to a project: a member of the organisation is put on it, or a link is passed on. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { problemOf } from "@/api/client";
import { notifyProblem, roleWord } from "@/app/account-menu";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Tabs } from "@/kit/choices";
import { Dialog } from "@/kit/dialog";
import { Field, Select } from "@/kit/field";
import { Notice, Skeleton } from "@/kit/shown";
import { notifyDone } from "@/kit/toast";
import { Invite } from "../people/invite";
import { governs, membersQuery, type OnProject, PROJECT_ROLES, rolesGivenBy } from "../people/queries";
import { type Project, putMember, removeMember } from "./queries";

export interface AddProps {
  readonly project: Project;
  readonly on: readonly OnProject[];
  readonly close: () => void;
}

export function Add({ project, on, close }: AddProps) {
  const { role } = useMe().member;
  const knows = governs(role, "annotator");
  return (
    <Dialog open onOpenChange={close} title={t("Add somebody to {name}", { name: project.name })}>
      {knows ? (
        <Tabs
          label={t("How")}
          tabs={[
            {
              value: "member",
              label: t("From the organisation"),
              content: <AddMember project={project} on={on} close={close} />,
            },
            { value: "link", label: t("By a link"), content: <Invite project={project.id} /> },
          ]}
        />
      ) : (
        <p>
          {t("Only managers of the organisation know all its members and invite others: ask one of them.")}
        </p>
      )}
    </Dialog>
  );
}

function AddMember({ project, on, close }: AddProps) {
  const me = useMe();
  const members = useQuery(membersQuery);
  const [role, setRole] = useState<OnProject["role"]>("annotator");
  const known = new Set(on.map(({ member }) => member));
  const free = members.data
    ?.filter(({ id, state }) => state === "active" && !known.has(id))
    .sort((one, other) => one.name.localeCompare(other.name));
  const adding = useMutation({
    mutationFn: (member: string) => putMember(project.id, member, role),
    onSuccess: (_, member) => {
      close();
      const name = free?.find(({ id }) => id === member)?.name ?? member;
      notifyDone(
        t("{name} is on the project", { name }),
        () => void removeMember(project.id, member).catch(notifyProblem),
      );
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    adding.mutate(String(new FormData(event.currentTarget).get("member")));
  };
  if (members.error) return <Notice>{problemOf(members.error).message}</Notice>;
  if (!free) return <Skeleton className="h-24" />;
  if (free.length === 0)
    return <p className="py-2 text-quiet">{t("All members are on the project. Invite others by a link.")}</p>;
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
      {adding.error && <Notice>{problemOf(adding.error).message}</Notice>}
      <Field label={t("Member")}>
        {(links) => (
          <Select {...links} name="member" className="w-full">
            {free.map(({ id, name, email }) => (
              <option key={id} value={id}>
                {email ? `${name} (${email})` : name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t("Role here")}>
        {(links) => (
          <Select
            {...links}
            value={role}
            onChange={(event) =>
              setRole(PROJECT_ROLES.find((one) => one === event.currentTarget.value) ?? "annotator")
            }
            className="w-full"
          >
            {rolesGivenBy(me, project.id).map((one) => (
              <option key={one} value={one}>
                {roleWord(one)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Button type="submit" look="primary" icon="add" busy={adding.isPending} className="self-start">
        {t("Add")}
      </Button>
    </form>
  );
}
