/** What is being edited: the steps so far, what they make of the definition, and the way back and forth. */

import type { Attribute, Definition } from "@/engine/document/values";
import { after, applied, same, tidy } from "./applying";
import { fits } from "./applying_attributes";
import type { Kind, Step } from "./steps";

const UNDO_MAX = 200;

/** Steps from a version, and those that undo and redo go through. Values only, so that it can be kept. */
export interface Editing {
  /** The version that the steps begin at. */
  readonly base: string;
  readonly steps: readonly Step[];
  readonly past: readonly (readonly Step[])[];
  readonly future: readonly (readonly Step[])[];
}

/** Return an edit that has not begun. */
export const untouched = (base: string): Editing => ({ base, steps: [], past: [], future: [] });

/** Return the edit with further steps, told as shortly as it can be; throws `Refused` where one cannot be done. */
export function edited(editing: Editing, definition: Definition, more: readonly Step[]): Editing {
  const steps = more.reduce((now, step) => withStep(definition, now, step), editing.steps);
  return replacedSteps(editing, steps);
}

/** Return the edit with other steps in place of its own. */
export function replacedSteps(editing: Editing, steps: readonly Step[]): Editing {
  if (same(steps, editing.steps)) return editing;
  return { ...editing, steps, past: [...editing.past, editing.steps].slice(-UNDO_MAX), future: [] };
}

export function undone(editing: Editing): Editing {
  const steps = editing.past.at(-1);
  if (!steps) return editing;
  return { ...editing, steps, past: editing.past.slice(0, -1), future: [editing.steps, ...editing.future] };
}

export function redone(editing: Editing): Editing {
  const [steps, ...future] = editing.future;
  if (!steps) return editing;
  return { ...editing, steps, past: [...editing.past, editing.steps], future };
}

/**
 * Return steps with one more. It is folded into an earlier one where that says the same in fewer words: into the
 * label or attribute that was added before, or into the last step of its kind; steps that cancel out go.
 */
export function withStep(definition: Definition, steps: readonly Step[], step: Step): readonly Step[] {
  const plain = [...steps, step];
  const wanted = applied(definition, plain);
  for (const shorter of foldings(definition, steps, step))
    if (leadsTo(definition, shorter, wanted)) return shorter;
  return plain;
}

function leadsTo(definition: Definition, steps: readonly Step[], wanted: Definition): boolean {
  try {
    return same(applied(definition, steps), wanted);
  } catch {
    return false;
  }
}

/** Yield shorter ways to say steps and one more; whoever asks makes sure that they lead to the same. */
function* foldings(definition: Definition, steps: readonly Step[], step: Step): Iterable<readonly Step[]> {
  const before = steps.slice(0, -1);
  const last = steps.at(-1);
  if (last) {
    const both = joined(last, step, () => applied(definition, before));
    if (both) yield [...before, ...both];
  }
  for (let at = steps.length - 1; at >= 0; at -= 1) {
    const made = into(steps[at] as Step, step);
    if (made) yield steps.flatMap((one, place) => (place === at ? made : [one]));
  }
}

/** Return one step, or none, in place of two that follow each other. */
function joined(last: Step, step: Step, before: () => Definition): readonly Step[] | null {
  if (last.step === "rename_label" && step.step === "rename_label" && last.to === step.label)
    return last.label === step.to ? [] : [{ ...step, label: last.label }];
  if (
    last.step === "rename_attribute" &&
    step.step === "rename_attribute" &&
    last.label === step.label &&
    last.to === step.attribute
  )
    return last.attribute === step.to ? [] : [{ ...step, attribute: last.attribute }];
  if (!sameSubject(last, step)) return null;
  const undoes = `${last.step} ${step.step}`;
  if (undoes === "retire_label restore_label" || undoes === "restore_label retire_label") return [];
  if (undoes === "require relax" || undoes === "relax require") return [];
  if (last.step !== step.step) return null;
  const both =
    step.step === "retype_attribute" && last.step === "retype_attribute"
      ? retypedTwice(last, step, before())
      : MERGED.has(step.step)
        ? ({ ...last, ...step } as Step)
        : null;
  return both && (isNothing(both, before()) ? [] : [both]);
}

/** Of two of these, the later word counts for each thing that is said. */
const MERGED = new Set<Step["step"]>([
  "describe_label",
  "move_label",
  "move_attribute",
  "set_default",
  "change_shapes",
  "change_tool",
]);

type Retype = Extract<Step, { step: "retype_attribute" }>;

/** Two retypings are one where both only rename choices, or say nothing of values. */
function retypedTwice(last: Retype, step: Retype, before: Definition): Retype | null {
  const old = attributeOf(before, step.label, step.attribute);
  if (!old || old.kind !== last.to.kind || last.to.kind !== step.to.kind) return null;
  if (!!old.multiple !== !!last.to.multiple || !!last.to.multiple !== !!step.to.multiple) return null;
  const [first, second] = [last.values ?? {}, step.values ?? {}];
  const named = [...new Set([...Object.keys(first), ...Object.keys(second)])].filter((one) =>
    old.choices?.includes(one),
  );
  const values = Object.fromEntries(
    named
      .map((one) => {
        const then = first[one] ?? one;
        return [one, (typeof then === "string" ? second[then] : undefined) ?? then] as const;
      })
      .filter(([was, now]) => was !== now),
  );
  const { values: _, ...both } = { ...last, ...step };
  return Object.keys(values).length ? { ...both, values } : both;
}

