/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/claims": {
        post: {
            requestBody: { content: { "application/json": Shapes["ClaimRequest"]; }; };
            responses: { 200: { content: { "application/json": Shapes["Claimed"]; }; }; };
        };
    };
}

export interface OwnShapes {
    Claimed: { assignments: Shapes["AssignmentGiven"][]; };
}
