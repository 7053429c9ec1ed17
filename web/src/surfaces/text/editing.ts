/** What can be done to spans and relations, as actions: values in, values out. */

import { newMarkId } from "@/engine/document/answer";
import { marksOf } from "@/engine/document/apply";
import type { Action, Document, Mark, MarkId } from "@/engine/document/values";
import type { Stretch } from "@/engine/text/offsets";
import type { Passage } from "@/engine/text/passage";
import { placeKey, placeOf } from "@/engine/text/relations";
import { type Border, bordered, geometryOf, type Span, toggled } from "@/engine/text/spans";

const SPANS = "spans";
const RELATIONS = "relations";

/** Return a new span, or the one with its label that is there already. */
export function spanAction(
  document: Document,
  passage: Passage,
  label: string,
  part: Stretch,
): { readonly id: MarkId; readonly action: Action | null } {
  const geometry = geometryOf([part], passage.offsets);
  const twin = marksOf(document, SPANS).find((mark) => sameSpan(mark, { label, geometry }));
  if (twin) return { id: twin.id, action: null };
  const mark: Mark = { id: newMarkId(), label, attributes: {}, geometry };
  return { id: mark.id, action: { kind: "add", tool: SPANS, marks: [mark] } };
}

const sameSpan = (mark: Mark, other: Pick<Mark, "label" | "geometry">) =>
  mark.label === other.label && placeKey(mark.geometry) === placeKey(other.geometry);

/** Return the change of a span's parts; null where a span with its label is there already. */
function partsAction(
  document: Document,
  passage: Passage,
  span: Span,
  parts: readonly Stretch[],
): Action | null {
  const geometry = geometryOf(parts, passage.offsets);
  if (span.mark.locked) return null;
  if (marksOf(document, SPANS).some((mark) => sameSpan(mark, { label: span.mark.label, geometry })))
    return null;
  const change = { kind: "change", tool: SPANS, id: span.mark.id, change: { geometry } } as const;
  return change;
}

export const partAction = (document: Document, passage: Passage, span: Span, part: Stretch) =>
  partsAction(document, passage, span, toggled(span.parts, part));

export const borderAction = (
  document: Document,
  passage: Passage,
  span: Span,
  border: Border,
  offset: number,
) => partsAction(document, passage, span, bordered(span.parts, border, offset));

/** Return the other label of marks: spans take their attributes along no further than their label. */
export function labelAction(document: Document, ids: ReadonlySet<MarkId>, label: string): Action | null {
  const actions = [SPANS, RELATIONS].flatMap((tool) =>
    marksOf(document, tool)
      .filter((mark) => ids.has(mark.id) && !mark.locked && mark.label !== label)
      .map((mark): Action => ({ kind: "change", tool, id: mark.id, change: { label, attributes: {} } })),
  );
  return actions.length ? { kind: "several", actions } : null;
}

/** Return a new relation, or the one that says the same already. */
export function relationAction(
  document: Document,
  label: string,
  source: Mark,
  target: Mark,
): { readonly id: MarkId; readonly action: Action | null } {
  const geometry = { source: placeOf(source), target: placeOf(target) };
  const key = relationKey({ label, geometry });
  const twin = marksOf(document, RELATIONS).find((mark) => relationKey(mark) === key);
  if (twin) return { id: twin.id, action: null };
  const mark: Mark = { id: newMarkId(), label, attributes: {}, geometry };
  return { id: mark.id, action: { kind: "add", tool: RELATIONS, marks: [mark] } };
}

const relationKey = ({ label, geometry }: Pick<Mark, "label" | "geometry">) =>
  JSON.stringify([label, placeKey(geometry.source), placeKey(geometry.target)]);
