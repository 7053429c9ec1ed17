/** The frame with its boxes: the stage of images, over one frame of the tracks. */

import { type RefObject, useEffect, useMemo } from "react";
import { t } from "@/app/words";
import { isRecord } from "@/engine/document/answer";
import type { Action } from "@/engine/document/values";
import type { Player, PlayerState } from "@/engine/video/player";
import { BOX, boxDefinition, onTracks, projected, TRACKS } from "@/engine/video/projection";
import { useImageCommands } from "../image/commands";
import { Layers, useStageRefs } from "../image/layers";
import type { Picture } from "../image/picture";
import { Readout } from "../image/readout";
import { type Mounted, useStage } from "../image/use_stage";
import type { SurfaceProps } from "../surface";
import type { Clip } from "./use_player";

export interface FrameStageProps extends SurfaceProps {
  readonly clip: Clip;
  readonly player: Player | null;
  readonly state: PlayerState;
}

export function FrameStage(props: FrameStageProps) {
  const { clip, player, state, tool } = props;
  const refs = useStageRefs();
  const boxes = useBoxes(props);
  const { mounted, watchers } = useStage(boxes, usePicture(player, state), refs);
  const hasFocus = () => document.activeElement === refs.application.current;
  const focus = () => refs.application.current?.focus({ preventScroll: true });
  const lastTool = TRACKS in props.definition.tools ? BOX : null;
  useImageCommands({ mounted, props: boxes, lastTool, hasFocus, focus });
  useDrawing(player, tool === TRACKS, refs.application);
  useLifted(mounted, boxes);
  const isLate = state.shown !== state.frame && !state.playing;
  return (
    <div
      ref={refs.room}
      // What is touched is what is seen: it stays while it is.
      onPointerDownCapture={() => player?.pause()}
      className="relative min-h-0 flex-1 overflow-hidden bg-media"
      data-testid="frame"
      data-shown={state.shown}
      data-frame={state.frame}
      data-source={state.source}
      aria-busy={isLate}
    >
      <Layers
        refs={refs}
        label={t("Frame {frame} of {count}", { frame: state.frame, count: clip.timeline.frameCount })}
        describedBy="video-keys"
      />
      <p id="video-keys" className="sr-only">
        {t(
          "D and F step through frames. N begins a track: arrow keys move the cross hair, Enter sets a corner. K makes a keyframe, O ends visibility; Tab goes to the next box, arrow keys then move it.",
        )}
      </p>
      {mounted && <Readout mounted={mounted} watchers={watchers} />}
    </div>
  );
}

/** The picture of the frame that is shown; a video that cannot be had keeps nobody from going on. */
function usePicture(player: Player | null, state: PlayerState): Picture {
  return useMemo(() => {
    const source = (state.shown >= 0 && player?.picture?.image) || null;
    const isFailed = state.failure !== null && state.shown < 0;
    return { address: null, source, state: source ? "ready" : isFailed ? "failed" : "loading" };
  }, [player, state.shown, state.failure]);
}

/** What the stage of images is given: the boxes of the frame that is seen, and their edits brought to the tracks. */
function useBoxes(props: FrameStageProps): SurfaceProps {
  const { clip, state, document, definition, selection, tool, pins } = props;
  const frame = Math.max(0, state.shown);
  const boxes = useMemo(
    () => projected(document, frame, clip.timeline, selection),
    [document, frame, clip, selection],
  );
  const ofBoxes = useMemo(() => boxDefinition(definition), [definition]);
  const pinned = useMemo(
    () => pins.filter(({ place }) => isRecord(place) && place.frame === frame),
    [pins, frame],
  );
  return {
    ...props,
    document: boxes,
    definition: ofBoxes,
    pins: pinned,
    tool: tool === TRACKS ? BOX : null,
    setTool: (chosen) => props.setTool(chosen === BOX ? TRACKS : chosen),
    pinAt: (place) => props.pinAt(isRecord(place) ? { frame, ...place } : { frame }),
    perform: (action: Action, together?: string) => {
      props.perform(onTracks(action, document, frame, clip.timeline), together && `${together} at ${frame}`);
      // A track goes on at other frames: the pointer is wanted next, and not another box.
      if (action.kind === "add") props.setTool(null);
    },
  };
}

/** Drawing stops the clip and takes the keys. */
function useDrawing(
  player: Player | null,
  isDrawing: boolean,
  application: RefObject<HTMLElement | null>,
): void {
  useEffect(() => {
    if (!isDrawing) return;
    player?.pause();
    application.current?.focus({ preventScroll: true });
  }, [player, isDrawing, application]);
}

/** All boxes move from frame to frame: none rests in the bitmap of those that stay. */
function useLifted(mounted: Mounted | null, { document }: SurfaceProps): void {
  useEffect(() => {
    mounted?.stage.lift(new Set((document.marks[BOX] ?? []).map(({ id }) => id)));
  }, [mounted, document]);
}
