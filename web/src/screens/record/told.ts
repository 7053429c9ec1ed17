/** Events in words: what happened, for people who do not know the log. */

import { t } from "@/app/words";

/** What an event says of itself, whichever way it came: from a lineage, or as a CloudEvent. */
export interface Told {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly actor: string | null;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>> | null;
}

const WORDS: Readonly<Record<string, string>> = {
  "answers.changed": "Stored answers were changed",
  "annotator.paused": "An annotator was paused",
  "annotator.qualified": "An annotator qualified",
  "annotator.resumed": "An annotator may go on",
  "asset.created": "An asset came in",
  "audit.started": "A sample was drawn to be audited",
  "batch.changed": "A batch was changed",
  "batch.created": "A batch was made",
  "consensus.blocked": "The answers could not be merged",
  "consistency.checked": "Outcomes were checked for contradictions",
  "contradiction.found": "A contradiction was found",
  "gold.corrected": "A known answer was corrected",
  "gold.made": "A known answer was given",
  "gold.reinstated": "A known answer is used again",
  "gold.retired": "A known answer is used no more",
  "gold.returned": "A known answer became work again",
  "gold.suspected": "A known answer is doubted",
  "instructions.published": "Instructions were published",
  "issue.commented": "A remark was answered",
  "issue.raised": "A remark was made",
  "issue.reopened": "A remark was opened again",
  "issue.resolved": "A remark was settled",
  "item.created": "An item came in",
  "item.deleted": "An item was deleted",
  "items.imported": "Items were imported",
  "job.cancelled": "A job was cancelled",
  "job.created": "A job was asked for",
  "job.failed": "A job failed",
  "job.succeeded": "A job was done",
  "ontology.published": "An ontology version was published",
  "outcome.accepted": "The outcome was accepted",
  "outcome.proposed": "An outcome was proposed",
  "outcome.revised": "The outcome was replaced by another",
  "outcome.withdrawn": "The outcome was withdrawn",
  "predictions.stored": "A model's predictions were stored",
  "review.claimed": "A review was taken",
  "review.decided": "A verdict was given",
  "review.expired": "A review was not given in time",
  "review.opened": "A review was asked for",
  "review.released": "A review was given back",
  "review.withdrawn": "A review is wanted no more",
  "submission.received": "An answer came in",
  "submission.revised": "An answer was revised",
  "task.cancelled": "The task was cancelled",
  "task.claimed": "The task was taken",
  "task.done": "The task has all its answers",
  "task.expired": "The task was not answered in time",
  "task.extended": "The task was asked once more",
  "task.freed": "The task is kept for nobody any more",
  "task.paused": "The task was paused",
  "task.reassigned": "The task was given to somebody else",
  "task.released": "The task was given back",
  "task.requeued": "The task was asked anew",
  "task.resumed": "The task may be worked on again",
  "task.revoked": "The task was taken away",
  "task.skipped": "The task was passed over",
  "tasks.released": "Tasks were released",
};

const text = (value: unknown): string | null => (typeof value === "string" && value ? value : null);

/** Return what an event tells: its type in words, a known one's verdict, count or reason with it. */
export function inWords({ type, data }: Pick<Told, "type" | "data">): string {
  const known = Object.hasOwn(WORDS, type) ? WORDS[type] : undefined;
  const words = known === undefined ? type.replace(/[._]/g, " ") : t(known);
  const verdict = text(data?.verdict);
  const reverts = text(data?.reverts);
  const more = [
    verdict && t("verdict: {verdict}", { verdict }),
    reverts && t("back to an earlier version"),
    text(data?.reason),
  ].filter(Boolean);
  return more.length > 0 ? `${words}: ${more.join("; ")}` : words;
}

/** Return the sequence within its service's log of an event's id. */
export const sequenceOf = (id: string): string => id.slice(id.indexOf(".") + 1);
