/** Decodes frames out of the file itself: ranges of its packets, through WebCodecs. */

import { type Fetch, type FrameSource, type TakePicture, unlessAborted } from "./frame_source";
import type { FrameTable } from "./frame_table";
import { PacketStore } from "./packet_store";
import type { Picture } from "./picture_cache";
import { lastAtOrBefore } from "./timeline";

/** Packets that the decoder holds undone; more would only be thrown away by the next seek. */
const QUEUE_MAX = 8;

export class PacketSource implements FrameSource {
  readonly kind = "packets";
  private readonly packets: PacketStore;
  private readonly decoder: VideoDecoder;
  /** The next packet for the decoder, and the last frame it gave; -1 and no session before the first. */
  private next = -1;
  private reached = -1;
  /** Whether it was given packets since it was last emptied. */
  private holdsBack = false;
  private failure: Error | null = null;
  private wake: () => void = () => {};

  constructor(
    private readonly table: FrameTable,
    private readonly config: VideoDecoderConfig,
    address: string,
    fetch: Fetch,
    private readonly take: TakePicture,
  ) {
    this.packets = new PacketStore(table, address, fetch);
    this.decoder = new VideoDecoder({
      output: (frame) => this.give(frame),
      error: (error) => this.fail(error),
    });
    this.decoder.addEventListener("dequeue", () => this.wake());
  }

  async decode(frame: number, signal: AbortSignal): Promise<void> {
    if (this.failure) throw this.failure;
    const onAbort = () => this.wake();
    signal.addEventListener("abort", onAbort);
    try {
      if (!this.continuesTo(frame)) this.begin(frame);
      while (this.reached < frame && !signal.aborted) {
        if (this.failure) throw this.failure;
        await this.feed(signal);
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  expect(frame: number, direction: 1 | -1): void {
    const here = this.table.groupOf(frame).number;
    const wanted = [here, here + direction].filter((group) => group >= 0 && group < this.table.groupCount);
    // The decoder may be on its way there.
    const now = this.next < 0 ? null : this.groupAt(this.next);
    if (now === here - 1) wanted.push(now);
    this.packets.want(wanted);
  }

  close(): void {
    this.packets.close();
    if (this.decoder.state !== "closed") this.decoder.close();
    this.wake();
  }

  /** Whether going on from where the decoder stands gives a frame, without skipping a group. */
  private continuesTo(frame: number): boolean {
    if (this.next < 0 || this.reached >= frame || this.decoder.state !== "configured") return false;
    return this.table.groupOf(frame).firstPacket <= this.next;
  }

  private begin(frame: number): void {
    if (this.decoder.state === "configured") this.decoder.reset();
    this.decoder.configure(this.config);
    const group = this.table.groupOf(frame);
    this.next = group.firstPacket;
    this.reached = group.firstFrame - 1;
    this.holdsBack = false;
  }

  /** Gives the decoder one more packet, or waits until it has room for one. */
  private async feed(signal: AbortSignal): Promise<void> {
    if (this.decoder.decodeQueueSize >= QUEUE_MAX) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      return;
    }
    const number = this.groupAt(this.next);
    const waits = number === null || (this.beginsGroup(number) && this.packets.here(number) === null);
    if (waits && this.holdsBack) {
      // Nothing more is here: flushing brings out what the decoder still holds back.
      this.holdsBack = false;
      await this.decoder.flush();
      return;
    }
    if (number === null) throw new Error("The video ends before this frame.");
    const bytes = await unlessAborted(this.packets.bytes(number), signal);
    if (bytes !== null) this.push(number, bytes);
  }

  private push(number: number, bytes: Uint8Array<ArrayBuffer>): void {
    const group = this.table.group(number);
    const packet = this.next++;
    this.holdsBack = true;
    const offset = (this.table.offsets[packet] ?? 0) - group.firstByte;
    const shown = this.table.reply.packet_frames[packet] ?? -1;
    this.decoder.decode(
      new EncodedVideoChunk({
        type: packet === group.firstPacket ? "key" : "delta",
        // The stamp is what tells frames apart when they come out, in the order in which they are displayed.
        timestamp: shown >= 0 ? shown : -1 - packet,
        data: bytes.subarray(offset, offset + (this.table.reply.packet_sizes[packet] ?? 0)),
      }),
    );
  }

  private groupAt(packet: number): number | null {
    const starts = this.table.reply.starts;
    if (packet >= this.table.packetCount) return null;
    return lastAtOrBefore(starts.length, (at) => (starts[at]?.[0] ?? 0) <= packet);
  }

  private beginsGroup(group: number): boolean {
    return this.table.reply.starts[group]?.[0] === this.next;
  }

  private give(frame: VideoFrame): void {
    const number = frame.timestamp;
    if (number < 0) frame.close();
    else {
      this.reached = Math.max(this.reached, number);
      this.take(number, pictureOf(frame));
    }
    this.wake();
  }

  private fail(error: Error): void {
    this.failure = error;
    this.wake();
  }
}

function pictureOf(frame: VideoFrame): Picture {
  const bytes = frame.format === null ? frame.codedWidth * frame.codedHeight * 4 : frame.allocationSize();
  return { image: frame, bytes, close: () => frame.close() };
}

/** What the browser's decoder is to be told, or null where it cannot decode this clip. */
export async function decoderConfig(table: FrameTable): Promise<VideoDecoderConfig | null> {
  const { codec, description, coded_width, coded_height } = table.reply;
  if (!table.hasPackets || codec === null || typeof VideoDecoder === "undefined") return null;
  const plain: VideoDecoderConfig = {
    codec,
    codedWidth: coded_width,
    codedHeight: coded_height,
    optimizeForLatency: false,
    ...(description === null ? {} : { description: fromBase64(description) }),
  };
  // Decoders in hardware lend out few frames at a time and stall while a cache holds them.
  for (const config of [{ ...plain, hardwareAcceleration: "prefer-software" as const }, plain]) {
    const answer = await VideoDecoder.isConfigSupported(config).catch(() => null);
    if (answer?.supported) return config;
  }
  return null;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
