/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/me": {
        get: { responses: { 200: { content: { "application/json": Shapes["MeView"]; }; }; }; };
        patch: {
            requestBody: { content: { "application/json": Shapes["OwnChange"]; }; };
            responses: { 200: { content: { "application/json": Shapes["MemberView"]; }; }; };
        };
    };
    "/v1/me/password": {
        put: {
            requestBody: { content: { "application/json": Shapes["NewPassword"]; }; };
            responses: { 204: { content: { "application/json": null; }; }; };
        };
    };
    "/v1/me/sessions": {
        get: {
            responses: {
                200: { content: { "application/json": Shapes["Page_annotary.identity.values.SessionView_"]; }; };
            };
        };
    };
    "/v1/me/sessions/{session}": {
        delete: {
            parameters: { path: { session: string; }; };
            responses: { 204: { content: { "application/json": null; }; }; };
        };
    };
}

export interface OwnShapes {
    OwnChange: {
        name?: string; email?: string;
    };
    NewPassword: {
        password: string; current?: string | null;
    };
    "Page_annotary.identity.values.SessionView_": {
        items: Shapes["SessionView"][]; next_token?: string | null;
    };
    SessionView: {
        id: string; name: string; present: boolean; created_at: string; expires_at: string;
    };
}
