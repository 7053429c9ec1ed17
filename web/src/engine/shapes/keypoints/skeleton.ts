/** The skeletons that a keypoints tool's settings give: the names of a label's points, and the edges between. */

import { isRecord } from "../../document/answer";
import type { Json } from "../../document/values";

export interface Skeleton {
  readonly points: readonly string[];
  readonly edges: readonly (readonly [string, string])[];
}

const NONE: Skeleton = { points: [], edges: [] };
const isName = (value: Json | undefined): value is string => typeof value === "string";

export function skeletonOf(settings: Readonly<Record<string, Json>>, label: string): Skeleton {
  const skeletons = settings.skeletons;
  const skeleton = isRecord(skeletons) ? skeletons[label] : undefined;
  if (!isRecord(skeleton)) return NONE;
  const points = Array.isArray(skeleton.points) ? skeleton.points.filter(isName) : [];
  const edges: [string, string][] = [];
  for (const edge of Array.isArray(skeleton.edges) ? skeleton.edges : []) {
    if (!Array.isArray(edge)) continue;
    const [from, to] = edge;
    if (isName(from) && isName(to)) edges.push([from, to]);
  }
  return { points, edges };
}
