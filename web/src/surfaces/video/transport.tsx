/** The bar below the picture: steps, play, which frame it is and when it is shown, and what can be done to tracks. */

import { useEffect, useState } from "react";
import { Hint, runCommand } from "@/app/commands";
import { t } from "@/app/words";
import type { PlayerState } from "@/engine/video/player";
import type { Timeline } from "@/engine/video/timeline";
import type { Place } from "@/engine/video/tracks";
import { IconButton } from "@/kit/button";
import { Select } from "@/kit/field";
import type { IconName } from "@/kit/icon";
import { Badge } from "@/kit/shown";
import { Tooltip } from "@/kit/tooltip";
import { clock } from "./words";

export interface TransportProps {
  readonly state: PlayerState;
  readonly timeline: Timeline;
  readonly seek: (frame: number) => void;
  readonly setRate: (rate: number) => void;
  readonly tracks: boolean;
  readonly segments: boolean;
  /** A segment was begun and waits for its end. */
  readonly isBegun: boolean;
  readonly isDrawing: boolean;
  /** The track in hand, at this frame; null where there is none. */
  readonly place: Place | null;
  readonly readOnly: boolean;
}

const RATES = [0.25, 0.5, 1, 1.5, 2];

export function Transport({ state, timeline, seek, setRate, ...has }: TransportProps) {
  return (
    <div
      role="toolbar"
      aria-label={t("Player")}
      className="@container shrink-0 border-t border-line bg-raised"
    >
      <div className="flex min-h-11 flex-wrap items-center gap-x-2 gap-y-1 px-2 py-1">
        <div className="flex items-center">
          <Run command="keyframe-previous" icon="keyframePrevious" label={t("Previous keyframe")} />
          <Run command="frame-previous-10" icon="jumpPrevious" label={t("Ten frames back")} />
          <Run command="frame-previous" icon="stepPrevious" label={t("Previous frame")} />
          <Run
            command="play"
            icon={state.playing ? "pause" : "play"}
            label={state.playing ? t("Pause") : t("Play")}
          />
          <Run command="frame-next" icon="stepNext" label={t("Next frame")} />
          <Run command="frame-next-10" icon="jumpNext" label={t("Ten frames on")} />
          <Run command="keyframe-next" icon="keyframeNext" label={t("Next keyframe")} />
        </div>
        <FrameNumber frame={state.frame} timeline={timeline} seek={seek} />
        <Select
          aria-label={t("Speed")}
          className="w-18 text-sm"
          value={state.rate}
          onChange={(event) => setRate(Number(event.target.value))}
        >
          {RATES.map((rate) => (
            <option key={rate} value={rate}>{`${rate}×`}</option>
          ))}
        </Select>
        {!has.readOnly && <Tools {...has} />}
        <span className="ml-auto">
          <Source state={state} />
        </span>
      </div>
    </div>
  );
}

interface RunProps {
  readonly command: string;
  readonly icon: IconName;
  readonly label: string;
  readonly pressed?: boolean;
}

function Run({ command, icon, label, pressed }: RunProps) {
  return (
    <IconButton
      icon={icon}
      label={label}
      hint={<Hint command={command} />}
      onClick={() => runCommand(command)}
      {...(pressed === undefined ? {} : { pressed })}
    />
  );
}

type ToolsProps = Pick<TransportProps, "tracks" | "segments" | "isBegun" | "isDrawing" | "place">;

function Tools({ tracks, segments, isBegun, isDrawing, place }: ToolsProps) {
  return (
    <div className="flex items-center border-l border-line pl-2">
      {tracks && (
        <>
          <Run command="draw" icon="box" label={t("Draw a new track")} pressed={isDrawing} />
          <Run
            command="keyframe"
            icon="keyframe"
            label={t("Make or remove a keyframe")}
            pressed={place?.isKeyframe === true}
          />
          <Run
            command="outside"
            icon="eyeClosed"
            label={t("Not visible from here on, or visible again")}
            pressed={place?.visible === false}
          />
        </>
      )}
      {segments && (
        <>
          <Run
            command="segment-start"
            icon="segmentStart"
            label={t("Begin a segment here")}
            pressed={isBegun}
          />
          <Run command="segment-end" icon="segmentEnd" label={t("End the segment with this frame")} />
        </>
      )}
    </div>
  );
}

/** Which frame it is, and when it is shown. A number that is typed in is gone to. */
function FrameNumber({
  frame,
  timeline,
  seek,
}: Pick<TransportProps, "timeline" | "seek"> & { readonly frame: number }) {
  const [written, setWritten] = useState<string | null>(null);
  useEffect(() => {
    if (frame >= 0) setWritten(null);
  }, [frame]);
  const go = () => {
    const wanted = Number.parseInt(written ?? "", 10);
    if (Number.isFinite(wanted)) seek(timeline.clamp(wanted));
    setWritten(null);
  };
  return (
    <div className="flex items-center gap-2 text-sm tabular-nums">
      <input
        aria-label={t("Frame number")}
        className="h-7 w-18 rounded-md border border-line bg-surface px-2 text-right font-medium tabular-nums"
        inputMode="numeric"
        value={written ?? String(frame)}
        onChange={(event) => setWritten(event.target.value)}
        onBlur={go}
        onKeyDown={(event) => {
          if (event.key === "Enter") go();
          if (event.key === "Escape") setWritten(null);
        }}
      />
      <span className="text-quiet">{t("of {last}", { last: timeline.frameCount - 1 })}</span>
      <span className="font-mono text-ink" data-testid="time">
        {clock(timeline.seconds(frame))}
      </span>
      <span className="hidden font-mono text-quiet @4xl:inline">
        / {clock(timeline.seconds(timeline.frameCount))}
      </span>
    </div>
  );
}

/** Where the pictures come from: both ways are exact, one is faster. */
function Source({ state }: { readonly state: PlayerState }) {
  if (state.failure) return <Badge tone="bad">{state.failure.message}</Badge>;
  if (state.shown !== state.frame && !state.playing) return <Badge tone="plain">{t("Decoding")}</Badge>;
  if (state.source === "packets") return null;
  return (
    <Tooltip
      label={t(
        "This browser cannot decode this video here, so the server sends exact pictures of its frames.",
      )}
    >
      <span>
        <Badge tone="plain">{t("Pictures from the server")}</Badge>
      </span>
    </Tooltip>
  );
}
