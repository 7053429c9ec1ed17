/** Paints the timeline onto a canvas: ruler, lanes, keyframes, the playhead. */

import { inkOn, type Sign } from "@/engine/document/colours";
import type { MarkId } from "@/engine/document/values";
import {
  type Bar,
  HEAD_PIXELS,
  type Lane,
  RULER_PIXELS,
  rulerEvery,
  type TimelineView,
  xOf,
} from "@/engine/video/lanes";
import type { Timeline } from "@/engine/video/timeline";
import { clock } from "./words";

export interface Painted {
  readonly view: TimelineView;
  readonly height: number;
  readonly scrolled: number;
  readonly lanes: readonly Lane[];
  readonly timeline: Timeline;
  readonly frame: number;
  /** Where a segment was begun that has no end yet. */
  readonly begun: number | null;
  readonly selection: ReadonlySet<MarkId>;
  readonly signOf: (label: string) => Sign;
  /** What is said where there are no lanes, and the head of the segments' lanes. */
  readonly hint: string;
  readonly segmentsHead: string;
  readonly colours: TimelineColours;
}

export interface TimelineColours {
  readonly surface: string;
  readonly raised: string;
  readonly hover: string;
  readonly line: string;
  readonly ink: string;
  readonly quiet: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly font: string;
}

type Pen = CanvasRenderingContext2D;

export function paintTimeline(pen: Pen, scene: Painted, ratio: number): void {
  const { view, height, colours } = scene;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = colours.surface;
  pen.fillRect(0, 0, view.width, height);
  pen.textBaseline = "middle";
  grid(pen, scene);
  pen.save();
  pen.beginPath();
  pen.rect(0, RULER_PIXELS, view.width, height - RULER_PIXELS);
  pen.clip();
  pen.translate(0, -scene.scrolled);
  for (const lane of scene.lanes) {
    const isSeen = lane.top + lane.height > scene.scrolled && lane.top < scene.scrolled + height;
    if (isSeen) paintLane(pen, lane, scene);
  }
  pen.restore();
  if (scene.lanes.length === 0) nothing(pen, scene);
  ruler(pen, scene);
  playhead(pen, scene);
}

function nothing(pen: Pen, { colours, hint, height }: Painted): void {
  pen.font = `12px ${colours.font}`;
  pen.fillStyle = colours.quiet;
  pen.textAlign = "left";
  pen.fillText(hint, HEAD_PIXELS + 12, (RULER_PIXELS + height) / 2);
}

function* ticks({ view, timeline }: Painted): Generator<readonly [number, number]> {
  const seconds = timeline.seconds(timeline.frameCount) - timeline.seconds(0);
  const every = rulerEvery(view.perFrame, timeline.frameCount / Math.max(0.001, seconds));
  const last = Math.min(timeline.frameCount, view.first + (view.width - HEAD_PIXELS) / view.perFrame);
  for (let frame = Math.ceil(view.first / every) * every; frame <= last; frame += every) {
    yield [frame, xOf(view, frame)];
  }
}

function grid(pen: Pen, scene: Painted): void {
  pen.fillStyle = scene.colours.line;
  pen.globalAlpha = 0.6;
  for (const [, x] of ticks(scene)) pen.fillRect(Math.round(x), RULER_PIXELS, 1, scene.height);
  pen.globalAlpha = 1;
}

function ruler(pen: Pen, scene: Painted): void {
  const { view, colours, timeline } = scene;
  pen.fillStyle = colours.raised;
  pen.fillRect(0, 0, view.width, RULER_PIXELS);
  pen.fillStyle = colours.line;
  pen.fillRect(0, RULER_PIXELS - 1, view.width, 1);
  pen.fillRect(HEAD_PIXELS - 1, 0, 1, scene.height);
  pen.font = `11px ${colours.font}`;
  pen.textAlign = "left";
  for (const [frame, x] of ticks(scene)) {
    pen.fillStyle = colours.line;
    pen.fillRect(Math.round(x), RULER_PIXELS - 7, 1, 6);
    pen.fillStyle = colours.quiet;
    const words =
      frame < timeline.frameCount ? `${frame} · ${clock(timeline.seconds(frame)).slice(0, -1)}` : "";
    // Not under the playhead's own number.
    const isUnder = Math.abs(x + 38 - xOf(view, scene.frame)) < 56;
    if (x + 70 < view.width && !isUnder) pen.fillText(words, x + 4, RULER_PIXELS / 2);
  }
}

