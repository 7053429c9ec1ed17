/** Frames as pictures that the server decoded: for browsers, addresses and codecs without a decoder here. */

import { bytesOf, type Fetch, type FrameSource, type TakePicture, unlessAborted } from "./frame_source";
import { type FrameTable, framesAddress } from "./frame_table";

export class StripSource implements FrameSource {
  readonly kind = "strips";
  private readonly coming = new Map<number, { stop: AbortController; done: Promise<void> }>();

  constructor(
    private readonly table: FrameTable,
    private readonly address: string,
    private readonly fetch: Fetch,
    private readonly take: TakePicture,
  ) {}

  async decode(frame: number, signal: AbortSignal): Promise<void> {
    await unlessAborted(this.come(this.stripOf(frame)).done, signal);
  }

  expect(frame: number, direction: 1 | -1): void {
    const here = this.stripOf(frame);
    for (const [number, strip] of this.coming) {
      if (number !== here && number !== here + direction) strip.stop.abort();
    }
  }

  close(): void {
    for (const strip of this.coming.values()) strip.stop.abort();
  }

  private stripOf(frame: number): number {
    return Math.floor(frame / this.table.reply.strip_frames);
  }

  private come(number: number): { stop: AbortController; done: Promise<void> } {
    const known = this.coming.get(number);
    if (known !== undefined && !known.stop.signal.aborted) return known;
    const stop = new AbortController();
    const strip = { stop, done: this.load(number, stop.signal) };
    const forget = () => {
      if (this.coming.get(number) === strip) this.coming.delete(number);
    };
    strip.done.then(forget, forget);
    this.coming.set(number, strip);
    return strip;
  }

  private async load(number: number, signal: AbortSignal): Promise<void> {
    const strip = await bytesOf(this.fetch, framesAddress(this.address, number), signal);
    const first = number * this.table.reply.strip_frames;
    const files = picturesIn(strip);
    const bitmaps = await Promise.all(
      files.map((file) => createImageBitmap(new Blob([file], { type: "image/jpeg" }))),
    );
    bitmaps.forEach((image, place) => {
      const bytes = image.width * image.height * 4;
      this.take(first + place, { image, bytes, close: () => image.close() });
    });
  }
}

/** The JPEG files of a strip: how many they are and their sizes come first, 32 bits each. */
export function picturesIn(strip: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const head = new DataView(strip.buffer, strip.byteOffset, strip.byteLength);
  const count = head.getUint32(0);
  let end = 4 + 4 * count;
  return Array.from({ length: count }, (_, at) => {
    const first = end;
    end += head.getUint32(4 + 4 * at);
    if (end > strip.byteLength) throw new Error("A strip of pictures came cut short.");
    return strip.subarray(first, end);
  });
}
