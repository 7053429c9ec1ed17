/** The player over a source that decodes nothing: which frames it asks for, shows, keeps and lets go of. */

import { describe, expect, it } from "vitest";
import type { FrameSource, TakePicture } from "./frame_source";
import { type Picture, PictureCache } from "./picture_cache";
import { Player } from "./player";
import { asked, nextFrame, seekTo, still } from "./seeking";
import { Timeline } from "./timeline";

const timeline = new Timeline({ frame_count: 1000, time_base: [1, 25], first_pts: 0, pts_runs: [[999, 1]] });

class Counted implements Picture {
  static open = 0;
  readonly image = {} as CanvasImageSource;
  constructor(readonly bytes = 10) {
    Counted.open++;
  }
  close(): void {
    Counted.open--;
  }
}

/** Gives a frame when the test says so. */
class Slow implements FrameSource {
  readonly kind = "packets";
  readonly asked: number[] = [];
  closed = false;
  private waiting: {
    frame: number;
    done: () => void;
    fail: (error: Error) => void;
    signal: AbortSignal;
  } | null = null;
  constructor(private readonly take: TakePicture) {}
  decode(frame: number, signal: AbortSignal): Promise<void> {
    this.asked.push(frame);
    return new Promise((done, fail) => {
      this.waiting = { frame, done, fail, signal };
      signal.addEventListener("abort", () => done());
    });
  }
  async give(): Promise<void> {
    const { frame, done } = this.waiting ?? { frame: -1, done: () => {} };
    this.take(frame, new Counted());
    done();
    await settled();
  }
  async fail(): Promise<void> {
    this.waiting?.fail(new Error("no such decoder"));
    await settled();
  }
  expect(): void {}
  close(): void {
    this.closed = true;
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

async function playing(bytesMax = 1000) {
  const sources: Slow[] = [];
  let draw: ((milliseconds: number) => void) | null = null;
  const player = new Player(
    timeline,
    async (take) => {
      if (sources.length === 2) return null;
      const source = new Slow(take);
      sources.push(source);
      return source;
    },
    (callback) => {
      draw = callback;
      return () => {
        draw = null;
      };
    },
    0,
    bytesMax,
  );
  await settled();
  return { player, sources, draw: (milliseconds: number) => draw?.(milliseconds) };
}

describe("the player", () => {
  it("shows the frame that is wanted and no other, and the latest seek wins", async () => {
    const { player, sources } = await playing();
    const [source] = sources;
    await source?.give();
    expect(player.state).toMatchObject({ frame: 0, shown: 0 });
    player.seek(500);
    player.seek(700);
    player.seek(300);
    await settled();
    expect(player.state).toMatchObject({ frame: 300, shown: 0 });
    expect(source?.asked.at(-1)).toBe(300);
    await source?.give();
    expect(player.state).toMatchObject({ frame: 300, shown: 300 });
    expect(source?.asked).not.toContain(700);
    player.close();
    expect(Counted.open).toBe(0);
  });

  it("prefetches in the direction of motion", async () => {
    const { player, sources } = await playing();
    await sources[0]?.give();
    player.seek(500);
    await settled();
    await sources[0]?.give();
    expect(sources[0]?.asked.at(-1)).toBe(501);
    await sources[0]?.give();
    player.step(-1);
    await settled();
    await sources[0]?.give();
    expect(sources[0]?.asked.at(-1)).toBe(498);
    player.close();
  });

  it("falls back to the next source at the same frame, and says when there is none left", async () => {
    const { player, sources } = await playing();
    player.seek(40);
    await settled();
    await sources[0]?.fail();
    expect(sources[0]?.closed).toBe(true);
    await sources[1]?.give();
    expect(player.state).toMatchObject({ frame: 40, shown: 40, failure: null });
    player.seek(80);
    await settled();
    await sources[1]?.fail();
    expect(player.state.failure?.message).toBe("no such decoder");
    player.close();
    expect(Counted.open).toBe(0);
  });

  it("plays by presentation times, waits for late pictures and stops on what is seen", async () => {
    const { player, sources, draw } = await playing();
    for (let frame = 0; frame < 4; frame++) await sources[0]?.give();
    player.play();
    draw(0);
    draw(80);
    expect(player.state).toMatchObject({ frame: 2, shown: 2, playing: true });
    draw(400);
    expect(player.state.shown).toBe(3);
    player.pause();
    expect(player.state).toMatchObject({ frame: 3, shown: 3, playing: false });
    player.close();
  });
});

describe("the cache", () => {
  it("never holds more bytes than it may, and keeps what is near and ahead", () => {
    const cache = new PictureCache(100);
    cache.aim(50, 1);
    for (let frame = 0; frame < 100; frame++) {
      cache.put(frame, new Counted());
      expect(cache.bytesHeld).toBeLessThanOrEqual(100);
    }
    const kept = Array.from({ length: 100 }, (_, frame) => frame).filter((frame) => cache.has(frame));
    expect(kept).toEqual([47, 48, 49, 50, 51, 52, 53, 54, 55, 56]);
    cache.clear();
    expect(Counted.open).toBe(0);
  });
});

describe("what is decoded next", () => {
  it("is what is wanted, then ahead, and nothing twice", () => {
    let seeking = seekTo(still(10), 9);
    expect(nextFrame(seeking, 100, 90, () => false)).toBe(9);
    expect(nextFrame(seeking, 100, 90, (frame) => frame === 9)).toBe(8);
    seeking = asked(seeking, 8);
    expect(nextFrame(seeking, 100, 90, (frame) => frame === 9)).toBeNull();
    expect(nextFrame(still(99), 100, 90, (frame) => frame === 99)).toBeNull();
    expect(nextFrame(still(5), 100, 2, (frame) => frame === 5)).toBeNull();
  });
});
