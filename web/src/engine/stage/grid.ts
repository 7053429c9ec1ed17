/** A uniform grid over the image: which marks may lie at a point or in a box, without asking all of them. */

import { type Box, boxesMeet } from "../geometry/box";

const CELL_PIXELS = 100;
/** What covers more cells than this is asked every time. */
const CELLS_MAX = 400;

export class Grid<Id> {
  private readonly cells = new Map<number, Set<Id>>();
  private readonly bounds = new Map<Id, Box>();
  private readonly large = new Set<Id>();

  constructor(private readonly cellPixels: number = CELL_PIXELS) {}

  put(id: Id, box: Box): void {
    this.remove(id);
    this.bounds.set(id, box);
    const cells = this.cellsOf(box);
    if (!cells) this.large.add(id);
    for (const cell of cells ?? []) {
      const inside = this.cells.get(cell);
      if (inside) inside.add(id);
      else this.cells.set(cell, new Set([id]));
    }
  }

  remove(id: Id): void {
    const box = this.bounds.get(id);
    if (!box) return;
    this.bounds.delete(id);
    this.large.delete(id);
    for (const cell of this.cellsOf(box) ?? []) this.cells.get(cell)?.delete(id);
  }

  /** Those whose bounds touch a box, in no order. */
  meeting(box: Box): Id[] {
    const cells = this.cellsOf(box);
    const found = new Set(this.large);
    if (cells) for (const cell of cells) for (const id of this.cells.get(cell) ?? []) found.add(id);
    const candidates = cells ? found : this.bounds.keys();
    return [...candidates].filter((id) => {
      const bounds = this.bounds.get(id);
      return bounds !== undefined && boxesMeet(bounds, box);
    });
  }

  private cellsOf(box: Box): number[] | null {
    const cell = (at: number) => Math.floor(at / this.cellPixels);
    const [left, right] = [cell(box.x), cell(box.x + box.width)];
    const [top, bottom] = [cell(box.y), cell(box.y + box.height)];
    if ((right - left + 1) * (bottom - top + 1) > CELLS_MAX) return null;
    const cells: number[] = [];
    for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) cells.push(y * 100_003 + x);
    return cells;
  }
}
