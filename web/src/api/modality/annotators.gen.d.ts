/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/annotators": {
        get: {
            parameters: {
                query: {
                    project: string; limit?: number | null; next_token?: string | null;
                };
            };
            responses: {
                200: {
                    content: { "application/json": Shapes["Page_annotary.quality.skill.values.AnnotatorView_"]; };
                };
            };
        };
    };
    "/annotators/{member}/pause": {
        post: {
            parameters: { path: { member: string; }; };
            requestBody: { content: { "application/json": Shapes["PauseRequest"]; }; };
            responses: { 200: { content: { "application/json": Shapes["AnnotatorView"]; }; }; };
        };
    };
    "/annotators/{member}/resume": {
        post: {
            parameters: { path: { member: string; }; };
            requestBody: { content: { "application/json": Shapes["ResumeRequest"]; }; };
            responses: { 200: { content: { "application/json": Shapes["AnnotatorView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.quality.skill.values.AnnotatorView_": {
        items: Shapes["AnnotatorView"][]; next_token?: string | null;
    };
    AnnotatorView: {
        member: string; name: string | null; project: string; state: "active" | "qualifying" | "paused";
        reason: string | null; skill: number | null; answers: number; requeued: number; changed_at: string;
    };
    PauseRequest: {
        project: string; reason?: string; requeue_days?: number | null;
    };
    ResumeRequest: { project: string; };
}
