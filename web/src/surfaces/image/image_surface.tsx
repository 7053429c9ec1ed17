/** An image under annotation: the canvases of the stage, the strip of tools beside it, what is read off below. */

import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import { t } from "@/app/words";
import type { ToolName } from "@/engine/document/values";
import { SHAPE_TOOLS } from "@/engine/shapes/all";
import { Button } from "@/kit/button";
import type { SurfaceProps } from "@/surfaces/surface";
import { useImageCommands } from "./commands";
import { Layers, useStageRefs } from "./layers";
import { Magnifier } from "./magnifier";
import { usePicture } from "./picture";
import { Readout } from "./readout";
import { Strip } from "./strip";
import { type Mounted, useStage } from "./use_stage";

export function ImageSurface(props: SurfaceProps) {
  const { task, tool } = props;
  const [picture, tryAgain] = usePicture(task.assetUrl, props.freshAddress);
  const refs = useStageRefs();
  const { mounted, watchers, brush } = useStage(props, picture, refs);
  const lastTool = useLastTool(props);
  const hasFocus = () => keysAreFor(refs.application.current);
  const focus = () => refs.application.current?.focus();
  useImageCommands({ mounted, props, lastTool, hasFocus, focus });
  useNewTask(mounted, task.id);
  const instructions = useId();
  const count = SHAPE_TOOLS.reduce((sum, one) => sum + (props.document.marks[one]?.length ?? 0), 0);
  return (
    <section aria-label={t("Image")} className="flex h-full min-h-0 min-w-0 bg-media">
      <Strip brush={brush} tool={tool} focus={focus} />
      <div ref={refs.room} className="relative min-w-0 flex-1 overflow-hidden">
        <Layers
          refs={refs}
          label={t("Image with {count, plural, =0 {no marks} one {# mark} other {# marks}}", { count })}
          describedBy={instructions}
          {...spaceBar(mounted)}
        />
        <p id={instructions} className="sr-only">
          {t(
            "N begins a shape. Arrow keys move the cross hair, with Shift ten pixels; Space sets a point, Enter begins or finishes, Escape gives up. Tab goes to the next mark, arrow keys then move it.",
          )}
        </p>
        {picture.state === "failed" && <Absent tryAgain={tryAgain} />}
        {mounted && <Magnifier mounted={mounted} watchers={watchers} tool={tool} />}
        {mounted && <Readout mounted={mounted} watchers={watchers} />}
      </div>
    </section>
  );
}

function useLastTool({ tool, definition }: SurfaceProps): ToolName | null {
  const last = useRef<ToolName | null>(null);
  if (tool !== null && SHAPE_TOOLS.includes(tool)) last.current = tool;
  const offered = Object.keys(definition.tools).filter((name) => SHAPE_TOOLS.includes(name));
  return last.current !== null && offered.includes(last.current) ? last.current : (offered[0] ?? null);
}

const TAKES_KEYS = "a[href], button, input, select, textarea, [role=dialog], [tabindex]:not([tabindex='-1'])";

/** Whether keys are meant for the image: it has the focus, or nothing has that takes keys itself. */
export function keysAreFor(application: HTMLElement | null): boolean {
  const focused = document.activeElement;
  return focused === application || !focused?.closest(TAKES_KEYS);
}

/** Another task is seen whole, and begins with nothing half drawn. */
function useNewTask(mounted: Mounted | null, task: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the task says when it is another
  useEffect(() => {
    mounted?.hand.reset();
    mounted?.stage.fit();
  }, [mounted, task]);
}

/** Held, the space bar drags the image; a cross hair moved by keys has it for setting points. */
function spaceBar(mounted: Mounted | null) {
  const pan = (isPanning: boolean) => (event: KeyboardEvent) => {
    if (event.key !== " " || !mounted || (isPanning && mounted.hand.isByKeys && mounted.hand.isDrawing))
      return;
    event.preventDefault();
    mounted.hand.isPanning = isPanning;
    mounted.stage.request();
  };
  return { onKeyDown: pan(true), onKeyUp: pan(false), onBlur: () => mounted?.hand.letGo() };
}

const Absent = ({ tryAgain }: { readonly tryAgain: () => void }) => (
  <div role="alert" className="absolute inset-0 flex items-center justify-center p-6">
    <div className="flex max-w-md flex-col items-center gap-3 rounded-lg border border-line bg-raised p-6 text-center shadow-float">
      <p className="text-base font-medium text-ink">{t("The image cannot be shown")}</p>
      <p className="text-sm text-quiet">
        {t(
          "It could not be fetched, or it is no picture that this browser knows. What you have drawn is kept.",
        )}
      </p>
      <Button look="primary" onClick={tryAgain}>
        {t("Try again")}
      </Button>
    </div>
  </div>
);
