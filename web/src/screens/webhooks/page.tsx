/** Webhooks: who outside is told of events, whether it arrives, and what to do where it does not. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { problemOf } from "@/api/client";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Empty, Notice, Skeleton } from "@/kit/shown";
import { Editing } from "./editing";
import { type Webhook, webhooksQuery } from "./hooks";
import { Secret } from "./secret";
import { WebhookCard } from "./webhook_card";

export default function WebhooksPage() {
  const { member } = useMe();
  if (member.role !== "owner" && member.role !== "manager")
    return (
      <Empty icon="link" title={t("Webhooks are for owners and managers")}>
        {t("They send what happens here to other programs. Ask a manager if you need one.")}
      </Empty>
    );
  return (
    <div className="mx-auto w-full max-w-4xl px-4 py-8 sm:px-6">
      <Webhooks />
    </div>
  );
}

function Webhooks() {
  const { data, error, isPending } = useQuery(webhooksQuery);
  const [edited, setEdited] = useState<Webhook | "new" | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const kept = data?.filter(({ state }) => state !== "removed");
  const add = (
    <Button look="primary" icon="add" onClick={() => setEdited("new")}>
      {t("New webhook")}
    </Button>
  );
  return (
    <>
      <div className="mb-4 flex flex-wrap items-start gap-4">
        <div className="flex-1">
          <h1 className="text-xl font-semibold tracking-tight">{t("Webhooks")}</h1>
          <p className="text-quiet">
            {t("Each event is posted to an address of yours, signed, until it was taken.")}
          </p>
        </div>
        {kept && kept.length > 0 && add}
      </div>
      {error && <Notice>{problemOf(error).message}</Notice>}
      {isPending && <Skeleton className="h-40" />}
      {kept?.length === 0 && (
        <Empty icon="link" title={t("Nobody outside is told yet")} action={add}>
          {t("Give an address that answers 2xx: a training job, a chat, your own queue. Then send a test.")}
        </Empty>
      )}
      <ul aria-label={t("Webhooks")} className="flex flex-col gap-4 empty:hidden">
        {kept?.map((webhook) => (
          <li key={webhook.id}>
            <WebhookCard webhook={webhook} edit={() => setEdited(webhook)} showSecret={setSecret} />
          </li>
        ))}
      </ul>
      {edited && (
        <Editing
          webhook={edited === "new" ? undefined : edited}
          close={() => setEdited(null)}
          showSecret={setSecret}
        />
      )}
      {secret !== null && <Secret secret={secret} close={() => setSecret(null)} />}
    </>
  );
}
