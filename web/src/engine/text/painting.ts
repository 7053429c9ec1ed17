/** Paints spans: by the CSS Custom Highlight API, which leaves the page's elements alone, or by `<mark>` elements. */

import type { Stretch } from "./offsets";
import type { TextView } from "./view";

/** How a stretch of text looks; stretches that look the same are painted as one. */
export interface Paint {
  readonly part: Stretch;
  readonly colour: string;
  /** Which of the lines under the text is its own; null for no line. */
  readonly layer: number | null;
  readonly strength: "strong" | "plain" | "faint";
  readonly line: "solid" | "dashed" | "double";
}

export interface Painter {
  /** Paints stretches, and others `over` them; the former are left alone where they are the same list as before. */
  paint(paints: readonly Paint[], over?: readonly Paint[]): void;
  /** Takes everything away that was painted. */
  clear(): void;
}

/** Lines under the text start here and are this far apart, in pixels. */
const LINE_OFFSET = 4;
const LINE_STEP = 4;
export const LAYERS_MAX = 6;

const STRENGTHS: Readonly<Record<Paint["strength"], number>> = { strong: 42, plain: 20, faint: 9 };

/** Return the declarations of a look; both painters use them. */
export function declarationsOf({ colour, layer, strength, line }: Paint): string {
  const ground = `background-color: color-mix(in oklab, ${colour} ${STRENGTHS[strength]}%, transparent)`;
  if (layer === null) return ground;
  const offset = LINE_OFFSET + (layer % LAYERS_MAX) * LINE_STEP;
  const thickness = strength === "strong" ? 3 : 2;
  // Nearer to the ink, so that a light label can be seen on a light ground.
  const ink = `color-mix(in oklab, ${colour}, var(--ink) 18%)`;
  return (
    `${ground}; text-decoration: underline ${thickness}px ${line} ${ink}; ` +
    `text-underline-offset: ${offset}px; text-decoration-skip-ink: none`
  );
}

export const painterFor = (view: TextView): Painter =>
  typeof CSS !== "undefined" && "highlights" in CSS ? new HighlightPainter(view) : new MarkPainter(view);

/** Highlights have names for the whole page; each painter has its own. */
const numbers = (function* () {
  for (let number = 0; ; number++) yield number;
})();

interface Shown {
  readonly range: StaticRange;
  readonly highlight: Highlight;
}

class HighlightPainter implements Painter {
  private readonly names: string[] = [];
  private readonly prefix = `passage-${numbers.next().value}`;
  private readonly highlights = new Map<string, Highlight>();
  private readonly shown: [ReadonlyMap<Stretch, Shown>, ReadonlyMap<Stretch, Shown>] = [new Map(), new Map()];
  private under: readonly Paint[] | null = null;
  private readonly sheet = new CSSStyleSheet();

  constructor(private readonly view: TextView) {
    const { ownerDocument } = view.root;
    view.root.dataset.passage = this.prefix;
    ownerDocument.adoptedStyleSheets = [...ownerDocument.adoptedStyleSheets, this.sheet];
  }

  paint(paints: readonly Paint[], over: readonly Paint[] = []): void {
    if (paints !== this.under) this.show(0, paints);
    this.under = paints;
    this.show(1, over);
  }

  /** Of thousands of stretches only those are touched that look otherwise than before. */
  private show(level: 0 | 1, paints: readonly Paint[]): void {
    const before = this.shown[level];
    const now = new Map<Stretch, Shown>();
    for (const paint of paints) {
      const known = before.get(paint.part);
      const range = known?.range ?? this.view.stillRangeOf(paint.part);
      if (!range) continue;
      const highlight = this.highlightOf(level, paint);
      now.set(paint.part, { range, highlight });
      if (known?.highlight === highlight) continue;
      known?.highlight.delete(range);
      highlight.add(range);
    }
    for (const [part, { range, highlight }] of before) if (!now.has(part)) highlight.delete(range);
    this.shown[level] = now;
  }

  private highlightOf(level: number, paint: Paint): Highlight {
    const look = `${level} ${paint.layer} ${paint.strength} ${paint.line} ${paint.colour}`;
    const known = this.highlights.get(look);
    if (known) return known;
    const name = `${this.prefix}-${this.highlights.size}`;
    const highlight = new Highlight();
    highlight.priority = level;
    CSS.highlights.set(name, highlight);
    this.names.push(name);
    this.highlights.set(look, highlight);
    // Only the blocks of this text: else the style of every element on the page is asked for anew.
    const blocks = `[data-passage="${this.prefix}"] > *`;
    const rule = `${blocks}::highlight(${name}) { ${declarationsOf(paint)} }`;
    this.sheet.insertRule(rule, this.sheet.cssRules.length);
    return highlight;
  }

  clear(): void {
    for (const name of this.names) CSS.highlights.delete(name);
    const { ownerDocument } = this.view.root;
    ownerDocument.adoptedStyleSheets = ownerDocument.adoptedStyleSheets.filter((one) => one !== this.sheet);
  }
}

/** For browsers without highlights: each block that has spans is cut at their borders. */
export class MarkPainter implements Painter {
  private painted = new Map<number, string>();

  constructor(private readonly view: TextView) {}

  paint(under: readonly Paint[], over: readonly Paint[] = []): void {
    const byBlock = new Map<number, Paint[]>();
    for (const paint of [...under, ...over]) {
      const last = this.view.passage.blockAt(Math.max(paint.part.start, paint.part.end - 1));
      for (let block = this.view.passage.blockAt(paint.part.start); block <= last; block++)
        byBlock.set(block, [...(byBlock.get(block) ?? []), paint]);
    }
    const before = this.painted;
    this.painted = new Map([...byBlock].map(([block, here]) => [block, JSON.stringify(here)]));
    for (const block of new Set([...before.keys(), ...byBlock.keys()]))
      if (before.get(block) !== this.painted.get(block)) this.cut(block, byBlock.get(block) ?? []);
    this.view.refresh();
  }

  clear(): void {
    this.paint([]);
  }

  private cut(block: number, paints: readonly Paint[]): void {
    const { passage } = this.view;
    const bounds = passage.blocks[block];
    const element = this.view.elementOf(block);
    if (!bounds || !element) return;
    const inside = (offset: number) => Math.max(bounds.start, Math.min(offset, bounds.end));
    const cuts = new Set<number>([bounds.start, bounds.end]);
    for (const { part } of paints) cuts.add(inside(part.start)).add(inside(part.end));
    const places = [...cuts].sort((a, b) => a - b);
    const pieces = places.slice(0, -1).map((start, at) => {
      const end = places[at + 1] ?? start;
      const over = paints.filter(({ part }) => part.start <= start && end <= part.end);
      return this.piece(passage.text.slice(start, end), over);
    });
    element.replaceChildren(...pieces);
  }

  private piece(text: string, over: readonly Paint[]): Node {
    const document = this.view.root.ownerDocument;
    return over.reduce<Node>((inner, paint) => {
      const mark = document.createElement("mark");
      mark.style.cssText = `color: inherit; ${declarationsOf(paint)}`;
      mark.append(inner);
      return mark;
    }, document.createTextNode(text));
  }
}
