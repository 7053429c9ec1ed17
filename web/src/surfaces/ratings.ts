/** Ratings as marks: one mark for each question (and message), with its level. */

import { newMarkId } from "@/engine/document/answer";
import type { Action, Geometry, Mark, ToolName } from "@/engine/document/values";

/** Return the level of a rating; undefined where there is none. */
export const levelIn = (mark: Mark | undefined): number | undefined =>
  typeof mark?.geometry.level === "number" ? mark.geometry.level : undefined;

/** Return the action that makes, changes or takes away a rating. `place` is what its geometry has beside the level. */
export function ratingAction(
  tool: ToolName,
  known: Mark | undefined,
  label: string,
  place: Geometry,
  level: number | undefined,
): Action {
  if (level === undefined) return { kind: "remove", tool, ids: known ? [known.id] : [] };
  const geometry = { ...place, level };
  if (known) return { kind: "change", tool, id: known.id, change: { geometry } };
  return { kind: "add", tool, marks: [{ id: newMarkId(), label, attributes: {}, geometry }] };
}
