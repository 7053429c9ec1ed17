/**
 * Marks at rest, painted once into a bitmap half again as large as the stage, and only copied while the view moves.
 *
 * Painting ten thousand shapes takes longer than a frame. So a new bitmap is painted behind the one that is shown,
 * some milliseconds a frame, and takes its place when it is ready; a small change is painted into its own rectangle.
 */

import type { MarkId } from "../document/values";
import { type Box, boxesMeet, boxHolds, grown, united } from "../geometry/box";
import type { Brushes, Showing } from "./brushes";
import type { Scene, Seen } from "./scene";
import { shownOf, type Viewport } from "./viewport";

const MARGIN_SHARE = 0.25;
const SLICE_MILLISECONDS = 5;
const MARKS_A_FLUSH = 40;
/** Around a mark's bounds, for its line, points and chip, in CSS pixels. */
const PADDING_PIXELS = 20;
const PATCHES_MAX = 64;

interface Bitmap {
  readonly canvas: OffscreenCanvas;
  readonly pen: OffscreenCanvasRenderingContext2D;
}

/** A bitmap with the view that it was painted for. */
interface Painted extends Bitmap {
  readonly view: Viewport;
  readonly ratio: number;
  readonly part: Box;
}

interface Work {
  readonly painted: Painted;
  readonly marks: readonly Seen[];
  next: number;
}

export class Raster {
  private front: Painted | null = null;
  private spare: Bitmap | null = null;
  private work: Work | null = null;

  constructor(
    private readonly scene: Scene,
    private readonly brushes: Brushes,
  ) {}

  /** Whether the bitmap on show reaches as far as the stage, and whether it is as sharp. */
  covers(view: Viewport): boolean {
    return this.front !== null && boxHolds(grown(this.front.part, 1e-6), shownOf(view));
  }

  isSharp(view: Viewport, ratio: number): boolean {
    return this.front !== null && this.front.view.scale === view.scale && this.front.ratio === ratio;
  }

  get isWorking(): boolean {
    return this.work !== null;
  }

  /** Begins a bitmap of the view; `lifted` marks are drawn elsewhere. */
  begin(view: Viewport, ratio: number, lifted: ReadonlySet<MarkId>): void {
    const part = partOf(view);
    const painted = { ...this.bitmapFor(view, ratio), view, ratio, part };
    painted.pen.setTransform(1, 0, 0, 1, 0, 0);
    painted.pen.clearRect(0, 0, painted.canvas.width, painted.canvas.height);
    this.place(painted);
    const marks = this.scene
      .meeting(grown(part, PADDING_PIXELS / view.scale))
      .filter(({ id }) => !lifted.has(id));
    this.work = { painted, marks, next: 0 };
  }

  /** Paints for some milliseconds; true when a bitmap has just become ready. */
  go(showing: Showing): boolean {
    const { work } = this;
    if (!work) return false;
    const end = performance.now() + SLICE_MILLISECONDS;
    while (work.next < work.marks.length) {
      this.paint(work.painted, work.marks.slice(work.next, work.next + MARKS_A_FLUSH), showing);
      work.next += MARKS_A_FLUSH;
      // Strokes are only noted down until somebody looks: this makes the browser paint them now.
      work.painted.pen.getImageData(0, 0, 1, 1);
      if (performance.now() > end && work.next < work.marks.length) return false;
    }
    this.work = null;
    this.spare = this.front;
    this.front = work.painted;
    return true;
  }

  /** Paints anew where something changed; false where a new bitmap has to be begun all the same. */
  patch(damage: readonly Box[], lifted: ReadonlySet<MarkId>, showing: Showing): boolean {
    const { front } = this;
    if (!front || damage.length > PATCHES_MAX) return false;
    const padding = PADDING_PIXELS / front.view.scale;
    for (const box of merged(damage.map((one) => grown(one, padding)))) {
      if (boxesMeet(box, front.part)) this.patchOne(front, box, lifted, showing);
    }
    return !this.work;
  }

  private patchOne(front: Painted, box: Box, lifted: ReadonlySet<MarkId>, showing: Showing): void {
    const { pen } = front;
    pen.save();
    pen.beginPath();
    pen.rect(box.x, box.y, box.width, box.height);
    pen.clip();
    pen.clearRect(box.x, box.y, box.width, box.height);
    const padding = PADDING_PIXELS / front.view.scale;
    const marks = this.scene.meeting(grown(box, padding)).filter(({ id }) => !lifted.has(id));
    this.paint(front, marks, showing);
    pen.restore();
  }

  private paint({ pen, view, ratio }: Painted, marks: readonly Seen[], showing: Showing): void {
    const pixel = 1 / view.scale;
    for (const seen of marks) {
      seen.shape.draw(pen, seen.mark.geometry, this.brushes.look(seen, showing, pixel, pen));
      if (showing.letters) this.brushes.chip(pen, seen, pixel, ratio);
    }
  }

  /** Copies the bitmap to where the view has it now. */
  show(pen: CanvasRenderingContext2D, view: Viewport): void {
    const { front } = this;
    if (!front) return;
    const { canvas, part } = front;
    const [x, y] = [part.x * view.scale + view.left, part.y * view.scale + view.top];
    pen.drawImage(canvas, x, y, part.width * view.scale, part.height * view.scale);
  }

  /** What is on show is no longer true, and nothing of it is to be kept. */
  forget(): void {
    this.work = null;
    if (this.front) this.spare = this.front;
    this.front = null;
  }

  private bitmapFor(view: Viewport, ratio: number): Bitmap {
    const size = (pixels: number) => Math.ceil((pixels + 2 * marginOf(pixels)) * ratio);
    const [width, height] = [size(view.width), size(view.height)];
    const { spare } = this;
    this.spare = null;
    if (spare && spare.canvas.width === width && spare.canvas.height === height) return spare;
    const canvas = new OffscreenCanvas(width, height);
    // Painted by the processor: it is read after every slice, and only copied from then on.
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    if (!pen) throw new Error("this browser draws on no canvas: allow it, or use another one");
    return { canvas, pen };
  }

  private place({ canvas, pen, part }: Painted): void {
    const [across, down] = [canvas.width / part.width, canvas.height / part.height];
    pen.setTransform(across, 0, 0, down, -part.x * across, -part.y * down);
  }
}

/** In whole pixels, so that what is copied lies pixel on pixel. */
const marginOf = (pixels: number): number => Math.ceil(pixels * MARGIN_SHARE);

function partOf(view: Viewport): Box {
  const shown = shownOf(view);
  const [dx, dy] = [marginOf(view.width) / view.scale, marginOf(view.height) / view.scale];
  return { x: shown.x - dx, y: shown.y - dy, width: shown.width + 2 * dx, height: shown.height + 2 * dy };
}

/** Boxes that meet become one, so that nothing is painted twice over itself. */
function merged(boxes: readonly Box[]): Box[] {
  const apart: Box[] = [];
  for (const box of boxes) {
    let whole = box;
    for (let at = apart.findIndex((one) => boxesMeet(one, whole)); at >= 0; ) {
      whole = united(whole, apart.splice(at, 1)[0] ?? whole);
      at = apart.findIndex((one) => boxesMeet(one, whole));
    }
    apart.push(whole);
  }
  return apart;
}
