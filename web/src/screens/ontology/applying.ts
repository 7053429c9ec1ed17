/** What steps make of a definition, while it is edited: the server's rules again, so that it is seen at once. */

import type { Attribute, Definition, Json, Label } from "@/engine/document/values";
import { changeAttribute } from "./applying_attributes";
import type { Writable } from "./drafting";
import { type LabelStep, Refused, type Settings, type Step, type ToolStep } from "./steps";

/** The settings of tools whose keys are names of labels. */
const BY_LABEL = ["scales", "skeletons"] as const;

/** Return a definition after steps; throws `Refused` at the first that cannot be done. */
export const applied = (definition: Definition, steps: readonly Step[]): Definition =>
  steps.reduce(after, definition);

/** Return a definition after one step. */
export function after(definition: Definition, step: Step): Definition {
  const draft: Writable = { tools: { ...definition.tools }, labels: [...(definition.labels ?? [])] };
  if (isToolStep(step)) changeTool(step, draft);
  else if (isLabelStep(step)) changeLabel(step, draft);
  else changeAttribute(step, draft);
  return tidy(draft);
}

/** Return a definition as the server writes it: what says nothing is left out. */
export const tidy = ({ tools, labels = [] }: Definition): Definition => ({
  tools,
  labels: labels.map(tidyLabel),
});

/** Say whether two definitions are the same, whatever order their keys have. */
export const same = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );

const TOOLS = new Set<Step["step"]>(["add_tool", "change_tool", "remove_tool"]);
const LABELS = new Set<Step["step"]>([
  "add_label",
  "rename_label",
  "move_label",
  "merge_labels",
  "split_label",
  "retire_label",
  "restore_label",
  "remove_label",
  "describe_label",
  "change_shapes",
]);
const isToolStep = (step: Step): step is ToolStep => TOOLS.has(step.step);
const isLabelStep = (step: Step): step is LabelStep => LABELS.has(step.step);

const tidyLabel = (label: Label): Label =>
  tidied({ ...label, attributes: label.attributes?.map(tidyAttribute) ?? [] }) as unknown as Label;

const tidyAttribute = (attribute: Attribute): Attribute => {
  const { per, default: given, ...rest } = attribute;
  const said = given === undefined || given === null ? {} : { default: given };
  return { ...(tidied(rest) as unknown as Attribute), ...said, ...(per === "frame" ? { per } : {}) };
};

const tidied = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => !isSilent(one)));

const isSilent = (value: unknown): boolean =>
  value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0);

function changeLabel(step: LabelStep, draft: Writable) {
  if (step.step === "add_label") return insert(draft, step.label, step.at);
  if (step.step === "merge_labels") return merge(draft, step.labels, step.into);
  const place = placeOf(draft, step.label);
  const put = (change: Partial<Record<keyof Label, unknown>>) => {
    draft.labels[place] = { ...labelAt(draft, place), ...change } as Label;
  };
  switch (step.step) {
    case "rename_label":
      return rename(draft, place, step.to);
    case "move_label":
      return move(draft, place, step.parent, step.at);
    case "split_label":
      return split(draft, place, step.into);
    case "retire_label":
      return put({ retired: true });
    case "restore_label":
      return put({ retired: false });
    case "change_shapes":
      return put({ tools: step.tools });
    case "describe_label": {
      const { step: _, label: __, ...said } = step;
      return put(said);
    }
    case "remove_label":
      mustHaveNoChildren(draft, step.label);
      rescale(draft, step.label, []);
      draft.labels.splice(place, 1);
  }
}

function placeOf(draft: Writable, name: string): number {
  const place = draft.labels.findIndex((label) => label.name === name);
  if (place < 0) throw new Refused(`There is no label ${name} here.`);
  return place;
}

const labelAt = (draft: Writable, place: number): Label => draft.labels[place] as Label;

function mustBeNew(draft: Writable, name: string): void {
  if (!name.trim() || name !== name.trim())
    throw new Refused("A label needs a name without spaces around it.");
  if (draft.labels.some((label) => label.name === name))
    throw new Refused(`There is a label ${name} already. Choose another name, or merge the two.`);
}

function mustHaveNoChildren(draft: Writable, name: string): void {
  if (draft.labels.some(({ parent }) => parent === name))
    throw new Refused(`Labels are below ${name}: move those first.`);
}

