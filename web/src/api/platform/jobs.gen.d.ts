/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/jobs": {
        get: {
            parameters: {
                query?: {
                    project?: string | null; limit?: number | null; next_token?: string | null;
                };
            };
            responses: {
                200: { content: { "application/json": Shapes["Page_annotary.catalog.values_jobs.JobView_"]; }; };
            };
        };
    };
    "/v1/jobs/{job}": {
        get: {
            parameters: { path: { job: string; }; };
            responses: { 200: { content: { "application/json": Shapes["JobView"]; }; }; };
        };
        delete: {
            parameters: { path: { job: string; }; };
            responses: { 200: { content: { "application/json": Shapes["JobView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.catalog.values_jobs.JobView_": {
        items: Shapes["JobView"][]; next_token?: string | null;
    };
}
