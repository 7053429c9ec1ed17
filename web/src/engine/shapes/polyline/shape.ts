/** The polyline: an open line of at least two points, in order. */

import { cornersShape } from "../corners";

export const polyline = cornersShape("polyline", false, 2);
