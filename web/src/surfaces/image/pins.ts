/** Where issues are pinned on an image: at a point, or at the mark that a JSON pointer names. */

import { isRecord } from "@/engine/document/answer";
import { marksOf } from "@/engine/document/apply";
import type { Document, Json } from "@/engine/document/values";
import { boxMiddle } from "@/engine/geometry/box";
import { type ImagePoint, imagePoint } from "@/engine/geometry/coordinates";
import { shapeFor } from "@/engine/shapes/all";
import type { ShownPin } from "@/engine/stage/overlay";
import type { Pin } from "@/surfaces/surface";

export function shownPins(pins: readonly Pin[], document: Document): readonly ShownPin[] {
  return pins.flatMap(({ id, place, title, open }) => {
    const at = placeOf(place, document);
    return at ? [{ id, at, title, open }] : [];
  });
}

function placeOf(place: Json, document: Document): ImagePoint | null {
  if (isRecord(place)) {
    const { x, y } = place;
    return typeof x === "number" && typeof y === "number" ? imagePoint(x, y) : null;
  }
  if (typeof place !== "string") return null;
  const [, tool = "", index = ""] = place.split("/");
  const mark = marksOf(document, tool)[Number(index)];
  const shape = shapeFor(tool);
  return mark && shape ? boxMiddle(shape.bounds(mark.geometry)) : null;
}
