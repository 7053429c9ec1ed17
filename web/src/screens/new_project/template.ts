/** What a template is: tools, groups of labels to be changed, and how both become a definition. */

import { t } from "@/app/words";
import type { Definition, Json, Label, Modality, ToolName } from "@/engine/document/values";
import { ulid } from "@/engine/ulid";
import type { Shape } from "@/screens/intake/values";

/** A line of the editor: a label, or a criterion. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  /** Empty: the colour of its place. */
  readonly colour: string;
  readonly hotkey: string;
  readonly tools: readonly ToolName[];
  /** What the group asks for beside the name: a description, a scale, points. */
  readonly more: string;
}

/** Labels of one sort within a template. */
export interface Group {
  readonly title: string;
  readonly tools: readonly ToolName[];
  /** What a new one is called on the button that adds it. */
  readonly add: string;
  readonly more: string;
  readonly moreHint: string;
  /** Colours and keys pick them while labelling. */
  readonly signed: boolean;
  /** At least so many. */
  readonly least: number;
}

export interface Template {
  readonly id: string;
  readonly modality: Modality;
  readonly title: string;
  readonly words: string;
  /** Of texts: what its rows must hold. */
  readonly shapes: readonly Shape[];
  readonly groups: readonly Group[];
  readonly entries: () => readonly Entry[];
  readonly instructions: string;
  readonly define: (entries: readonly Entry[]) => Definition;
}

/** What asks for no row in particular. */
export const ANY: readonly Shape[] = ["text", "prompted", "compared", "ranked", "chat"];

export const entry = (name: string, more = "", tools: readonly ToolName[] = [], hotkey = ""): Entry => ({
  id: ulid(),
  name,
  colour: "",
  hotkey,
  tools,
  more,
});

export const emptyEntry = (group: Group): Entry => entry("", "", group.tools);

export const group = (title: string, add: string, more: Partial<Group> = {}): Group => ({
  title,
  add,
  tools: [],
  more: t("What it means"),
  moreHint: t("Shown to those who label"),
  signed: true,
  least: 1,
  ...more,
});

/** A label as the definition has it: what is empty is left out. */
const labelOf = ({ name, colour, hotkey, tools, more }: Entry): Label => ({
  name: name.trim(),
  ...(colour && { colour }),
  ...(hotkey && { hotkey }),
  ...(tools.length > 0 && { tools }),
  ...(more.trim() && { description: more.trim() }),
});

export const labelled =
  (tools: Definition["tools"]) =>
  (entries: readonly Entry[]): Definition => ({ tools, labels: entries.map(labelOf) });

export const questions = (): Group => group(t("Questions"), t("Add a question"), { signed: false });

/** The points of each label, as they are typed. */
export const pointsIn = (more: string): readonly string[] =>
  more.split(",").flatMap((point) => point.trim() || []);

export function keypoints(entries: readonly Entry[]): Definition {
  const skeletons = entries.map(({ name, more }) => {
    const points = pointsIn(more);
    const edges = points.slice(1).map((point, at) => [points[at] ?? point, point]);
    return [name.trim(), { points, edges }] as const;
  });
  const labels = entries.map((one) => labelOf({ ...one, more: "" }));
  return { tools: { keypoints: { skeletons: Object.fromEntries(skeletons) } }, labels };
}

/** A criterion: "1-5" is a scale, anything else its choices from the worst to the best. */
export function criterion({ name, more }: Entry): Json {
  const [, low, high] = /^\s*(-?\d+)\s*(?:-|–|to)\s*(-?\d+)\s*$/.exec(more) ?? [];
  const asked = low && high ? { scale: [Number(low), Number(high)] } : { choices: pointsIn(more) };
  return { name: name.trim(), ...asked };
}
