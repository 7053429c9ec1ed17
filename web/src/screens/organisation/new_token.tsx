/** A new token: for whom, how long, and the secret, which is shown once. */

import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { answered, type PlatformShape, platform, problemOf } from "@/api/client";
import { queryClient } from "@/app/query";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Copy } from "@/kit/copy";
import { Dialog } from "@/kit/dialog";
import { Field, Input, Select } from "@/kit/field";
import { Notice } from "@/kit/shown";
import { governs, type Member, tokensQuery } from "../people/queries";

const DAY_MILLISECONDS = 86_400_000;
const LASTING_DAYS = [30, 90, 365];

/** Makes what is asked for of a form's fields. */
function asked(fields: FormData): PlatformShape<"NewToken"> {
  const days = Number(fields.get("days"));
  return {
    name: String(fields.get("name") ?? "").trim(),
    member: String(fields.get("member")),
    ...(days > 0 && { expires_at: new Date(Date.now() + days * DAY_MILLISECONDS).toISOString() }),
  };
}

export interface NewTokenProps {
  readonly members: readonly Member[];
  readonly close: () => void;
}

export function NewToken({ members, close }: NewTokenProps) {
  const making = useMutation({
    mutationFn: (body: PlatformShape<"NewToken">) => answered(platform.POST("/v1/tokens", { body })),
    onSuccess: () => queryClient.invalidateQueries(tokensQuery),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    making.mutate(asked(new FormData(event.currentTarget)));
  };
  return (
    <Dialog open onOpenChange={close} title={t("New token")}>
      {making.data ? (
        <div className="flex flex-col gap-3">
          <p>{t("Copy it now: it is shown only here and only once. Only its hash is kept.")}</p>
          <Copy label={t("Token")} text={making.data.token} />
        </div>
      ) : (
        <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
          {making.error && <Notice>{problemOf(making.error).message}</Notice>}
          <Field label={t("Name")} hint={t("What it is for: it says so in this list.")}>
            {(links) => <Input {...links} name="name" autoComplete="off" />}
          </Field>
          <div className="grid gap-4 sm:grid-cols-2">
            <WhoseField members={members} />
            <LastingField />
          </div>
          <Button type="submit" look="primary" icon="lock" busy={making.isPending} className="self-start">
            {t("Make it")}
          </Button>
        </form>
      )}
    </Dialog>
  );
}

/** A token can do what its member can: one's own, or of those one decides about. */
function WhoseField({ members }: { readonly members: readonly Member[] }) {
  const { member: me } = useMe();
  const others = members.filter(
    ({ id, role, state }) => id !== me.id && state === "active" && governs(me.role, role),
  );
  return (
    <Field label={t("Of")} hint={t("It can do what this member can.")}>
      {(links) => (
        <Select {...links} name="member" className="w-full">
          <option value={me.id}>{t("{name} (you)", { name: me.name })}</option>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

const LastingField = () => (
  <Field label={t("Lasts")}>
    {(links) => (
      <Select {...links} name="days" defaultValue={90} className="w-full">
        {LASTING_DAYS.map((days) => (
          <option key={days} value={days}>
            {t("{days} days", { days })}
          </option>
        ))}
        <option value={0}>{t("Until it is revoked")}</option>
      </Select>
    )}
  </Field>
);
