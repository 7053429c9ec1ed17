/** The tokens by which programs come in: made and shown once, revoked. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answered, platform, problemOf } from "@/api/client";
import { queryClient } from "@/app/query";
import { moment, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Switch } from "@/kit/choices";
import { Confirm } from "@/kit/confirm";
import { Badge, Empty, Notice } from "@/kit/shown";
import { type Column, Table } from "@/kit/table";
import { notifyDone } from "@/kit/toast";
import { type Member, membersQuery, type Token, tokensQuery } from "../people/queries";
import { NewToken } from "./new_token";

/** Say whether a token still opens anything. */
export const isLive = ({ revoked_at: revoked, expires_at: ends }: Token): boolean =>
  !revoked && (!ends || Date.parse(ends) > Date.now());

export function Tokens() {
  const { data, error } = useQuery(tokensQuery);
  const members = useQuery(membersQuery).data ?? [];
  const [overToo, setOverToo] = useState(false);
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const add = (
    <Button icon="add" look="primary" onClick={() => setMaking(true)}>
      {t("New token")}
    </Button>
  );
  return (
    <section aria-label={t("Tokens")} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <span className="flex flex-1 items-center gap-2 text-sm text-quiet">
          <Switch label={t("Show those that are over")} checked={overToo} onChange={setOverToo} />
          <span aria-hidden="true">{t("Show those that are over")}</span>
        </span>
        {add}
      </div>
      {error && <Notice>{problemOf(error).message}</Notice>}
      <Table
        label={t("Tokens")}
        columns={columns(members, setRevoking)}
        rows={data && [...data].filter((one) => overToo || isLive(one)).reverse()}
        keyOf={({ id }) => id}
        nameOf={({ name }) => name}
        empty={
          <Empty icon="lock" title={t("No token")}>
            {t("Programs come in by a token: the command line, the Python client, whatever speaks HTTP.")}
          </Empty>
        }
      />
      {making && <NewToken members={members} close={() => setMaking(false)} />}
      {revoking && <Revoke token={revoking} close={() => setRevoking(null)} />}
    </section>
  );
}

const ofMember = (members: readonly Member[], { member }: Token): string =>
  members.find(({ id }) => id === member)?.name ?? member;

const columns = (members: readonly Member[], revoke: (token: Token) => void): readonly Column<Token>[] => [
  {
    id: "name",
    title: t("Token"),
    value: ({ name }) => name,
    cell: ({ name }) => <span className="font-medium">{name}</span>,
  },
  {
    id: "member",
    title: t("Of"),
    value: (token) => ofMember(members, token),
    cell: (token) => ofMember(members, token),
  },
  {
    id: "made",
    title: t("Made"),
    value: ({ created_at: at }) => at,
    cell: ({ created_at: at }) => <span className="whitespace-nowrap text-quiet">{moment(at)}</span>,
  },
  {
    id: "ends",
    title: t("Ends"),
    value: ({ expires_at: at }) => at,
    cell: (token) => <Ends token={token} />,
  },
  {
    id: "more",
    title: t("What can be done"),
    bare: true,
    end: true,
    cell: (token) =>
      isLive(token) && (
        <Button size="sm" onClick={() => revoke(token)}>
          {t("Revoke…")}
          <span className="sr-only">{token.name}</span>
        </Button>
      ),
    className: "w-32",
  },
];

function Ends({ token }: { readonly token: Token }) {
  if (token.revoked_at) return <Badge>{t("Revoked")}</Badge>;
  if (!isLive(token)) return <Badge>{t("Over")}</Badge>;
  return (
    <span className="whitespace-nowrap text-quiet">
      {token.expires_at ? moment(token.expires_at) : t("when it is revoked")}
    </span>
  );
}

function Revoke({ token, close }: { readonly token: Token; readonly close: () => void }) {
  const run = async () => {
    await answered(platform.DELETE("/v1/tokens/{token}", { params: { path: { token: token.id } } }));
    await queryClient.invalidateQueries(tokensQuery);
    notifyDone(t("{name} is revoked", { name: token.name }));
  };
  return (
    <Confirm
      open
      onOpenChange={close}
      title={t("Revoke {name}?", { name: token.name })}
      action={t("Revoke")}
      run={run}
    >
      <p>
        {t(
          "Programs and browsers that came in with it are refused from the next request on. This cannot be undone: they need a new one.",
        )}
      </p>
    </Confirm>
  );
}
