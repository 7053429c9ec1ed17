/** A ranking under edit: tiers of candidates, the best first, each candidate in one of them. */

export type Tiers = readonly (readonly number[])[];

/** Return the ranking that has every candidate in a tier of its own, as the item names them. */
export const asGiven = (candidates: number): Tiers => Array.from({ length: candidates }, (_, at) => [at]);

const placeOf = (tiers: Tiers, candidate: number) => tiers.findIndex((tier) => tier.includes(candidate));

const ascending = (tier: readonly number[]) => [...tier].sort((a, b) => a - b);

const cleared = (tiers: Tiers, candidate: number): readonly (readonly number[])[] =>
  tiers.map((tier) => tier.filter((one) => one !== candidate));

/** Return the tiers with a candidate a place up or down: out of its tie first, then past its neighbours. */
export function moved(tiers: Tiers, candidate: number, by: 1 | -1): Tiers {
  const place = placeOf(tiers, candidate);
  const alone = tiers[place]?.length === 1;
  const before = alone ? place + (by > 0 ? 2 : -1) : place + (by > 0 ? 1 : 0);
  if (before < 0 || before > tiers.length) return tiers;
  return cleared(tiers, candidate)
    .toSpliced(before, 0, [candidate])
    .filter((tier) => tier.length > 0);
}

/** Return the tiers with a candidate in the one above its own; taken out of its tie where it is in one. */
export function tied(tiers: Tiers, candidate: number): Tiers {
  const place = placeOf(tiers, candidate);
  if ((tiers[place]?.length ?? 0) > 1) return moved(tiers, candidate, 1);
  const other = place > 0 ? place - 1 : 1;
  return joinedTo(tiers, candidate, other);
}

/** Return the tiers with a candidate beside those of a tier. */
export function joinedTo(tiers: Tiers, candidate: number, tier: number): Tiers {
  if (!tiers[tier] || placeOf(tiers, candidate) === tier) return tiers;
  return cleared(tiers, candidate)
    .map((held, at) => (at === tier ? ascending([...held, candidate]) : held))
    .filter((held) => held.length > 0);
}

/** Return the tiers with a candidate alone at a place (0 is the best), the others in their order. */
export function placed(tiers: Tiers, candidate: number, place: number): Tiers {
  const others = cleared(tiers, candidate).filter((tier) => tier.length > 0);
  return others.toSpliced(Math.max(0, Math.min(place, others.length)), 0, [candidate]);
}
