/** The stage: three canvases over each other, the view on them, and the one loop that draws what has changed. */

import type { Definition, Document, MarkId } from "../document/values";
import type { Box } from "../geometry/box";
import { type ImagePoint, type StagePoint, stagePoint } from "../geometry/coordinates";
import type { Frame } from "../geometry/points";
import { Brushes, type Showing } from "./brushes";
import { Overlay, type OverlayScene } from "./overlay";
import { Raster } from "./raster";
import { Scene, type Seen } from "./scene";
import { fitting, panBy, resized, reveal, toImage, type Viewport, zoomBy, zoomTo } from "./viewport";

export interface Canvases {
  readonly media: HTMLCanvasElement;
  readonly marks: HTMLCanvasElement;
  readonly overlay: HTMLCanvasElement;
}

/** What is over the marks, asked for whenever it is drawn. */
export type InHand = Omit<OverlayScene, "view" | "ratio" | "showing" | "lifted">;

const SETTLED_MILLISECONDS = 120;
/** More selected marks than this stay in the bitmap: they are too many to draw at every frame. */
const LIFTED_MAX = 200;
/** From here on the image's pixels are shown as squares. */
const SQUARES_SCALE = 3;
/** A lens shows so many times as large as the stage does, and each pixel at least this large. */
const LENS_SCALE = 4;
const LENS_SCALE_MIN = 6;

export class Stage {
  readonly scene = new Scene();
  private readonly brushes = new Brushes();
  private readonly raster = new Raster(this.scene, this.brushes);
  private readonly overlay: Overlay;
  private readonly pens: {
    readonly media: CanvasRenderingContext2D;
    readonly marks: CanvasRenderingContext2D;
  };
  private picture: CanvasImageSource | null = null;
  private view: Viewport = { width: 1, height: 1, scale: 1, left: 0, top: 0 };
  private ratio = 1;
  private showing: Showing = { opacity: 0.14, patterns: false, letters: true };
  private lifted: ReadonlySet<MarkId> = new Set();
  private dirty = { media: true, marks: true, overlay: true };
  private isStale = true;
  /** The image was last drawn quickly rather than well. */
  private isRough = false;
  private isFitted = true;
  private frameRequest = 0;
  private movedAt = 0;
  private readonly watchers = new Set<(view: Viewport) => void>();

  constructor(
    private readonly canvases: Canvases,
    private frame: Frame,
    private readonly inHand: () => InHand,
    private readonly drawn: () => void = () => {},
  ) {
    this.pens = { media: penOf(canvases.media), marks: penOf(canvases.marks) };
    this.overlay = new Overlay(penOf(canvases.overlay), this.brushes);
  }

  dispose(): void {
    cancelAnimationFrame(this.frameRequest);
    this.watchers.clear();
  }

  get viewport(): Viewport {
    return this.view;
  }

