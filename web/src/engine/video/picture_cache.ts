/** Decoded frames around the cursor, bounded by bytes: what is furthest from where we are going leaves first. */

/** A decoded frame that can be drawn. `close` frees its memory. */
export interface Picture {
  readonly image: CanvasImageSource;
  readonly bytes: number;
  close(): void;
}

export type Direction = 1 | -1;

export class PictureCache {
  private readonly pictures = new Map<number, Picture>();
  private cursor = 0;
  private pinned = -1;
  private direction: Direction = 1;
  private bytes = 0;
  private largest = 1;

  constructor(private readonly bytesMax: number) {}

  get(frame: number): Picture | undefined {
    return this.pictures.get(frame);
  }

  has(frame: number): boolean {
    return this.pictures.has(frame);
  }

  /** How many frames fit, by the largest seen. */
  get room(): number {
    return Math.max(1, Math.floor(this.bytesMax / this.largest));
  }

  get bytesHeld(): number {
    return this.bytes;
  }

  /** Says where we are and which way we go. */
  aim(cursor: number, direction: Direction): void {
    this.cursor = cursor;
    this.direction = direction;
  }

  /** The frame that is on the screen is not closed under it. */
  pin(frame: number): void {
    this.pinned = frame;
  }

  put(frame: number, picture: Picture): void {
    if (this.pictures.has(frame)) {
      picture.close();
      return;
    }
    this.pictures.set(frame, picture);
    this.bytes += picture.bytes;
    this.largest = Math.max(this.largest, picture.bytes);
    while (this.bytes > this.bytesMax) {
      const frame = this.furthest();
      if (frame === null) break;
      this.drop(frame);
    }
  }

  clear(): void {
    for (const frame of [...this.pictures.keys()]) this.drop(frame);
  }

  private drop(frame: number): void {
    const picture = this.pictures.get(frame);
    if (picture === undefined) return;
    this.pictures.delete(frame);
    this.bytes -= picture.bytes;
    picture.close();
  }

  /** What may leave: anything but what is wanted and what is on the screen. */
  private furthest(): number | null {
    let worst = -1;
    let found: number | null = null;
    for (const frame of this.pictures.keys()) {
      if (frame === this.cursor || frame === this.pinned) continue;
      const distance = (frame - this.cursor) * this.direction;
      // What lies behind is half as likely to be wanted again.
      const cost = distance >= 0 ? distance : -2 * distance;
      if (cost > worst) [worst, found] = [cost, frame];
    }
    return found;
  }
}
