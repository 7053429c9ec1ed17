/** The columns of the team: who, which role, how they stand, how good they are, and what can be done. */

import { Link } from "@tanstack/react-router";
import { notifyProblem, roleWord } from "@/app/account-menu";
import type { Me } from "@/app/session";
import { counted, t } from "@/app/words";
import { IconButton } from "@/kit/button";
import { ChoiceInPlace } from "@/kit/choice_in_place";
import { Menu, MenuItem, MenuLine } from "@/kit/menu";
import { Badge } from "@/kit/shown";
import type { Column } from "@/kit/table";
import { notifyDone } from "@/kit/toast";
import { Name } from "../people/name";
import { type OnProject, PROJECT_ROLES, rolesGivenBy } from "../people/queries";
import { type Line, type Project, putMember, removeMember, resumeMember } from "./queries";
import { skillWord } from "./told";

export interface TeamView {
  readonly project: Project;
  readonly me: Me;
  readonly pause: (line: Line) => void;
}

export const columns = (view: TeamView): readonly Column<Line>[] => [
  {
    id: "name",
    title: t("Member"),
    value: ({ member }) => member.name,
    cell: ({ member, standing }) => (
      <Name
        name={member.name}
        below={standing?.state === "paused" ? standing.reason || t("paused by a manager") : undefined}
      >
        {member.member === view.me.member.id && <Badge tone="accent">{t("You")}</Badge>}
      </Name>
    ),
  },
  {
    id: "role",
    title: t("Role here"),
    value: ({ member }) => PROJECT_ROLES.indexOf(member.role),
    cell: ({ member }) => <RoleChoice {...view} member={member} />,
    className: "w-40",
  },
  {
    id: "standing",
    title: t("Stands"),
    value: ({ standing }) => standing?.state ?? null,
    cell: ({ standing }) => <StandingBadge state={standing?.state} />,
    className: "w-32",
  },
  {
    id: "skill",
    title: t("Skill"),
    value: ({ standing }) => standing?.skill ?? null,
    cell: ({ member, standing }) => <Skill project={view.project} member={member} skill={standing?.skill} />,
    className: "w-36",
  },
  {
    id: "answers",
    title: t("Answers"),
    end: true,
    value: ({ standing }) => standing?.answers ?? 0,
    cell: ({ standing }) => counted(standing?.answers ?? 0),
    className: "w-24",
  },
  {
    id: "more",
    title: t("What can be done"),
    bare: true,
    end: true,
    cell: (line) => <More {...view} line={line} />,
    className: "w-12",
  },
];

function RoleChoice({ project, me, member: one }: TeamView & { readonly member: OnProject }) {
  const { member, name, role: before } = one;
  const given = rolesGivenBy(me, project.id);
  const put = (role: OnProject["role"]) =>
    putMember(project.id, member, role)
      .then(() =>
        notifyDone(
          t("{name} is {role} here now", { name, role: roleWord(role).toLowerCase() }),
          () => void putMember(project.id, member, before).catch(notifyProblem),
        ),
      )
      .catch(notifyProblem);
  if (!given.includes(before)) return roleWord(before);
  return (
    <ChoiceInPlace
      label={t("Role of {name}", { name })}
      value={before}
      choices={given.map((role) => [role, roleWord(role)])}
      onChange={put}
    />
  );
}

function StandingBadge({ state }: { readonly state: "active" | "qualifying" | "paused" | undefined }) {
  if (state === undefined) return <span className="text-quiet">{t("not begun")}</span>;
  if (state === "paused")
    return (
      <Badge tone="warn" icon="pause">
        {t("Paused")}
      </Badge>
    );
  return state === "active" ? <Badge tone="good">{t("Active")}</Badge> : <Badge>{t("Qualifying")}</Badge>;
}

interface SkillProps {
  readonly project: Project;
  readonly member: OnProject;
  readonly skill: number | null | undefined;
}

function Skill({ project, member, skill }: SkillProps) {
  const { words } = skillWord(skill);
  if (skill === null || skill === undefined) return <span className="text-quiet">{words}</span>;
  return (
    <Link to="/projects/$project" params={{ project: project.id }} className="hover:underline">
      {words}
      <span className="sr-only">{t("Skill of {name}, on the overview", { name: member.name })}</span>
    </Link>
  );
}

function More({ project, me, line, pause }: TeamView & { readonly line: Line }) {
  const { member, standing } = line;
  const paused = standing?.state === "paused";
  const resume = () =>
    resumeMember(project, member.member)
      .then(() => notifyDone(t("{name} works again", { name: member.name })))
      .catch(notifyProblem);
  const remove = () =>
    removeMember(project.id, member.member)
      .then(() =>
        notifyDone(
          t("{name} is no longer on the project", { name: member.name }),
          () => void putMember(project.id, member.member, member.role).catch(notifyProblem),
        ),
      )
      .catch(notifyProblem);
  return (
    <Menu
      trigger={<IconButton icon="more" label={t("What can be done with {name}", { name: member.name })} />}
    >
      {paused ? (
        <MenuItem icon="play" onSelect={resume}>
          {t("Let them work again")}
        </MenuItem>
      ) : (
        <MenuItem icon="pause" onSelect={() => pause(line)}>
          {t("Pause…")}
        </MenuItem>
      )}
      <MenuLine />
      <MenuItem icon="close" disabled={!rolesGivenBy(me, project.id).includes(member.role)} onSelect={remove}>
        {t("Take off the project")}
      </MenuItem>
    </Menu>
  );
}
