/** What was sent to a webhook from a service's log: its tries, dead letters sent again, and all that follows a time. */

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { problemOf } from "@/api/client";
import { moment, t } from "@/app/words";
import type { Modality } from "@/engine/document/values";
import { Button } from "@/kit/button";
import { Segments } from "@/kit/choices";
import { Confirm } from "@/kit/confirm";
import { Input, Select } from "@/kit/field";
import { Badge, Notice } from "@/kit/shown";
import { type Column, Table } from "@/kit/table";
import { notify } from "@/kit/toast";
import {
  again,
  type Delivery,
  type DeliveryState,
  deliveriesQuery,
  redeliver,
  replay,
  SERVICES,
} from "./hooks";

const TONES = { waiting: "plain", delivered: "good", dead: "bad" } as const;

export function Deliveries({ webhook }: { readonly webhook: string }) {
  const [service, setService] = useState<Modality>("text");
  const [state, setState] = useState<DeliveryState | "all">("all");
  const { data, error } = useQuery(deliveriesQuery(webhook, service, state === "all" ? "" : state));
  const send = (event: string) =>
    void redeliver(webhook, service, event)
      .then(() => notify({ title: t("It is sent again"), tone: "good" }))
      .catch((problem) => notify({ title: problemOf(problem).message, tone: "bad" }))
      .finally(again);
  return (
    <div className="mt-2 flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Select
          aria-label={t("Service")}
          value={service}
          onChange={({ target }) => setService(target.value as Modality)}
        >
          {SERVICES.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
        <Segments
          label={t("State")}
          value={state}
          choices={[
            ["all", t("All")],
            ["waiting", t("Waiting")],
            ["delivered", t("Delivered")],
            ["dead", t("Dead letters")],
          ]}
          onChange={setState}
        />
      </div>
      {error && <Notice>{problemOf(error).message}</Notice>}
      <Table
        label={t("Deliveries")}
        columns={columns(send)}
        rows={data?.items}
        keyOf={({ event }) => event}
        nameOf={({ event }) => event}
        empty={<p className="p-6 text-center text-quiet">{t("Nothing of that kind was sent from here.")}</p>}
      />
      <Replaying webhook={webhook} service={service} />
    </div>
  );
}

const columns = (send: (event: string) => void): Column<Delivery>[] => [
  { id: "event", title: t("Event"), cell: ({ event, type }) => `${type} ${event}` },
  {
    id: "state",
    title: t("State"),
    cell: ({ state }) => <Badge tone={TONES[state]}>{state === "dead" ? t("dead letter") : state}</Badge>,
  },
  {
    id: "tries",
    title: t("Tries"),
    end: true,
    value: ({ tries }) => tries,
    cell: ({ tries }) => tries,
  },
  {
    id: "answer",
    title: t("Last answer"),
    cell: ({ code, reason }) => [code, reason].filter((word) => word !== null).join(" ") || "–",
  },
  { id: "at", title: t("Time"), cell: ({ created_at }) => moment(created_at) },
  {
    id: "again",
    title: t("Send again"),
    bare: true,
    end: true,
    cell: ({ event }) => (
      <Button size="sm" onClick={() => send(event)} aria-label={t("Send {event} again", { event })}>
        {t("Send again")}
      </Button>
    ),
  },
];

function Replaying({ webhook, service }: { readonly webhook: string; readonly service: Modality }) {
  const [since, setSince] = useState<string | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const told = String(new FormData(event.currentTarget).get("since") ?? "");
    if (told) setSince(new Date(told).toISOString());
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-center gap-2">
      <Input name="since" type="datetime-local" required aria-label={t("Replay from")} className="w-56!" />
      <Button type="submit" size="sm">
        {t("Replay from here")}
      </Button>
      <Confirm
        open={since !== null}
        onOpenChange={() => setSince(null)}
        title={t("Send everything again?")}
        action={t("Send it again")}
        run={async () => {
          await replay(webhook, service, { since });
          again();
        }}
      >
        {t("All that happened in {service} since {at} and that this webhook wants is posted once more.", {
          service,
          at: since ? moment(since) : "",
        })}
      </Confirm>
    </form>
  );
}
