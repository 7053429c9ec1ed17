/** The mask: the pixels of an object, run by run as COCO writes them. */

import type { Geometry, Json } from "../../document/values";
import type { Box } from "../../geometry/box";
import type { Frame } from "../../geometry/points";
import { type Bitmap, bitmapOf, boundsOfCounts, countsOf, covers } from "../../masks/bitmap";
import { decodeCounts, encodeCounts } from "../../masks/run_length";
import { isNumber, type Look, type Pen, type ShapeKind, shapeOf } from "../shape";

export interface Mask {
  readonly frame: Frame;
  readonly counts: readonly number[];
  readonly bounds: Box;
}

const isCounts = (value: Json | undefined): value is readonly number[] =>
  Array.isArray(value) && value.every(isNumber);

export function readMask({ size, counts }: Geometry): Mask | null {
  if (!Array.isArray(size) || !isNumber(size[0]) || !isNumber(size[1])) return null;
  const frame = { width: size[1], height: size[0] };
  const runs = typeof counts === "string" ? decodeCounts(counts) : isCounts(counts) ? counts : null;
  const bounds = runs && boundsOfCounts(runs, frame);
  return runs && bounds ? { frame, counts: runs, bounds } : null;
}

/** The geometry of a bitmap; null where no pixel is inside. */
export function maskOf(bitmap: Bitmap): Geometry | null {
  const counts = countsOf(bitmap);
  if (counts.length < 2) return null;
  return { size: [bitmap.height, bitmap.width], counts: encodeCounts(counts) };
}

const kind: ShapeKind<Mask> = {
  tool: "mask",
  // Pixels have their place in the image: a mask is painted anew, not shifted.
  movable: false,
  read: readMask,
  write: ({ frame, counts }) => ({ size: [frame.height, frame.width], counts: encodeCounts(counts) }),
  bounds: ({ bounds }) => bounds,
  hit: ({ counts, frame }, at) => covers(counts, frame, at),
  draw,
  handles: () => [],
  translate: (mask) => mask,
  reshape: (mask) => mask,
};

interface Tinted {
  readonly colour: string;
  readonly picture: OffscreenCanvas;
}

/** A mask's pixels are turned into a picture once, and tinted again when its label changes. */
const pictures = new WeakMap<Mask, Tinted>();

function draw(pen: Pen, mask: Mask, look: Look): void {
  const picture = pictureOf(mask, look.colour);
  pen.imageSmoothingEnabled = false;
  pen.globalAlpha = Math.min(look.opacity * 2 + 0.25, 1);
  pen.drawImage(picture, mask.bounds.x, mask.bounds.y);
  pen.globalAlpha = 1;
  pen.imageSmoothingEnabled = true;
}

export function pictureOf(mask: Mask, colour: string): OffscreenCanvas {
  const before = pictures.get(mask);
  if (before?.colour === colour) return before.picture;
  const { x: left, y: top, width, height } = mask.bounds;
  const picture = new OffscreenCanvas(width, height);
  const pen = picture.getContext("2d");
  if (pen) {
    const image = pen.createImageData(width, height);
    const alpha = new Uint32Array(image.data.buffer);
    const { pixels } = bitmapOf(mask.counts, mask.frame);
    for (let y = 0; y < height; y++) {
      const row = (top + y) * mask.frame.width + left;
      for (let x = 0; x < width; x++) if (pixels[row + x]) alpha[y * width + x] = 0xffffffff;
    }
    pen.putImageData(image, 0, 0);
    pen.globalCompositeOperation = "source-in";
    pen.fillStyle = colour;
    pen.fillRect(0, 0, width, height);
  }
  pictures.set(mask, { colour, picture });
  return picture;
}

export const mask = shapeOf(kind);
