/** Relations between spans: which spans they join, and how they follow their spans. */

import { apply, marksOf } from "@/engine/document/apply";
import type { Action, Document, Geometry, Json, Mark } from "@/engine/document/values";
import { pairsOf } from "./spans";

/** Return a place as a key, the same for every way of writing it. */
export const placeKey = (place: Json | undefined): string => JSON.stringify(pairsOf(place));

/** Return a span's place as relations write it: without anything else that its geometry holds. */
export function placeOf({ geometry: { start = 0, end = 0, parts } }: Mark): Geometry {
  return parts === undefined ? { start, end } : { start, end, parts };
}

export interface Joined {
  readonly relation: Mark;
  readonly source: Mark;
  readonly target: Mark;
}

/** Return the relations whose ends are both among the spans, with them. */
export function joinedOf(relations: readonly Mark[], spans: readonly Mark[]): readonly Joined[] {
  if (relations.length === 0) return [];
  const byPlace = new Map(spans.map((span) => [placeKey(span.geometry), span]));
  return relations.flatMap((relation) => {
    const source = byPlace.get(placeKey(relation.geometry.source));
    const target = byPlace.get(placeKey(relation.geometry.target));
    return source && target ? [{ relation, source, target }] : [];
  });
}

/** Return the change that turns a relation around. */
export const flipped = ({ geometry: { source = null, target = null } }: Mark): { geometry: Geometry } => ({
  geometry: { source: target, target: source },
});

/**
 * Return an action with all that it means for relations: one moves with its spans, and goes when a span at an end
 * goes. They are one action, so that they are undone together.
 */
export function withRelations(document: Document, action: Action): Action {
  const relations = marksOf(document, "relations");
  if (relations.length === 0) return action;
  const after = apply(document, action);
  const before = marksOf(document, "spans");
  if (marksOf(after, "spans") === before) return action;
  const left = new Set(marksOf(after, "relations").map(({ id }) => id));
  const places = movedPlaces(before, marksOf(after, "spans"));
  const follow = relations.filter(({ id }) => left.has(id)).flatMap((relation) => followed(relation, places));
  return follow.length ? { kind: "several", actions: [action, ...follow] } : action;
}

/** Return where each place that spans had is now: undefined where no span is left there. */
function movedPlaces(
  before: readonly Mark[],
  after: readonly Mark[],
): ReadonlyMap<string, Geometry | undefined> {
  const now = new Map(after.map((span) => [span.id, span]));
  const held = new Set(after.map((span) => placeKey(span.geometry)));
  const places = new Map<string, Geometry | undefined>();
  for (const span of before) {
    const key = placeKey(span.geometry);
    const still = now.get(span.id);
    if (held.has(key)) places.set(key, placeOf(span));
    else places.set(key, still ? placeOf(still) : places.get(key));
  }
  return places;
}

function followed(relation: Mark, places: ReadonlyMap<string, Geometry | undefined>): readonly Action[] {
  const { source = null, target = null } = relation.geometry;
  const [from, to] = [source, target].map((end) => places.get(placeKey(end)));
  if (!from || !to || placeKey(from) === placeKey(to))
    return [{ kind: "remove", tool: "relations", ids: [relation.id] }];
  if (placeKey(from) === placeKey(source) && placeKey(to) === placeKey(target)) return [];
  const change = { geometry: { source: from, target: to } };
  return [{ kind: "change", tool: "relations", id: relation.id, change }];
}
