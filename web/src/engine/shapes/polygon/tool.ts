/** Drawing a polygon: closed by Enter, a double click, or a click on the first corner. */

import { cornersTool } from "../corners_tool";

export const polygonTool = cornersTool("polygon", true, 3);
