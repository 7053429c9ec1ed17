/** Pointer and wheel events as gestures of the stage: pan, pinch, zoom, and what is left for the tool. */

import { type StagePoint, stagePoint } from "../geometry/coordinates";

export interface Touch {
  readonly at: StagePoint;
  readonly shift: boolean;
  readonly alt: boolean;
  /** A finger, which covers what it points at. */
  readonly coarse: boolean;
}

export interface Gestures {
  readonly press: (touch: Touch) => void;
  readonly move: (touch: Touch) => void;
  readonly release: (touch: Touch) => void;
  readonly double: (touch: Touch) => void;
  readonly cancel: () => void;
  readonly leave: () => void;
  readonly pan: (dx: number, dy: number) => void;
  readonly zoom: (factor: number, at: StagePoint) => void;
  /** Whether a press of the main button pans, as while the space bar is held. */
  readonly pans: () => boolean;
}

const WHEEL_ZOOM = 0.0016;
const PINCH_ZOOM = 0.01;
const LINE_PIXELS = 18;
const PAGE_PIXELS = 400;
const WHEEL_MAX = 240;

const MAIN = 0;
const MIDDLE = 1;

/** Listens until it is let go of by what is returned. */
export function listenTo(element: HTMLElement, gestures: Gestures): () => void {
  const listener = new Pointers(element, gestures);
  const ending = new AbortController();
  const { signal } = ending;
  element.addEventListener("pointerdown", listener.down, { signal });
  element.addEventListener("pointermove", listener.moved, { signal });
  element.addEventListener("pointerup", listener.up, { signal });
  element.addEventListener("pointercancel", listener.lost, { signal });
  element.addEventListener("pointerleave", () => gestures.leave(), { signal });
  element.addEventListener("dblclick", (event) => gestures.double(listener.touchOf(event)), { signal });
  element.addEventListener("wheel", listener.wheel, { signal, passive: false });
  element.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
  return () => ending.abort();
}

class Pointers {
  /** Fingers on the glass, or the one mouse or pen whose button is down. */
  private readonly held = new Map<number, StagePoint>();
  private isPanning = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly gestures: Gestures,
  ) {}

  touchOf = (event: MouseEvent): Touch => {
    const { left, top } = this.element.getBoundingClientRect();
    return {
      at: stagePoint(event.clientX - left, event.clientY - top),
      shift: event.shiftKey,
      alt: event.altKey,
      coarse: event instanceof PointerEvent && event.pointerType === "touch",
    };
  };

  down = (event: PointerEvent): void => {
    if (event.button !== MAIN && event.button !== MIDDLE) return;
    event.preventDefault();
    this.element.focus({ preventScroll: true });
    this.element.setPointerCapture(event.pointerId);
    const touch = this.touchOf(event);
    this.held.set(event.pointerId, touch.at);
    if (this.held.size === 2) this.gestures.cancel();
    this.isPanning = event.button === MIDDLE || this.gestures.pans() || this.held.size > 1;
    if (!this.isPanning) this.gestures.press(touch);
  };

  moved = (event: PointerEvent): void => {
    const before = this.held.get(event.pointerId);
    if (this.held.size > 1 && before) {
      this.pinch(event.pointerId, before, this.touchOf(event).at);
    } else if (before && this.isPanning) {
      const { at } = this.touchOf(event);
      this.held.set(event.pointerId, at);
      this.gestures.pan(at.x - before.x, at.y - before.y);
    } else {
      // A fast pen has several places between two frames: a stroke goes through all of them.
      const all = before ? event.getCoalescedEvents() : [];
      for (const one of all.length > 0 ? all : [event]) this.gestures.move(this.touchOf(one));
    }
  };

  private pinch(id: number, before: StagePoint, now: StagePoint): void {
    const other = [...this.held].find(([one]) => one !== id)?.[1];
    this.held.set(id, now);
    if (!other) return;
    const spread = (at: StagePoint) => Math.max(Math.hypot(at.x - other.x, at.y - other.y), 1);
    const middle = stagePoint((now.x + other.x) / 2, (now.y + other.y) / 2);
    this.gestures.zoom(spread(now) / spread(before), middle);
    this.gestures.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
  }

  up = (event: PointerEvent): void => {
    const wasPanning = this.isPanning;
    if (!this.held.delete(event.pointerId)) return;
    // The second finger of a pinch goes on panning, it never draws.
    if (this.held.size === 0) this.isPanning = false;
    if (!wasPanning) this.gestures.release(this.touchOf(event));
  };

  lost = (event: PointerEvent): void => {
    if (!this.held.delete(event.pointerId)) return;
    if (this.held.size === 0) this.isPanning = false;
    this.gestures.cancel();
  };

  wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const unit = [1, LINE_PIXELS, PAGE_PIXELS][event.deltaMode] ?? 1;
    if (event.shiftKey && !event.ctrlKey) {
      const along = event.deltaX || event.deltaY;
      this.gestures.pan(-along * unit, 0);
      return;
    }
    // A touchpad's pinch comes as a wheel with Ctrl, in finer steps.
    const rate = event.ctrlKey && Math.abs(event.deltaY) < 50 ? PINCH_ZOOM : WHEEL_ZOOM;
    const by = Math.max(-WHEEL_MAX, Math.min(WHEEL_MAX, event.deltaY * unit));
    this.gestures.zoom(Math.exp(-by * rate), this.touchOf(event).at);
  };
}
