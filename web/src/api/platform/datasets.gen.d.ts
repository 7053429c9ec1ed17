/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/datasets": {
        get: {
            parameters: {
                query?: {
                    limit?: number | null; next_token?: string | null;
                };
            };
            responses: {
                200: { content: { "application/json": Shapes["Page_annotary.catalog.values.DatasetView_"]; }; };
            };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.catalog.values.DatasetView_": {
        items: Shapes["DatasetView"][]; next_token?: string | null;
    };
    DatasetView: {
        id: string; name: string; modality: "text" | "image" | "video"; state: "active" | "deleted";
        created_at: string;
    };
}