function paintLane(pen: Pen, lane: Lane, scene: Painted): void {
  const { view, colours, selection } = scene;
  const isSelected = lane.id !== null && selection.has(lane.id);
  if (isSelected) {
    pen.fillStyle = colours.hover;
    pen.fillRect(0, lane.top, view.width, lane.height);
  }
  pen.save();
  pen.beginPath();
  pen.rect(HEAD_PIXELS, lane.top, view.width - HEAD_PIXELS, lane.height);
  pen.clip();
  for (const bar of lane.bars) {
    if (lane.kind === "track") paintTrack(pen, bar, lane, scene);
    else paintSegment(pen, bar, lane, scene);
  }
  pen.restore();
  pen.fillStyle = colours.line;
  pen.globalAlpha = 0.5;
  pen.fillRect(0, lane.top + lane.height - 1, view.width, 1);
  pen.globalAlpha = 1;
  head(pen, lane, scene, isSelected);
}

function head(
  pen: Pen,
  lane: Lane,
  { colours, signOf, lanes, segmentsHead }: Painted,
  isSelected: boolean,
): void {
  const middle = lane.top + lane.height / 2;
  if (lane.kind === "track") {
    pen.fillStyle = signOf(lane.label).colour;
    pen.beginPath();
    pen.roundRect(8, middle - 4, 8, 8, 2);
    pen.fill();
  } else if (lane !== lanes[0]) return;
  pen.font = `${isSelected ? 600 : 400} 12px ${colours.font}`;
  pen.textAlign = "left";
  pen.fillStyle = lane.kind === "track" ? colours.ink : colours.quiet;
  const words = lane.kind === "track" ? lane.name : segmentsHead;
  pen.fillText(
    shortened(pen, words, HEAD_PIXELS - (lane.kind === "track" ? 30 : 16)),
    lane.kind === "track" ? 22 : 8,
    middle,
  );
}

function shortened(pen: Pen, words: string, room: number): string {
  if (pen.measureText(words).width <= room) return words;
  let length = words.length;
  while (length > 1 && pen.measureText(`${words.slice(0, length)}…`).width > room) length--;
  return `${words.slice(0, length)}…`;
}

