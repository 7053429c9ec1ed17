/** What the stage says, in words. */

import { t } from "@/app/words";
import type { ToolName } from "@/engine/document/values";
import type { Said } from "@/engine/stage/host";

const SHAPES: Readonly<Record<ToolName, () => string>> = {
  box: () => t("Box"),
  rotated_box: () => t("Rotated box"),
  polygon: () => t("Polygon"),
  polyline: () => t("Line"),
  keypoints: () => t("Keypoints"),
  mask: () => t("Mask"),
};

const shape = (tool: ToolName): string => SHAPES[tool]?.() ?? tool;

const FAULTS = {
  empty: () => t("Not drawn: it would cover nothing."),
  crossing: () => t("The outline crosses itself: move a corner, or take one back with Backspace."),
  "few-points": () => t("Too few points: add another."),
  folded: () => t("Two neighbouring points would lie on each other: move one away."),
  "no-skeleton": () => t("This label has no skeleton: choose one that has."),
  "no-label": () => t("No label goes with this tool: ask whoever wrote the ontology."),
} as const;

export function wordsFor(said: Said): string {
  switch (said.what) {
    case "drawn":
      return t("{shape} drawn, {label}, at {place}", {
        shape: shape(said.seen.tool),
        label: said.seen.label,
        place: said.place,
      });
    case "selected":
      return t("{shape}, {label}, at {place}", {
        shape: shape(said.seen.tool),
        label: said.seen.label,
        place: said.place,
      });
    case "refused":
      return FAULTS[said.fault]();
    case "begun":
      return t("First corner set. Enter sets the last.");
    case "point":
      return said.name
        ? t("Point {count} set. Next: {name}.", { count: said.count, name: said.name })
        : t("Point {count} set.", { count: said.count });
    case "taken-back":
      return t("Taken back. {count, plural, one {# point} other {# points}} left.", { count: said.count });
    case "removed":
      return t("{count, plural, one {# mark} other {# marks}} deleted", { count: said.count });
    case "duplicated":
      return t("{count, plural, one {# copy} other {# copies}} made", { count: said.count });
    case "selected-many":
      return t("{count} marks selected", { count: said.count });
    case "at":
      return t("{x}, {y}", { x: Math.round(said.at.x), y: Math.round(said.at.y) });
  }
}
