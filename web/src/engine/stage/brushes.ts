/** What the stage paints with: patterns of fills, chips with a label's letters, and how a mark looks now. */

import { inkOn, type Sign } from "../document/colours";
import type { Look, Pen } from "../shapes/shape";
import type { Seen } from "./scene";

/** What the annotator chose to see. */
export interface Showing {
  /** Of fills, 0 to 1. */
  readonly opacity: number;
  readonly patterns: boolean;
  readonly letters: boolean;
}

const LINE_PIXELS = 2;
const CHIP_PIXELS = 15;
/** Shapes smaller than this on the screen carry no chip: it would hide them. */
const CHIP_SHAPE_PIXELS = 26;
const TILE_PIXELS = 10;

export class Brushes {
  private readonly patterns = new Map<string, OffscreenCanvas>();
  private readonly chips = new Map<string, OffscreenCanvas>();

  /** `pixel` is one CSS pixel of the screen in image pixels. */
  look(seen: Seen, showing: Showing, pixel: number, pen: Pen): Look {
    return {
      colour: seen.sign.colour,
      pixel,
      lineWidth: LINE_PIXELS * pixel,
      opacity: showing.opacity,
      pattern: showing.patterns ? this.pattern(seen.sign, pixel, pen) : null,
      dashed: seen.mark.suggested === true,
      edges: seen.edges,
    };
  }

  /** The chip with a label's letters, at the top of what it names. */
  chip(pen: Pen, seen: Seen, pixel: number, ratio: number): void {
    const { bounds, sign, anchor } = seen;
    if (Math.max(bounds.width, bounds.height) < CHIP_SHAPE_PIXELS * pixel) return;
    const chip = this.chipOf(sign, ratio);
    const [width, height] = [(chip.width / ratio) * pixel, (chip.height / ratio) * pixel];
    pen.drawImage(chip, anchor.x - pixel, anchor.y - pixel, width, height);
  }

  private chipOf(sign: Sign, ratio: number): OffscreenCanvas {
    const key = `${sign.colour} ${sign.letters} ${ratio}`;
    const before = this.chips.get(key);
    if (before) return before;
    const width = CHIP_PIXELS + (sign.letters.length - 1) * 7;
    const chip = new OffscreenCanvas(Math.ceil(width * ratio), Math.ceil(CHIP_PIXELS * ratio));
    const pen = chip.getContext("2d");
    if (pen) {
      pen.scale(ratio, ratio);
      pen.fillStyle = sign.colour;
      pen.beginPath();
      pen.roundRect(0, 0, width, CHIP_PIXELS, [2, 0, 4, 0]);
      pen.fill();
      pen.fillStyle = inkOn(sign.colour);
      pen.font = "600 10.5px system-ui, sans-serif";
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(sign.letters, width / 2, CHIP_PIXELS / 2 + 0.5);
    }
    this.chips.set(key, chip);
    return chip;
  }

  private pattern(sign: Sign, pixel: number, pen: Pen): CanvasPattern | null {
    const key = `${sign.colour} ${sign.pattern % TILES.length}`;
    let tile = this.patterns.get(key);
    if (!tile) {
      tile = tileOf(sign);
      this.patterns.set(key, tile);
    }
    const pattern = pen.createPattern(tile, "repeat");
    pattern?.setTransform(new DOMMatrix().scale(pixel));
    return pattern;
  }
}

type Line = readonly [number, number, number, number];
const END = TILE_PIXELS;
/** Strokes of a tile, one pattern after the other: slanted either way, level, upright, crossed, dotted. */
const TILES: readonly (readonly Line[])[] = [
  [
    [-1, 1, 1, -1],
    [0, END, END, 0],
    [END - 1, END + 1, END + 1, END - 1],
  ],
  [
    [0, 0, END, END],
    [END - 1, -1, END + 1, 1],
    [-1, END - 1, 1, END + 1],
  ],
  [[0, END / 2, END, END / 2]],
  [[END / 2, 0, END / 2, END]],
  [
    [0, END / 2, END, END / 2],
    [END / 2, 0, END / 2, END],
  ],
  [[END / 2 - 1, END / 2, END / 2 + 1, END / 2]],
];

function tileOf(sign: Sign): OffscreenCanvas {
  const tile = new OffscreenCanvas(TILE_PIXELS, TILE_PIXELS);
  const pen = tile.getContext("2d");
  if (!pen) return tile;
  pen.strokeStyle = sign.colour;
  pen.globalAlpha = 0.75;
  pen.lineWidth = sign.pattern % TILES.length === TILES.length - 1 ? 2.5 : 1.2;
  for (const [x, y, toX, toY] of TILES[sign.pattern % TILES.length] ?? []) {
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(toX, toY);
    pen.stroke();
  }
  return tile;
}
