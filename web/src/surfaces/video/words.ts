/** How the video surface says times and frames. */

import { t } from "@/app/words";
import type { Timeline } from "@/engine/video/timeline";

/** A presentation time: minutes, seconds, milliseconds. */
export function clock(seconds: number): string {
  const sign = seconds < 0 ? "−" : "";
  const milliseconds = Math.round(Math.abs(seconds) * 1000);
  const two = (value: number, digits = 2) => String(value).padStart(digits, "0");
  const minutes = Math.floor(milliseconds / 60_000);
  return `${sign}${two(minutes)}:${two(Math.floor(milliseconds / 1000) % 60)}.${two(milliseconds % 1000, 3)}`;
}

export const frameWords = (frame: number, timeline: Timeline): string =>
  t("Frame {frame}, {seconds} seconds", { frame, seconds: timeline.seconds(frame).toFixed(3) });
