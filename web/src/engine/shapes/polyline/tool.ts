/** Drawing a polyline: ended by Enter or a double click. */

import { cornersTool } from "../corners_tool";

export const polylineTool = cornersTool("polyline", false, 2);
