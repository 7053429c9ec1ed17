/** The rules of a split while they are written. */

import type { Label } from "@/engine/document/values";
import { ulid } from "@/engine/ulid";
import type { Condition } from "./steps";

/** Numbers of a mark's shape. */
export const MEASURES = ["area", "aspect", "width", "height", "length", "points"] as const;

export interface Drafted {
  readonly id: string;
  /** "attribute NAME" or "shape MEASURE". */
  readonly subject: string;
  readonly how: "equals" | "at_least" | "at_most" | "absent";
  readonly value: string;
  readonly to: string;
}

export const newRule = (label: Label, to: string): Drafted => {
  const [first] = label.attributes ?? [];
  const subject = first ? `attribute ${first.name}` : "shape area";
  return { id: ulid(), subject, how: first ? "equals" : "at_least", value: "", to };
};

/** Return the condition that a drafted rule says; its value is read as the attribute's kind has it. */
export function conditionOf({ subject, how, value }: Drafted, label: Label): Condition {
  const name = subject.slice(subject.indexOf(" ") + 1);
  const of = subject.startsWith("attribute ") ? { attribute: name } : { shape: name };
  if (how === "absent") return { ...of, absent: true };
  if (how !== "equals") return { ...of, [how]: Number(value) };
  const kind = label.attributes?.find((one) => one.name === name)?.kind;
  if (of.shape !== undefined || kind === "number") return { ...of, equals: Number(value) };
  return { ...of, equals: kind === "boolean" ? value.trim() === "true" : value };
}
