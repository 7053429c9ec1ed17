/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/uploads": {
        post: {
            requestBody: { content: { "application/json": Shapes["NewUpload"]; }; };
            responses: { 201: { content: { "application/json": Shapes["UploadView"]; }; }; };
        };
    };
    "/v1/uploads/{upload}/complete": {
        post: {
            parameters: { path: { upload: string; }; };
            requestBody: { content: { "application/json": Shapes["FinalHash"] | null; }; };
            responses: { 201: { content: { "application/json": Shapes["AssetView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    NewUpload: {
        name: string; size_bytes: number; media_type?: string;
    };
    UploadView: {
        id: string; name: string; media_type: string; size_bytes: number; chunk_bytes: number; chunks: number;
        received: number[]; state: "open" | "complete" | "abandoned"; asset: string | null;
        created_at: string;
    };
    FinalHash: { blake3?: string | null; };
}
