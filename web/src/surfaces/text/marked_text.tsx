/** A text under edit: the passage, its spans and relations, and the gestures over it. */

import {
  type MouseEvent as ReactMouseEvent,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { t } from "@/app/words";
import { labelsFor } from "@/engine/document/answer";
import { marksOf } from "@/engine/document/apply";
import { signsOf } from "@/engine/document/colours";
import type { Stretch } from "@/engine/text/offsets";
import { LAYERS_MAX, type Painter, painterFor } from "@/engine/text/painting";
import { Passage } from "@/engine/text/passage";
import { type Border, inReadingOrder } from "@/engine/text/spans";
import { TextView } from "@/engine/text/view";
import type { SurfaceProps } from "@/surfaces/surface";
import { useTextCommands } from "./commands";
import { clicked, type Editing, useEditing } from "./hand";
import { HandBar } from "./hand_bar";
import { LabelsAtHand } from "./labels_at_hand";
import { Overlay } from "./overlay";
import { paintsOf, paintsOver } from "./paints";
import { Pins } from "./pins";
import { RelationList } from "./relation_list";
import { related, useSigns } from "./signs";

interface Drawn {
  readonly view: TextView;
  readonly painter: Painter;
}

export function MarkedText({ text, ...props }: SurfaceProps & { readonly text: string }) {
  const passage = useMemo(() => new Passage(text), [text]);
  const root = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const whole = useRef<HTMLDivElement>(null);
  const drawn = useDrawn(passage, root, props.painted);
  const editing = useEditing(props, passage, drawn?.view ?? null);
  const { definition, selection } = props;
  const signOf = useMemo(() => signsOf(definition.labels), [definition]);
  const relations = marksOf(props.document, "relations");
  const layers = usePaint(drawn?.painter, editing, signOf);
  const signs = useSigns(drawn?.view ?? null, frame, {
    spans: editing.spans,
    relations,
    only: props.readOnly ? undefined : editing.only,
    pending: editing.pending,
  });
  useTextCommands(editing, {
    inText: () => hasFocus(root.current, false),
    inSurface: () => hasFocus(whole.current, true),
  });
  usePointer(drawn?.view ?? null, editing);
  const back = () => root.current?.focus({ preventScroll: true });
  const marksText = "spans" in definition.tools;

  return (
    <div ref={whole} className="flex h-full min-h-0 flex-col">
      {marksText && <HandBar editing={editing} signOf={signOf} back={back} />}
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div ref={frame} className="relative mx-auto max-w-[74ch] px-5 pt-10 pb-24 sm:px-8">
          {/* biome-ignore lint/a11y/useSemanticElements: a textarea has nothing that could be painted */}
          <div
            ref={root}
            role="textbox"
            aria-readonly="true"
            aria-multiline="true"
            aria-label={t("Text")}
            tabIndex={0}
            className="whitespace-pre-wrap break-words text-[1.0625rem] outline-none selection:bg-focus/30"
            style={{ lineHeight: marksText ? lineHeight(layers, relations.length > 0) : "1.7" }}
          />
          <Overlay
            signs={signs}
            signOf={signOf}
            selection={selection}
            border={editing.hand.border}
            choose={(id, more) => chooseMark(editing, id, more)}
            chooseRelation={(id) => props.select([id])}
            dragBorder={props.readOnly || editing.only?.mark.locked ? null : dragger(drawn?.view, editing)}
          />
          <Pins pins={props.pins} passage={passage} view={drawn?.view ?? null} frame={frame} />
          {signs.foot && editing.hand.pointed && !props.readOnly && (
            <LabelsAtHand
              labels={labelsFor(definition.labels, "spans")}
              signOf={signOf}
              foot={signs.foot}
              frameWidth={frame.current?.clientWidth ?? 0}
              mark={editing.spanLabel}
            />
          )}
        </div>
      </div>
      <RelationList
        {...props}
        relations={related(relations, editing.spans)}
        passage={passage}
        labels={editing.relationLabels}
        signOf={signOf}
      />
    </div>
  );
}

/** Lines stand far enough apart for tags above, lines below and, where there are some, arcs. */
const lineHeight = (layers: number, arcs: boolean) =>
  `${36 + Math.min(layers, LAYERS_MAX) * 4 + (arcs ? 12 : 0)}px`;

/** Whether keys are for an element: it has the focus, or nothing beside it has. */
function hasFocus(element: HTMLElement | null, within: boolean): boolean {
  const { activeElement: active } = document;
  if (!active || !element || active.contains(element)) return true;
  return within && element.contains(active);
}

function useDrawn(
  passage: Passage,
  root: React.RefObject<HTMLDivElement | null>,
  painted: () => void,
): Drawn | null {
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const done = useRef(painted);
  done.current = painted;
  useLayoutEffect(() => {
    if (!root.current) return;
    const view = new TextView(root.current, passage);
    const painter = painterFor(view);
    setDrawn({ view, painter });
    const asked = requestAnimationFrame(() => done.current());
    return () => {
      cancelAnimationFrame(asked);
      painter.clear();
    };
  }, [passage, root]);
  return drawn;
}

/** Paints what there is; returns how many layers of lines lie under the text. */
function usePaint(painter: Painter | undefined, editing: Editing, signs: ReturnType<typeof signsOf>): number {
  const { spans, pending, hand, props } = editing;
  const { selection } = props;
  const ends = hand.linking;
  const under = useMemo(() => paintsOf(spans, signs), [spans, signs]);
  const over = useMemo(
    () =>
      paintsOver({ spans, signs, selection, pending, ends: ends ? [ends.source, ends.target] : [] }, under),
    [spans, signs, selection, pending, ends, under],
  );
  useLayoutEffect(() => painter?.paint(under.paints, over), [painter, under, over]);
  return under.layers;
}

function chooseMark(editing: Editing, id: string, more: boolean) {
  const span = editing.spans.find(({ mark }) => mark.id === id);
  if (editing.hand.linking && span) editing.linkTo(span.mark.id);
  else editing.choose(span, more);
}

function dragger(view: TextView | undefined, editing: Editing) {
  return (border: Border, x: number, y: number) => {
    const offset = view?.offsetAt(x, y);
    if (offset === undefined || !editing.only) return;
    const cell = editing.passage.cellNear(offset, editing.hand.cells);
    if (!cell) return;
    const near = offset - cell.start < cell.end - offset ? cell.start : cell.end;
    editing.setBorder(border, near, `drag ${border} ${editing.only.mark.id}`);
  };
}

/** What the pointer draws over the text, and clicks. The browser's own selection is used, so that fingers work too. */
function usePointer(view: TextView | null, editing: Editing): void {
  const now = useRef(editing);
  now.current = editing;
  useEffect(() => {
    if (!view) return;
    const { root } = view;
    const page = root.ownerDocument;
    let pressed: "mouse" | "finger" | null = null;
    const down = (event: PointerEvent) => {
      pressed = event.pointerType === "mouse" ? "mouse" : "finger";
    };
    const up = (event: MouseEvent) => {
      if (pressed !== "mouse" || event.button !== 0) return;
      pressed = null;
      const selection = page.getSelection();
      const touched = view.drawn(selection);
      if (touched) now.current.draw(touched, event.ctrlKey || event.altKey || event.metaKey);
      else click(view, now.current, event);
      selection?.removeAllRanges();
    };
    const tapped = (event: MouseEvent) => {
      if (pressed === "finger" && !view.drawn(page.getSelection())) click(view, now.current, event);
    };
    const changed = () => {
      const touched = pressed === "finger" ? view.drawn(page.getSelection()) : undefined;
      if (touched) now.current.draw(touched, false);
    };
    root.addEventListener("pointerdown", down);
    root.addEventListener("click", tapped);
    page.addEventListener("mouseup", up);
    page.addEventListener("selectionchange", changed);
    return () => {
      root.removeEventListener("pointerdown", down);
      root.removeEventListener("click", tapped);
      page.removeEventListener("mouseup", up);
      page.removeEventListener("selectionchange", changed);
    };
  }, [view]);
}

function click(view: TextView, editing: Editing, event: MouseEvent | ReactMouseEvent) {
  const { clientX: x, clientY: y } = event;
  const offset = view.offsetAt(x, y);
  if (offset === undefined) return;
  // Asking where a part lies costs much more than looking whether the offset is in it.
  const near = ({ start, end }: Stretch) => start <= offset + 1 && offset - 1 <= end;
  const under = editing.spans.filter(({ parts }) =>
    parts.some((part) => near(part) && view.covers(part, x, y)),
  );
  const more = event.shiftKey || event.ctrlKey || event.metaKey;
  const span = clicked(inReadingOrder(under), offset, editing.props.selection);
  if (span && editing.hand.linking) editing.linkTo(span.mark.id);
  else if (span) editing.choose(span, more);
  else {
    if (!more) editing.drop();
    editing.reach({ kind: "place", offset, extend: event.shiftKey }, true);
  }
}
