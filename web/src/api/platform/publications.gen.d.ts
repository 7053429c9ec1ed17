/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/publications/{publication}/complete": {
        post: {
            parameters: { path: { publication: string; }; };
            responses: { 200: { content: { "application/json": Shapes["PublicationView"]; }; }; };
        };
    };
    "/v1/publications/{publication}/withdraw": {
        post: {
            parameters: { path: { publication: string; }; };
            requestBody: { content: { "application/json": Shapes["Withdrawal"]; }; };
            responses: { 200: { content: { "application/json": Shapes["PublicationView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    Withdrawal: { reason?: string; };
}
