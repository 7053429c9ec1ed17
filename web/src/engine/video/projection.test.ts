/** A frame's boxes out of the tracks, and their edits brought back to the tracks; lanes of the timeline. */

import { describe, expect, it } from "vitest";
import { emptyDocument } from "../document/apply";
import type { Document, Mark, MarkId } from "../document/values";
import { barAt, fitted, frameAtX, HEAD_PIXELS, lanesOf, showing, xOf, zoomed } from "./lanes";
import { boxDefinition, onTracks, projected } from "./projection";
import { segmentBetween } from "./segments";
import { Timeline } from "./timeline";
import { firstKeyframe, keyframesOf, toggleVisible, trackGeometry, withBox } from "./tracks";

const timeline = new Timeline({ frame_count: 100, time_base: [1, 25], first_pts: 0, pts_runs: [[99, 1]] });
const box = { x: 10, y: 10, width: 20, height: 20 };
const nobody: ReadonlySet<MarkId> = new Set();
const named = (name: string): MarkId => name as MarkId;

function track(name: string, label = "car"): Mark {
  const keyframes = withBox([firstKeyframe(10, box, timeline)], 20, { ...box, x: 30 }, timeline);
  return { id: named(name), label, attributes: {}, geometry: trackGeometry(name, keyframes) };
}

const withMarks = (tracks: readonly Mark[], segments: readonly Mark[] = []): Document => ({
  ...emptyDocument,
  marks: { tracks, segments },
});

const boxes = (document: Document, frame: number, selection = nobody) =>
  projected(document, frame, timeline, selection).marks.box ?? [];

describe("a frame's boxes", () => {
  const document = withMarks([track("1")]);

  it("are where the tracks are, dashed where one ended in sight, and not there before it begins", () => {
    expect(boxes(document, 15)).toMatchObject([{ id: "1", geometry: { ...box, x: 20 } }]);
    expect(boxes(document, 15)[0]?.suggested).toBeUndefined();
    expect(boxes(document, 40)).toMatchObject([{ suggested: true, geometry: { ...box, x: 30 } }]);
    expect(boxes(document, 5)).toEqual([]);
    expect(boxes(document, 5, new Set([named("1")]))).toHaveLength(1);
  });

  it("are not there once the object is outside, but for who works on it", () => {
    const [one] = document.marks.tracks ?? [];
    const ended = toggleVisible(keyframesOf(one?.geometry ?? {}), 30, timeline);
    const gone = withMarks([{ ...track("1"), geometry: trackGeometry("1", ended) }]);
    expect(boxes(gone, 29)).toHaveLength(1);
    expect(boxes(gone, 35)).toEqual([]);
    expect(boxes(gone, 35, new Set([named("1")]))).toHaveLength(1);
  });

  it("change their track at that frame and nowhere else", () => {
    const change = {
      kind: "change",
      tool: "box",
      id: named("1"),
      change: { geometry: { ...box, x: 50 } },
    } as const;
    const action = onTracks(change, document, 40, timeline);
    if (action.kind !== "change") throw new Error(action.kind);
    const keyframes = keyframesOf(action.change.geometry ?? {});
    expect(action.tool).toBe("tracks");
    expect(keyframes.map(({ frame, x }) => [frame, x])).toEqual([
      [10, 10],
      [20, 30],
      [40, 50],
    ]);
  });

  it("drawn anew are tracks with numbers of their own", () => {
    const fresh = (id: string): Mark => ({ id: named(id), label: "car", attributes: {}, geometry: box });
    const action = onTracks(
      { kind: "add", tool: "box", marks: [fresh("a"), fresh("b")] },
      document,
      7,
      timeline,
    );
    if (action.kind !== "add") throw new Error(action.kind);
    expect(action.marks.map(({ geometry }) => geometry.id)).toEqual(["2", "3"]);
    expect(action.marks.map(({ geometry }) => keyframesOf(geometry)[0]?.time)).toEqual([0.28, 0.28]);
  });

  it("have the labels that tracks have", () => {
    const labels = [
      { name: "car" },
      { name: "rally", tools: ["segments"] },
      { name: "bus", tools: ["tracks"] },
    ];
    const { labels: found } = boxDefinition({ tools: { tracks: {}, segments: {} }, labels });
    expect(found?.filter(({ tools }) => tools?.includes("box")).map(({ name }) => name)).toEqual([
      "car",
      "bus",
    ]);
  });
});

describe("the timeline", () => {
  const segment: Mark = {
    id: named("s"),
    label: "rally",
    attributes: {},
    geometry: { ...segmentBetween(30, 39, timeline) },
  };
  const lanes = lanesOf(withMarks([track("1"), track("2")], [segment]));
  const view = fitted(100, 1000);

  it("finds what is drawn at a point", () => {
    expect(lanes.map(({ kind }) => kind)).toEqual(["segments", "track", "track"]);
    const [first, second] = lanes;
    expect(barAt(lanes, view, xOf(view, 35), (first?.top ?? 0) + 5)).toEqual({ id: "s", frame: null });
    expect(barAt(lanes, view, xOf(view, 20.5), (second?.top ?? 0) + 5)).toEqual({ id: "1", frame: 20 });
    expect(barAt(lanes, view, xOf(view, 50), (second?.top ?? 0) + 5)).toBeNull();
    expect(barAt(lanes, view, 20, (second?.top ?? 0) + 5)).toEqual({ id: "1", frame: null });
  });

  it("keeps the frame under the pointer while it is stretched, and never shows less than all", () => {
    const x = xOf(view, 40) + 1;
    const closer = zoomed(view, 4, x, 100);
    expect(frameAtX(closer, x)).toBe(40);
    expect(zoomed(closer, 0.01, x, 100)).toEqual(view);
    const far = showing(closer, 99, 100);
    expect(xOf(far, 99)).toBeGreaterThan(HEAD_PIXELS);
    expect(xOf(far, 99)).toBeLessThan(1000);
  });
});
