/** The player: one cursor over exact frames, whichever source decodes them. */

import { type Clock, clockAt, frameDue, LAG_SECONDS_MAX } from "./clock";
import { type FrameSource, type TakePicture, Unreachable } from "./frame_source";
import { type Direction, type Picture, PictureCache } from "./picture_cache";
import { asked, nextFrame, type Seeking, seekTo, serves, still } from "./seeking";
import type { Timeline } from "./timeline";

/** Bytes of decoded frames that are kept. */
export const CACHE_BYTES_MAX = 128 * 1024 * 1024;

export interface PlayerState {
  /** The frame that is wanted: where the cursor stands. */
  readonly frame: number;
  /** The frame whose picture is on the screen, -1 before the first; it differs from `frame` while decoding. */
  readonly shown: number;
  readonly playing: boolean;
  readonly rate: number;
  readonly source: "packets" | "strips";
  readonly failure: Error | null;
}

/** Makes the source that is tried first, then the one to fall back to; null when there is none left. */
export type NextSource = (take: TakePicture, failed: Error | null) => Promise<FrameSource | null>;

/** Calls back at the next picture of the screen; returns what calls that off. */
export type OnNextPicture = (callback: (milliseconds: number) => void) => () => void;

export class Player {
  private readonly cache: PictureCache;
  private readonly listeners = new Set<() => void>();
  private current: PlayerState;
  private seeking: Seeking;
  private source: FrameSource | null = null;
  private work: { frame: number; stop: AbortController } | null = null;
  private clock: Clock | null = null;
  private callOff: () => void = () => {};
  private closed = false;

  constructor(
    private readonly timeline: Timeline,
    private readonly nextSource: NextSource,
    private readonly onNextPicture: OnNextPicture,
    frame = 0,
    cacheBytesMax = CACHE_BYTES_MAX,
  ) {
    this.cache = new PictureCache(cacheBytesMax);
    this.seeking = still(timeline.clamp(frame));
    const at = this.seeking.wanted;
    this.current = { frame: at, shown: -1, playing: false, rate: 1, source: "packets", failure: null };
    void this.open(null);
  }

  get state(): PlayerState {
    return this.current;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The picture of the frame that is shown. */
  get picture(): Picture | undefined {
    return this.cache.get(this.current.shown);
  }

  get bytesHeld(): number {
    return this.cache.bytesHeld;
  }

  /** Goes to a frame; a seek that comes before an earlier one is done takes its place. */
  seek(frame: number): void {
    this.pause();
    this.go(this.timeline.clamp(frame));
  }

  step(frames: number): void {
    this.seek(this.current.frame + frames);
  }

  play(rate = this.current.rate): void {
    const atEnd = this.current.frame >= this.timeline.frameCount - 1;
    if (atEnd) this.go(0);
    this.clock = null;
    this.tell({ playing: true, rate });
    this.tick();
  }

  setRate(rate: number): void {
    this.clock = null;
    this.tell({ rate });
  }

  pause(): void {
    if (!this.current.playing) return;
    this.callOff();
    // What is seen is where one is: not the frame that would have been next.
    const frame = Math.max(0, this.current.shown);
    this.seeking = { ...this.seeking, wanted: frame };
    this.tell({ playing: false, frame });
  }

  close(): void {
    this.closed = true;
    this.callOff();
    this.work?.stop.abort();
    this.source?.close();
    this.cache.clear();
    this.listeners.clear();
  }

  private go(frame: number): void {
    this.seeking = seekTo(this.seeking, frame);
    this.cache.aim(frame, this.seeking.direction);
    const has = (one: number) => this.cache.has(one);
    if (this.work && !serves(this.seeking, this.work.frame, has)) this.work.stop.abort();
    this.source?.expect(frame, this.seeking.direction);
    this.tell(has(frame) ? { frame, shown: frame } : { frame });
    void this.pump();
  }

  /** Decodes what is wanted, one thing at a time, until there is nothing left to do. */
  private async pump(): Promise<void> {
    if (this.work || !this.source || this.closed) return;
    const frame = nextFrame(this.seeking, this.timeline.frameCount, this.cache.room, (one) =>
      this.cache.has(one),
    );
    if (frame === null) return;
    const stop = new AbortController();
    this.work = { frame, stop };
    let failed: Error | null = null;
    try {
      await this.source.decode(frame, stop.signal);
    } catch (error) {
      // Bytes that were no longer wanted are no failure, whoever called them off.
      const isCalledOff = stop.signal.aborted || (error instanceof Error && error.name === "AbortError");
      if (!isCalledOff) failed = error instanceof Error ? error : new Error(String(error));
      else stop.abort();
    }
    this.work = null;
    if (this.closed) return;
    if (failed) await this.open(failed);
    else {
      if (!stop.signal.aborted) this.seeking = asked(this.seeking, frame);
      void this.pump();
    }
  }

  private async open(failed: Error | null): Promise<void> {
    this.source?.close();
    this.source = null;
    if (failed) this.tell({ failure: failed });
    let source: FrameSource | null = null;
    try {
      source = await this.nextSource((frame, picture) => this.take(frame, picture), failed);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      if (this.closed) return;
      if (failure instanceof Unreachable) return await this.open(failure);
      this.tell({ failure });
    }
    if (this.closed) source?.close();
    else if (source) this.use(source);
  }

  private use(source: FrameSource): void {
    this.source = source;
    this.seeking = { ...this.seeking, tried: new Set() };
    this.tell({ source: source.kind, failure: null });
    source.expect(this.seeking.wanted, this.seeking.direction);
    void this.pump();
  }

  private take(frame: number, picture: Picture): void {
    if (this.closed) {
      picture.close();
      return;
    }
    this.cache.put(frame, picture);
    if (frame === this.seeking.wanted && this.current.shown !== frame) this.tell({ shown: frame });
  }

  private readonly tick = (): void => {
    this.callOff = this.onNextPicture((milliseconds) => {
      if (!this.current.playing || this.closed) return;
      this.advance(milliseconds);
      if (this.current.playing) this.tick();
    });
  };

  private advance(milliseconds: number): void {
    const shown = Math.max(0, this.current.shown);
    this.clock ??= clockAt(
      this.timeline,
      this.current.shown < 0 ? 0 : shown,
      milliseconds,
      this.current.rate,
    );
    const due = frameDue(this.clock, this.timeline, milliseconds);
    const latest = this.latestHere(shown, due);
    if (this.timeline.seconds(due) - this.timeline.seconds(latest) > LAG_SECONDS_MAX) this.clock = null;
    this.cache.aim(latest, 1);
    if (latest !== this.current.shown && this.cache.has(latest)) this.tell({ frame: latest, shown: latest });
    if (latest >= this.timeline.frameCount - 1) this.pause();
    else this.lookAhead(Math.min(due + 1, this.timeline.frameCount - 1));
  }

  /** The last frame up to `due` that is decoded; `shown` where none after it is. */
  private latestHere(shown: number, due: number): number {
    for (let frame = due; frame > shown; frame--) if (this.cache.has(frame)) return frame;
    return shown;
  }

  private lookAhead(wanted: number): void {
    if (wanted !== this.seeking.wanted) this.seeking = seekTo(this.seeking, wanted);
    this.source?.expect(wanted, 1);
    void this.pump();
  }

  private tell(change: Partial<PlayerState>): void {
    this.current = { ...this.current, ...change };
    this.cache.pin(this.current.shown);
    for (const listener of this.listeners) listener();
  }
}

export type { Direction };
