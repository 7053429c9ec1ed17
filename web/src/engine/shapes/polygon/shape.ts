/** The polygon: a closed outline of at least three corners that neither crosses nor touches itself. */

import { cornersShape } from "../corners";

export const polygon = cornersShape("polygon", true, 3);
