/** Keeps the signs around a text in their places: anew when the text, its width or what is on the screen changes. */

import { type RefObject, useEffect, useLayoutEffect, useMemo, useState } from "react";
import type { Mark } from "@/engine/document/values";
import type { Stretch } from "@/engine/text/offsets";
import { type Arc, arcOf, type Beginnings, type Box, boxesIn, type Tag, tagsOf } from "@/engine/text/placing";
import { joinedOf } from "@/engine/text/relations";
import type { Span } from "@/engine/text/spans";
import { scrollerOf, type TextView } from "@/engine/text/view";

/** Signs are placed this far beyond the screen, so that scrolling shows them at once. Pixels. */
const MARGIN = 200;

export interface Relation {
  readonly relation: Mark;
  readonly source: Span;
  readonly target: Span;
}

export interface Signs {
  readonly tags: readonly Tag[];
  readonly arcs: readonly { readonly relation: Mark; readonly arc: Arc }[];
  /** The first and the last box of the selected span, with the side its border is on. */
  readonly handles: { readonly start: Handle; readonly end: Handle } | null;
  /** Under the last line of what is selected. */
  readonly foot: Box | null;
}

export interface Handle {
  readonly x: number;
  readonly top: number;
  readonly height: number;
}

export interface Shown {
  readonly spans: readonly Span[];
  readonly relations: readonly Mark[];
  readonly only: Span | undefined;
  readonly pending: Stretch | null;
}

type Around = Pick<Signs, "tags" | "arcs">;
type AtHand = Pick<Signs, "handles" | "foot">;

const NOTHING_AROUND: Around = { tags: [], arcs: [] };
const NOTHING_AT_HAND: AtHand = { handles: null, foot: null };

/** Return the relations whose spans are shown. */
export function related(relations: readonly Mark[], spans: readonly Span[]): readonly Relation[] {
  if (relations.length === 0) return [];
  const byId = new Map(spans.map((span) => [span.mark.id, span]));
  return joinedOf(
    relations,
    spans.map(({ mark }) => mark),
  ).flatMap(({ relation, source, target }) => {
    const [from, to] = [byId.get(source.id), byId.get(target.id)];
    return from && to ? [{ relation, source: from, target: to }] : [];
  });
}

export function useSigns(view: TextView | null, frame: RefObject<HTMLElement | null>, shown: Shown): Signs {
  // Apart, so that choosing one span does not place the tags of all.
  const [around, setAround] = useState(NOTHING_AROUND);
  const [moved, setMoved] = useState(0);
  const { spans, relations, only, pending } = shown;
  const pairs = useMemo(() => related(relations, spans), [relations, spans]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: where the places are others nothing is known of them
  const known = useMemo((): Beginnings => new WeakMap(), [view, moved]);

  useEffect(() => {
    if (!view || !frame.current) return;
    let asked = 0;
    const again = () => {
      asked ||= requestAnimationFrame(() => {
        asked = 0;
        setMoved((times) => times + 1);
      });
    };
    const scroller = scrollerOf(frame.current);
    const resized = new ResizeObserver(again);
    resized.observe(frame.current);
    scroller.addEventListener("scroll", again, { passive: true });
    return () => {
      cancelAnimationFrame(asked);
      resized.disconnect();
      scroller.removeEventListener("scroll", again);
    };
  }, [view, frame]);

  useLayoutEffect(() => {
    if (view && frame.current) setAround(placed(view, frame.current, spans, pairs, known));
  }, [view, frame, spans, pairs, known]);

  // Measured while drawing, when the page is laid out still: afterwards it would have to be laid out twice.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `moved` says that the places are others
  const atHand = useMemo(
    () => (view && frame.current ? reached(view, frame.current, only, pending) : NOTHING_AT_HAND),
    [view, frame, only, pending, moved],
  );
  return { ...around, ...atHand };
}

function reached(
  view: TextView,
  element: HTMLElement,
  only: Span | undefined,
  pending: Stretch | null,
): AtHand {
  if (!only && !pending) return NOTHING_AT_HAND;
  const frame = element.getBoundingClientRect();
  return {
    handles: only ? handlesOf(view, frame, only) : null,
    foot: (pending && boxesIn(view, frame, pending).at(-1)) ?? null,
  };
}

function placed(
  view: TextView,
  element: HTMLElement,
  spans: readonly Span[],
  pairs: readonly Relation[],
  known: Beginnings,
): Around {
  const frame = element.getBoundingClientRect();
  const port = scrollerOf(element).getBoundingClientRect();
  const seen = view.between(Math.max(port.top, 0) - MARGIN, Math.min(port.bottom, innerHeight) + MARGIN);
  const onScreen = ({ hull }: Span) => hull.start < seen.end && seen.start < hull.end;
  const first = (span: Span) => boxesIn(view, frame, span.parts[0] ?? span.hull)[0];
  const arcs = pairs
    .filter(({ source, target }) => onScreen(source) || onScreen(target))
    .flatMap(({ relation, source, target }) => {
      const [from, to] = [first(source), first(target)];
      return from && to ? [{ relation, arc: arcOf(from, to) }] : [];
    });
  return {
    tags: tagsOf(view, frame, spans.filter(onScreen), ({ mark }) => mark.label, known),
    arcs,
  };
}

function handlesOf(view: TextView, frame: DOMRect, span: Span): Signs["handles"] {
  const start = boxesIn(view, frame, span.parts[0] ?? span.hull)[0];
  const end = boxesIn(view, frame, span.parts.at(-1) ?? span.hull).at(-1);
  if (!start || !end) return null;
  const [startRight, endRight] = [view.rightToLeft(span.hull.start), !view.rightToLeft(span.hull.end - 1)];
  return {
    start: { x: startRight ? start.right : start.left, top: start.top, height: start.bottom - start.top },
    end: { x: endRight ? end.right : end.left, top: end.top, height: end.bottom - end.top },
  };
}
