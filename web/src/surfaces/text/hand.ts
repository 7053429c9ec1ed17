/** What the annotator has in hand in a text, and what each gesture does with it. */

import { useEffect, useMemo, useState } from "react";
import { t } from "@/app/words";
import { labelsFor } from "@/engine/document/answer";
import { marksOf } from "@/engine/document/apply";
import type { Action, Mark, MarkId } from "@/engine/document/values";
import { type Linking, type LinkingEvent, link } from "@/engine/text/linking";
import type { Stretch } from "@/engine/text/offsets";
import type { Passage } from "@/engine/text/passage";
import type { Granularity } from "@/engine/text/segments";
import {
  borderStep,
  type Selection,
  type SelectionEvent,
  select,
  selected,
  type Unit,
} from "@/engine/text/selection";
import { type Border, geometryOf, inReadingOrder, type Span, spanOf, spansAt } from "@/engine/text/spans";
import type { TextView } from "@/engine/text/view";
import type { SurfaceProps } from "@/surfaces/surface";
import { borderAction, labelAction, partAction, relationAction, spanAction } from "./editing";

export interface Hand {
  readonly selection: Selection | null;
  /** The selection is that of the selected span, so that a label key changes the span. */
  readonly taken: boolean;
  /** The pointer made it, so that labels are offered beside it. */
  readonly pointed: boolean;
  readonly cells: Granularity;
  /** The border of the selected span that the arrows move. */
  readonly border: Border | null;
  readonly linking: Linking | null;
}

const EMPTY: Hand = {
  selection: null,
  taken: false,
  pointed: false,
  cells: "word",
  border: null,
  linking: null,
};

export type Editing = ReturnType<typeof useEditing>;

export function useEditing(props: SurfaceProps, passage: Passage, view: TextView | null) {
  const [hand, setHand] = useState<Hand>(EMPTY);
  const marks = marksOf(props.document, "spans");
  const known = useMemo(() => remembering((mark: Mark) => spanOf(mark, passage.offsets)), [passage]);
  const all = useMemo(() => inReadingOrder(marks.flatMap((mark) => known(mark) ?? [])), [marks, known]);
  const spans = useMemo(() => all.filter(({ mark }) => !mark.hidden), [all]);
  const chosen = all.filter(({ mark }) => props.selection.has(mark.id));
  const only = chosen.length === 1 ? chosen[0] : undefined;
  const put = (change: Partial<Hand>) => setHand((now) => ({ ...now, ...change }));

  // biome-ignore lint/correctness/useExhaustiveDependencies: another text, another hand; snapping stays as it was
  useEffect(() => put({ ...EMPTY, cells: hand.cells }), [passage]);
  const { linking, border } = hand;
  const ids = useMemo(() => new Set(marks.map(({ id }) => id)), [marks]);
  useEffect(() => {
    if (linking && !(ids.has(linking.source) && ids.has(linking.target ?? linking.source)))
      setHand((now) => ({ ...now, linking: null }));
    if (border && !only) setHand((now) => ({ ...now, border: null }));
  }, [linking, border, ids, only]);

  const pending = useMemo(() => (hand.taken ? null : selected(hand.selection)), [hand]);
  const state = { props, passage, view, hand, put, spans, chosen, only, pending };
  const marked = marking(state);
  const part = pending ?? only?.hull ?? null;
  const place = part && geometryOf([part], passage.offsets);
  const pin = () => place && props.pinAt(place);
  return { ...state, ...selecting(state), ...marked, ...relating(state), place, pin };
}

/** Of thousands of marks those that did not change are the same spans as before. */
function remembering<Of extends object, Made>(make: (of: Of) => Made): (of: Of) => Made {
  const made = new WeakMap<Of, Made>();
  return (of) => {
    const known = made.get(of) ?? make(of);
    made.set(of, known);
    return known;
  };
}

interface Held {
  readonly props: SurfaceProps;
  readonly passage: Passage;
  readonly view: TextView | null;
  readonly hand: Hand;
  readonly put: (change: Partial<Hand>) => void;
  readonly spans: readonly Span[];
  readonly chosen: readonly Span[];
  readonly only: Span | undefined;
  /** What the next label would mark. */
  readonly pending: Stretch | null;
}

/** Moving the selection: over the text, and from span to span. */
function selecting({ props, passage, view, hand, put, spans, only }: Held) {
  const reach = (event: SelectionEvent, pointed = false) => {
    const selection = select(passage, hand.cells, hand.selection, event);
    const part = selected(selection);
    put({ selection, pointed, taken: event.kind === "take" });
    if (part && event.kind !== "take") props.announce(passage.slice(part).slice(0, 200));
    if (part && !pointed) view?.reveal(selection?.focus ?? part);
  };
  const choose = (span: Span | undefined, more = false) => {
    if (!span) return;
    props.select(more ? [...props.selection, span.mark.id] : [span.mark.id]);
    reach({ kind: "take", stretch: span.hull });
    props.announce(`${span.mark.label}: ${passage.slice(span.hull).slice(0, 200)}`);
  };
  const steppedTo = (by: 1 | -1): Span | undefined => {
    if (only) return spans[spans.indexOf(only) + by];
    const at = selected(hand.selection)?.start ?? (by > 0 ? -1 : Number.POSITIVE_INFINITY);
    return by > 0
      ? spans.find(({ hull }) => hull.start >= at)
      : spans.findLast(({ hull }) => hull.start <= at);
  };
  return {
    reach,
    choose,
    steppedTo,
    /** Up and down: to the word above or below. */
    moveLine: (by: 1 | -1, extend: boolean) => {
      const focus = hand.selection?.focus;
      const offset = focus ? view?.acrossLines(focus, by) : 0;
      if (offset !== undefined) reach({ kind: "place", offset, extend });
    },
    move: (by: 1 | -1, unit: Unit, extend: boolean) => reach({ kind: "move", by, unit, extend }),
    drop: () => {
      put({ selection: null, taken: false, border: null, linking: null });
      props.select([]);
    },
  };
}

