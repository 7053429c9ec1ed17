/** Events in words: when, what, who, and how well each is proved. */

import { moment, t } from "@/app/words";
import { Badge } from "@/kit/shown";
import { inWords, type Told } from "./told";

export type Proof = "sealed" | "chained" | "waiting";
const PROOFS = {
  sealed: ["good", "sealed"],
  chained: ["accent", "chained"],
  waiting: ["plain", "waits"],
} as const;

export interface EventListProps {
  readonly label: string;
  readonly events: readonly Told[];
  readonly nameOf: (member: string) => string;
  readonly proofOf: (id: string) => Proof | undefined;
}

export const EventList = ({ label, events, nameOf, proofOf }: EventListProps) => (
  <ol aria-label={label} className="divide-y divide-line rounded-lg border border-line bg-raised">
    {events.map((event) => (
      <li key={event.id} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-3 py-2">
        <time dateTime={event.time} className="w-40 shrink-0 text-sm text-quiet tabular-nums">
          {moment(event.time)}
        </time>
        <span className="min-w-48 flex-1">{inWords(event)}</span>
        <span className="text-sm text-quiet">{event.actor ? nameOf(event.actor) : t("by itself")}</span>
        <Proved proof={proofOf(event.id)} />
        <code className="w-28 truncate text-right font-mono text-xs text-quiet" title={event.type}>
          {event.id}
        </code>
      </li>
    ))}
  </ol>
);

function Proved({ proof }: { readonly proof: Proof | undefined }) {
  if (!proof) return <span className="w-16" />;
  const [tone, words] = PROOFS[proof];
  return (
    <span className="w-16 text-right">
      <Badge tone={tone}>{t(words)}</Badge>
    </span>
  );
}
