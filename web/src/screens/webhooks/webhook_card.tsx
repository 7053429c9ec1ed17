/** One webhook: what it is told, how its receiver does in each service, and what can be done. */

import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { problemOf } from "@/api/client";
import { counted, moment, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Confirm } from "@/kit/confirm";
import { Badge, Notice } from "@/kit/shown";
import { notify } from "@/kit/toast";
import { Deliveries } from "./deliveries";
import {
  again,
  type Courier,
  change,
  courierQuery,
  remove,
  rotate,
  SERVICES,
  test,
  type Webhook,
} from "./hooks";

const OVERLAP_HOURS = 24;
const TONES = { active: "good", paused: "plain", disabled: "bad", removed: "plain" } as const;

export interface WebhookCardProps {
  readonly webhook: Webhook;
  readonly edit: () => void;
  readonly showSecret: (secret: string) => void;
}

export function WebhookCard({ webhook, edit, showSecret }: WebhookCardProps) {
  const [open, setOpen] = useState(false);
  const stateWords = {
    active: t("active"),
    paused: t("paused"),
    disabled: t("disabled"),
    removed: t("removed"),
  };
  return (
    <article className="rounded-lg border border-line bg-raised p-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="min-w-0 truncate font-semibold">{webhook.url}</h2>
        <Badge tone={TONES[webhook.state]}>{stateWords[webhook.state]}</Badge>
      </header>
      {webhook.description && <p>{webhook.description}</p>}
      <p className="text-sm text-quiet">
        {t("{types}; {projects}", {
          types: webhook.event_types.join(", ") || t("all events"),
          projects:
            webhook.projects.length === 0
              ? t("all projects")
              : t("{count, plural, one {# project} other {# projects}}", { count: webhook.projects.length }),
        })}
      </p>
      {webhook.reason && <Notice tone="warn">{webhook.reason}</Notice>}
      <Couriers webhook={webhook.id} />
      <Deeds webhook={webhook} edit={edit} showSecret={showSecret} />
      <Button size="sm" look="ghost" className="mt-2" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? t("Hide deliveries") : t("Deliveries")}
      </Button>
      {open && <Deliveries webhook={webhook.id} />}
    </article>
  );
}

function Couriers({ webhook }: { readonly webhook: string }) {
  const found = useQueries({ queries: SERVICES.map((service) => courierQuery(webhook, service)) });
  return (
    <ul aria-label={t("How its receiver does")} className="mt-2 grid gap-2 sm:grid-cols-3">
      {SERVICES.map((service, at) => (
        <li key={service} className="rounded-md bg-sunken px-3 py-2 text-sm">
          <span className="font-medium">{service}</span>
          {found[at]?.data && <State courier={found[at].data} />}
          {found[at]?.error && <span className="block text-bad">{problemOf(found[at].error).message}</span>}
        </li>
      ))}
    </ul>
  );
}

const State = ({ courier }: { readonly courier: Courier }) => (
  <>
    <span className="block text-quiet tabular-nums">
      {t("{waiting} waiting, {dead} dead letters", {
        waiting: counted(courier.waiting),
        dead: counted(courier.dead),
      })}
    </span>
    {courier.circuit === "closed" ? (
      <span className="text-good">{t("circuit closed: it answers")}</span>
    ) : (
      <span className="text-bad">
        {t("circuit {state} after {failures, plural, one {# failure} other {# failures}}", {
          state: courier.circuit,
          failures: courier.failures,
        })}
        {courier.open_until && ` · ${t("tried again at {at}", { at: moment(courier.open_until) })}`}
      </span>
    )}
  </>
);

function Deeds({ webhook, edit, showSecret }: WebhookCardProps) {
  const [asked, setAsked] = useState<"rotate" | "remove" | null>(null);
  const going = webhook.state === "active";
  const act = (deed: () => Promise<unknown>, said: string) =>
    void deed()
      .then(() => notify({ title: said, tone: "good" }))
      .catch((error) => notify({ title: problemOf(error).message, tone: "bad" }))
      .finally(again);
  const renew = async () => {
    showSecret((await rotate(webhook, OVERLAP_HOURS)).secret);
    again();
  };
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      <Button
        size="sm"
        icon="send"
        onClick={() => act(() => test(webhook), t("A test is on its way: see its delivery"))}
      >
        {t("Send a test")}
      </Button>
      <Button size="sm" icon="pencil" onClick={edit}>
        {t("Change")}
      </Button>
      <Button
        size="sm"
        icon={going ? "pause" : "play"}
        onClick={() =>
          act(
            () => change(webhook, { state: going ? "paused" : "active" }),
            going ? t("Paused: what happens meanwhile waits in the log") : t("It goes on where it stopped"),
          )
        }
      >
        {going ? t("Pause") : t("Resume")}
      </Button>
      <Button size="sm" icon="lock" onClick={() => setAsked("rotate")}>
        {t("New secret")}
      </Button>
      <Button size="sm" icon="trash" onClick={() => setAsked("remove")}>
        {t("Remove")}
      </Button>
      <Confirm
        open={asked === "rotate"}
        onOpenChange={() => setAsked(null)}
        title={t("Make a new secret?")}
        action={t("Make it")}
        run={renew}
      >
        {t("The one before goes on signing for {hours} hours; after that it is good for nothing.", {
          hours: OVERLAP_HOURS,
        })}
      </Confirm>
      <Confirm
        open={asked === "remove"}
        onOpenChange={() => setAsked(null)}
        title={t("Remove this webhook?")}
        action={t("Remove it")}
        run={async () => {
          await remove(webhook);
          again();
        }}
      >
        {t("{url} is told of nothing more, and what waits for it is dropped.", { url: webhook.url })}
      </Confirm>
    </div>
  );
}
