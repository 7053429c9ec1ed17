/** The marks on the stage: which there are, where they lie, and what a new document changes of what is seen. */

import { type Sign, signsOf } from "../document/colours";
import type { Definition, Document, Geometry, Mark, MarkId, ToolName } from "../document/values";
import { type Box, boxHolds, grown } from "../geometry/box";
import type { ImagePoint } from "../geometry/coordinates";
import { type Pair, pointOf } from "../geometry/points";
import { SHAPE_TOOLS, shapeFor } from "../shapes/all";
import { type Skeleton, skeletonOf } from "../shapes/keypoints/skeleton";
import type { Placed } from "../shapes/pointer/tool";
import type { Outline, Shape } from "../shapes/shape";
import { Grid } from "./grid";

/** A mark with what is needed to draw it. */
export interface Seen extends Placed {
  readonly sign: Sign;
  readonly edges: Skeleton["edges"];
  readonly bounds: Box;
  /** Where its chip hangs: its topmost corner. */
  readonly anchor: ImagePoint;
  /** Its place from the bottom up. */
  readonly level: number;
}

export class Scene {
  private seen = new Map<MarkId, Seen>();
  private readonly grid = new Grid<MarkId>();
  private document: Document | null = null;
  private definition: Definition | null = null;
  private signs: (label: string) => Sign = signsOf([]);

  /** Takes the document as it is now; returns where it looks different, or null where everything may. */
  update(document: Document, definition: Definition): readonly Box[] | null {
    if (document === this.document && definition === this.definition) return [];
    const isNew = definition !== this.definition;
    if (isNew) this.signs = signsOf(definition.labels);
    this.document = document;
    this.definition = definition;
    const next = new Map<MarkId, Seen>();
    const damage: Box[] = [];
    for (const tool of SHAPE_TOOLS) this.take(tool, next, damage, isNew);
    for (const [id, gone] of this.seen) {
      if (next.has(id)) continue;
      this.grid.remove(id);
      damage.push(gone.bounds);
    }
    this.seen = next;
    return isNew ? null : damage;
  }

  private take(tool: ToolName, next: Map<MarkId, Seen>, damage: Box[], isNew: boolean): void {
    const shape = shapeFor(tool);
    if (!shape) return;
    let highest = -1;
    for (const mark of this.document?.marks[tool] ?? []) {
      const before = this.seen.get(mark.id);
      const level = next.size;
      // A mark that was below one that is now below it is drawn over others than before.
      const isRaised = before !== undefined && before.level < highest;
      highest = Math.max(highest, before?.level ?? -1);
      if (before && before.mark === mark && before.tool === tool && !isNew) {
        if (isRaised) damage.push(before.bounds);
        next.set(mark.id, before.level === level ? before : { ...before, level });
        continue;
      }
      const seen = this.made(mark, shape, level);
      next.set(mark.id, seen);
      this.grid.put(mark.id, seen.bounds);
      damage.push(seen.bounds);
      if (before) damage.push(before.bounds);
    }
  }

  edgesOf(label: string): Skeleton["edges"] {
    return skeletonOf(this.definition?.tools.keypoints ?? {}, label).edges;
  }

  private made(mark: Mark, shape: Shape, level: number): Seen {
    const { tool } = shape;
    const edges = tool === "keypoints" ? this.edgesOf(mark.label) : [];
    const bounds = shape.bounds(mark.geometry);
    const anchor = anchorOf(shape, mark.geometry, bounds);
    return { id: mark.id, tool, mark, shape, sign: this.signs(mark.label), edges, bounds, anchor, level };
  }

  get(id: MarkId): Seen | undefined {
    return this.seen.get(id);
  }

  get size(): number {
    return this.seen.size;
  }

  signOf(label: string): Sign {
    return this.signs(label);
  }

  /** Marks that may show in a box, from the bottom up; hidden ones are left out. */
  meeting(box: Box): Seen[] {
    const found = this.grid.meeting(box).flatMap((id) => this.seen.get(id) ?? []);
    return found.filter(({ mark }) => !mark.hidden).sort((one, other) => one.level - other.level);
  }

  /** All marks that are shown, from the bottom up. */
  shown(): Seen[] {
    return [...this.seen.values()].filter(({ mark }) => !mark.hidden);
  }

  /**
   * What can be picked at a point, the topmost first; what is locked cannot. Of shapes of an area the smaller
   * wins over the larger that holds it, or nothing inside a large one could ever be reached.
   */
  at(point: ImagePoint, reach: number): Seen[] {
    const near = this.meeting(grown({ ...point, width: 0, height: 0 }, reach));
    const hit = near.filter(({ mark, shape }) => !mark.locked && shape.hit(mark.geometry, point, reach));
    return hit.reverse().sort((one, other) => rank(one, other));
  }

  /** Marks that lie whole in a box. */
  inside(box: Box): MarkId[] {
    const found = this.meeting(box).filter(({ mark, bounds }) => !mark.locked && boxHolds(box, bounds));
    return found.map(({ id }) => id);
  }

  /** Outlines near a point, for snapping; never a mark's own. */
  outlinesNear(point: ImagePoint, reach: number, own: MarkId | null): Outline[] {
    const near = this.meeting(grown({ ...point, width: 0, height: 0 }, reach));
    return near.flatMap(({ id, mark, shape }) => (id === own ? [] : shape.outline(mark.geometry)));
  }
}

export function anchorOf(shape: Shape, geometry: Geometry, bounds: Box): ImagePoint {
  const { points } = shape.outline(geometry);
  const top = points.reduce<Pair>(
    (best, point) => (point[1] < best[1] ? point : best),
    points[0] ?? [bounds.x, bounds.y],
  );
  return pointOf(top);
}

function rank(one: Seen, other: Seen): number {
  if (boxHolds(one.bounds, other.bounds) && !same(one.bounds, other.bounds)) return 1;
  return boxHolds(other.bounds, one.bounds) && !same(one.bounds, other.bounds) ? -1 : 0;
}

const same = (one: Box, other: Box) => boxHolds(one, other) && boxHolds(other, one);
