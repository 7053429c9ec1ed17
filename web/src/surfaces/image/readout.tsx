/** What is read off the stage: where the pointer is, how large the shape in hand is, how far it is zoomed in. */

import { useEffect, useRef } from "react";
import { t } from "@/app/words";
import type { Mounted, Watcher } from "./use_stage";

interface ReadoutProps {
  readonly mounted: Mounted;
  readonly watchers: Set<Watcher>;
}

/** Written by hand, since it changes with every move of the pointer. */
export function Readout({ mounted, watchers }: ReadoutProps) {
  const line = useRef<HTMLDivElement>(null);
  const scale = useRef<HTMLSpanElement>(null);
  const place = useRef<HTMLSpanElement>(null);
  const size = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const { stage } = mounted;
    const showScale = () => {
      const { viewport } = stage;
      write(scale.current, `${Math.round(viewport.scale * 100)} %`);
      Object.assign(line.current?.dataset ?? {}, {
        scale: String(viewport.scale),
        left: String(viewport.left),
        top: String(viewport.top),
      });
    };
    const showPointed: Watcher = ({ at, size: measured }) => {
      write(place.current, at ? `${at.x.toFixed(1)}, ${at.y.toFixed(1)}` : "");
      write(size.current, measured ?? "");
    };
    showScale();
    const stop = stage.watch(showScale);
    watchers.add(showPointed);
    return () => {
      stop();
      watchers.delete(showPointed);
    };
  }, [mounted, watchers]);
  return (
    <div
      ref={line}
      data-testid="view"
      className="pointer-events-none absolute bottom-2 left-2 flex h-6 items-center gap-3 rounded-md border border-line bg-raised/90 px-2 text-xs text-quiet tabular-nums shadow-card"
    >
      <span ref={scale} title={t("Zoom")} />
      <span ref={place} className="not-empty:min-w-20" />
      <span ref={size} className="font-medium text-ink" />
    </div>
  );
}

function write(element: HTMLElement | null, words: string): void {
  if (element && element.textContent !== words) element.textContent = words;
}
