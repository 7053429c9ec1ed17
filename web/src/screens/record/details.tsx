/** One step of a lineage with all that is known of it, and the events that prove it. */

import { t } from "@/app/words";
import { Icon } from "@/kit/icon";
import { EventList } from "./event_list";
import { type Lineage, type Node, nameOf } from "./nodes";
import type { Told } from "./told";

/** Return a lineage's events as they are told. */
export const toldOf = (lineage: Lineage): readonly Told[] =>
  lineage.events.map(({ id, type, time, actor, subject, data }) => ({
    id,
    type,
    time,
    actor,
    subject,
    data: typeof data === "object" && data !== null ? { ...data } : null,
  }));

export function Details({ lineage, node }: { readonly lineage: Lineage; readonly node: Node }) {
  const proving = new Set(node.events);
  const events = toldOf(lineage).filter(({ id }) => proving.has(id));
  return (
    <section aria-label={t("The chosen step")} className="rounded-lg border border-line bg-raised p-4">
      <h2 className="mb-3 flex items-center gap-2 text-lg font-semibold">
        <Icon name={node.icon} className="text-accent-ink" />
        {node.kind}: {node.title}
      </h2>
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1">
        {node.facts.map(([label, value]) => (
          <div key={`${label} ${value}`} className="contents">
            <dt className="text-quiet">{label}</dt>
            <dd className="break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {node.changes.length > 0 && (
        <>
          <h3 className="mt-4 mb-1 font-medium">{t("What was changed")}</h3>
          <ul className="list-disc pl-5">
            {node.changes.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </>
      )}
      <h3 className="mt-4 mb-1 font-medium">{t("Proved by")}</h3>
      {events.length > 0 ? (
        <ProvingEvents lineage={lineage} events={events} label={t("Proved by")} />
      ) : (
        <p className="text-quiet">{t("No event of the log is kept for it.")}</p>
      )}
    </section>
  );
}

interface ProvingEventsProps {
  readonly lineage: Lineage;
  readonly events: readonly Told[];
  readonly label: string;
}

export function ProvingEvents({ lineage, events, label }: ProvingEventsProps) {
  const proofs = new Map(lineage.events.map(({ id, proof }) => [id, proof]));
  return (
    <EventList
      label={label}
      events={events}
      nameOf={(member) => nameOf(lineage, member)}
      proofOf={(id) => proofs.get(id)}
    />
  );
}
