/** A passage in the page: one element a block, and offsets to places on the screen and back. */

import { type Utf16, utf16 } from "@/engine/geometry/coordinates";
import { countBelow, type Stretch, stretch } from "./offsets";
import type { Passage } from "./passage";

/** The first screens of a text are laid out at once; lines after them only when they come near the screen. */
const AT_ONCE_LENGTH = 6000;
const LATER_CLASS = "[content-visibility:auto]";
/** Until it is laid out a block is taken to be as high as its length makes likely. */
const [LINE_LENGTH, LINE_EMS] = [64, 2.2];

/** A text node and where its text starts. */
interface Leaf {
  readonly node: Text;
  readonly start: number;
}

export class TextView {
  private readonly elements: readonly HTMLElement[];
  /** In order; a block has one, or more where `<mark>` elements cut it. */
  private leaves: readonly Leaf[] = [];
  private readonly measure: Range;

  constructor(
    readonly root: HTMLElement,
    readonly passage: Passage,
  ) {
    this.elements = passage.blocks.map((block) => {
      const element = root.ownerDocument.createElement("div");
      const text = passage.slice(block);
      element.className = /\S/.test(text) ? "block" : "block leading-4";
      if (block.start > AT_ONCE_LENGTH) {
        element.classList.add(LATER_CLASS);
        element.style.containIntrinsicSize = `auto ${LINE_EMS * Math.ceil(text.length / LINE_LENGTH)}em`;
      }
      element.dir = "auto";
      element.append(...inPieces(text));
      return element;
    });
    root.replaceChildren(...this.elements);
    this.measure = root.ownerDocument.createRange();
    this.refresh();
  }

  /** Takes up what the blocks hold now; to be called after elements in them were changed. */
  refresh(): void {
    const leaves: Leaf[] = [];
    let start = 0;
    const walker = this.root.ownerDocument.createTreeWalker(this.root, 4 /* text nodes */);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (node instanceof Text) {
        leaves.push({ node, start });
        start += node.data.length;
      }
    this.leaves = leaves;
  }

  elementOf(block: number): HTMLElement | undefined {
    return this.elements[block];
  }

  /**
   * Return the stretch as a range of the page, or undefined where the text has no characters. A browser goes through
   * every range that follows changes (`into`) at each change of the page, so that what lasts is to be a still one.
   */
  rangeOf(part: Stretch, into: Range = this.root.ownerDocument.createRange()): Range | undefined {
    const ends = this.endsOf(part);
    if (!ends) return undefined;
    into.setStart(ends.startContainer, ends.startOffset);
    into.setEnd(ends.endContainer, ends.endOffset);
    return into;
  }

  stillRangeOf(part: Stretch): StaticRange | undefined {
    const ends = this.endsOf(part);
    return ends && new StaticRange(ends);
  }

  private endsOf({ start, end }: Stretch): StaticRangeInit | undefined {
    const from = this.leafAt(start, false);
    const to = this.leafAt(end, true);
    if (!from || !to) return undefined;
    return {
      startContainer: from.node,
      startOffset: Math.min(start - from.start, from.node.length),
      endContainer: to.node,
      endOffset: Math.min(end - to.start, to.node.length),
    };
  }

  /** Return the leaf at an offset; at a border the one that starts there, or for an `end` the one that ends there. */
  private leafAt(offset: number, end: boolean): Leaf | undefined {
    const before = (at: number) => {
      const start = this.leaves[at]?.start ?? 0;
      return end ? start < offset : start <= offset;
    };
    return this.leaves[Math.max(0, countBelow(this.leaves.length, before) - 1)];
  }

  /** Return the offset of a place in the page; undefined outside the text. */
  offsetOf(node: Node, offset: number): Utf16 | undefined {
    if (!this.root.contains(node)) return undefined;
    if (node instanceof Text) {
      const leaf = this.leaves.find((one) => one.node === node);
      return leaf && utf16(leaf.start + offset);
    }
    const next = node.childNodes[offset];
    const probe = this.root.ownerDocument.createRange();
    probe.setStart(this.root, 0);
    if (next) probe.setEndBefore(next);
    else probe.setEnd(node, node.childNodes.length);
    return utf16(probe.toString().length);
  }

