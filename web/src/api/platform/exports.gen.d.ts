/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/exports": {
        post: {
            requestBody: { content: { "application/json": Shapes["NewExport"]; }; };
            responses: { 202: { content: { "application/json": Shapes["JobView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    NewExport: {
        project: string;
        /**
         * @default jsonl
         * @enum {string}
         */
        format?: "jsonl" | "coco" | "preference_jsonl"; include_submissions?: boolean; gzip?: boolean;
    };
}
