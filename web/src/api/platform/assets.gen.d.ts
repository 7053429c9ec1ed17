/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/assets": {
        post: { responses: { 201: { content: { "application/json": Shapes["AssetView"]; }; }; }; };
    };
}