  /** Return what the browser's own selection covers; undefined where it is empty or elsewhere. */
  drawn(selection: Selection | null): Stretch | undefined {
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(this.root)) return undefined;
    const start = this.offsetOf(range.startContainer, range.startOffset) ?? utf16(0);
    const end = this.offsetOf(range.endContainer, range.endOffset) ?? utf16(this.passage.text.length);
    return start < end ? stretch(start, end) : undefined;
  }

  /** Return the offset under a point of the window; undefined outside the text. */
  offsetAt(x: number, y: number): Utf16 | undefined {
    const document: Document & {
      caretPositionFromPoint?: (x: number, y: number) => { offsetNode: Node; offset: number } | null;
      caretRangeFromPoint?: (x: number, y: number) => Range | null;
    } = this.root.ownerDocument;
    const position = document.caretPositionFromPoint?.(x, y);
    if (position) return this.offsetOf(position.offsetNode, position.offset);
    const range = document.caretRangeFromPoint?.(x, y);
    return range ? this.offsetOf(range.startContainer, range.startOffset) : undefined;
  }

  /** Return whether a point of the window is on the characters of a stretch, not only on its line. */
  covers(part: Stretch, x: number, y: number): boolean {
    return this.boxesOf(part).some(
      (box) => box.left - 1 <= x && x <= box.right + 1 && box.top - 2 <= y && y <= box.bottom + 6,
    );
  }

  /** Return the boxes of a stretch on the screen, one a line. */
  boxesOf(part: Stretch): readonly DOMRect[] {
    const boxes = this.rangeOf(part, this.measure)?.getClientRects() ?? [];
    return Array.from(boxes).filter((box) => box.width > 0);
  }

  /** Return whether the text at an offset runs from right to left. */
  rightToLeft(offset: number): boolean {
    const element = this.elementOf(this.passage.blockAt(offset));
    return element !== undefined && getComputedStyle(element).direction === "rtl";
  }

  /** Return the offset a line above or below a cell, at the same place across. */
  acrossLines(cell: Stretch, by: 1 | -1): Utf16 | undefined {
    const box = this.boxesOf(cell)[0];
    if (!box) return undefined;
    const x = box.left + box.width / 2;
    const line = this.lineHeight();
    for (let step = 1; step <= 3; step++) {
      const found = this.offsetAt(x, (by > 0 ? box.bottom : box.top) + by * line * (step - 0.5));
      if (found !== undefined && (found < cell.start || found > cell.end)) return found;
    }
    return undefined;
  }

  lineHeight(): number {
    return Number.parseFloat(getComputedStyle(this.root).lineHeight) || 32;
  }

  /** Return what is on the screen between two heights of the window: whole pieces of text. */
  between(top: number, bottom: number): Stretch {
    const below = (at: number, height: number) => {
      const box = this.elements[at]?.getBoundingClientRect();
      return box !== undefined && box.bottom < height;
    };
    const first = countBelow(this.elements.length, (at) => below(at, top));
    const last = Math.min(
      countBelow(this.elements.length, (at) => below(at, bottom)),
      this.elements.length - 1,
    );
    const [from, to] = [this.leavesOf(Math.min(first, this.elements.length - 1)), this.leavesOf(last)];
    const above = countBelow(from.length - 1, (at) => (this.heightsOf(from[at])?.bottom ?? 0) < top);
    const shown = countBelow(to.length, (at) => (this.heightsOf(to[at])?.top ?? 0) <= bottom);
    const end = to[shown]?.start ?? this.passage.blocks[last]?.end ?? 0;
    return stretch(utf16(from[above]?.start ?? 0), utf16(end));
  }

  private leavesOf(block: number): readonly Leaf[] {
    const bounds = this.passage.blocks[block];
    if (!bounds) return [];
    const before = (offset: number) =>
      countBelow(this.leaves.length, (at) => (this.leaves[at]?.start ?? 0) < offset);
    return this.leaves.slice(before(bounds.start), before(bounds.end));
  }

  private heightsOf(leaf: Leaf | undefined): DOMRect | undefined {
    if (!leaf) return undefined;
    this.measure.selectNodeContents(leaf.node);
    return this.measure.getBoundingClientRect();
  }

  /** Scrolls until a stretch can be seen. */
  reveal(part: Stretch): void {
    const element = this.elementOf(this.passage.blockAt(part.start));
    const box = this.boxesOf(part)[0];
    if (!element || !box) return;
    const scroller = scrollerOf(element);
    const port = scroller.getBoundingClientRect();
    const margin = Math.min(box.height * 2, port.height / 4);
    const above = port.top + margin - box.top;
    const below = box.bottom - (port.bottom - margin);
    if (above > 0) scroller.scrollTop -= above;
    else if (below > 0) scroller.scrollTop += below;
  }
}

/** Characters of a text node, about: a browser looks through all highlights of a node for each of its lines. */
const PIECE_LENGTH = 400;

/** Cuts a long text between words. */
function inPieces(text: string): readonly string[] {
  if (text.length < 2 * PIECE_LENGTH) return [text];
  return text.match(new RegExp(`[^]{${PIECE_LENGTH}}\\S*\\s*|[^]+$`, "gu")) ?? [text];
}

/** Return what scrolls an element. */
export function scrollerOf(element: HTMLElement): HTMLElement {
  for (let above = element.parentElement; above; above = above.parentElement)
    if (/auto|scroll/.test(getComputedStyle(above).overflowY)) return above;
  return element.ownerDocument.documentElement;
}
