/** The label types that the workspace can edit: where each is edited, and the code to load for it. */

import type { ComponentType } from "react";
import type { Definition, Modality, ToolName } from "@/engine/document/values";
import type { FormProps, SurfaceProps, ToolEditor } from "./surface";

type Module<Props> = { default: ComponentType<Props> };
const surfaces = import.meta.glob<Module<SurfaceProps>>("./*/index.{ts,tsx}");
const forms = import.meta.glob<Module<FormProps>>(["./forms/*.tsx", "!./forms/*.test.tsx"]);

function editor(
  modality: ToolEditor["modality"],
  place: ToolEditor["place"],
  labelled: boolean,
  ...tools: readonly ToolName[]
): readonly ToolEditor[] {
  return tools.map((tool) => {
    const form = forms[`./forms/${tool}.tsx`];
    return { tool, modality, place, labelled, ...(form && place !== "surface" ? { form } : {}) };
  });
}

export const EDITORS: readonly ToolEditor[] = [
  ...editor("any", "panel", true, "classification", "ordinal"),
  ...editor("text", "surface", true, "spans", "relations"),
  ...editor("text", "panel", false, "rubric"),
  ...editor("text", "main", true, "chat"),
  ...editor("text", "main", false, "preference", "ranking", "rewrite"),
  ...editor("image", "surface", true, "box", "rotated_box", "polygon", "polyline", "keypoints", "mask"),
  ...editor("video", "surface", true, "tracks", "segments"),
];

/** Return the editors of a definition's tools, in the order above: a definition's own is that of the alphabet. */
export const editorsFor = (definition: Definition, modality: Modality): readonly ToolEditor[] =>
  EDITORS.filter(
    (one) => one.tool in definition.tools && (one.modality === "any" || one.modality === modality),
  );

/** Return the tools of a modality whose answers are lists of labelled marks. */
export const labelledTools = (editors: readonly ToolEditor[]): ReadonlySet<ToolName> =>
  new Set(editors.filter((one) => one.labelled).map((one) => one.tool));

/** Loads what draws a modality's items. */
export async function loadSurface(modality: Modality): Promise<Module<SurfaceProps>> {
  const load = surfaces[`./${modality}/index.tsx`] ?? surfaces[`./${modality}/index.ts`];
  if (!load) throw new Error(`nothing here draws ${modality}`);
  return load();
}
