/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/assignments": {
        get: {
            parameters: {
                query?: {
                    limit?: number | null; next_token?: string | null;
                };
            };
            responses: {
                200: {
                    content: { "application/json": Shapes["Page_annotary.dispatch.values.AssignmentView_"]; };
                };
            };
        };
    };
    "/assignments/{assignment_id}/renew": {
        post: {
            parameters: { path: { assignment_id: string; }; };
            requestBody: { content: { "application/json": Shapes["FenceRequest"]; }; };
            responses: { 200: { content: { "application/json": Shapes["Renewed"]; }; }; };
        };
    };
    "/assignments/{assignment_id}/release": {
        post: {
            parameters: { path: { assignment_id: string; }; };
            requestBody: { content: { "application/json": Shapes["FenceRequest"]; }; };
            responses: { 204: { content?: never; }; };
        };
    };
    "/assignments/{assignment_id}/task": {
        get: {
            parameters: { path: { assignment_id: string; }; };
            responses: { 200: { content: { "application/json": Shapes["AssignmentGiven"]; }; }; };
        };
    };
    "/assignments/{assignment_id}/draft": {
        put: {
            parameters: { path: { assignment_id: string; }; };
            requestBody: { content: { "application/json": Shapes["DraftRequest"]; }; };
            responses: { 200: { content: { "application/json": Shapes["DraftView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.dispatch.values.AssignmentView_": {
        items: Shapes["AssignmentView"][]; next_token?: string | null;
    };
    AssignmentView: {
        id: string; task: string; project: string; member: string;
        state: "leased" | "submitted" | "skipped" | "released" | "expired" | "revoked" | "set_aside";
        fence: number; claimed_at: string; expires_at: string; ended_at: string | null;
        submission: string | null;
    };
    DraftRequest: {
        fence: number; answer: unknown;
    };
    DraftView: {
        task: string; answer: unknown; version: number; saved_at: string;
    };
}
