/** Work in words: how long something takes, how a batch stands against its deadline, what a state is called. */

import { counted, t } from "@/app/words";
import type { Batch, BatchProgress, Priority, Target, TaskState } from "./queries";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export type Tone = "plain" | "good" | "warn" | "bad" | "accent";

/** Return how long something is, in the unit that says it best. */
export function lasting(milliseconds: number): string {
  const length = Math.abs(milliseconds);
  if (length < HOUR) return t("{minutes} min", { minutes: Math.max(1, Math.round(length / 60_000)) });
  if (length < 2 * DAY) return t("{hours} h", { hours: Math.round(length / HOUR) });
  return t("{days} days", { days: Math.round(length / DAY) });
}

export interface Standing {
  readonly tone: Tone;
  readonly words: string;
}

/** Return how a batch stands: finished, or when it will be at the pace of the last hour, beside its deadline. */
export function standing(
  batch: Pick<Batch, "state" | "deadline">,
  progress: Pick<BatchProgress, "asked" | "answered" | "answered_last_hour"> | undefined,
  now: number,
): Standing | null {
  if (!progress || batch.state === "cancelled") return null;
  const left = progress.asked - progress.answered;
  if (left <= 0) return progress.asked > 0 ? { tone: "good", words: t("Finished") } : null;
  const pace = progress.answered_last_hour;
  const takes = pace > 0 ? (left / pace) * HOUR : null;
  if (!batch.deadline)
    return takes === null
      ? null
      : { tone: "plain", words: t("done in about {time}", { time: lasting(takes) }) };
  const remains = new Date(batch.deadline).getTime() - now;
  if (remains < 0) return { tone: "bad", words: t("{time} late", { time: lasting(remains) }) };
  if (batch.state === "paused")
    return { tone: "warn", words: t("paused, due in {time}", { time: lasting(remains) }) };
  if (takes === null) return { tone: "warn", words: t("no answer in the last hour") };
  if (takes > remains)
    return { tone: "bad", words: t("at this pace {time} late", { time: lasting(takes - remains) }) };
  return { tone: "good", words: t("in time, done in about {time}", { time: lasting(takes) }) };
}

export const priorityWord = (priority: Priority): string =>
  ({ urgent: t("Urgent"), high: t("High"), normal: t("Normal"), low: t("Low") })[priority];

export const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

export const stateWord = (state: TaskState): string =>
  ({ open: t("Open"), paused: t("Paused"), done: t("Done"), cancelled: t("Cancelled"), gold: t("Gold") })[
    state
  ];

export const STATE_TONES: Readonly<Record<TaskState, Tone>> = {
  open: "accent",
  paused: "warn",
  done: "good",
  cancelled: "plain",
  gold: "plain",
};

/** Return how often the tasks of a batch are asked, and until when. */
export function askedWords({
  overlap,
  target,
}: {
  readonly overlap: number;
  readonly target?: Target | null;
}): string {
  const each = t("{overlap, plural, one {# answer each} other {# answers each}}", { overlap });
  if (!target) return each;
  const share = `${Math.round(1000 * target.value) / 10} %`;
  const until = {
    confidence: t("each {share} sure", { share }),
    accuracy: t("{share} right on average", { share }),
    budget: t("{answers} answers in all", { answers: counted(target.value) }),
  }[target.kind];
  return t("{from} to {to} answers, until {until}", { from: overlap, to: target.overlap_max, until });
}