  /** Hears of every new view; what is returned stops it. */
  watch(watcher: (view: Viewport) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Another image, or the same one at last decoded. */
  showPicture(picture: CanvasImageSource | null, frame: Frame): void {
    const isOther = frame.width !== this.frame.width || frame.height !== this.frame.height;
    this.picture = picture;
    this.frame = frame;
    if (isOther) this.fit();
    this.request("media");
  }

  showMarks(document: Document, definition: Definition): void {
    const damage = this.scene.update(document, definition);
    if (damage === null || damage.length > 0) this.damaged(damage);
  }

  /** The marks in hand are drawn above the others, so that they can move without them. */
  lift(selection: ReadonlySet<MarkId>): void {
    const next = selection.size <= LIFTED_MAX ? selection : new Set<MarkId>();
    const changed = [...symmetricDifference(this.lifted, next)];
    this.lifted = next;
    if (changed.length > 0) this.damaged(changed.flatMap((id) => this.scene.get(id)?.bounds ?? []));
    this.request("overlay");
  }

  show(showing: Showing): void {
    this.showing = showing;
    this.damaged(null);
    this.request("overlay");
  }

  private damaged(damage: readonly Box[] | null): void {
    if (damage === null || !this.raster.patch(damage, this.lifted, this.showing)) this.isStale = true;
    this.request("marks", "overlay");
  }

  resize(width: number, height: number, ratio: number): void {
    if (width === this.view.width && height === this.view.height && ratio === this.ratio) return;
    this.ratio = ratio;
    for (const canvas of Object.values(this.canvases)) {
      canvas.width = Math.max(Math.round(width * ratio), 1);
      canvas.height = Math.max(Math.round(height * ratio), 1);
    }
    const view = resized(this.view, this.frame, width, height);
    this.move(this.isFitted ? fitting({ ...this.view, width, height }, this.frame) : view, this.isFitted);
    this.isStale = true;
  }

  fit(): void {
    this.move(fitting(this.view, this.frame), true);
  }

  zoom(factor: number, at: StagePoint = this.middle()): void {
    this.move(zoomBy(this.view, this.frame, factor, at));
  }

  zoomTo(scale: number): void {
    this.move(zoomTo(this.view, this.frame, scale, this.middle()));
  }

  pan(dx: number, dy: number): void {
    this.move(panBy(this.view, this.frame, dx, dy));
  }

  reveal(box: Box): void {
    this.move(reveal(this.view, this.frame, box), this.isFitted);
  }

  private middle(): StagePoint {
    return stagePoint(this.view.width / 2, this.view.height / 2);
  }

  private move(view: Viewport, isFitted = false): void {
    this.isFitted = isFitted;
    if (view === this.view) return;
    this.view = view;
    this.movedAt = performance.now();
    this.request("media", "marks", "overlay");
    for (const watcher of this.watchers) watcher(view);
  }

  toImage(at: StagePoint): ImagePoint {
    return toImage(this.view, at);
  }

  /** What is in the middle of the stage. */
  middleOfImage(): ImagePoint {
    return this.toImage(this.middle());
  }

  /** One CSS pixel of the screen, in pixels of the image. */
  get pixel(): number {
    return 1 / this.view.scale;
  }

  /** Asks for layers to be drawn in the next frame. */
  request(...layers: readonly ("media" | "marks" | "overlay")[]): void {
    for (const layer of layers) this.dirty[layer] = true;
    if (this.frameRequest === 0) this.frameRequest = requestAnimationFrame(this.tick);
  }

  private tick = (now: number): void => {
    this.frameRequest = 0;
    const isWaiting = this.keepRaster(now);
    if (this.dirty.media) this.drawMedia();
    if (this.dirty.marks) this.drawMarks();
    if (this.dirty.overlay) this.drawOverlay();
    this.dirty = { media: false, marks: false, overlay: false };
    if (isWaiting || this.isRough) this.request();
    this.drawn();
  };

  /** Paints the bitmap on and begins another where it is needed; true while there is more to do. */
  private keepRaster(now: number): boolean {
    const { raster, view, ratio } = this;
    const isSettled = now - this.movedAt >= SETTLED_MILLISECONDS;
    const isShort = !raster.covers(view);
    const isBlurred = !raster.isSharp(view, ratio) && isSettled;
    // What is painted by now would be of another document: it begins again.
    if (this.isStale || ((isShort || isBlurred) && !raster.isWorking)) {
      this.isStale = false;
      raster.begin(view, ratio, this.lifted);
    }
    if (raster.go(this.showing)) this.dirty.marks = true;
    if (isSettled && this.isRough) this.dirty.media = true;
    return raster.isWorking || !raster.covers(view) || !raster.isSharp(view, ratio);
  }

  private drawMedia(): void {
    const pen = this.pens.media;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
    if (!this.picture) return;
    const { scale, left, top } = this.view;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.imageSmoothingEnabled = scale < SQUARES_SCALE;
    // In motion nobody sees the difference, and it takes half the time.
    this.isRough = performance.now() - this.movedAt < SETTLED_MILLISECONDS;
    pen.imageSmoothingQuality = this.isRough ? "low" : "medium";
    pen.drawImage(this.picture, left, top, this.frame.width * scale, this.frame.height * scale);
  }

  /** Draws the pixels around a point large onto another canvas, with the cross hair on them. */
  magnify(lens: HTMLCanvasElement, at: ImagePoint): void {
    const pen = penOf(lens);
    const scale = Math.max(this.view.scale * this.ratio * LENS_SCALE, LENS_SCALE_MIN);
    const middle = lens.width / 2;
    pen.clearRect(0, 0, lens.width, lens.height);
    pen.imageSmoothingEnabled = false;
    const [left, top] = [middle - at.x * scale, middle - at.y * scale];
    if (this.picture)
      pen.drawImage(this.picture, left, top, this.frame.width * scale, this.frame.height * scale);
    for (const [colour, width] of [
      ["rgb(0 0 0 / 0.5)", 3],
      ["#ffffff", 1],
    ] as const) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.beginPath();
      pen.moveTo(0, middle);
      pen.lineTo(lens.width, middle);
      pen.moveTo(middle, 0);
      pen.lineTo(middle, lens.height);
      pen.stroke();
    }
  }

  private drawMarks(): void {
    const pen = this.pens.marks;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.raster.show(pen, this.view);
  }

  private drawOverlay(): void {
    const { view, ratio, showing } = this;
    this.overlay.draw({ ...this.inHand(), view, ratio, showing, lifted: this.liftedMarks() });
  }

  private liftedMarks(): Seen[] {
    const found = [...this.lifted].flatMap((id) => this.scene.get(id) ?? []);
    return found.filter(({ mark }) => !mark.hidden).sort((one, other) => one.level - other.level);
  }
}

function penOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser draws on no canvas: allow it, or use another one");
  return pen;
}

function* symmetricDifference<T>(one: ReadonlySet<T>, other: ReadonlySet<T>): Generator<T> {
  for (const each of one) if (!other.has(each)) yield each;
  for (const each of other) if (!one.has(each)) yield each;
}
