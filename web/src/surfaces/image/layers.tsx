/** The layers of a stage in the page: what is looked at, and above it what has the focus and hears of the pointer. */

import { type ComponentProps, useRef } from "react";
import type { StageRefs } from "./use_stage";

export function useStageRefs(): StageRefs {
  const room = useRef<HTMLDivElement>(null);
  const media = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const application = useRef<HTMLDivElement>(null);
  return useRef({ room, media, marks, overlay, application }).current;
}

interface LayersProps extends ComponentProps<"div"> {
  readonly refs: StageRefs;
  readonly label: string;
  /** The id of what says how to work here by keys. */
  readonly describedBy: string;
}

export const Layers = ({ refs, label, describedBy, ...handlers }: LayersProps) => (
  <>
    <div aria-hidden="true">
      <canvas ref={refs.media} className="absolute inset-0 size-full" />
      <canvas ref={refs.marks} className="absolute inset-0 size-full" />
    </div>
    <div
      ref={refs.application}
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keys
      tabIndex={0}
      aria-label={label}
      aria-describedby={describedBy}
      className="absolute inset-0 touch-none select-none outline-none focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus"
      {...handlers}
    >
      <canvas ref={refs.overlay} className="size-full" />
    </div>
  </>
);
