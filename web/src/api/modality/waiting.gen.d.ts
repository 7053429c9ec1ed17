/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/waiting": { get: { responses: { 200: { content: { "application/json": Shapes["Waiting"]; }; }; }; }; };
}

export interface OwnShapes {
    Waiting: { projects: Shapes["ProjectWaiting"][]; };
    ProjectWaiting: {
        project: string; open: number; mine_leased: number; answered_by_me: number;
    };
}
