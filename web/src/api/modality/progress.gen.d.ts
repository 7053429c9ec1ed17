/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/progress": {
        get: {
            parameters: { query: { project: string; }; };
            responses: { 200: { content: { "application/json": Shapes["Progress"]; }; }; };
        };
    };
}

export interface OwnShapes {
    Progress: {
        tasks: number; open: number; paused: number; done: number; cancelled: number; submissions: number;
        outcomes: number; blocked: number;
    };
}
