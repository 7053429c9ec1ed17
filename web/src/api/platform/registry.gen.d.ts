/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/registry/{reference}": {
        get: {
            parameters: { path: { reference: string; }; };
            responses: { 200: { content: { "application/json": Shapes["OntologyVersionView"]; }; }; };
        };
    };
}