function insert(draft: Writable, label: Label, at = draft.labels.length): void {
  mustBeNew(draft, label.name);
  if (label.parent !== undefined) placeOf(draft, label.parent);
  draft.labels.splice(at, 0, label);
}

function rename(draft: Writable, place: number, to: string): void {
  const was = labelAt(draft, place).name;
  mustBeNew(draft, to);
  draft.labels = draft.labels.map((label, at) => {
    if (at === place) return { ...label, name: to };
    return label.parent === was ? { ...label, parent: to } : label;
  });
  rescale(draft, was, [to]);
}

function move(draft: Writable, place: number, parent: string | null, at: number | undefined): void {
  const label = labelAt(draft, place);
  for (let above = parent; above !== null; above = labelAt(draft, placeOf(draft, above)).parent ?? null)
    if (above === label.name) throw new Refused(`${label.name} cannot be below itself.`);
  const { parent: _, ...rest } = label;
  const moved = parent === null ? rest : { ...rest, parent };
  draft.labels[place] = moved;
  if (at === undefined) return;
  draft.labels.splice(place, 1);
  draft.labels.splice(at, 0, moved);
}

function merge(draft: Writable, labels: readonly string[], into: string): void {
  const sources = [...new Set(labels)].filter((name) => name !== into);
  const target = labelAt(draft, placeOf(draft, into));
  for (const name of sources) placeOf(draft, name);
  if (sources.length === 0) throw new Refused(`Choose another label than ${into}.`);
  if (target.parent !== undefined && sources.includes(target.parent))
    throw new Refused(`${into} is below ${target.parent}: move it first.`);
  for (const name of sources) {
    if (!same(scalesOf(draft, name), scalesOf(draft, into)))
      throw new Refused(`${name} and ${into} have other scales or skeletons: they do not mean the same.`);
    rescale(draft, name, []);
  }
  draft.labels = draft.labels
    .filter(({ name }) => !sources.includes(name))
    .map((label) => (sources.includes(label.parent ?? "") ? { ...label, parent: into } : label));
}

function split(draft: Writable, place: number, into: readonly string[]): void {
  const label = labelAt(draft, place);
  if (into.length < 2 || new Set(into).size < into.length)
    throw new Refused("A label is split into at least two, each with a name of its own.");
  for (const name of into) if (name !== label.name) mustBeNew(draft, name);
  if (!into.includes(label.name)) mustHaveNoChildren(draft, label.name);
  const { hotkey: _, ...rest } = label;
  const parts = into.map((name) => (name === label.name ? label : { ...rest, name }));
  draft.labels.splice(place, 1, ...parts);
  rescale(draft, label.name, into);
}

const isRecord = (value: Json | undefined): value is Settings =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What each tool's settings say of one label. */
const scalesOf = (draft: Writable, name: string): object =>
  Object.entries(draft.tools).flatMap(([tool, settings]) =>
    BY_LABEL.flatMap((setting) => {
      const said = settings[setting];
      return isRecord(said) && name in said ? [[tool, setting, said[name]]] : [];
    }),
  );

/** Says of the labels `to` what the tools' settings say of `name`, and nothing of `name` any more. */
function rescale(draft: Writable, name: string, to: readonly string[]): void {
  for (const [tool, settings] of Object.entries(draft.tools))
    for (const setting of BY_LABEL) {
      const said = settings[setting];
      if (!isRecord(said) || !(name in said)) continue;
      const { [name]: value = null, ...kept } = said;
      const scales = { ...kept, ...Object.fromEntries(to.map((one) => [one, value])) };
      const { [setting]: _, ...rest } = settings;
      draft.tools[tool] = Object.keys(scales).length ? { ...rest, [setting]: scales } : rest;
    }
}

function changeTool(step: ToolStep, draft: Writable): void {
  const { tool } = step;
  if (step.step === "add_tool") {
    if (tool in draft.tools) throw new Refused(`The tool ${tool} is there already.`);
    draft.tools[tool] = step.settings ?? {};
    return;
  }
  if (!(tool in draft.tools)) throw new Refused(`There is no tool ${tool} here.`);
  if (step.step === "change_tool") {
    draft.tools[tool] = step.settings;
    return;
  }
  const named = draft.labels.find(({ tools }) => tools?.includes(tool));
  if (named) throw new Refused(`The label ${named.name} is used with ${tool}: change its tools first.`);
  if (Object.keys(draft.tools).length === 1) throw new Refused("An ontology needs a tool.");
  delete draft.tools[tool];
}
