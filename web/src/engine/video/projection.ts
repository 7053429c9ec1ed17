/** One frame of the tracks as boxes, and edits of these boxes as edits of the tracks: so that what draws and edits
 * boxes in images does so in videos. */

import type { Action, Definition, Document, Geometry, Label, Mark, MarkId } from "../document/values";
import type { Box } from "../geometry/box";
import type { Timeline } from "./timeline";
import {
  firstKeyframe,
  freeTrackId,
  isVisible,
  keyframesOf,
  placeAt,
  placeBeyond,
  trackGeometry,
  withBox,
} from "./tracks";

export const TRACKS = "tracks";
export const SEGMENTS = "segments";
export const BOX = "box";

/** The document with a box for each track that is to be seen at a frame, under the track's own id. */
export function projected(
  document: Document,
  frame: number,
  timeline: Timeline,
  selection: ReadonlySet<MarkId>,
): Document {
  const boxes = (document.marks[TRACKS] ?? []).flatMap((mark) =>
    boxOf(mark, frame, timeline, selection.has(mark.id)),
  );
  return { ...document, marks: { [BOX]: boxes } };
}

function boxOf(mark: Mark, frame: number, timeline: Timeline, isSelected: boolean): Mark[] {
  const keyframes = keyframesOf(mark.geometry);
  const place = placeAt(keyframes, frame, timeline);
  if (place?.visible) return [{ ...mark, geometry: { ...place.box } }];
  // Where it ended in sight it is to be carried on or ended; where it is out of sight, only who works on it sees it.
  const last = keyframes.at(-1);
  const isOpen = last !== undefined && isVisible(last) && frame > last.frame;
  const ghost = place ?? (isOpen || isSelected ? placeBeyond(keyframes, frame) : null);
  if (ghost === null || !(isOpen || isSelected)) return [];
  // What is not there is drawn as a suggestion is: dashed.
  return [{ ...mark, suggested: true, geometry: { ...ghost.box } }];
}

/** The definition as it is for the boxes of a frame: the labels of tracks. */
export function boxDefinition(definition: Definition): Definition {
  const settings = definition.tools[TRACKS];
  const labels = (definition.labels ?? []).map(
    ({ tools, ...label }): Label => ({ ...label, tools: !tools || tools.includes(TRACKS) ? [BOX] : [] }),
  );
  return { tools: settings === undefined ? {} : { [BOX]: settings }, labels };
}

/** What an action on the boxes of a frame does to the tracks. */
export function onTracks(action: Action, document: Document, frame: number, timeline: Timeline): Action {
  switch (action.kind) {
    case "several":
      return { ...action, actions: action.actions.map((one) => onTracks(one, document, frame, timeline)) };
    case "add":
      return added(action.marks, document, frame, timeline);
    case "change": {
      const { geometry, ...rest } = action.change;
      const mark = document.marks[TRACKS]?.find(({ id }) => id === action.id);
      const box = geometry === undefined ? null : boxIn(geometry);
      if (mark === undefined || box === null) return { ...action, tool: TRACKS, change: rest };
      const keyframes = withBox(keyframesOf(mark.geometry), frame, box, timeline);
      const change = { ...rest, geometry: trackGeometry(String(mark.geometry.id), keyframes) };
      return { ...action, tool: TRACKS, change };
    }
    case "remove":
    case "order":
      return { ...action, tool: TRACKS };
    default:
      return action;
  }
}

function added(marks: readonly Mark[], document: Document, frame: number, timeline: Timeline): Action {
  const known = [...(document.marks[TRACKS] ?? [])];
  const tracks = marks.flatMap((mark) => {
    const box = boxIn(mark.geometry);
    if (box === null) return [];
    const id = freeTrackId(known);
    const track = { ...mark, geometry: trackGeometry(id, [firstKeyframe(frame, box, timeline)]) };
    known.push(track);
    return [track];
  });
  return { kind: "add", tool: TRACKS, marks: tracks };
}

function boxIn({ x, y, width, height }: Geometry): Box | null {
  const isBox =
    typeof x === "number" && typeof y === "number" && typeof width === "number" && typeof height === "number";
  return isBox ? { x, y, width, height } : null;
}
