/** The playback clock: which frame is due at a moment, by the frames' own presentation times. */

import type { Timeline } from "./timeline";

/** At `milliseconds` of the wall clock, `seconds` of the clip were due; it runs at `rate`. */
export interface Clock {
  readonly milliseconds: number;
  readonly seconds: number;
  readonly rate: number;
}

/** A picture that lags this far behind holds the clock: nobody is shown a jump of seconds. */
export const LAG_SECONDS_MAX = 0.5;

export function clockAt(timeline: Timeline, frame: number, milliseconds: number, rate: number): Clock {
  return { milliseconds, seconds: timeline.seconds(frame), rate };
}

export function frameDue(clock: Clock, timeline: Timeline, milliseconds: number): number {
  const passed = Math.max(0, (milliseconds - clock.milliseconds) / 1000);
  return timeline.frameAt(clock.seconds + passed * clock.rate);
}
