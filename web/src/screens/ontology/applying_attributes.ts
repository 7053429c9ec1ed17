/** What steps make of a label's attributes. */

import type { Attribute, Label } from "@/engine/document/values";
import type { Writable } from "./drafting";
import { type AttributeStep, Refused, type Value } from "./steps";

/** Changes a draft by one step. */
export function changeAttribute(step: AttributeStep, draft: Writable): void {
  const place = draft.labels.findIndex(({ name }) => name === step.label);
  const label = draft.labels[place];
  if (!label) throw new Refused(`There is no label ${step.label} here.`);
  draft.labels[place] = { ...label, attributes: changed(step, label) };
}

function changed(step: AttributeStep, label: Label): readonly Attribute[] {
  const attributes = label.attributes ?? [];
  if (step.step === "add_attribute") {
    mustBeNew(label, step.attribute.name);
    const at = step.at ?? attributes.length;
    return [...attributes.slice(0, at), step.attribute, ...attributes.slice(at)];
  }
  const place = attributes.findIndex(({ name }) => name === step.attribute);
  const old = attributes[place];
  if (!old) throw new Refused(`${label.name} has no attribute ${step.attribute}.`);
  const others = attributes.filter((one) => one !== old);
  const put = (change: Partial<Record<keyof Attribute, unknown>>) =>
    attributes.map((one) => (one === old ? ({ ...one, ...change } as Attribute) : one));
  switch (step.step) {
    case "rename_attribute":
      mustBeNew(label, step.to);
      return put({ name: step.to });
    case "move_attribute":
      return [...others.slice(0, step.at), old, ...others.slice(step.at)];
    case "remove_attribute":
      return others;
    case "require":
      return put({ required: true });
    case "relax":
      return put({ required: false });
    case "set_default":
      mustFit(old, step.default);
      return put({ default: step.default ?? undefined });
    case "retype_attribute": {
      const made: Attribute = { name: old.name, ...step.to };
      if (made.kind === "choice" && !made.choices?.length)
        throw new Refused(`${old.name} needs at least one choice.`);
      if ((made.minimum ?? -Infinity) > (made.maximum ?? Infinity))
        throw new Refused(`${old.name}: the least must not be above the most.`);
      const { kind: _, choices: __, multiple: ___, minimum, maximum, unit, ...kept } = old;
      const given = convertedDefault(made, old.default, step.values ?? {});
      return attributes.map((one) => (one === old ? { ...kept, ...made, ...given } : one));
    }
  }
}

function mustBeNew(label: Label, name: string): void {
  if (!name.trim() || name !== name.trim())
    throw new Refused("An attribute needs a name without spaces around it.");
  if (label.attributes?.some((one) => one.name === name))
    throw new Refused(`${label.name} has an attribute ${name} already.`);
}

function convertedDefault(
  made: Attribute,
  given: Attribute["default"],
  values: Readonly<Record<string, unknown>>,
): Pick<Attribute, "default"> {
  if (given === undefined) return {};
  const told = (
    Array.isArray(given) ? given.map((one) => values[one] ?? one) : (values[String(given)] ?? given)
  ) as Value;
  mustFit(made, told);
  return { default: told as NonNullable<Value> };
}

function mustFit(attribute: Attribute, value: Value): void {
  if (value !== null && !fits(attribute, value))
    throw new Refused(
      `${attribute.name}: ${String(value)} is no value that it allows. Change its default first.`,
    );
}

/** Say whether an attribute allows a value. */
export function fits(attribute: Attribute, value: NonNullable<Value>): boolean {
  const { kind, choices = [], minimum = -Infinity, maximum = Infinity } = attribute;
  if (kind === "boolean") return typeof value === "boolean";
  if (kind === "text") return typeof value === "string";
  if (kind === "number")
    return typeof value === "number" && Number.isFinite(value) && value >= minimum && value <= maximum;
  if (attribute.multiple) return Array.isArray(value) && value.every((one) => choices.includes(one));
  return typeof value === "string" && choices.includes(value);
}
