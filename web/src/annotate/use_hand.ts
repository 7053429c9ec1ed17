/** What the person has in hand: a drawing tool and a label, and the keys that change them. */

import { useState } from "react";
import { type Command, useCommands } from "@/app/commands";
import { t } from "@/app/words";
import { allMarks } from "@/engine/document/answer";
import { classPick } from "@/engine/document/class_pick";
import type { Action, Document, Label, MarkId, ToolName } from "@/engine/document/values";
import { keysFor } from "@/engine/hotkeys/catalogue";
import type { Edited, Editing } from "./editing";
import { toolTitle } from "./label_palette";
import { drawnTools, labelsOf, takes } from "./labels";
import type { Prepared } from "./preparing";

const DIGITS = 10;

export interface Hand {
  readonly tools: readonly ToolName[];
  readonly tool: ToolName | null;
  readonly setTool: (tool: ToolName | null) => void;
  readonly labels: readonly Label[];
  readonly label: string | null;
  readonly pick: (label: string) => void;
}

/** Return the tool and the label in hand. Both stay from task to task, as far as the next task has them. */
export function useHand(session: Editing, view: Edited): Hand {
  const { work, history } = view;
  const tools = work ? drawnTools(work.editors) : [];
  const [wantedTool, setTool] = useState<ToolName | null | undefined>(undefined);
  const [wantedLabel, setLabel] = useState<string | null>(null);
  // Whoever opens a task wants to mark something: the first tool is in hand until another is chosen.
  const tool =
    wantedTool === undefined || (wantedTool && !tools.includes(wantedTool)) ? (tools[0] ?? null) : wantedTool;
  const labels = work ? labelsOf(work.definition, tool ? [tool] : tools) : [];
  const label = labels.some(({ name }) => name === wantedLabel) ? wantedLabel : (labels[0]?.name ?? null);

  const pick = (name: string) => {
    if (!work || !history) return;
    if (tools.length === 0) return session.perform(classPick(history.present, work.definition, name));
    setLabel(name);
    const relabelled = relabel(work, history.present, session.selection(), name);
    if (relabelled.length > 0) return session.perform({ kind: "several", actions: relabelled });
    if (tool === null) setTool(tools.find((one) => takes(work.definition, one, name)) ?? null);
  };

  useCommands([
    ...labelCommands(work, tools.length ? labels : classes(work), pick),
    ...toolCommands(tools, setTool),
  ]);
  return { tools, tool, setTool, labels, label, pick };
}

/** The selected marks take the label that is picked, where their tools have it. */
function relabel(
  work: Prepared,
  document: Document,
  selection: ReadonlySet<MarkId>,
  label: string,
): readonly Action[] {
  return allMarks(document)
    .filter(({ tool, mark }) => selection.has(mark.id) && !mark.locked && takes(work.definition, tool, label))
    .map(({ tool, mark }) => ({ kind: "change", tool, id: mark.id, change: { label, attributes: {} } }));
}

const classes = (work: Prepared | null): readonly Label[] =>
  work && "classification" in work.definition.tools ? labelsOf(work.definition, ["classification"]) : [];

/** Labels have the digits by their place, and the keys that the ontology gives them. */
function labelCommands(
  work: Prepared | null,
  labels: readonly Label[],
  pick: (label: string) => void,
): readonly Command[] {
  const taken = new Set<string>();
  return labels.map((label, place) => {
    const own = label.hotkey && !taken.has(label.hotkey) ? [label.hotkey] : [];
    for (const key of own) taken.add(key);
    const id = `label-${place + 1}`;
    const keys = place < DIGITS ? keysFor(id) : [];
    const title = t("Label: {name}", { name: label.name });
    const digits = keys.filter((key) => !labels.some(({ hotkey }) => hotkey === key));
    return {
      id,
      title,
      scope: "page",
      keys: [...own, ...digits],
      run: () => pick(label.name),
      enabled: () => !!work,
    };
  });
}

function toolCommands(
  tools: readonly ToolName[],
  setTool: (tool: ToolName | null) => void,
): readonly Command[] {
  if (tools.length === 0) return [];
  const pointer: Command = {
    id: "pointer",
    title: t("Point and select"),
    scope: "page",
    keys: keysFor("pointer"),
    run: () => setTool(null),
  };
  const draws = tools.map((tool, place): Command => {
    const title = t("Tool: {name}", { name: toolTitle(tool) });
    return { id: `tool-${tool}`, title, scope: "page", keys: [`alt+${place + 1}`], run: () => setTool(tool) };
  });
  return [pointer, ...draws];
}
