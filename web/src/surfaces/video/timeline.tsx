/** The timeline: which tracks and segments are where, and a slider over the frames. */

import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { t } from "@/app/words";
import { signsOf } from "@/engine/document/colours";
import type { Definition, Document, MarkId } from "@/engine/document/values";
import {
  barAt,
  fitted,
  frameAtX,
  type Lane,
  lanesOf,
  panned,
  RULER_PIXELS,
  showing,
  type TimelineView,
  zoomed,
} from "@/engine/video/lanes";
import type { Timeline as Times } from "@/engine/video/timeline";
import { paintTimeline, type TimelineColours } from "./timeline_painter";
import { frameWords } from "./words";

export interface TimelineProps {
  readonly timeline: Times;
  readonly document: Document;
  readonly definition: Definition;
  readonly selection: ReadonlySet<MarkId>;
  readonly frame: number;
  readonly begun: number | null;
  readonly select: (ids: Iterable<MarkId>) => void;
  readonly seek: (frame: number) => void;
  readonly zoom: RefObject<((factor: number) => void) | null>;
}

const HEIGHT_PIXELS_MAX = 208;
const EMPTY_LANE_PIXELS = 36;

export function Timeline(props: TimelineProps) {
  const { timeline, document, frame } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const lanes = useMemo(() => lanesOf(document), [document]);
  const [view, setView] = useView(timeline, frame, scroller);
  const [scrolled, setScrolled] = useState(0);
  const content = (lanes.at(-1)?.top ?? RULER_PIXELS) + (lanes.at(-1)?.height ?? EMPTY_LANE_PIXELS) + 2;
  const height = Math.min(HEIGHT_PIXELS_MAX, content);
  usePainting(canvas, { ...props, lanes, view, height, scrolled });
  props.zoom.current = (factor) =>
    setView((now) => zoomed(now, factor, middleOf(now, frame), timeline.frameCount));
  useWheel(canvas, (event, x) => {
    if (event.ctrlKey) setView((now) => zoomed(now, Math.exp(-event.deltaY * 0.003), x, timeline.frameCount));
    else if (event.shiftKey || event.deltaX !== 0)
      setView((now) => panned(now, event.deltaX || event.deltaY, timeline.frameCount));
    else return false;
    return true;
  });
  return (
    <div
      ref={scroller}
      className="relative shrink-0 overflow-x-hidden overflow-y-auto border-t border-line bg-surface"
      style={{ height }}
      onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
    >
      <div style={{ height: content }}>
        <canvas
          ref={canvas}
          className="sticky top-0 block w-full cursor-pointer touch-none"
          style={{ height }}
          role="slider"
          tabIndex={0}
          aria-label={t("Timeline")}
          aria-valuemin={0}
          aria-valuemax={timeline.frameCount - 1}
          aria-valuenow={frame}
          aria-valuetext={frameWords(frame, timeline)}
          onKeyDown={(event) => slide(event, frame, timeline, props.seek)}
          {...usePointers({ ...props, lanes, view, scrolled })}
        />
      </div>
    </div>
  );
}

const middleOf = (view: TimelineView, frame: number): number => {
  const x = (frame - view.first + 0.5) * view.perFrame;
  return 112 + Math.min(Math.max(0, x), view.width - 112);
};

/** What a slider does with keys (WAI-ARIA): they stay with it. */
function slide(event: KeyboardEvent, frame: number, timeline: Times, seek: (frame: number) => void): void {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowUp: 1,
    ArrowLeft: -1,
    ArrowDown: -1,
    PageUp: 10,
    PageDown: -10,
    Home: -timeline.frameCount,
    End: timeline.frameCount,
  };
  const step = steps[event.key];
  if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  seek(timeline.clamp(frame + step));
}

function useView(timeline: Times, frame: number, scroller: RefObject<HTMLDivElement | null>) {
  const [view, setView] = useState<TimelineView>(() => fitted(timeline.frameCount, 1000));
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const width = element.clientWidth;
      setView((now) => {
        const wasWhole = now.perFrame <= fitted(timeline.frameCount, now.width).perFrame * 1.001;
        return wasWhole
          ? fitted(timeline.frameCount, width)
          : panned({ ...now, width }, 0, timeline.frameCount);
      });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [timeline, scroller]);
  useEffect(() => setView((now) => showing(now, frame, timeline.frameCount)), [frame, timeline]);
  return [view, setView] as const;
}

type Shown = TimelineProps & {
  readonly lanes: readonly Lane[];
  readonly view: TimelineView;
  readonly scrolled: number;
};

function usePainting(
  canvas: RefObject<HTMLCanvasElement | null>,
  shown: Shown & { readonly height: number },
): void {
  const signOf = useMemo(() => signsOf(shown.definition.labels), [shown.definition]);
  useEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext("2d");
    if (!element || !pen) return;
    const ratio = window.devicePixelRatio;
    const [width, height] = [Math.round(shown.view.width * ratio), Math.round(shown.height * ratio)];
    if (element.width !== width) element.width = width;
    if (element.height !== height) element.height = height;
    const words = {
      hint: t("Nothing is marked yet: N draws a track, [ begins a segment."),
      segmentsHead: t("Segments"),
    };
    paintTimeline(pen, { ...shown, ...words, signOf, colours: coloursOf(element) }, ratio);
  });
}

function coloursOf(element: Element): TimelineColours {
  const style = getComputedStyle(element);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    surface: of("--surface"),
    raised: of("--raised"),
    hover: of("--hover"),
    line: of("--line"),
    ink: of("--ink"),
    quiet: of("--quiet"),
    accent: of("--accent"),
    onAccent: of("--on-accent"),
    font: style.fontFamily,
  };
}

/** A press on the ruler or between bars drags the playhead; on a bar it selects, on a keyframe it goes there too. */
function usePointers({ view, lanes, scrolled, timeline, select, seek }: Shown) {
  const dragging = useRef(false);
  const frameOf = (event: PointerEvent) => timeline.clamp(frameAtX(view, event.nativeEvent.offsetX));
  return {
    onPointerDown: (event: PointerEvent<HTMLCanvasElement>) => {
      if (event.button !== 0) return;
      const { offsetX, offsetY } = event.nativeEvent;
      const found = offsetY < RULER_PIXELS ? null : barAt(lanes, view, offsetX, offsetY + scrolled);
      if (found) {
        select([found.id]);
        if (found.frame !== null) seek(found.frame);
        return;
      }
      dragging.current = true;
      event.currentTarget.setPointerCapture(event.pointerId);
      seek(frameOf(event));
    },
    onPointerMove: (event: PointerEvent<HTMLCanvasElement>) => {
      if (dragging.current) seek(frameOf(event));
    },
    onPointerUp: () => {
      dragging.current = false;
    },
    onPointerCancel: () => {
      dragging.current = false;
    },
  };
}

/** Listens so that the page does not scroll or zoom for what the timeline took. */
function useWheel(
  canvas: RefObject<HTMLCanvasElement | null>,
  turned: (event: WheelEvent, x: number) => boolean,
): void {
  const latest = useRef(turned);
  latest.current = turned;
  useEffect(() => {
    const element = canvas.current;
    const wheel = (event: WheelEvent) => {
      if (latest.current(event, event.offsetX)) event.preventDefault();
    };
    element?.addEventListener("wheel", wheel, { passive: false });
    return () => element?.removeEventListener("wheel", wheel);
  }, [canvas]);
}
