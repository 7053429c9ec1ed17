/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/organisation": {
        patch: {
            requestBody: { content: { "application/json": Shapes["OrganisationChange"]; }; };
            responses: { 200: { content: { "application/json": Shapes["OrganisationView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    OrganisationChange: { name?: string; };
}
