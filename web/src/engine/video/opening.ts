/** Opens the player of a clip: its frame table, then the best source of frames that there is. */

import {
  AddressEnded,
  bytesOf,
  type Fetch,
  type FrameSource,
  type TakePicture,
  Unreachable,
} from "./frame_source";
import { FrameTable, framesAddress, type TableReply } from "./frame_table";
import { decoderConfig, PacketSource } from "./packet_source";
import { type OnNextPicture, Player } from "./player";
import { StripSource } from "./strip_source";
import { Timeline, type Times } from "./timeline";

export const browserFetch: Fetch = (address, options) => fetch(address, options);

export const onNextPicture: OnNextPicture = (callback) => {
  const request = requestAnimationFrame(callback);
  return () => cancelAnimationFrame(request);
};

export interface Opening {
  readonly assetUrl: string;
  readonly times: Times;
  /** A fresh address of the same clip, once the one given has expired. */
  readonly freshAddress?: () => Promise<string>;
  /** Take the pictures of the server even where this browser could decode. */
  readonly stripsOnly?: boolean;
  readonly fetch?: Fetch;
}

export function openPlayer(opening: Opening): Player {
  const fetcher = opening.fetch ?? browserFetch;
  const timeline = new Timeline(opening.times);
  let address = opening.assetUrl;
  let table: FrameTable | null = null;
  let packetsFailed = opening.stripsOnly ?? false;
  let outages = 0;
  let lastOutage = 0;

  const next = async (take: TakePicture, failed: Error | null): Promise<FrameSource | null> => {
    if (failed instanceof Unreachable) {
      if (Date.now() - lastOutage > OUTAGE_FORGOTTEN_MILLISECONDS) outages = 0;
      lastOutage = Date.now();
      await wait(Math.min(OUTAGE_MILLISECONDS_MAX, 500 * 2 ** outages++));
    } else if (failed instanceof AddressEnded) {
      if (opening.freshAddress === undefined) return null;
      address = await opening.freshAddress();
    } else if (failed !== null) {
      if (packetsFailed) return null;
      packetsFailed = true;
    }
    table ??= await fetchTable(fetcher, address, opening.times);
    const config = packetsFailed ? null : await decoderConfig(table);
    if (config !== null) return new PacketSource(table, config, address, fetcher, take);
    packetsFailed = true;
    return new StripSource(table, address, fetcher, take);
  };
  return new Player(timeline, next, onNextPicture);
}

const OUTAGE_MILLISECONDS_MAX = 10_000;
const OUTAGE_FORGOTTEN_MILLISECONDS = 30_000;

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

async function fetchTable(fetcher: Fetch, address: string, times: Times): Promise<FrameTable> {
  const body = await bytesOf(fetcher, framesAddress(address), new AbortController().signal);
  const reply: TableReply = JSON.parse(new TextDecoder().decode(body));
  const theirs = [reply.frame_count, reply.first_pts, reply.time_base, reply.pts_runs];
  const ours = [times.frame_count, times.first_pts, times.time_base, times.pts_runs];
  // Answers are checked against the item: frames that are counted otherwise would be wrong without a sound.
  if (JSON.stringify(theirs) !== JSON.stringify(ours)) {
    throw new Error("The frames of this video are not those of the task: ask a manager to import it again.");
  }
  return new FrameTable(reply);
}
