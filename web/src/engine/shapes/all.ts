/** Every shape and its tool by the name of its label type, in the order they lie on each other. */

import type { ToolName } from "../document/values";
import { box } from "./box/shape";
import { boxTool } from "./box/tool";
import { keypoints } from "./keypoints/shape";
import { keypointsTool } from "./keypoints/tool";
import { mask } from "./mask/shape";
import { maskTool } from "./mask/tool";
import { polygon } from "./polygon/shape";
import { polygonTool } from "./polygon/tool";
import { polyline } from "./polyline/shape";
import { polylineTool } from "./polyline/tool";
import { rotatedBox } from "./rotated_box/shape";
import { rotatedBoxTool } from "./rotated_box/tool";
import type { Shape } from "./shape";
import { type Running, running } from "./tool";

/** What covers an area lies below what is a line or a point, so that both can be reached. */
const MADE: readonly (readonly [Shape, () => Running])[] = [
  [mask, () => running(maskTool)],
  [polygon, () => running(polygonTool)],
  [box, () => running(boxTool)],
  [rotatedBox, () => running(rotatedBoxTool)],
  [polyline, () => running(polylineTool)],
  [keypoints, () => running(keypointsTool)],
];

export const SHAPE_TOOLS: readonly ToolName[] = MADE.map(([shape]) => shape.tool);
const shapes = new Map(MADE.map(([shape]) => [shape.tool, shape]));
const tools = new Map(MADE.map(([shape, make]) => [shape.tool, make]));

export const shapeFor = (tool: ToolName): Shape | undefined => shapes.get(tool);

/** A fresh tool, idle; undefined for a label type that is not drawn on images. */
export const runningFor = (tool: ToolName): Running | undefined => tools.get(tool)?.();
