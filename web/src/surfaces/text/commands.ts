/** The keys of the text surface. */

import { type Command, useCommands } from "@/app/commands";
import { t } from "@/app/words";
import { labelsFor } from "@/engine/document/answer";
import { marksOf } from "@/engine/document/apply";
import { keysOf } from "@/engine/document/labels";
import { keysFor } from "@/engine/hotkeys/catalogue";
import { flipped } from "@/engine/text/relations";
import type { Unit } from "@/engine/text/selection";
import type { Editing } from "./hand";

type Line = Omit<Command, "scope">;

export interface Focus {
  /** The text itself has the focus, or nothing beside it: arrows and Tab move in it. */
  readonly inText: () => boolean;
  /** Something of the surface has it, such as the list of relations. */
  readonly inSurface: () => boolean;
}

/** Registers what keys do here. */
export function useTextCommands(editing: Editing, { inText, inSurface }: Focus): void {
  const within = (lines: readonly Line[], here: () => boolean) =>
    lines.map(({ enabled, ...line }): Command => {
      return { ...line, scope: "surface", enabled: () => here() && (enabled?.() ?? true) };
    });
  useCommands([
    ...within([...moves(editing), ...steps(editing)], inText),
    ...within([...edits(editing), ...labelKeys(editing)], inSurface),
  ]);
}

function moves(editing: Editing): readonly Line[] {
  const { hand, view } = editing;
  const sideways = (right: boolean, unit: Unit, extend: boolean) => {
    const at = hand.selection?.focus.start ?? editing.only?.hull.start ?? 0;
    const by = right !== (view?.rightToLeft(at) ?? false) ? 1 : -1;
    if (hand.border) editing.moveBorder(by);
    else if (hand.linking) editing.linkChange({ kind: "step", by });
    else editing.move(by, unit, extend);
  };
  const line = (id: string, title: string, keys: readonly string[], run: () => void): Line => ({
    id: `text-${id}`,
    title,
    keys,
    run,
    repeat: true,
  });
  return [
    line("right", t("Next word"), ["right"], () => sideways(true, "cell", false)),
    line("left", t("Previous word"), ["left"], () => sideways(false, "cell", false)),
    line("right-more", t("Select one word more"), ["shift+right"], () => sideways(true, "cell", true)),
    line("left-more", t("Select one word less"), ["shift+left"], () => sideways(false, "cell", true)),
    ...(["ctrl", "alt"] as const).flatMap((key) => [
      line(`${key}-right`, t("Next sentence"), [`${key}+right`], () => sideways(true, "sentence", false)),
      line(`${key}-left`, t("Previous sentence"), [`${key}+left`], () => sideways(false, "sentence", false)),
      line(`${key}-right-more`, t("Select up to the sentence's end"), [`${key}+shift+right`], () =>
        sideways(true, "sentence", true),
      ),
      line(`${key}-left-more`, t("Select from the sentence's start"), [`${key}+shift+left`], () =>
        sideways(false, "sentence", true),
      ),
    ]),
    line("up", t("Line above"), ["up"], () => editing.moveLine(-1, false)),
    line("down", t("Line below"), ["down"], () => editing.moveLine(1, false)),
    line("up-more", t("Select a line up"), ["shift+up"], () => editing.moveLine(-1, true)),
    line("down-more", t("Select a line down"), ["shift+down"], () => editing.moveLine(1, true)),
    line("first", t("Start of the text"), ["ctrl+home"], () => editing.move(-1, "text", false)),
    line("last", t("End of the text"), ["ctrl+end"], () => editing.move(1, "text", false)),
  ];
}

