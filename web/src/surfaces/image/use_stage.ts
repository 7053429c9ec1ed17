/** The stage and the hand of one surface, kept over drawings and told of everything that changes. */

import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { usePersisted } from "@/app/persisted";
import type { ImagePoint } from "@/engine/geometry/coordinates";
import type { Brush } from "@/engine/shapes/tool";
import { Hand } from "@/engine/stage/hand";
import type { Held, Host, Said } from "@/engine/stage/host";
import { listenTo } from "@/engine/stage/input";
import { Stage } from "@/engine/stage/stage";
import type { SurfaceProps } from "@/surfaces/surface";
import { frameOf, type Picture } from "./picture";
import { shownPins } from "./pins";
import { imageSettings } from "./settings";
import { usePalette } from "./theme";
import { wordsFor } from "./words";

export interface Mounted {
  readonly stage: Stage;
  readonly hand: Hand;
}

export interface StageRefs {
  readonly room: RefObject<HTMLDivElement | null>;
  readonly media: RefObject<HTMLCanvasElement | null>;
  readonly marks: RefObject<HTMLCanvasElement | null>;
  readonly overlay: RefObject<HTMLCanvasElement | null>;
  /** What has the focus and hears of pointers. */
  readonly application: RefObject<HTMLDivElement | null>;
}

/** What is heard of many times a second: said to listeners, so that React draws nothing. */
export interface Pointed {
  readonly at: ImagePoint | null;
  readonly size: string | null;
}

export type Watcher = (pointed: Pointed) => void;

const QUIET_MILLISECONDS = 400;

export function useStage(props: SurfaceProps, picture: Picture, refs: StageRefs) {
  const latest = useRef(props);
  latest.current = props;
  const watchers = useRef(new Set<Watcher>());
  const [brush, setBrush] = useState<Brush | null>(null);
  const [mounted, setMounted] = useState<Mounted | null>(null);
  const held = useHeld(props);
  const firstHeld = useRef(held);
  const tellPainted = usePainted(props, picture);

  useLayoutEffect(() => {
    const [room, application] = [refs.room.current, refs.application.current];
    const [media, marks, overlay] = [refs.media.current, refs.marks.current, refs.overlay.current];
    if (!(room && application && media && marks && overlay)) return;
    const { frame } = firstHeld.current;
    const drawn = () => {
      application.style.cursor = hand.cursor;
      tellPainted.current();
    };
    const stage: Stage = new Stage({ media, marks, overlay }, frame, () => hand.seen(), drawn);
    const hand = new Hand(stage, firstHeld.current, hostOf(latest, watchers.current, setBrush));
    const endPointers = listenTo(application, gesturesOf(stage, hand));
    const endSizes = followSize(room, stage);
    setMounted({ stage, hand });
    return () => {
      endPointers();
      endSizes();
      stage.dispose();
    };
  }, [refs, tellPainted]);

  useLayoutEffect(
    () => mounted?.stage.showPicture(picture.source, held.frame),
    [mounted, picture.source, held.frame],
  );
  useLayoutEffect(() => {
    mounted?.stage.showMarks(held.document, held.definition);
    mounted?.stage.lift(held.selection);
    mounted?.hand.update(held);
  }, [mounted, held]);
  useShowing(mounted, refs.media);
  return { mounted, watchers: watchers.current, brush };
}

function useHeld(props: SurfaceProps): Held {
  const { task, definition, document, selection, tool, label, readOnly, pins } = props;
  const [{ snaps }] = usePersisted(imageSettings);
  const palette = usePalette();
  const { width, height } = frameOf(task);
  return useMemo(
    () => ({
      definition,
      document,
      selection,
      tool,
      label,
      readOnly,
      snaps,
      palette,
      frame: { width, height },
      pins: shownPins(pins, document),
    }),
    [definition, document, selection, tool, label, readOnly, snaps, palette, width, height, pins],
  );
}

/** Says once a task that its first pixels are on the screen. */
function usePainted(props: SurfaceProps, picture: Picture): RefObject<() => void> {
  const told = useRef<string | null>(null);
  const tell = useRef(() => {});
  tell.current = () => {
    // An image that cannot be had keeps nobody from going on.
    if (picture.state === "loading" || told.current === props.task.id) return;
    told.current = props.task.id;
    props.painted();
  };
  useEffect(() => {
    if (picture.state === "failed") tell.current();
  }, [picture.state]);
  return tell;
}

function useShowing(mounted: Mounted | null, media: RefObject<HTMLCanvasElement | null>): void {
  const [{ opacity, patterns, letters, brightness, contrast }] = usePersisted(imageSettings);
  useEffect(() => mounted?.stage.show({ opacity, patterns, letters }), [mounted, opacity, patterns, letters]);
  useEffect(() => {
    const isPlain = brightness === 1 && contrast === 1;
    const filter = isPlain ? "" : `brightness(${brightness}) contrast(${contrast})`;
    if (media.current) media.current.style.filter = filter;
  }, [media, brightness, contrast]);
}

function hostOf(
  latest: RefObject<SurfaceProps>,
  watchers: ReadonlySet<Watcher>,
  brushed: (brush: Brush | null) => void,
): Host {
  let pointed: Pointed = { at: null, size: null };
  const tell = (change: Partial<Pointed>) => {
    pointed = { ...pointed, ...change };
    for (const watcher of watchers) watcher(pointed);
  };
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const say = (said: Said) => {
    clearTimeout(waiting);
    const words = wordsFor(said);
    // While an arrow key is held, only where it ends is worth hearing.
    if (said.what === "at") waiting = setTimeout(() => latest.current.announce(words), QUIET_MILLISECONDS);
    else latest.current.announce(words);
  };
  return {
    say,
    brushed,
    perform: (action, together) => latest.current.perform(action, together),
    select: (ids) => latest.current.select(ids),
    setTool: (tool) => latest.current.setTool(tool),
    pinAt: (place) => latest.current.pinAt(place),
    pointed: (at) => tell({ at }),
    shaped: (size) => {
      if (size !== pointed.size) tell({ size });
    },
  };
}

function gesturesOf(stage: Stage, hand: Hand) {
  return {
    press: hand.press.bind(hand),
    move: hand.move.bind(hand),
    release: hand.release.bind(hand),
    double: hand.double.bind(hand),
    cancel: hand.cancel.bind(hand),
    leave: hand.leave.bind(hand),
    pan: stage.pan.bind(stage),
    zoom: stage.zoom.bind(stage),
    pans: () => hand.isPanning,
  };
}

function followSize(room: HTMLElement, stage: Stage): () => void {
  const measure = () => stage.resize(room.clientWidth, room.clientHeight, devicePixelRatio);
  measure();
  const watcher = new ResizeObserver(measure);
  watcher.observe(room);
  window.addEventListener("resize", measure);
  return () => {
    watcher.disconnect();
    window.removeEventListener("resize", measure);
  };
}
