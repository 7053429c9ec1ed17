/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/drafts": {
        get: {
            parameters: { query: { assignments: string; }; };
            responses: {
                200: { content: { "application/json": Shapes["Page_annotary.submissions.values.DraftLeft_"]; }; };
            };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.submissions.values.DraftLeft_": {
        items: Shapes["DraftLeft"][]; next_token?: string | null;
    };
    DraftLeft: {
        assignment: string; answer: unknown; version: number; saved_at: string;
    };
}
