/** Which part of the image the stage shows: where things are on the screen, zoom, pan and fit. Pure. */

import type { Box } from "../geometry/box";
import { type ImagePoint, imagePoint, type StagePoint, stagePoint } from "../geometry/coordinates";
import { clamp, type Frame } from "../geometry/points";

export interface Viewport {
  /** The stage's size in CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** CSS pixels of the stage for one pixel of the image. */
  readonly scale: number;
  /** Where the image's top left corner is on the stage. */
  readonly left: number;
  readonly top: number;
}

const SCALE_MAX = 64;
const FIT_MARGIN_PIXELS = 24;
/** So much of the stage shows the image however far it is dragged. */
const KEPT_SHARE = 0.3;

export const toImage = (view: Viewport, at: StagePoint): ImagePoint =>
  imagePoint((at.x - view.left) / view.scale, (at.y - view.top) / view.scale);

export const toStage = (view: Viewport, at: ImagePoint): StagePoint =>
  stagePoint(at.x * view.scale + view.left, at.y * view.scale + view.top);

/** The part of the image, or beyond it, that the stage shows. */
export const shownOf = (view: Viewport): Box => ({
  x: -view.left / view.scale,
  y: -view.top / view.scale,
  width: view.width / view.scale,
  height: view.height / view.scale,
});

const scaleMin = (view: Viewport, frame: Frame): number => Math.min(fitScale(view, frame) / 4, 1);

function fitScale(view: Viewport, frame: Frame): number {
  const room = (size: number) => Math.max(size - 2 * FIT_MARGIN_PIXELS, 1);
  return Math.min(room(view.width) / frame.width, room(view.height) / frame.height);
}

function centred(view: Viewport, frame: Frame, scale: number): Viewport {
  // Whole pixels, so that at 100 % every pixel of the image is one of the screen.
  const start = (size: number, length: number) => Math.round((size - length * scale) / 2);
  return { ...view, scale, left: start(view.width, frame.width), top: start(view.height, frame.height) };
}

/** The whole image in the middle; small ones grow, to eight times at most. */
export const fitting = (view: Viewport, frame: Frame): Viewport =>
  centred(view, frame, Math.min(fitScale(view, frame), 8));

/** The view with `at` where it is and another scale. */
export function zoomTo(view: Viewport, frame: Frame, scale: number, at: StagePoint): Viewport {
  const next = clamp(scale, scaleMin(view, frame), SCALE_MAX);
  const still = toImage(view, at);
  const left = at.x - still.x * next;
  const top = at.y - still.y * next;
  // At 100 % on whole pixels, or every pixel is smeared over its neighbours.
  const whole = next === 1 ? Math.round : (value: number) => value;
  return keptIn({ ...view, scale: next, left: whole(left), top: whole(top) }, frame);
}

export const zoomBy = (view: Viewport, frame: Frame, factor: number, at: StagePoint): Viewport =>
  zoomTo(view, frame, view.scale * factor, at);

export const panBy = (view: Viewport, frame: Frame, dx: number, dy: number): Viewport =>
  keptIn({ ...view, left: view.left + dx, top: view.top + dy }, frame);

function keptIn(view: Viewport, frame: Frame): Viewport {
  const kept = (start: number, size: number, length: number) =>
    clamp(start, Math.min(KEPT_SHARE * size, length) - length, size - Math.min(KEPT_SHARE * size, length));
  return {
    ...view,
    left: kept(view.left, view.width, frame.width * view.scale),
    top: kept(view.top, view.height, frame.height * view.scale),
  };
}

/** The same view on a stage of another size: what was in the middle stays there. */
export function resized(view: Viewport, frame: Frame, width: number, height: number): Viewport {
  const dx = Math.round((width - view.width) / 2);
  const dy = Math.round((height - view.height) / 2);
  return panBy({ ...view, width, height }, frame, dx, dy);
}

/** The view moved as little as it takes to show a box; zoomed out where it is too large. */
export function reveal(view: Viewport, frame: Frame, box: Box): Viewport {
  const shown = shownOf(view);
  if (box.width > shown.width || box.height > shown.height) {
    const room = (size: number, length: number) => (size - 2 * FIT_MARGIN_PIXELS) / Math.max(length, 1);
    const scale = Math.min(room(view.width, box.width), room(view.height, box.height));
    const middle = toStage(view, imagePoint(box.x + box.width / 2, box.y + box.height / 2));
    const moved = panBy(view, frame, view.width / 2 - middle.x, view.height / 2 - middle.y);
    return zoomTo(moved, frame, scale, stagePoint(view.width / 2, view.height / 2));
  }
  const lack = (start: number, size: number, from: number, length: number) =>
    start < from ? from - start : Math.min(from + length - start - size, 0);
  const dx = lack(box.x, box.width, shown.x, shown.width) * view.scale;
  const dy = lack(box.y, box.height, shown.y, shown.height) * view.scale;
  return dx === 0 && dy === 0 ? view : panBy(view, frame, dx, dy);
}
