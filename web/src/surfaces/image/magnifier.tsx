/** A lens on the pixels under the cross hair, for corners that have to be exact. */

import { useEffect, useRef } from "react";
import { usePersisted } from "@/app/persisted";
import type { ToolName } from "@/engine/document/values";
import { imageSettings } from "./settings";
import type { Mounted, Watcher } from "./use_stage";

const LENS_PIXELS = 136;

interface MagnifierProps {
  readonly mounted: Mounted;
  readonly watchers: Set<Watcher>;
  readonly tool: ToolName | null;
}

export function Magnifier({ mounted, watchers, tool }: MagnifierProps) {
  const [{ magnifies }] = usePersisted(imageSettings);
  const lens = useRef<HTMLCanvasElement>(null);
  const isShown = magnifies && tool !== null;
  useEffect(() => {
    const canvas = lens.current;
    if (!canvas || !isShown) return;
    canvas.width = canvas.height = Math.round(LENS_PIXELS * devicePixelRatio);
    const show: Watcher = ({ at }) => {
      canvas.hidden = at === null;
      if (at) mounted.stage.magnify(canvas, at);
    };
    watchers.add(show);
    return () => void watchers.delete(show);
  }, [mounted, watchers, isShown]);
  if (!isShown) return null;
  return (
    <canvas
      ref={lens}
      hidden
      className="pointer-events-none absolute right-3 bottom-3 size-34 rounded-full border-2 border-raised shadow-float"
    />
  );
}
