/** The commands of the video surface: every one by key, by button and in the palette. The boxes' are those of
 * images. */

import type { Command, Scope } from "@/app/commands";
import { t } from "@/app/words";
import type { Action } from "@/engine/document/values";
import { keysFor } from "@/engine/hotkeys/catalogue";
import type { Player } from "@/engine/video/player";
import { SEGMENTS, TRACKS } from "@/engine/video/projection";
import { keyframeBeside, keyframesOf } from "@/engine/video/tracks";
import type { SurfaceProps } from "../surface";
import { endMoved, keyframeHere, type Moment, outsideHere, segmentHere, tracksInHand } from "./edits";
import { clock } from "./words";

export interface Desk {
  readonly props: SurfaceProps;
  readonly player: Player | null;
  readonly moment: Moment;
  readonly begun: number | null;
  readonly setBegun: (frame: number | null) => void;
  readonly zoomTimeline: (factor: number) => void;
}

type Made = readonly [id: string, title: string, run: () => void, extra?: Partial<Command>];

const made = (scope: Scope, lines: readonly Made[]): Command[] =>
  lines.map(([id, title, run, extra]) => ({ id, title, scope, keys: keysFor(id), run, ...extra }));

const REPEATS = { repeat: true };

export function commandsOf(desk: Desk): Command[] {
  return [...moves(desk), ...edits(desk), ...segments(desk)];
}

function moves({ player, moment, zoomTimeline }: Desk): Command[] {
  const step = (frames: number) => () => player?.step(frames);
  const toKeyframe = (direction: 1 | -1) => () => {
    const inHand = tracksInHand(moment);
    const tracks = inHand.length > 0 ? inHand : (moment.document.marks[TRACKS] ?? []);
    const frame = keyframeBeside(
      tracks.map(({ geometry }) => keyframesOf(geometry)),
      moment.frame,
      direction,
    );
    if (frame !== null) player?.seek(frame);
  };
  const play = () => (player?.state.playing ? player.pause() : player?.play());
  return made("surface", [
    ["play", t("Play or pause"), play],
    ["frame-next", t("Next frame"), step(1), REPEATS],
    ["frame-previous", t("Previous frame"), step(-1), REPEATS],
    ["frame-next-10", t("Ten frames on"), step(10), REPEATS],
    ["frame-previous-10", t("Ten frames back"), step(-10), REPEATS],
    ["keyframe-next", t("Next keyframe"), toKeyframe(1), REPEATS],
    ["keyframe-previous", t("Previous keyframe"), toKeyframe(-1), REPEATS],
    ["timeline-zoom-in", t("Stretch the timeline"), () => zoomTimeline(1.5), REPEATS],
    ["timeline-zoom-out", t("Shrink the timeline"), () => zoomTimeline(1 / 1.5), REPEATS],
  ]);
}

function edits({ props, moment }: Desk): Command[] {
  const { announce, perform, readOnly } = props;
  const act = (action: Action | null, said: string) => {
    if (readOnly) return;
    if (action === null) announce(t("Select a track first"));
    else {
      perform(action);
      announce(said);
    }
  };
  const when = { frame: moment.frame };
  return made("surface", [
    [
      "keyframe",
      t("Make or remove a keyframe"),
      () => act(keyframeHere(moment), t("Keyframe changed at frame {frame}", when)),
    ],
    [
      "outside",
      t("The object leaves the picture"),
      () => act(outsideHere(moment), t("Visibility changed from frame {frame} on", when)),
    ],
  ]);
}

function segments({ props, moment, begun, setBegun }: Desk): Command[] {
  const { announce, perform, select, readOnly, label } = props;
  const has = { enabled: () => !readOnly && moment.definition.tools[SEGMENTS] !== undefined };
  const at = clock(moment.timeline.seconds(moment.frame));
  const begin = () => {
    setBegun(moment.frame);
    announce(t("Segment begins at frame {frame}, {at}", { frame: moment.frame, at }));
  };
  const end = () => {
    if (begun === null) return announce(t("Begin a segment first"));
    const found = segmentHere(moment, begun, label);
    setBegun(null);
    if (found === null) return announce(t("This segment is there already"));
    perform(found.action);
    select([found.id]);
    announce(t("Segment ends with frame {frame}, {at}", { frame: moment.frame, at }));
  };
  const move = (which: "start" | "last") => () => {
    const action = endMoved(moment, which);
    if (action === null) announce(t("Select a segment first"));
    else perform(action);
  };
  const ends = made("surface", [
    ["segment-start", t("Begin a segment here"), begin, has],
    ["segment-end", t("End the segment with this frame"), end, has],
    ["segment-move-start", t("The selected segment begins here"), move("start"), has],
    ["segment-move-end", t("The selected segment ends here"), move("last"), has],
  ]);
  const giveUp: Command = {
    id: "segment-give-up",
    title: t("Give up the segment that was begun"),
    scope: "tool",
    keys: keysFor("pointer"),
    run: () => setBegun(null),
    enabled: () => begun !== null,
  };
  return [...ends, giveUp];
}
