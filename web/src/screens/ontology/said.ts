/** Steps in words, as the list of what was changed shows them. */

import { t } from "@/app/words";
import type { Kind, Rule, Step, Value } from "./steps";

/** Return a step in words. */
export function stepWords(step: Step): string {
  switch (step.step) {
    case "add_label":
      return t("Add the label {label}", { label: step.label.name });
    case "rename_label":
      return t("Rename {label} to {to}", { label: step.label, to: step.to });
    case "move_label":
      return step.parent
        ? t("Put {label} below {parent}", { label: step.label, parent: step.parent })
        : t("Move {label}", { label: step.label });
    case "merge_labels":
      return t("Merge {labels} into {into}", { labels: step.labels.join(", "), into: step.into });
    case "split_label":
      return t("Split {label} into {into}", { label: step.label, into: step.into.join(", ") });
    case "retire_label":
      return t("Retire {label}", { label: step.label });
    case "restore_label":
      return t("Offer {label} again", { label: step.label });
    case "remove_label":
      return t("Remove {label}", { label: step.label });
    case "describe_label":
      return t("Change {what} of {label}", { label: step.label, what: described(step) });
    case "change_shapes":
      return step.tools.length
        ? t("Use {label} with {tools} only", { label: step.label, tools: step.tools.join(", ") })
        : t("Use {label} with every tool", { label: step.label });
    case "add_tool":
      return t("Add the tool {tool}", { tool: step.tool });
    case "change_tool":
      return t("Change the settings of {tool}", { tool: step.tool });
    case "remove_tool":
      return t("Remove the tool {tool}", { tool: step.tool });
    default:
      return attributeWords(step);
  }
}

type AttributeSaid = Extract<Step, { attribute: unknown }>;

function attributeWords(step: AttributeSaid): string {
  const { label } = step;
  if (step.step === "add_attribute")
    return t("Ask {attribute} of {label}", { attribute: step.attribute.name, label });
  const said = { label, attribute: step.attribute };
  switch (step.step) {
    case "rename_attribute":
      return t("{label}: rename {attribute} to {to}", { ...said, to: step.to });
    case "move_attribute":
      return t("{label}: move {attribute}", said);
    case "retype_attribute":
      return retypeWords(step);
    case "set_default":
      return step.default === null
        ? t("{label}: {attribute} has no default", said)
        : t("{label}: the default of {attribute} is {value}", { ...said, value: valueWords(step.default) });
    case "remove_attribute":
      return t("{label}: remove {attribute}", said);
    case "require":
      return t("{label}: {attribute} must be answered", said);
    case "relax":
      return t("{label}: {attribute} need not be answered", said);
  }
}

function retypeWords({
  label,
  attribute,
  to,
  values = {},
}: Extract<Step, { step: "retype_attribute" }>): string {
  const becomes = Object.entries(values).map(([was, now]) => `${was} → ${valueWords(now)}`);
  const said = { label, attribute, kind: kindWords(to) };
  return becomes.length
    ? t("{label}: {attribute} becomes {kind}, with {values}", { ...said, values: becomes.join(", ") })
    : t("{label}: {attribute} becomes {kind}", said);
}

const described = (step: Extract<Step, { step: "describe_label" }>): string =>
  [
    step.colour !== undefined && t("the colour"),
    step.hotkey !== undefined && t("the key"),
    step.description !== undefined && t("the description"),
  ]
    .filter(Boolean)
    .join(", ");

/** Return what an attribute may hold, in words. */
export function kindWords(kind: Kind): string {
  if (kind.kind === "boolean") return t("yes or no");
  if (kind.kind === "text") return t("a text");
  if (kind.kind === "choice") {
    const among = (kind.choices ?? []).join(", ");
    return kind.multiple ? t("several of {among}", { among }) : t("one of {among}", { among });
  }
  const unit = kind.unit ? ` ${kind.unit}` : "";
  if (kind.minimum !== undefined && kind.maximum !== undefined)
    return t("a number from {minimum} to {maximum}{unit}", {
      minimum: kind.minimum,
      maximum: kind.maximum,
      unit,
    });
  if (kind.minimum !== undefined) return t("a number from {minimum}{unit}", { minimum: kind.minimum, unit });
  if (kind.maximum !== undefined) return t("a number to {maximum}{unit}", { maximum: kind.maximum, unit });
  return kind.unit ? t("a number in {unit}", { unit: kind.unit }) : t("a number");
}

export const valueWords = (value: Value): string =>
  Array.isArray(value)
    ? value.join(", ")
    : value === true
      ? t("yes")
      : value === false
        ? t("no")
        : String(value ?? "");

/** Return a rule of a split in words. */
export const ruleWords = ({ when, to }: Rule): string =>
  t("{when}: {to}", {
    to,
    when: when
      .map((one) => {
        const subject = one.attribute ?? one.shape ?? t("tool");
        if (one.tool !== undefined) return t("{subject} is {value}", { subject, value: one.tool });
        if (one.absent) return t("{subject} is not said", { subject });
        if (one.equals !== undefined)
          return t("{subject} is {value}", { subject, value: valueWords(one.equals) });
        if (one.at_least !== undefined)
          return t("{subject} is at least {value}", { subject, value: one.at_least });
        return t("{subject} is at most {value}", { subject, value: one.at_most ?? 0 });
      })
      .join(", "),
  });
