/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/imports": {
        post: {
            requestBody: { content: { "application/json": Shapes["NewImport"]; }; };
            responses: { 202: { content: { "application/json": Shapes["JobView"]; }; }; };
        };
    };
    "/v1/imports/{job}/refusals": {
        get: {
            parameters: {
                query?: {
                    limit?: number | null; next_token?: string | null;
                };
                path: { job: string; };
            };
            responses: {
                200: {
                    content: { "application/json": Shapes["Page_annotary.catalog.values_jobs.RefusalView_"]; };
                };
            };
        };
    };
}

export interface OwnShapes {
    NewImport: {
        format: "jsonl" | "coco" | "preference_jsonl"; upload: string; project?: string | null;
        dataset?: string | null; name?: string | null;
        files?: { [key: string]: string; };
        batch?: Shapes["NewBatch"] | null;
    };
    NewBatch: {
        name?: string | null;
        /**
         * @default normal
         * @enum {string}
         */
        priority?: "urgent" | "high" | "normal" | "low"; deadline?: string | null; overlap?: number | null;
        order?: "shuffled" | "imported" | null; target?: Shapes["OverlapTarget"] | null;
    };
    OverlapTarget: {
        kind: "confidence" | "accuracy" | "budget"; value: number; overlap_max: number; price?: number;
    };
    "Page_annotary.catalog.values_jobs.RefusalView_": {
        items: Shapes["RefusalView"][]; next_token?: string | null;
    };
    RefusalView: {
        line: number; path: string | null; reason: string;
    };
}
