/** What lies above the marks at rest: those in hand with their handles, the draft, the cross hair, pins. */

import type { Geometry, MarkId } from "../document/values";
import type { Box } from "../geometry/box";
import { type ImagePoint, imagePoint } from "../geometry/coordinates";
import { pictureOf, readMask } from "../shapes/mask/shape";
import type { Handle, Look, Shape } from "../shapes/shape";
import type { Brush, Draft } from "../shapes/tool";
import type { Brushes, Showing } from "./brushes";
import { anchorOf, type Seen } from "./scene";
import type { Viewport } from "./viewport";

/** Colours of the page's theme, as the canvas needs them. */
export interface Palette {
  readonly accent: string;
  readonly bad: string;
  readonly warn: string;
  readonly quiet: string;
}

export interface ShownPin {
  readonly id: string;
  readonly at: ImagePoint;
  readonly title: string;
  readonly open: boolean;
}

export interface OverlayScene {
  readonly view: Viewport;
  readonly ratio: number;
  readonly showing: Showing;
  readonly palette: Palette;
  readonly lifted: readonly Seen[];
  /** Geometries under the hand, in place of the document's. */
  readonly preview: ReadonlyMap<MarkId, Geometry>;
  readonly selection: ReadonlySet<MarkId>;
  readonly hovered: Seen | null;
  readonly handles: boolean;
  readonly grip: string | null;
  readonly draft: {
    readonly shape: Shape;
    readonly draft: Draft;
    readonly look: Look;
    readonly faulty: boolean;
  } | null;
  readonly painted: Seen | null;
  readonly crossHair: ImagePoint | null;
  readonly snapped: ImagePoint | null;
  readonly marquee: Box | null;
  readonly pins: readonly ShownPin[];
  readonly hoveredPin: string | null;
}

type Pen = CanvasRenderingContext2D;

export class Overlay {
  constructor(
    private readonly pen: Pen,
    private readonly brushes: Brushes,
  ) {}

  draw(scene: OverlayScene): void {
    const { pen } = this;
    const { view, ratio } = scene;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
    pen.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.left, ratio * view.top);
    const pixel = 1 / view.scale;
    const brush = scene.draft?.draft.brush;
    // First, since the eraser takes away what it is drawn on.
    if (scene.painted && brush) this.paintedMask(scene.painted, brush, scene, pixel);
    if (scene.hovered && !scene.selection.has(scene.hovered.id)) this.glow(scene.hovered, pixel);
    for (const seen of scene.lifted) if (seen.id !== scene.painted?.id) this.lifted(seen, scene, pixel);
    if (scene.handles) for (const seen of scene.lifted) this.handles(seen, scene, pixel);
    if (scene.draft) this.draft(scene.draft, scene, pixel);
    if (scene.marquee) marquee(pen, scene.marquee, scene.palette, pixel);
    if (scene.crossHair) crossHair(pen, scene.crossHair, view);
    if (scene.snapped) diamond(pen, scene.snapped, scene.palette.accent, pixel);
    for (const pin of scene.pins) drawPin(pen, pin, scene, pixel);
    pen.setLineDash([]);
  }

  private lookOf(seen: Seen, scene: OverlayScene, pixel: number): Look {
    const look = this.brushes.look(seen, scene.showing, pixel, this.pen);
    return { ...look, lineWidth: 2.5 * pixel, opacity: Math.min(look.opacity + 0.08, 1) };
  }

  private lifted(seen: Seen, scene: OverlayScene, pixel: number): void {
    const { pen } = this;
    const geometry = scene.preview.get(seen.id) ?? seen.mark.geometry;
    const look = this.lookOf(seen, scene, pixel);
    const isFaulty = scene.preview.has(seen.id) && seen.shape.fault(geometry) !== null;
    if (scene.selection.has(seen.id) && seen.tool !== "mask") {
      // Dark, then light, then its colour: one of them stands out on any picture.
      const casing = { ...look, opacity: 0, pattern: null, dashed: false };
      seen.shape.draw(pen, geometry, { ...casing, colour: "rgb(0 0 0 / 0.5)", lineWidth: 6.5 * pixel });
      seen.shape.draw(pen, geometry, { ...casing, colour: "#ffffff", lineWidth: 4.5 * pixel });
    }
    seen.shape.draw(pen, geometry, isFaulty ? { ...look, colour: scene.palette.bad, dashed: true } : look);
    if (seen.tool === "mask" && scene.selection.has(seen.id)) frame(pen, seen.shape.bounds(geometry), look);
    if (!scene.showing.letters) return;
    const bounds = seen.shape.bounds(geometry);
    const anchor = anchorOf(seen.shape, geometry, bounds);
    this.brushes.chip(pen, { ...seen, bounds, anchor }, pixel, scene.ratio);
  }

  private glow(seen: Seen, pixel: number): void {
    const look = {
      colour: "#ffffff",
      pixel,
      lineWidth: 4 * pixel,
      opacity: 0.1,
      pattern: null,
      dashed: false,
    };
    this.pen.globalAlpha = 0.85;
    if (seen.tool === "mask") frame(this.pen, seen.bounds, { ...look, edges: [] });
    else seen.shape.draw(this.pen, seen.mark.geometry, { ...look, edges: seen.edges });
    this.pen.globalAlpha = 1;
    seen.shape.draw(this.pen, seen.mark.geometry, {
      ...look,
      colour: seen.sign.colour,
      lineWidth: 2 * pixel,
      edges: seen.edges,
      dashed: seen.mark.suggested === true,
    });
  }

  private handles(seen: Seen, scene: OverlayScene, pixel: number): void {
    if (!scene.selection.has(seen.id) || scene.selection.size > 1 || seen.mark.locked) return;
    const geometry = scene.preview.get(seen.id) ?? seen.mark.geometry;
    const all = seen.shape.handles(geometry, pixel);
    const turn = all.find(({ kind }) => kind === "turn");
    const top = all.find(({ id }) => id === "n");
    if (turn && top) line(this.pen, top.at, turn.at, seen.sign.colour, pixel);
    for (const handle of all) {
      drawHandle(this.pen, handle, seen.sign.colour, pixel, handle.id === scene.grip);
      if (handle.kind === "point") caption(this.pen, handle.id, handle.at, pixel, handle.faint === true);
    }
  }

  private draft(
    { shape, draft, look, faulty }: NonNullable<OverlayScene["draft"]>,
    scene: OverlayScene,
    pixel: number,
  ) {
    const { pen } = this;
    if (draft.geometry) {
      shape.draw(pen, draft.geometry, {
        ...look,
        colour: "#ffffff",
        lineWidth: 4 * pixel,
        opacity: 0,
        pattern: null,
      });
      shape.draw(pen, draft.geometry, faulty ? { ...look, colour: scene.palette.bad, dashed: true } : look);
    }
    draft.points.forEach((at, index) => {
      const isClosing = index === 0 && draft.closing;
      dot(pen, at, (isClosing ? 7 : 3.5) * pixel, look.colour, pixel);
    });
    if (draft.brush) brushRing(pen, draft.brush, look, pixel);
    else if (draft.next && scene.crossHair)
      caption(pen, draft.next, scene.crossHair, pixel, draft.next.startsWith("("));
  }

  private paintedMask(seen: Seen, brush: Brush, scene: OverlayScene, pixel: number): void {
    const { pen } = this;
    const mask = readMask(seen.mark.geometry);
    const look = this.lookOf(seen, scene, pixel);
    if (mask) {
      pen.globalAlpha = Math.min(look.opacity * 2 + 0.25, 1);
      pen.imageSmoothingEnabled = false;
      pen.drawImage(pictureOf(mask, look.colour), mask.bounds.x, mask.bounds.y);
      pen.globalAlpha = 1;
    }
    if (!brush.erases) return;
    pen.globalCompositeOperation = "destination-out";
    strokes(pen, brush, "#000000");
    pen.globalCompositeOperation = "source-over";
  }
}

