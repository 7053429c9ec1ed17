/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/slices": {
        get: {
            parameters: {
                query: {
                    project: string; limit?: number | null; next_token?: string | null;
                };
            };
            responses: {
                200: { content: { "application/json": Shapes["Page_annotary.slices.values.SliceView_"]; }; };
            };
        };
        post: {
            requestBody: { content: { "application/json": Shapes["NewSlice"]; }; };
            responses: { 201: { content: { "application/json": Shapes["SliceView"]; }; }; };
        };
    };
    "/slices/{slice_id}": {
        delete: {
            parameters: { path: { slice_id: string; }; };
            responses: { 200: { content: { "application/json": Shapes["SliceView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.slices.values.SliceView_": {
        items: Shapes["SliceView"][]; next_token?: string | null;
    };
    SliceView: {
        id: string; project: string; name: string; filter: Shapes["ItemFilter"]; version: number;
        created_by: string; created_at: string;
    };
    NewSlice: {
        project: string; name: string; filter: Shapes["ItemFilter"];
    };
}
