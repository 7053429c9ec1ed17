/** A text as it is read: blocks (a line of the text each), and the cells a caret moves over. */

import { utf16 } from "@/engine/geometry/coordinates";
import { countBelow, hullOf, Offsets, type Stretch, stretch } from "./offsets";
import { type Granularity, piecesOf } from "./segments";

/** A line of the text with the line break at its end, or a piece of a line that is very long. */
export type Block = Stretch;

/** The browser's segmenter slows down with the square of the length (12 s for 100 kB), so that blocks are short. */
const BLOCK_UNITS_MAX = 2000;

export class Passage {
  readonly offsets: Offsets;
  readonly blocks: readonly Block[];
  private readonly known = new Map<string, readonly Stretch[]>();

  constructor(readonly text: string) {
    this.offsets = new Offsets(text);
    this.blocks = blocksOf(text);
  }

  /** Return the number of the block that holds an offset; the text's end belongs to the last one. */
  blockAt(offset: number): number {
    return Math.max(0, countBelow(this.blocks.length, (at) => (this.blocks[at]?.start ?? 0) <= offset) - 1);
  }

  /** Return the words, sentences or characters of a block, in order. */
  cellsOf(block: number, granularity: Granularity): readonly Stretch[] {
    const key = `${granularity} ${block}`;
    const found = this.known.get(key) ?? this.segmented(block, granularity);
    this.known.set(key, found);
    return found;
  }

  private segmented(block: number, granularity: Granularity): readonly Stretch[] {
    const { start, end } = this.blocks[block] ?? stretch(0, 0);
    return piecesOf(this.text.slice(start, end), granularity).map(([from, to]) =>
      stretch(start + from, start + to),
    );
  }

  /** Return the first cell that ends after an offset: the one at it, or the next one. */
  cellFrom(offset: number, granularity: Granularity): Stretch | undefined {
    for (let block = this.blockAt(offset); block < this.blocks.length; block++) {
      const cells = this.cellsOf(block, granularity);
      const found = cells[countBelow(cells.length, (at) => (cells[at]?.end ?? 0) <= offset)];
      if (found) return found;
    }
    return undefined;
  }

  /** Return the last cell that starts before an offset. */
  cellBefore(offset: number, granularity: Granularity): Stretch | undefined {
    for (let block = this.blockAt(Math.max(0, offset - 1)); block >= 0; block--) {
      const cells = this.cellsOf(block, granularity);
      const found = cells[countBelow(cells.length, (at) => (cells[at]?.start ?? 0) < offset) - 1];
      if (found) return found;
    }
    return undefined;
  }

  /** Return the cell nearest to an offset, the one after it first; none in a text without any. */
  cellNear(offset: number, granularity: Granularity): Stretch | undefined {
    return this.cellFrom(offset, granularity) ?? this.cellBefore(offset, granularity);
  }

  /** Return the cells that a stretch touches, joined; undefined where it touches none. */
  snapped(touched: Stretch, granularity: Granularity): Stretch | undefined {
    const first = this.cellFrom(touched.start, granularity);
    const last = this.cellBefore(touched.end, granularity);
    if (!first || !last || last.end <= touched.start) return undefined;
    return hullOf(first, last);
  }

  slice({ start, end }: Stretch): string {
    return this.text.slice(start, end);
  }
}

function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const { 0: line, index } of text.matchAll(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+/g))
    for (let from = 0; from < line.length; ) {
      const to = from + cutOf(line.slice(from, from + BLOCK_UNITS_MAX + 1));
      blocks.push(stretch(index + from, index + to));
      from = to;
    }
  return blocks.length ? blocks : [{ start: utf16(0), end: utf16(0) }];
}

/** Return where a long line is cut: after a space near the limit, else at it, and never inside a surrogate pair. */
function cutOf(line: string): number {
  if (line.length <= BLOCK_UNITS_MAX) return line.length;
  const space = line.lastIndexOf(" ", BLOCK_UNITS_MAX - 1) + 1;
  if (space > BLOCK_UNITS_MAX / 2) return space;
  return /[\udc00-\udfff]/.test(line.charAt(BLOCK_UNITS_MAX)) ? BLOCK_UNITS_MAX - 1 : BLOCK_UNITS_MAX;
}
