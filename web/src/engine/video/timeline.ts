/** When each frame of a clip is shown: the server's exact arithmetic on the container's own timestamps. */

const MICROSECONDS = 1_000_000n;

/** What an item of the video modality says of its frames (docs/label-types.md). */
export interface Times {
  readonly frame_count: number;
  readonly time_base: readonly [number, number];
  readonly first_pts: number;
  /** The steps between frames, as [count, step]. */
  readonly pts_runs: readonly (readonly [number, number])[];
}

interface Run {
  readonly frame: number;
  readonly ticks: bigint;
  readonly step: bigint;
}

/** Frame `frame_count` may be asked for too: it is the end of the last frame, which lasts as long as the last step. */
export class Timeline {
  readonly frameCount: number;
  private readonly runs: readonly Run[];
  private readonly numerator: bigint;
  private readonly denominator: bigint;

  constructor(times: Times) {
    this.frameCount = times.frame_count;
    this.numerator = BigInt(times.time_base[0]) * MICROSECONDS;
    this.denominator = BigInt(times.time_base[1]);
    let frame = 0;
    let ticks = BigInt(times.first_pts);
    const runs: Run[] = [];
    for (const [count, step] of times.pts_runs) {
      runs.push({ frame, ticks, step: BigInt(step) });
      frame += count;
      ticks += BigInt(count) * BigInt(step);
    }
    this.runs = [...runs, { frame, ticks, step: runs.at(-1)?.step ?? 1n }];
  }

  /** The presentation time of a frame in microseconds, rounded half up. */
  microseconds(frame: number): number {
    const run = this.runs[lastAtOrBefore(this.runs.length, (at) => (this.runs[at]?.frame ?? 0) <= frame)];
    if (run === undefined || frame < 0 || frame > this.frameCount) {
      throw new RangeError(`frame ${frame} of a clip of ${this.frameCount}`);
    }
    const ticks = run.ticks + BigInt(frame - run.frame) * run.step;
    return Number(floorDivide(2n * ticks * this.numerator + this.denominator, 2n * this.denominator));
  }

  /** The presentation time of a frame in seconds, to the microsecond. */
  seconds(frame: number): number {
    return this.microseconds(frame) / 1e6;
  }

  /** The frame that is on the screen at a time: the last one that has begun. */
  frameAt(seconds: number): number {
    const wanted = Math.floor(seconds * 1e6 + 0.5);
    return Math.max(
      0,
      lastAtOrBefore(this.frameCount, (frame) => this.microseconds(frame) <= wanted),
    );
  }

  clamp(frame: number): number {
    return Math.min(Math.max(0, Math.round(frame)), this.frameCount - 1);
  }
}

/** The last place below `count` at which something holds that holds up to some place; -1 for none. */
export function lastAtOrBefore(count: number, holds: (place: number) => boolean): number {
  let low = -1;
  let high = count;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Division of whole numbers towards minus infinity, as the server's. */
function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}