/** The strokes as they will be, before they become pixels. */
function strokes(pen: Pen, brush: Brush, colour: string): void {
  const [first] = brush.path;
  if (!first) return;
  pen.beginPath();
  pen.moveTo(first.x, first.y);
  for (const point of brush.path) pen.lineTo(point.x, point.y);
  pen.setLineDash([]);
  pen.lineCap = pen.lineJoin = "round";
  pen.lineWidth = 2 * brush.radius;
  pen.strokeStyle = pen.fillStyle = colour;
  if (brush.filled) pen.fill();
  else pen.stroke();
}

function brushRing(pen: Pen, brush: Brush, look: Look, pixel: number): void {
  if (!brush.erases) {
    pen.globalAlpha = 0.55;
    strokes(pen, brush, look.colour);
    pen.globalAlpha = 1;
  }
  if (!brush.at || brush.filled) return;
  for (const [colour, width] of [
    ["#000000", 3],
    [brush.erases ? "#ffffff" : look.colour, 1.5],
  ] as const) {
    pen.beginPath();
    pen.arc(brush.at.x, brush.at.y, Math.max(brush.radius, pixel), 0, 2 * Math.PI);
    pen.setLineDash(brush.erases ? [4 * pixel, 3 * pixel] : []);
    pen.strokeStyle = colour;
    pen.lineWidth = width * pixel;
    pen.stroke();
  }
}

function frame(pen: Pen, { x, y, width, height }: Box, look: Look): void {
  pen.strokeStyle = look.colour;
  pen.lineWidth = look.pixel;
  pen.setLineDash([3 * look.pixel, 3 * look.pixel]);
  pen.strokeRect(x, y, width, height);
  pen.setLineDash([]);
}

function line(pen: Pen, from: ImagePoint, to: ImagePoint, colour: string, pixel: number): void {
  pen.beginPath();
  pen.moveTo(from.x, from.y);
  pen.lineTo(to.x, to.y);
  pen.setLineDash([]);
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5 * pixel;
  pen.stroke();
}

function dot(pen: Pen, at: ImagePoint, radius: number, colour: string, pixel: number): void {
  pen.beginPath();
  pen.arc(at.x, at.y, radius, 0, 2 * Math.PI);
  pen.setLineDash([]);
  pen.fillStyle = "#ffffff";
  pen.fill();
  pen.strokeStyle = colour;
  pen.lineWidth = 2 * pixel;
  pen.stroke();
}

