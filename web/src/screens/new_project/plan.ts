/** What a draft comes to: guesses filled in, and what is wrong with it, each at its field. Pure. */

import { t } from "@/app/words";
import type { Modality } from "@/engine/document/values";
import { guessed, missing } from "@/screens/intake/reading";
import { fits, type Looked, modalityOf, type Reading, type Shape } from "@/screens/intake/values";
import type { Draft } from "./draft";
import { type Entry, pointsIn, type Template } from "./template";
import { offered } from "./templates";

export const STEPS = ["files", "labels", "work", "make"] as const;
export type Step = (typeof STEPS)[number];

export interface Plan {
  readonly draft: Draft;
  readonly change: (change: Partial<Draft>) => void;
  readonly files: readonly Looked[];
  readonly modality: Modality;
  readonly reading: Reading;
  /** What the rows hold, where they are texts; null where there are none. */
  readonly shape: Shape | null;
  readonly template: Template;
  readonly entries: readonly Entry[];
  readonly name: string;
  readonly instructions: string;
}

/** Return what a draft comes to. */
export function planOf(draft: Draft, files: readonly Looked[], change: Plan["change"]): Plan {
  const modality = draft.modality ?? modalityOf(files);
  const usable = files.filter((file) => fits(file, modality));
  const reading = draft.reading ?? guessed(usable);
  const shape = modality === "text" && usable.length > 0 ? reading.shape : null;
  const choice = offered(modality, shape).filter(([, fit]) => fit);
  const template = (choice.find(([{ id }]) => id === draft.template) ??
    choice[0] ??
    offered(modality, null)[0])?.[0];
  if (!template) throw new Error(`no template for ${modality}`);
  return {
    draft,
    change,
    files,
    modality,
    reading,
    shape,
    template,
    entries: draft.entries[template.id] ?? firstEntries(template, usable),
    name: draft.name ?? nameOf(usable),
    instructions: draft.instructions ?? template.instructions,
  };
}

const first = new Map<string, readonly Entry[]>();

/** The labels that a template begins with; those of a COCO file are its categories. */
function firstEntries(template: Template, files: readonly Looked[]): readonly Entry[] {
  const categories = [...new Set(files.flatMap((file) => file.categories))];
  const key = JSON.stringify([template.id, categories]);
  const [pattern] = template.entries();
  const made =
    first.get(key) ??
    (categories.length > 0 && pattern
      ? categories.map((name, at) => ({ ...pattern, id: `category-${at}`, name, hotkey: "" }))
      : template.entries());
  first.set(key, made);
  return made;
}

/** A name from that of the first file: "support_mails.jsonl" is "Support mails". */
function nameOf([first]: readonly Looked[]): string {
  if (!first) return "";
  const [folder, ...rest] = first.name.split("/");
  const bare = (rest.length > 0 ? folder : first.name.replace(/\.[^.]*$/, "")) ?? "";
  const words = bare.replaceAll(/[_\-.]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1, 120);
}

export const sentOverlap = ({ overlap }: Draft): number => Number.parseInt(overlap, 10);

/** What is wrong, by the path that the server would name. */
export type Wrong = Readonly<Record<string, string>>;

/** Return what is wrong with a step. */
export function wrongWith(step: Step, plan: Plan): Wrong {
  if (step === "files") return wrongFiles(plan);
  if (step === "labels") return wrongLabels(plan);
  return step === "work" ? wrongWork(plan) : {};
}

function wrongFiles({ files, modality, reading }: Plan): Wrong {
  const usable = files.filter((file) => fits(file, modality));
  if (files.length > 0 && usable.length === 0)
    return { "/files": t("None of these files can be used. Choose others, or take them out.") };
  const read = usable.some(({ ready, kind, columns }) => columns.length > 0 && !ready && kind !== "text");
  if (modality === "text" && read && missing(reading).length > 0)
    return { "/files": t("Say which columns hold what is to be labelled.") };
  return {};
}

const LABELS_MAX = 10_000;
/** Where an entry stands in the definition. */
export const placeOf = ({ template }: Plan, at: number): string =>
  template.id === "rubric" ? `/definition/tools/rubric/criteria/${at}` : `/definition/labels/${at}`;

function wrongLabels(plan: Plan): Wrong {
  const wrong: Record<string, string> = {};
  const names = new Map<string, number>();
  const keys = new Map<string, string>();
  plan.entries.forEach((one, at) => {
    const place = placeOf(plan, at);
    const name = one.name.trim();
    if (name === "") wrong[`${place}/name`] = t("It needs a name.");
    else if (names.has(name)) wrong[`${place}/name`] = t("{name} is there already.", { name });
    names.set(name, at);
    const owner = one.hotkey && keys.get(one.hotkey);
    if (owner) wrong[`${place}/hotkey`] = t("{owner} has this key.", { owner });
    if (one.hotkey) keys.set(one.hotkey, name);
    const more = pointsIn(one.more).length;
    if (plan.template.id === "keypoints" && more === 0)
      wrong[`${place}/more`] = t("It needs at least one point.");
    if (plan.template.id === "rubric" && more === 0)
      wrong[`${place}/more`] = t("It needs a scale, such as 1-5.");
  });
  for (const group of plan.template.groups) {
    const count = plan.entries.filter((one) => inGroup(one, group.tools)).length;
    if (count < group.least) wrong[`/${group.title}`] = t("At least one is needed.");
  }
  if (plan.entries.length > LABELS_MAX)
    wrong["/definition/labels"] = t("At most {most}.", { most: LABELS_MAX });
  return wrong;
}

/** Whether an entry is one of a group's. */
export const inGroup = ({ tools }: Entry, group: readonly string[]): boolean =>
  group.length === 0 || group.some((tool) => tools.includes(tool));

function wrongWork({ name, draft }: Plan): Wrong {
  const within = (typed: string, most: number) =>
    /^\d+$/.test(typed) && Number(typed) >= 1 && Number(typed) <= most;
  return {
    ...(name.trim() === "" && { "/name": t("It needs a name.") }),
    ...(!within(draft.overlap, 100) && { "/overlap": t("A whole number from 1 to 100.") }),
    ...(draft.review === "sample" &&
      !within(draft.share, 100) && { "/quality/review/share": t("A whole number from 1 to 100.") }),
  };
}

/** Return which step has the field that a refusal names. */
export function stepOf(path: string | null): Step {
  if (path?.startsWith("/definition")) return "labels";
  if (path && /^\/(name|overlap|instructions|quality|lease_seconds|weight)/.test(path)) return "work";
  return "make";
}
