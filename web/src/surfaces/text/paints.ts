/** What is painted over a text: the spans in their layers, and what is selected now. */

import type { Sign } from "@/engine/document/colours";
import type { MarkId } from "@/engine/document/values";
import type { Stretch } from "@/engine/text/offsets";
import type { Paint } from "@/engine/text/painting";
import { layersOf, type Span } from "@/engine/text/spans";

export interface Painted {
  readonly spans: readonly Span[];
  readonly signs: (label: string) => Sign;
  readonly selection: ReadonlySet<MarkId>;
  /** What the next label would go to. */
  readonly pending: Stretch | null;
  /** The source and target of a relation that is being made. */
  readonly ends: readonly (MarkId | null)[];
}

const PENDING = "var(--focus)";

export interface Under {
  readonly paints: readonly Paint[];
  /** How many layers of lines lie under the text. */
  readonly layers: number;
  readonly layerOf: ReadonlyMap<Span, number>;
}

/** Return the spans as they are painted whatever is selected: thousands need not be painted anew for one. */
export function paintsOf(spans: readonly Span[], signs: Painted["signs"]): Under {
  const layerOf = layersOf(spans);
  const paints = spans.flatMap((span) => paintsOfOne(span, signs, layerOf, false));
  return { paints, layerOf, layers: Math.max(0, ...layerOf.values()) + (spans.length ? 1 : 0) };
}

/** Return what is painted over them: what is selected, or linked, and what the next label would go to. */
export function paintsOver(painted: Painted, { layerOf }: Under): readonly Paint[] {
  const { spans, signs, selection, pending, ends } = painted;
  const strong = spans.filter(({ mark }) => selection.has(mark.id) || ends.includes(mark.id));
  const paints = strong.flatMap((span) => paintsOfOne(span, signs, layerOf, true));
  if (!pending) return paints;
  return [...paints, { part: pending, colour: PENDING, layer: null, strength: "strong", line: "solid" }];
}

function paintsOfOne(
  span: Span,
  signs: Painted["signs"],
  layerOf: Under["layerOf"],
  strong: boolean,
): Paint[] {
  const { mark, parts } = span;
  const look: Omit<Paint, "part"> = {
    colour: signs(mark.label).colour,
    layer: layerOf.get(span) ?? 0,
    strength: strong ? "strong" : mark.suggested ? "faint" : "plain",
    line: mark.suggested ? "dashed" : "solid",
  };
  return parts.map((part) => ({ part, ...look }));
}