function drawHandle(pen: Pen, handle: Handle, colour: string, pixel: number, isGripped: boolean): void {
  const { at, kind } = handle;
  if (kind === "corner" || kind === "side") {
    const half = (kind === "corner" ? 4.5 : 3.5) * pixel;
    pen.beginPath();
    pen.rect(at.x - half, at.y - half, 2 * half, 2 * half);
    pen.setLineDash([]);
    pen.fillStyle = "#ffffff";
    pen.fill();
    pen.strokeStyle = colour;
    pen.lineWidth = 1.75 * pixel;
    pen.stroke();
    return;
  }
  const radius = { turn: 5.5, vertex: isGripped ? 6 : 4.5, middle: 3, point: isGripped ? 7 : 5.5 }[kind];
  if (kind === "middle") pen.globalAlpha = 0.75;
  dot(pen, at, radius * pixel, colour, pixel);
  pen.globalAlpha = 1;
  if (isGripped || (kind === "point" && !handle.faint)) dot(pen, at, 2 * pixel, colour, pixel);
}

/** A few words beside a point, readable on any picture. */
function caption(pen: Pen, words: string, at: ImagePoint, pixel: number, faint: boolean): void {
  pen.font = `${faint ? "italic " : ""}600 ${11 * pixel}px system-ui, sans-serif`;
  pen.textAlign = "left";
  pen.textBaseline = "alphabetic";
  pen.lineJoin = "round";
  pen.setLineDash([]);
  pen.strokeStyle = "rgb(0 0 0 / 0.75)";
  pen.lineWidth = 3 * pixel;
  pen.strokeText(words, at.x + 8 * pixel, at.y - 6 * pixel);
  pen.fillStyle = "#ffffff";
  pen.fillText(words, at.x + 8 * pixel, at.y - 6 * pixel);
}

function marquee(pen: Pen, box: Box, palette: Palette, pixel: number): void {
  pen.fillStyle = palette.accent;
  pen.globalAlpha = 0.14;
  pen.fillRect(box.x, box.y, box.width, box.height);
  pen.globalAlpha = 1;
  pen.strokeStyle = palette.accent;
  pen.lineWidth = 1.25 * pixel;
  pen.setLineDash([]);
  pen.strokeRect(box.x, box.y, box.width, box.height);
}

/** Two lines across the stage, light on dark, so that they show on every picture. */
function crossHair(pen: Pen, at: ImagePoint, view: Viewport): void {
  const [left, top] = [-view.left / view.scale, -view.top / view.scale];
  const pixel = 1 / view.scale;
  for (const [colour, width] of [
    ["rgb(0 0 0 / 0.45)", 3],
    ["rgb(255 255 255 / 0.85)", 1],
  ] as const) {
    pen.beginPath();
    pen.moveTo(left, at.y);
    pen.lineTo(left + view.width * pixel, at.y);
    pen.moveTo(at.x, top);
    pen.lineTo(at.x, top + view.height * pixel);
    pen.setLineDash([]);
    pen.strokeStyle = colour;
    pen.lineWidth = width * pixel;
    pen.stroke();
  }
}

function diamond(pen: Pen, at: ImagePoint, colour: string, pixel: number): void {
  const half = 7 * pixel;
  pen.beginPath();
  pen.moveTo(at.x, at.y - half);
  pen.lineTo(at.x + half, at.y);
  pen.lineTo(at.x, at.y + half);
  pen.lineTo(at.x - half, at.y);
  pen.closePath();
  pen.setLineDash([]);
  pen.strokeStyle = "#ffffff";
  pen.lineWidth = 3.5 * pixel;
  pen.stroke();
  pen.strokeStyle = colour;
  pen.lineWidth = 2 * pixel;
  pen.stroke();
}

function drawPin(pen: Pen, pin: ShownPin, { palette, hoveredPin }: OverlayScene, pixel: number): void {
  const { at } = pin;
  const radius = 8 * pixel;
  pen.beginPath();
  pen.moveTo(at.x, at.y);
  pen.bezierCurveTo(
    at.x - 12 * pixel,
    at.y - 13 * pixel,
    at.x - radius,
    at.y - 24 * pixel,
    at.x,
    at.y - 24 * pixel,
  );
  pen.bezierCurveTo(at.x + radius, at.y - 24 * pixel, at.x + 12 * pixel, at.y - 13 * pixel, at.x, at.y);
  pen.setLineDash([]);
  pen.fillStyle = pin.open ? palette.warn : palette.quiet;
  pen.fill();
  pen.strokeStyle = "#ffffff";
  pen.lineWidth = 1.5 * pixel;
  pen.stroke();
  dot(pen, imagePoint(at.x, at.y - 15.5 * pixel), 2.5 * pixel, "#ffffff", 0.1 * pixel);
  if (pin.id === hoveredPin)
    caption(pen, pin.title, imagePoint(at.x + 4 * pixel, at.y - 8 * pixel), pixel, !pin.open);
}
