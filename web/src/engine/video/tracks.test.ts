/** Tracks and segments: interpolation equal with the server's, edits, times. */

import golden from "@golden/interpolation.json";
import { describe, expect, it } from "vitest";
import { rowsOf, segmentBetween, startingAt } from "./segments";
import { Timeline } from "./timeline";
import {
  firstKeyframe,
  freeTrackId,
  type Keyframe,
  keyframeBeside,
  placeAt,
  toggleKeyframe,
  toggleVisible,
  visibleStretches,
  withBox,
} from "./tracks";

const timelines = golden.timelines.map(
  (one) =>
    new Timeline({
      frame_count: one.frame_count,
      time_base: [one.time_base[0] ?? 1, one.time_base[1] ?? 1],
      first_pts: one.first_pts,
      pts_runs: one.pts_runs.map(([count = 0, step = 0]) => [count, step] as const),
    }),
);
const steady = new Timeline({ frame_count: 100, time_base: [1, 25], first_pts: 0, pts_runs: [[99, 1]] });
const box = { x: 10, y: 10, width: 20, height: 20 };

describe("golden vectors", () => {
  it("has the server's presentation times", () => {
    golden.timelines.forEach((one, at) => {
      for (const [frame = 0, microseconds] of one.times) {
        expect(timelines[at]?.microseconds(frame)).toBe(microseconds);
        if (frame < one.frame_count) expect(timelines[at]?.frameAt((microseconds ?? 0) / 1e6)).toBe(frame);
      }
    });
  });

  it("is between keyframes where the server says", () => {
    for (const track of golden.tracks) {
      const keyframes: Keyframe[] = track.keyframes.map((one) => ({ ...one, time: 0 }));
      const timeline = timelines[track.timeline] ?? steady;
      for (const expected of track.frames) {
        const place = placeAt(keyframes, expected.frame, timeline);
        if (expected.box === null) expect(place).toBeNull();
        else {
          const found = [place?.box.x, place?.box.y, place?.box.width, place?.box.height];
          found.forEach((value, at) => {
            expect(Math.abs((value ?? Number.NaN) - (expected.box?.[at] ?? 0))).toBeLessThanOrEqual(
              golden.tolerance,
            );
          });
          expect(place?.visible).toBe(expected.visible);
        }
      }
    }
  });
});

describe("edits of tracks", () => {
  const drawn = [firstKeyframe(10, box, steady)];

  it("extends a track beyond its end and interpolates between", () => {
    const longer = withBox(drawn, 20, { ...box, x: 30 }, steady);
    expect(placeAt(longer, 15, steady)).toMatchObject({
      box: { ...box, x: 20 },
      isKeyframe: false,
      visible: true,
    });
    expect(placeAt(longer, 21, steady)).toBeNull();
    expect(longer.map(({ time }) => time)).toEqual([0.4, 0.8]);
  });

  it("ends visibility at a frame and takes it back", () => {
    const left = toggleVisible(withBox(drawn, 20, box, steady), 30, steady);
    expect(left.map(({ frame, visible }) => [frame, visible])).toEqual([
      [10, undefined],
      [20, undefined],
      [30, false],
    ]);
    expect(visibleStretches(left)).toEqual([[10, 30]]);
    expect(toggleVisible(left, 30, steady)[2]).not.toHaveProperty("visible");
    const again = withBox(left, 40, box, steady);
    expect(visibleStretches(again)).toEqual([
      [10, 30],
      [40, 40],
    ]);
  });

  it("adds and takes away keyframes without moving anything", () => {
    const longer = withBox(drawn, 20, { ...box, x: 30 }, steady);
    const more = toggleKeyframe(longer, 15, steady);
    expect(more).toHaveLength(3);
    expect(placeAt(more, 12, steady)?.box.x).toBeCloseTo(placeAt(longer, 12, steady)?.box.x ?? 0);
    expect(toggleKeyframe(more, 15, steady)).toEqual(longer);
    expect(toggleKeyframe(drawn, 10, steady)).toEqual(drawn);
    expect(keyframeBeside([longer], 15, 1)).toBe(20);
    expect(keyframeBeside([longer], 15, -1)).toBe(10);
    expect(keyframeBeside([longer], 20, 1)).toBeNull();
  });

  it("gives each new track a number of its own", () => {
    const mark = (id: string) => ({
      id: id as never,
      label: "car",
      attributes: {},
      geometry: { id, keyframes: [] },
    });
    expect(freeTrackId([])).toBe("1");
    expect(freeTrackId([mark("3"), mark("left car"), mark("1")])).toBe("4");
  });
});

describe("segments", () => {
  it("includes both frames, whichever way it was drawn, and says the times", () => {
    const segment = segmentBetween(20, 10, steady);
    expect(segment).toEqual({ start_frame: 10, end_frame: 21, start_time: 0.4, end_time: 0.84 });
    expect(segmentBetween(99, 99, steady).end_time).toBe(4);
    expect(startingAt(segment, 21, steady)).toBe(segment);
  });

  it("lays those that overlap into rows of their own", () => {
    const frames: [number, number][] = [
      [0, 9],
      [5, 15],
      [10, 20],
      [12, 13],
    ];
    expect(rowsOf(frames.map(([one, other]) => segmentBetween(one, other, steady)))).toEqual([0, 1, 0, 2]);
  });
});
