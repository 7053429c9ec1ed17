/** The player of a task's clip, for as long as the task is shown. */

import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Json } from "@/engine/document/values";
import { openPlayer } from "@/engine/video/opening";
import type { Player, PlayerState } from "@/engine/video/player";
import { Timeline, type Times } from "@/engine/video/timeline";
import type { FreshAddress, SurfaceTask } from "../surface";

/** What the item says of its frames; null where it is no clip. */
export interface Clip {
  readonly times: Times;
  readonly timeline: Timeline;
  readonly width: number;
  readonly height: number;
}

const BEFORE: PlayerState = {
  frame: 0,
  shown: -1,
  playing: false,
  rate: 1,
  source: "packets",
  failure: null,
};
const noListener = () => () => {};

export function clipOf(item: SurfaceTask["item"]): Clip | null {
  const { frame_count, first_pts, width, height } = item;
  const time_base = pairOf(item.time_base);
  const runs = Array.isArray(item.pts_runs) ? item.pts_runs.map(pairOf) : [];
  const pts_runs = runs.filter((run) => run !== null);
  const numbers = [frame_count, first_pts, width, height].every((one) => typeof one === "number");
  if (!numbers || time_base === null || pts_runs.length < runs.length) return null;
  const times = { frame_count: Number(frame_count), first_pts: Number(first_pts), time_base, pts_runs };
  return { times, timeline: new Timeline(times), width: Number(width), height: Number(height) };
}

function pairOf(value: Json | undefined): readonly [number, number] | null {
  if (!Array.isArray(value)) return null;
  const [one, other] = value;
  return typeof one === "number" && typeof other === "number" ? [one, other] : null;
}

export function usePlayer(
  task: SurfaceTask,
  clip: Clip | null,
  freshAddress: FreshAddress,
): { player: Player | null; state: PlayerState } {
  const [player, setPlayer] = useState<Player | null>(null);
  const address = useRef(task.assetUrl);
  address.current = task.assetUrl;
  const fresh = useRef(freshAddress);
  fresh.current = freshAddress;
  const hasAddress = task.assetUrl !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a fresh address of the same clip is no new clip
  useEffect(() => {
    const assetUrl = address.current;
    if (clip === null || assetUrl === undefined) return;
    const opened = openPlayer({
      assetUrl,
      times: clip.times,
      freshAddress: async () => {
        const found = await fresh.current();
        if (found === undefined) throw new Error(EXPIRED);
        return found;
      },
    });
    setPlayer(opened);
    return () => {
      opened.close();
      setPlayer(null);
    };
  }, [task.id, clip, hasAddress]);
  const state = useSyncExternalStore(player?.subscribe ?? noListener, () => player?.state ?? BEFORE);
  return { player, state };
}

const EXPIRED = "The address of the video has expired: reload the page.";

export const useClip = (item: SurfaceTask["item"]): Clip | null => useMemo(() => clipOf(item), [item]);
