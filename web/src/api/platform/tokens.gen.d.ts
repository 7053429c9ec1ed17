/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/tokens": {
        get: {
            parameters: {
                query?: {
                    member?: string | null; limit?: number | null; next_token?: string | null;
                };
            };
            responses: {
                200: { content: { "application/json": Shapes["Page_annotary.identity.values.TokenView_"]; }; };
            };
        };
        post: {
            requestBody: { content: { "application/json": Shapes["NewToken"]; }; };
            responses: { 201: { content: { "application/json": Shapes["TokenMade"]; }; }; };
        };
    };
    "/v1/tokens/{token}": {
        delete: {
            parameters: { path: { token: string; }; };
            responses: { 200: { content: { "application/json": Shapes["TokenView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.identity.values.TokenView_": {
        items: Shapes["TokenView"][]; next_token?: string | null;
    };
    TokenView: {
        id: string; member: string; name: string; created_at: string; expires_at: string | null;
        revoked_at: string | null;
    };
    NewToken: {
        name: string; member?: string | null; expires_at?: string | null;
    };
    TokenMade: {
        id: string; token: string; member: string; name: string; created_at: string;
        expires_at: string | null;
    };
}
