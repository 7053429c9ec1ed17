/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/members": {
        get: {
            parameters: {
                query?: {
                    limit?: number | null; next_token?: string | null;
                };
            };
            responses: {
                200: { content: { "application/json": Shapes["Page_annotary.identity.values.MemberView_"]; }; };
            };
        };
    };
    "/v1/members/{member}": {
        delete: {
            parameters: { path: { member: string; }; };
            responses: { 200: { content: { "application/json": Shapes["MemberView"]; }; }; };
        };
        patch: {
            parameters: { path: { member: string; }; };
            requestBody: { content: { "application/json": Shapes["MemberChange"]; }; };
            responses: { 200: { content: { "application/json": Shapes["MemberView"]; }; }; };
        };
    };
    "/v1/members/{member}/projects": {
        get: {
            parameters: {
                query?: {
                    limit?: number | null; next_token?: string | null;
                };
                path: { member: string; };
            };
            responses: {
                200: {
                    content: { "application/json": Shapes["Page_annotary.projects.values.ProjectMemberView_"]; };
                };
            };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.identity.values.MemberView_": {
        items: Shapes["MemberView"][]; next_token?: string | null;
    };
    MemberChange: {
        name?: string; role?: "owner" | "manager" | "reviewer" | "annotator";
    };
}
