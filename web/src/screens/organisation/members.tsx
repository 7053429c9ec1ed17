/** The members of the organisation: roles changed in place, new passwords, members deleted. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answered, platform, problemOf } from "@/api/client";
import { notifyProblem, roleWord } from "@/app/account-menu";
import { queryClient } from "@/app/query";
import { type Me, useMe } from "@/app/session";
import { moment, t } from "@/app/words";
import { IconButton } from "@/kit/button";
import { ChoiceInPlace } from "@/kit/choice_in_place";
import { Switch } from "@/kit/choices";
import { Dialog } from "@/kit/dialog";
import { Menu, MenuItem, MenuLine } from "@/kit/menu";
import { Badge, Empty, Notice } from "@/kit/shown";
import { type Column, Table } from "@/kit/table";
import { notifyDone } from "@/kit/toast";
import { MadeLink } from "../people/invite";
import { Name } from "../people/name";
import { governs, type InvitationMade, type Member, membersQuery, ROLES, type Role } from "../people/queries";
import { DeleteMember } from "./delete_member";
import { InviteButton } from "./invite_button";

export function Members() {
  const me = useMe();
  const { data, error } = useQuery(membersQuery);
  const [removedToo, setRemovedToo] = useState(false);
  const [deleting, setDeleting] = useState<Member | null>(null);
  const [link, setLink] = useState<InvitationMade | null>(null);
  const rows = data?.filter(({ state }) => removedToo || state === "active");
  const reset = (member: string) =>
    answered(platform.POST("/v1/invitations", { body: { kind: "reset", member } }))
      .then(setLink)
      .catch(notifyProblem);
  return (
    <section aria-label={t("Members")} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <span className="flex flex-1 items-center gap-2 text-sm text-quiet">
          <Switch label={t("Show deleted members")} checked={removedToo} onChange={setRemovedToo} />
          <span aria-hidden="true">{t("Show deleted members")}</span>
        </span>
        <InviteButton />
      </div>
      {error && <Notice>{problemOf(error).message}</Notice>}
      <Table
        label={t("Members")}
        columns={columns(me, reset, setDeleting)}
        rows={rows}
        keyOf={({ id }) => id}
        nameOf={({ name }) => name}
        empty={<Empty icon="people" title={t("Nobody is here")} />}
      />
      {deleting && <DeleteMember member={deleting} close={() => setDeleting(null)} />}
      {link && (
        <Dialog open onOpenChange={() => setLink(null)} title={t("A link to a new password")}>
          <MadeLink made={link} />
        </Dialog>
      )}
    </section>
  );
}

const columns = (
  me: Me,
  reset: (member: string) => void,
  remove: (member: Member) => void,
): readonly Column<Member>[] => [
  {
    id: "name",
    title: t("Member"),
    value: ({ name }) => name,
    cell: ({ id, name, email, state }) => (
      <Name name={name} below={email ?? t("no e-mail")}>
        {id === me.member.id && <Badge tone="accent">{t("You")}</Badge>}
        {state === "removed" && <Badge>{t("Deleted")}</Badge>}
      </Name>
    ),
  },
  {
    id: "role",
    title: t("Role"),
    value: ({ role }) => ROLES.indexOf(role),
    cell: (member) => <RoleChoice me={me} member={member} />,
    className: "w-44",
  },
  {
    id: "since",
    title: t("Since"),
    value: ({ created_at: since }) => since,
    cell: ({ created_at: since }) => <span className="whitespace-nowrap text-quiet">{moment(since)}</span>,
    className: "w-48",
  },
  {
    id: "more",
    title: t("What can be done"),
    bare: true,
    end: true,
    cell: (member) => <More me={me} member={member} {...{ reset, remove }} />,
    className: "w-12",
  },
];

/** Changes a member's role. */
async function putRole(member: string, role: Role): Promise<Member> {
  const params = { path: { member } };
  const changed = await answered(platform.PATCH("/v1/members/{member}", { params, body: { role } }));
  await queryClient.invalidateQueries(membersQuery);
  return changed;
}

function RoleChoice({ me, member }: { readonly me: Me; readonly member: Member }) {
  const { id, name, role: before } = member;
  const put = (role: Role) =>
    putRole(id, role)
      .then(() =>
        notifyDone(
          t("{name} is {role} now", { name, role: roleWord(role).toLowerCase() }),
          () => void putRole(id, before).catch(notifyProblem),
        ),
      )
      .catch(notifyProblem);
  const decides = governs(me.member.role, before) && id !== me.member.id;
  if (!decides || member.state === "removed") return roleWord(before);
  const given = ROLES.filter((one) => governs(me.member.role, one));
  return (
    <ChoiceInPlace
      label={t("Role of {name}", { name })}
      value={before}
      choices={given.map((role) => [role, roleWord(role)])}
      onChange={put}
    />
  );
}

interface MoreProps {
  readonly me: Me;
  readonly member: Member;
  readonly reset: (member: string) => void;
  readonly remove: (member: Member) => void;
}

function More({ me, member, reset, remove }: MoreProps) {
  const { id, name, role, state } = member;
  if (state === "removed" || !governs(me.member.role, role)) return null;
  return (
    <Menu trigger={<IconButton icon="more" label={t("What can be done with {name}", { name })} />}>
      <MenuItem icon="link" onSelect={() => reset(id)}>
        {t("A link to a new password")}
      </MenuItem>
      <MenuLine />
      <MenuItem icon="trash" disabled={id === me.member.id} onSelect={() => remove(member)}>
        {t("Delete…")}
      </MenuItem>
    </Menu>
  );
}
