/** A link by which somebody comes: made of a form, shown once, copied. No mail server is needed. */

import { useMutation, useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { answered, platform, problemOf } from "@/api/client";
import { roleWord } from "@/app/account-menu";
import { projectsQuery, queryClient } from "@/app/query";
import { useMe } from "@/app/session";
import { moment, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Copy } from "@/kit/copy";
import { Field, Input, Select } from "@/kit/field";
import { Notice } from "@/kit/shown";
import { governs, type InvitationMade, invitationsQuery, type NewInvitation, ROLES } from "./queries";

/** Makes an invitation of a form's fields; a member of a project has no more to say there than a manager. */
function invitation(fields: FormData): NewInvitation {
  const role = ROLES.find((name) => name === fields.get("role")) ?? "annotator";
  const email = String(fields.get("email") ?? "").trim();
  const name = String(fields.get("name") ?? "").trim();
  const onProject = role === "owner" ? "manager" : role;
  return {
    role,
    ...(email && { email }),
    ...(name && { name }),
    projects: fields.getAll("project").map((project) => ({ project: String(project), role: onProject })),
  };
}

/** `project` is the one they begin with; without it any may be chosen. */
export function Invite({ project }: { readonly project?: string }) {
  const making = useMutation({
    mutationFn: (body: NewInvitation) => answered(platform.POST("/v1/invitations", { body })),
    onSuccess: () => queryClient.invalidateQueries(invitationsQuery),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    making.mutate(invitation(new FormData(event.currentTarget)));
  };
  if (making.data) return <MadeLink made={making.data} another={making.reset} />;
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
      {making.error && <Notice>{problemOf(making.error).message}</Notice>}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("Name")} hint={t("They can change it.")}>
          {(links) => <Input {...links} name="name" autoComplete="off" />}
        </Field>
        <Field label={t("E-mail")} hint={t("If you know it.")}>
          {(links) => <Input {...links} name="email" type="email" autoComplete="off" />}
        </Field>
      </div>
      <RoleField />
      {project === undefined ? <ProjectsField /> : <input type="hidden" name="project" value={project} />}
      <Button type="submit" look="primary" icon="link" busy={making.isPending} className="self-start">
        {t("Make a link")}
      </Button>
    </form>
  );
}

/** Nobody gives away more than they have. */
function RoleField() {
  const { role } = useMe().member;
  return (
    <Field label={t("Role")}>
      {(links) => (
        <Select {...links} name="role" defaultValue="annotator" className="w-full">
          {ROLES.filter((name) => governs(role, name)).map((name) => (
            <option key={name} value={name}>
              {roleWord(name)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function ProjectsField() {
  const projects = (useQuery(projectsQuery).data ?? []).filter(({ state }) => state !== "deleted");
  if (projects.length === 0) return null;
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{t("Projects to begin with")}</legend>
      <div className="max-h-40 overflow-y-auto rounded-md border border-line p-1">
        {projects.map(({ id, name }) => (
          <label key={id} className="flex min-h-8 items-center gap-2.5 rounded-sm px-2 hover:bg-hover">
            <input type="checkbox" name="project" value={id} className="size-4 accent-accent" />
            <span className="truncate">{name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export interface MadeLinkProps {
  readonly made: InvitationMade;
  readonly another?: () => void;
}

export const MadeLink = ({ made, another }: MadeLinkProps) => (
  <div className="flex flex-col gap-3">
    <p>
      {t("Pass this link on, as you like. It is shown only now, and works once, until {at}.", {
        at: moment(made.expires_at),
      })}
    </p>
    <Copy
      label={made.kind === "reset" ? t("Link to a new password") : t("Invitation link")}
      text={made.url}
    />
    {another && (
      <Button icon="add" look="ghost" className="self-start" onClick={another}>
        {t("Another one")}
      </Button>
    )}
  </div>
);