function paintTrack(pen: Pen, bar: Bar, lane: Lane, scene: Painted): void {
  const { view, selection, signOf, colours } = scene;
  const middle = lane.top + lane.height / 2;
  const { colour } = signOf(bar.label);
  pen.globalAlpha = bar.isHidden ? 0.35 : 1;
  unseen(pen, bar, middle, scene);
  for (const [start, end] of bar.stretches) {
    const [from, to] = [xOf(view, start), xOf(view, end + 1)];
    pen.fillStyle = colour;
    pen.globalAlpha = (bar.isHidden ? 0.35 : 1) * (bar.isSuggested ? 0.35 : 0.55);
    pen.beginPath();
    pen.roundRect(from, middle - 5, Math.max(2, to - from), 10, 3);
    pen.fill();
  }
  pen.globalAlpha = bar.isHidden ? 0.35 : 1;
  let last = Number.NEGATIVE_INFINITY;
  for (const { frame, visible } of bar.keyframes) {
    const x = xOf(view, frame + 0.5);
    // Denser than this they are one blot: the bar says enough.
    if (x - last < 3 && frame !== scene.frame) continue;
    last = x;
    const isHere = frame === scene.frame;
    diamond(pen, x, middle, isHere ? 6 : 4.5);
    pen.fillStyle = visible ? colour : colours.surface;
    pen.strokeStyle = isHere || selection.has(bar.id) ? colours.ink : colour;
    pen.lineWidth = 1.5;
    pen.fill();
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

/** A dotted line where the track goes on out of sight. */
function unseen(pen: Pen, bar: Bar, middle: number, { view, signOf }: Painted): void {
  let from = bar.start;
  pen.strokeStyle = signOf(bar.label).colour;
  pen.lineWidth = 1.5;
  pen.setLineDash([2, 3]);
  pen.beginPath();
  for (const [start, end] of [...bar.stretches, [bar.end, bar.end] as const]) {
    pen.moveTo(xOf(view, from), middle);
    pen.lineTo(xOf(view, start), middle);
    from = end + 1;
  }
  pen.stroke();
  pen.setLineDash([]);
}

function diamond(pen: Pen, x: number, y: number, half: number): void {
  pen.beginPath();
  pen.moveTo(x, y - half);
  pen.lineTo(x + half, y);
  pen.lineTo(x, y + half);
  pen.lineTo(x - half, y);
  pen.closePath();
}

function paintSegment(pen: Pen, bar: Bar, lane: Lane, scene: Painted): void {
  const { view, selection, signOf, colours } = scene;
  const { colour } = signOf(bar.label);
  const [from, to] = [xOf(view, bar.start), xOf(view, bar.end)];
  pen.globalAlpha = bar.isHidden ? 0.35 : bar.isSuggested ? 0.6 : 1;
  pen.fillStyle = colour;
  pen.beginPath();
  pen.roundRect(from, lane.top + 3, Math.max(3, to - from), lane.height - 7, 4);
  pen.fill();
  if (selection.has(bar.id)) {
    pen.strokeStyle = colours.ink;
    pen.lineWidth = 2;
    pen.stroke();
  }
  const room = to - Math.max(from, HEAD_PIXELS) - 12;
  if (room > 16) {
    pen.font = `600 11px ${colours.font}`;
    pen.fillStyle = inkOn(colour);
    pen.fillText(
      shortened(pen, bar.label, room),
      Math.max(from, HEAD_PIXELS) + 6,
      lane.top + lane.height / 2 - 0.5,
    );
  }
  pen.globalAlpha = 1;
}

function playhead(pen: Pen, scene: Painted): void {
  const { view, frame, begun, colours, height } = scene;
  pen.save();
  pen.beginPath();
  pen.rect(HEAD_PIXELS, 0, view.width - HEAD_PIXELS, height);
  pen.clip();
  pen.fillStyle = colours.accent;
  if (begun !== null) {
    const [from, to] = [xOf(view, Math.min(begun, frame)), xOf(view, Math.max(begun, frame) + 1)];
    pen.globalAlpha = 0.25;
    pen.fillRect(from, RULER_PIXELS, to - from, height);
    pen.globalAlpha = 1;
  }
  const x = xOf(view, frame);
  pen.globalAlpha = 0.18;
  pen.fillRect(x, RULER_PIXELS, Math.max(1, view.perFrame), height);
  pen.globalAlpha = 1;
  const middle = x + Math.max(1, view.perFrame) / 2;
  pen.fillRect(Math.round(middle) - 1, 14, 2, height);
  pen.font = `600 11px ${colours.font}`;
  const words = String(frame);
  const width = Math.max(26, pen.measureText(words).width + 12);
  const left = Math.min(Math.max(HEAD_PIXELS, middle - width / 2), view.width - width);
  pen.beginPath();
  pen.roundRect(left, 3, width, RULER_PIXELS - 8, 4);
  pen.fill();
  pen.fillStyle = colours.onAccent;
  pen.textAlign = "center";
  pen.fillText(words, left + width / 2, 3 + (RULER_PIXELS - 8) / 2 + 0.5);
  pen.restore();
}