/** Making spans of what is selected, and changing those there are. */
function marking({ props, passage, hand, put, only, view, pending }: Held) {
  const perform = (action: Action | null, together?: string) => {
    if (action && !props.readOnly) props.perform(action, together);
    return action !== null;
  };
  const make = (label: string, part: Stretch) => {
    if (props.readOnly) return;
    const { id, action } = spanAction(props.document, passage, label, part);
    perform(action);
    props.select([id]);
    put({ selection: { anchor: part, focus: part }, taken: true, pointed: false });
    props.announce(t("Marked as {label}: {words}", { label, words: passage.slice(part).slice(0, 200) }));
  };
  const setBorder = (border: Border, offset: number, together: string) => {
    if (only && perform(borderAction(props.document, passage, only, border, offset), together))
      view?.reveal(passage.cellNear(offset, hand.cells) ?? only.hull);
  };
  return {
    make,
    spanLabels: labelsFor(props.definition.labels, "spans").map(({ name }) => name),
    setBorder,
    spanLabel: (label: string) => {
      if (pending) make(label, pending);
      else perform(labelAction(props.document, props.selection, label));
    },
    addPart: (part: Stretch | null = pending) => {
      if (!only || !part || !perform(partAction(props.document, passage, only, part))) return;
      put({ selection: null, taken: true, pointed: false });
      props.announce(t("The span now has the part: {words}", { words: passage.slice(part).slice(0, 200) }));
    },
    moveBorder: (by: 1 | -1) => {
      if (!only || !hand.border) return;
      const offset = borderStep(passage, hand.cells, only.hull, hand.border, by);
      if (offset !== null) setBorder(hand.border, offset, `border ${only.mark.id}`);
    },
    /** What the pointer drew becomes a span at once while the span tool is in hand. */
    draw: (touched: Stretch, more: boolean) => {
      const part = passage.snapped(touched, hand.cells);
      if (!part || props.readOnly) return;
      const label = labelsFor(props.definition.labels, "spans").find(({ name }) => name === props.label);
      if (more && only) perform(partAction(props.document, passage, only, part));
      else if (props.tool === "spans" && label) make(label.name, part);
      else put({ selection: { anchor: part, focus: part }, taken: false, pointed: true, border: null });
    },
  };
}

/** Relating two spans. */
function relating({ props, hand, put, spans }: Held) {
  const labels = labelsFor(props.definition.labels, "relations").map(({ name }) => name);
  const order = spans.map(({ mark }) => mark.id);
  const change = (event: LinkingEvent) => {
    const linking = link(hand.linking, event, order);
    put({ linking, border: null });
    const target = spans.find(({ mark }) => mark.id === linking?.target);
    if (target) props.announce(t("To {label}", { label: target.mark.label }));
    return linking;
  };
  const relate = (linking: Linking | null, label: string | undefined) => {
    const [source, target] = [linking?.source, linking?.target].map(
      (id) => spans.find(({ mark }) => mark.id === id)?.mark,
    );
    if (!source || !target || label === undefined || props.readOnly) return;
    const { id, action } = relationAction(props.document, label, source, target);
    if (action) props.perform(action);
    put({ linking: null, selection: null });
    props.setTool("spans");
    props.select([id]);
    props.announce(t("{source} {label} {target}", { source: source.label, label, target: target.label }));
  };
  const preferred = labels.find((name) => name === props.label) ?? labels[0];
  return {
    relationLabels: labels,
    preferredRelation: preferred,
    linkBegin: () => {
      if (labels.length === 0 || props.readOnly) return;
      const selection = [...props.selection].filter((id) => order.includes(id));
      if (!change({ kind: "begin", selection })) return;
      // The page then shows the labels of relations, with their keys.
      props.setTool("relations");
      props.announce(t("Choose the other span, then press Enter"));
    },
    linkChange: change,
    linkTo: (id: MarkId) => relate(link(hand.linking, { kind: "point", id }, order), preferred),
    relate: (label = preferred) => relate(hand.linking, label),
  };
}

/** Return the span that a click at a place means: the shortest, or the next one at each further click. */
export function clicked(
  spans: readonly Span[],
  offset: number,
  selection: ReadonlySet<MarkId>,
): Span | undefined {
  const here = spansAt(spans, offset);
  const now = here.findIndex(({ mark }) => selection.has(mark.id));
  return here[(now + 1) % Math.max(1, here.length)];
}
