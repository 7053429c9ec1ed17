/** Labels as the palette offers them: which a tool takes, their keys, and their colours. */

import { labelsFor } from "@/engine/document/answer";
import { signsOf } from "@/engine/document/colours";
import type { Definition, Label, ToolName } from "@/engine/document/values";
import type { ToolEditor } from "@/surfaces/surface";

/** Return the labels of several tools, each once, in the ontology's order. */
export function labelsOf(definition: Definition, tools: readonly ToolName[]): readonly Label[] {
  const offered = new Set(tools.flatMap((tool) => labelsFor(definition.labels, tool)));
  return (definition.labels ?? []).filter((label) => offered.has(label));
}

/** Whether a tool takes a label. */
export const takes = (definition: Definition, tool: ToolName, label: string): boolean =>
  labelsFor(definition.labels, tool).some(({ name }) => name === label);

/** Return the tools that are drawn with. */
export const drawnTools = (editors: readonly ToolEditor[]): readonly ToolName[] =>
  editors.filter(({ place }) => place === "surface").map(({ tool }) => tool);

/** Return a label's colour, the same as on the item. */
export const colourOf = (definition: Definition, label: string): string =>
  signsOf(definition.labels)(label).colour;