const isNothing = (step: Step, before: Definition): boolean =>
  !("values" in step) && same(after(before, step), tidy(before));

const attributeOf = (definition: Definition, label: string, name: string): Attribute | undefined =>
  definition.labels?.find((one) => one.name === label)?.attributes?.find((one) => one.name === name);

function sameSubject(one: Step, other: Step): boolean {
  const said = (step: Step) => {
    const { label, attribute, tool } = step as { label?: unknown; attribute?: unknown; tool?: unknown };
    return [label, attribute, tool];
  };
  return same(said(one), said(other));
}

/** Return an earlier step that added something, with what is said of it now; null where it did not add that. */
function into(added: Step, step: Step): readonly Step[] | null {
  if (added.step === "add_tool" && "tool" in step && step.tool === added.tool) {
    if (step.step === "remove_tool") return [];
    return step.step === "change_tool" ? [{ ...added, settings: step.settings }] : null;
  }
  if (added.step === "add_attribute") return intoAttribute(added, step);
  if (added.step !== "add_label" || !("label" in step) || step.label !== added.label.name) return null;
  if (step.step === "remove_label") return [];
  if (step.step === "move_label") {
    const { parent: _, ...label } = added.label;
    const at = step.at ?? added.at;
    const moved = step.parent === null ? label : { ...label, parent: step.parent };
    return [{ step: "add_label", label: moved, ...(at === undefined ? {} : { at }) }];
  }
  const { parent, ...alone } = added.label;
  const [label] = tried({ tools: {}, labels: [alone] }, step)?.labels ?? [];
  return label ? [{ ...added, label: parent === undefined ? label : { ...label, parent } }] : null;
}

function tried(definition: Definition, step: Step): Definition | null {
  try {
    return after(definition, step);
  } catch {
    return null;
  }
}

type AddAttribute = Extract<Step, { step: "add_attribute" }>;

function intoAttribute(added: AddAttribute, step: Step): readonly Step[] | null {
  if (!("attribute" in step) || step.step === "add_attribute") return null;
  if (step.label !== added.label || step.attribute !== added.attribute.name) return null;
  if (step.step === "remove_attribute") return [];
  if (step.step === "move_attribute") return [{ ...added, at: step.at }];
  const alone: Definition = { tools: {}, labels: [{ name: added.label, attributes: [added.attribute] }] };
  const [attribute] = tried(alone, step)?.labels?.[0]?.attributes ?? [];
  if (!attribute) return null;
  const { fill, ...rest } = added;
  const kept = fill !== undefined && fill !== null && fits(attribute, fill) ? { fill } : {};
  return [{ ...rest, attribute, ...kept }];
}

/** Return the type of an attribute: its kind with what that kind needs. */
export function kindOf(attribute: Attribute): Kind {
  const { kind, choices, multiple, minimum, maximum, unit } = attribute;
  if (kind === "choice") return { kind, choices: choices ?? [], ...(multiple ? { multiple } : {}) };
  if (kind !== "number") return { kind };
  return {
    kind,
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(unit ? { unit } : {}),
  };
}

/** Return the steps that make an attribute of a label another one; `values` says what becomes of old choices. */
export function attributeSteps(
  label: string,
  old: Attribute,
  now: Attribute,
  values: Readonly<Record<string, string>> = {},
): readonly Step[] {
  const steps: Step[] = [];
  const subject = { label, attribute: now.name };
  if (old.name !== now.name)
    steps.push({ step: "rename_attribute", label, attribute: old.name, to: now.name });
  const given = now.default;
  const retyped = !same(kindOf(old), kindOf(now));
  // A default that the new type does not allow has to go first.
  const clears = retyped && old.default !== undefined && !fits(now, convert(old.default, values));
  if (clears) steps.push({ step: "set_default", ...subject, default: null });
  if (retyped) {
    const told = Object.keys(values).length ? { values } : {};
    steps.push({ step: "retype_attribute", ...subject, to: kindOf(now), ...told });
  }
  const had = clears || old.default === undefined ? undefined : convert(old.default, values);
  if (!same(had ?? null, given ?? null))
    steps.push({ step: "set_default", ...subject, default: given ?? null });
  if (!!old.required !== !!now.required) steps.push({ step: now.required ? "require" : "relax", ...subject });
  return steps;
}

const convert = (
  value: NonNullable<Attribute["default"]>,
  values: Readonly<Record<string, string>>,
): NonNullable<Attribute["default"]> =>
  typeof value === "string"
    ? (values[value] ?? value)
    : Array.isArray(value)
      ? value.map((one: string) => values[one] ?? one)
      : value;

/** Return an edit on another base, with as many of its steps as still can be done there. */
export function rebased(editing: Editing, base: string, definition: Definition): Editing {
  const steps: Step[] = [];
  let now = definition;
  for (const step of editing.steps) {
    try {
      now = after(now, step);
    } catch {
      break;
    }
    steps.push(step);
  }
  return { ...untouched(base), steps };
}
