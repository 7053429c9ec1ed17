/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/session": {
        post: {
            requestBody: { content: { "application/json": Shapes["NewSession"]; }; };
            responses: { 201: { content: { "application/json": Shapes["MeView"]; }; }; };
        };
        delete: { responses: { 204: { content: { "application/json": null; }; }; }; };
    };
}

export interface OwnShapes {
    NewSession: {
        token?: string | null; email?: string | null; password?: string | null;
    };
}
