/** What keys and buttons do to the tracks and segments of a document at a frame: actions, or null for nothing. */

import { labelsFor, newMarkId } from "@/engine/document/answer";
import type { Action, Attributes, Definition, Document, Mark, MarkId } from "@/engine/document/values";
import { SEGMENTS, TRACKS } from "@/engine/video/projection";
import {
  isThere,
  lastingTo,
  type Segment,
  segmentBetween,
  segmentOf,
  startingAt,
} from "@/engine/video/segments";
import type { Timeline } from "@/engine/video/timeline";
import {
  type Keyframe,
  keyframesOf,
  type Place,
  placeAt,
  toggleKeyframe,
  toggleVisible,
  trackGeometry,
  withAttributes,
} from "@/engine/video/tracks";

/** Everything that an edit depends on. */
export interface Moment {
  readonly document: Document;
  readonly definition: Definition;
  readonly selection: ReadonlySet<MarkId>;
  readonly frame: number;
  readonly timeline: Timeline;
}

/** The tracks that keys act on: those selected, or the only one there is. */
export function tracksInHand({ document, selection }: Moment): readonly Mark[] {
  const tracks = document.marks[TRACKS] ?? [];
  const selected = tracks.filter(({ id }) => selection.has(id));
  return selected.length > 0 || tracks.length > 1 ? selected : tracks;
}

/** Where the one track in hand is at this frame. */
export function placeInHand(moment: Moment): Place | null {
  const [only, ...more] = tracksInHand(moment);
  if (only === undefined || more.length > 0) return null;
  return placeAt(keyframesOf(only.geometry), moment.frame, moment.timeline);
}

function edited(
  moment: Moment,
  edit: (keyframes: readonly Keyframe[]) => readonly Keyframe[],
): Action | null {
  const actions = tracksInHand(moment).flatMap((mark): Action[] => {
    const before = keyframesOf(mark.geometry);
    const after = mark.locked ? before : edit(before);
    if (after === before) return [];
    const geometry = trackGeometry(String(mark.geometry.id), after);
    return [{ kind: "change", tool: TRACKS, id: mark.id, change: { geometry } }];
  });
  return actions.length > 0 ? { kind: "several", actions } : null;
}

export const keyframeHere = (moment: Moment): Action | null =>
  edited(moment, (keyframes) => toggleKeyframe(keyframes, moment.frame, moment.timeline));

export const outsideHere = (moment: Moment): Action | null =>
  edited(moment, (keyframes) => toggleVisible(keyframes, moment.frame, moment.timeline));

export const attributesHere = (moment: Moment, attributes: Attributes): Action | null =>
  edited(moment, (keyframes) => withAttributes(keyframes, moment.frame, attributes, moment.timeline));

/** The segment from a frame to this one, under the label in hand or the first that segments have. */
export function segmentHere(
  moment: Moment,
  from: number,
  label: string | null,
): { action: Action; id: MarkId } | null {
  const labels = labelsFor(moment.definition.labels, SEGMENTS);
  const chosen = labels.find(({ name }) => name === label) ?? labels[0];
  const segment = segmentBetween(from, moment.frame, moment.timeline);
  const present = moment.document.marks[SEGMENTS] ?? [];
  if (chosen === undefined || isThere(present, chosen.name, segment)) return null;
  const mark: Mark = { id: newMarkId(), label: chosen.name, attributes: {}, geometry: { ...segment } };
  return { action: { kind: "add", tool: SEGMENTS, marks: [mark] }, id: mark.id };
}

/** Moves one end of the selected segments to this frame. */
export function endMoved(moment: Moment, end: "start" | "last"): Action | null {
  const move = end === "start" ? startingAt : lastingTo;
  const present = moment.document.marks[SEGMENTS] ?? [];
  const actions = present.flatMap((mark): Action[] => {
    const segment = moment.selection.has(mark.id) && !mark.locked ? segmentOf(mark.geometry) : null;
    if (segment === null) return [];
    const moved: Segment = move(segment, moment.frame, moment.timeline);
    if (moved === segment || isThere(present, mark.label, moved, mark)) return [];
    return [{ kind: "change", tool: SEGMENTS, id: mark.id, change: { geometry: { ...moved } } }];
  });
  return actions.length > 0 ? { kind: "several", actions } : null;
}
