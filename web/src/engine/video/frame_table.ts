/** The frame table of a video: which packet holds which displayed frame, and where it lies in the file. */

import { lastAtOrBefore, type Times } from "./timeline";

/** The table as the server sends it (GET /v1/assets/{hash}/frames). */
export interface TableReply extends Times {
  readonly coded_width: number;
  readonly coded_height: number;
  readonly rotation: number;
  readonly codec: string | null;
  readonly description: string | null;
  readonly refusal: string | null;
  readonly strip_frames: number;
  /** Packets from which decoding may begin: number, its two times, the first frame that is right from there. */
  readonly starts: readonly (readonly [number, number, number, number])[];
  readonly packet_frames: readonly number[];
  readonly packet_gaps: readonly number[];
  readonly packet_sizes: readonly number[];
}

/** Packets that are decoded together: from one that stands for itself up to the next such. */
export interface Group {
  readonly number: number;
  readonly firstPacket: number;
  readonly endPacket: number;
  readonly firstFrame: number;
  /** The bytes of the file in which its packets lie, from the first up to (not with) the last. */
  readonly firstByte: number;
  readonly endByte: number;
}

export class FrameTable {
  readonly offsets: Float64Array;
  private readonly groups = new Map<number, Group>();

  constructor(readonly reply: TableReply) {
    this.offsets = new Float64Array(reply.packet_sizes.length);
    let end = 0;
    reply.packet_sizes.forEach((size, packet) => {
      const offset = end + (reply.packet_gaps[packet] ?? 0);
      this.offsets[packet] = offset;
      end = offset + size;
    });
  }

  get frameCount(): number {
    return this.reply.frame_count;
  }

  get packetCount(): number {
    return this.reply.packet_sizes.length;
  }

  /** Whether a browser can decode it out of the file. */
  get hasPackets(): boolean {
    return this.reply.refusal === null && this.reply.codec !== null && this.packetCount > 0;
  }

  /** The group whose packets show a frame. */
  groupOf(frame: number): Group {
    const starts = this.reply.starts;
    return this.group(lastAtOrBefore(starts.length, (at) => (starts[at]?.[3] ?? 0) <= frame));
  }

  /** A group by its number. */
  group(number: number): Group {
    const known = this.groups.get(number) ?? this.measured(number);
    this.groups.set(number, known);
    return known;
  }

  private measured(number: number): Group {
    const start = this.reply.starts[number];
    if (start === undefined) throw new RangeError(`group ${number} of ${this.reply.starts.length}`);
    const firstPacket = start[0];
    const endPacket = this.reply.starts[number + 1]?.[0] ?? this.packetCount;
    let firstByte = Number.POSITIVE_INFINITY;
    let endByte = 0;
    for (let packet = firstPacket; packet < endPacket; packet++) {
      const offset = this.offsets[packet] ?? 0;
      firstByte = Math.min(firstByte, offset);
      endByte = Math.max(endByte, offset + (this.reply.packet_sizes[packet] ?? 0));
    }
    return { number, firstPacket, endPacket, firstFrame: start[3], firstByte, endByte };
  }

  get groupCount(): number {
    return this.reply.starts.length;
  }
}

/** Where the frame table, or a strip of pictures, is, given the signed address of the clip's bytes. */
export function framesAddress(assetUrl: string, strip?: number): string {
  const place = strip === undefined ? "/frames?" : `/frames/strips/${strip}?`;
  const address = assetUrl.replace(/\/content\?/, place);
  if (address === assetUrl) throw new Error("The address of the clip is not one of an asset's content.");
  return address;
}
