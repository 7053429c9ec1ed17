/** The links by which people come: which are open, who came by them, withdrawn. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answered, platform, problemOf } from "@/api/client";
import { roleWord } from "@/app/account-menu";
import { queryClient } from "@/app/query";
import { moment, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Confirm } from "@/kit/confirm";
import { Badge, Empty, Notice } from "@/kit/shown";
import { type Column, Table } from "@/kit/table";
import { notifyDone } from "@/kit/toast";
import { type Invitation, invitationsQuery, type Member, membersQuery } from "../people/queries";
import { InviteButton } from "./invite_button";

export function Invitations() {
  const { data, error } = useQuery(invitationsQuery);
  const members = useQuery(membersQuery).data ?? [];
  const [withdrawing, setWithdrawing] = useState<Invitation | null>(null);
  return (
    <section aria-label={t("Invitations")} className="flex flex-col gap-3">
      <div className="flex items-center gap-3">
        <p className="flex-1 text-sm text-quiet">{t("A link is shown once, works once, and for a week.")}</p>
        <InviteButton />
      </div>
      {error && <Notice>{problemOf(error).message}</Notice>}
      <Table
        label={t("Invitations")}
        columns={columns(members, setWithdrawing)}
        rows={data && [...data].reverse()}
        keyOf={({ id }) => id}
        nameOf={invited}
        empty={
          <Empty icon="link" title={t("No invitation yet")}>
            {t("Make a link and pass it on as you like: whoever opens it sets a password and is in.")}
          </Empty>
        }
      />
      {withdrawing && <Withdraw invitation={withdrawing} close={() => setWithdrawing(null)} />}
    </section>
  );
}

const invited = ({ name, email }: Invitation): string => name ?? email ?? t("Somebody");

const stateWord = (state: Invitation["state"]): string =>
  ({ open: t("Open"), accepted: t("Accepted"), withdrawn: t("Withdrawn"), expired: t("Expired") })[state];

const columns = (
  members: readonly Member[],
  withdraw: (invitation: Invitation) => void,
): readonly Column<Invitation>[] => [
  {
    id: "whom",
    title: t("For"),
    value: invited,
    cell: (one) => <span className="font-medium">{invited(one)}</span>,
  },
  {
    id: "what",
    title: t("To what"),
    value: ({ role }) => roleWord(role),
    cell: ({ kind, role, projects }) => (
      <span>
        {kind === "reset" ? t("New password") : roleWord(role)}
        {projects.length > 0 && (
          <span className="text-quiet">
            {" "}
            {t("on {count, plural, one {# project} other {# projects}}", { count: projects.length })}
          </span>
        )}
      </span>
    ),
  },
  {
    id: "by",
    title: t("By"),
    value: ({ created_by: by }) => members.find(({ id }) => id === by)?.name ?? null,
    cell: ({ created_by: by }) => (
      <span className="text-quiet">{members.find(({ id }) => id === by)?.name}</span>
    ),
  },
  {
    id: "until",
    title: t("Until"),
    value: ({ expires_at: at }) => at,
    cell: ({ expires_at: at }) => <span className="whitespace-nowrap text-quiet">{moment(at)}</span>,
  },
  {
    id: "state",
    title: t("State"),
    value: ({ state }) => stateWord(state),
    cell: ({ state }) => <Badge tone={state === "open" ? "accent" : "plain"}>{stateWord(state)}</Badge>,
    className: "w-28",
  },
  {
    id: "more",
    title: t("What can be done"),
    bare: true,
    end: true,
    cell: (one) =>
      one.state === "open" && (
        <Button size="sm" onClick={() => withdraw(one)}>
          {t("Withdraw…")}
          <span className="sr-only">{t("that for {name}", { name: invited(one) })}</span>
        </Button>
      ),
    className: "w-32",
  },
];

function Withdraw({ invitation, close }: { readonly invitation: Invitation; readonly close: () => void }) {
  const run = async () => {
    const params = { path: { invitation: invitation.id } };
    await answered(platform.DELETE("/v1/invitations/{invitation}", { params }));
    await queryClient.invalidateQueries(invitationsQuery);
    notifyDone(t("The invitation is withdrawn"));
  };
  return (
    <Confirm
      open
      onOpenChange={close}
      title={t("Withdraw the invitation for {name}?", { name: invited(invitation) })}
      action={t("Withdraw")}
      run={run}
    >
      <p>{t("The link that was passed on stops working at once. A new one can be made at any time.")}</p>
    </Confirm>
  );
}
