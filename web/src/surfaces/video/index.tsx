/** The surface of videos: the picture of one exact frame with its boxes, the player, the timeline. */

import { useEffect, useMemo, useRef, useState } from "react";
import { useCommands } from "@/app/commands";
import { t } from "@/app/words";
import { SEGMENTS, TRACKS } from "@/engine/video/projection";
import type { SurfaceProps } from "../surface";
import { commandsOf } from "./commands";
import { type Moment, placeInHand } from "./edits";
import { FrameAttributes } from "./frame_attributes";
import { FrameStage } from "./frame_stage";
import { Timeline } from "./timeline";
import { Transport } from "./transport";
import { type Clip, useClip, usePlayer } from "./use_player";
import { frameWords } from "./words";

export default function VideoSurface(props: SurfaceProps) {
  const clip = useClip(props.task.item);
  if (clip === null) return <Unplayable words={t("This item is no video.")} />;
  if (props.task.assetUrl === undefined)
    return <Unplayable words={t("The video's bytes have no address.")} />;
  return <Desk key={props.task.id} clip={clip} {...props} />;
}

const Unplayable = ({ words }: { readonly words: string }) => (
  <p role="alert" className="grid h-full place-items-center text-quiet">
    {words}
  </p>
);

function Desk({ clip, ...props }: SurfaceProps & { readonly clip: Clip }) {
  const { document, definition, selection, announce, perform, readOnly } = props;
  const { player, state } = usePlayer(props.task, clip, props.freshAddress);
  const zoom = useRef<((factor: number) => void) | null>(null);
  const [begun, setBegun] = useState<number | null>(null);
  const { timeline } = clip;
  const moment = useMemo<Moment>(
    () => ({ document, definition, selection, frame: state.frame, timeline }),
    [document, definition, selection, state.frame, timeline],
  );
  const zoomTimeline = (factor: number) => zoom.current?.(factor);
  useCommands(commandsOf({ props, player, moment, begun, setBegun, zoomTimeline }));
  useAnnouncedFrame(state.playing ? null : state.frame, (frame) => announce(frameWords(frame, timeline)));
  const seek = (frame: number) => player?.seek(frame);
  return (
    <section aria-label={t("Video")} className="flex h-full min-h-0 min-w-0 flex-col">
      <FrameStage {...props} clip={clip} player={player} state={state} />
      <Transport
        state={state}
        timeline={timeline}
        seek={seek}
        setRate={(rate) => player?.setRate(rate)}
        tracks={definition.tools[TRACKS] !== undefined}
        segments={definition.tools[SEGMENTS] !== undefined}
        isBegun={begun !== null}
        isDrawing={props.tool === TRACKS}
        place={placeInHand(moment)}
        readOnly={readOnly}
      />
      {!readOnly && <FrameAttributes moment={moment} perform={perform} />}
      <Timeline
        timeline={timeline}
        document={document}
        definition={definition}
        selection={selection}
        frame={state.frame}
        begun={begun}
        select={props.select}
        seek={seek}
        zoom={zoom}
      />
    </section>
  );
}

const SETTLED_MILLISECONDS = 350;

/** Says which frame it is once one has stopped there, and not each of those that were passed. */
function useAnnouncedFrame(frame: number | null, say: (frame: number) => void): void {
  const latest = useRef(say);
  latest.current = say;
  const isFirst = useRef(true);
  useEffect(() => {
    if (frame === null || isFirst.current) {
      isFirst.current = frame === null ? isFirst.current : false;
      return;
    }
    const timer = setTimeout(() => latest.current(frame), SETTLED_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [frame]);
}
