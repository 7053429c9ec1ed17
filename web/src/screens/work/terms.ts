/** The terms of a batch as the fields of a form, and back. */

import { t } from "@/app/words";
import type { Target } from "./queries";

/** Return a moment as a field for a date and a time shows it: in the reader's own time zone. */
export function asField(at: string | null | undefined): string {
  if (!at) return "";
  const moment = new Date(at);
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** Return the moment in a field for a date and a time, or null where it is empty. */
export const ofField = (typed: string): string | null => (typed ? new Date(typed).toISOString() : null);

export type TargetKind = "fixed" | Target["kind"];
export const TARGET_KINDS: readonly TargetKind[] = ["fixed", "confidence", "accuracy", "budget"];

export const kindWord = (kind: TargetKind): string =>
  ({
    fixed: t("Always as often"),
    confidence: t("Until each outcome is sure"),
    accuracy: t("Until the batch is right on average"),
    budget: t("Until so many answers are spent"),
  })[kind];

/** Return the target that a form's fields make, null for a fixed overlap; what is out of bounds the server refuses. */
export function targetOf(fields: FormData, price = 0): Target | null {
  const kind = TARGET_KINDS.find((one) => one === fields.get("kind"));
  if (kind === undefined || kind === "fixed") return null;
  const typed = Number(fields.get("value"));
  const value = kind === "budget" ? typed : Math.round(typed * 10) / 1000;
  return { kind, value, overlap_max: Number(fields.get("overlap_max")), price };
}