/** From span to span, and out of what is under way. Tab leaves the text after its last span. */
function steps(editing: Editing): readonly Line[] {
  const { hand, put } = editing;
  const tab = (id: string, title: string, by: 1 | -1): Line => ({
    id,
    title,
    keys: keysFor(id),
    enabled: () => hand.border !== null || hand.linking !== null || editing.steppedTo(by) !== undefined,
    run: () => {
      if (hand.border) put({ border: hand.border === "start" ? "end" : "start" });
      else if (hand.linking) editing.linkChange({ kind: "step", by });
      else editing.choose(editing.steppedTo(by));
    },
  });
  return [
    tab("next-object", t("Select the next mark"), 1),
    tab("previous-object", t("Select the previous mark"), -1),
    {
      id: "pointer",
      title: t("Leave, then select nothing"),
      keys: keysFor("pointer"),
      enabled: () => Boolean(hand.border || hand.linking || hand.selection || editing.chosen.length),
      run: () => (hand.border || hand.linking ? put({ border: null, linking: null }) : editing.drop()),
    },
    {
      id: "text-enter",
      title: t("Finish, or mark with the label in hand"),
      keys: ["enter"],
      enabled: () => Boolean(hand.border || hand.linking?.target || (editing.pending && editing.props.label)),
      run: () => {
        if (hand.border) put({ border: null });
        else if (hand.linking) editing.relate();
        else if (editing.pending && editing.props.label) editing.make(editing.props.label, editing.pending);
      },
    },
  ];
}

function edits(editing: Editing): readonly Line[] {
  const { hand, put, props, only } = editing;
  const known = (id: string, title: string, run: () => void, enabled: () => boolean): Line => ({
    id,
    title,
    keys: keysFor(id),
    run,
    enabled,
  });
  const relations = marksOf(props.document, "relations").filter(({ id }) => props.selection.has(id));
  return [
    known(
      "pin",
      t("Pin a remark to a place"),
      () => editing.pin(),
      () => editing.place !== null,
    ),
    known(
      "relation",
      t("Relate two marks"),
      () => (hand.linking ? editing.linkChange({ kind: "turn" }) : editing.linkBegin()),
      () => editing.relationLabels.length > 0 && editing.chosen.length > 0,
    ),
    {
      id: "text-flip",
      title: t("Turn the relation around"),
      keys: ["f"],
      enabled: () => relations.length > 0 && !props.readOnly,
      run: () => {
        for (const relation of relations)
          props.perform({ kind: "change", tool: "relations", id: relation.id, change: flipped(relation) });
      },
    },
    {
      id: "text-borders",
      title: t("Move the span's borders"),
      keys: ["e"],
      enabled: () => only !== undefined && !only.mark.locked && !props.readOnly,
      run: () => put({ border: hand.border === "end" ? "start" : "end", linking: null }),
    },
    {
      id: "text-part",
      title: t("Add what is selected to the span"),
      keys: ["p"],
      enabled: () => only !== undefined && editing.pending !== null,
      run: () => editing.addPart(),
    },
    {
      id: "text-snapping",
      title: t("Snap to words, or select by character"),
      keys: ["w"],
      run: () => put({ cells: hand.cells === "word" ? "grapheme" : "word" }),
    },
  ];
}

/** A label's key marks what is selected, changes the selected spans, or names the relation. */
function labelKeys(editing: Editing): readonly Line[] {
  const { hand, props, pending, chosen } = editing;
  const { labels } = props.definition;
  const relations = marksOf(props.document, "relations");
  const relating = hand.linking !== null || relations.some(({ id }) => props.selection.has(id));
  const lines = (tool: string, enabled: () => boolean, run: (name: string) => void) =>
    [...keysOf(labelsFor(labels, tool))].map(([name, keys]): Line => {
      const title = t("Mark as {name}", { name });
      return { id: `text-${tool}-${name}`, title, keys, enabled, run: () => run(name) };
    });
  return [
    ...lines(
      "spans",
      () => !relating && (pending !== null || chosen.length > 0),
      (name) => editing.spanLabel(name),
    ),
    ...lines(
      "relations",
      () => relating,
      (name) => (hand.linking ? editing.relate(name) : editing.spanLabel(name)),
    ),
  ];
}
