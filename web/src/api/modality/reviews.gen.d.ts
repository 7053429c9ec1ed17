/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/reviews/claims": {
        post: {
            requestBody: { content: { "application/json": Shapes["ClaimRequest"]; }; };
            responses: { 200: { content: { "application/json": Shapes["ReviewsClaimed"]; }; }; };
        };
    };
    "/reviews/{review}/renew": {
        post: {
            parameters: { path: { review: string; }; };
            requestBody: { content: { "application/json": Shapes["FenceRequest"]; }; };
            responses: { 200: { content: { "application/json": Shapes["Renewed"]; }; }; };
        };
    };
    "/reviews/{review}/release": {
        post: {
            parameters: { path: { review: string; }; };
            requestBody: { content: { "application/json": Shapes["FenceRequest"]; }; };
            responses: { 204: { content: { "application/json": null; }; }; };
        };
    };
    "/reviews": {
        get: {
            parameters: {
                query?: {
                    project?: string | null; task?: string | null; limit?: number | null;
                    next_token?: string | null; state?: "open" | "leased" | "decided" | "withdrawn" | null;
                };
            };
            responses: {
                200: { content: { "application/json": Shapes["Page_annotary.review.values.ReviewView_"]; }; };
            };
        };
    };
    "/reviews/{review}/answers": {
        get: {
            parameters: { path: { review: string; }; };
            responses: { 200: { content: { "application/json": Shapes["AnswersReviewed"]; }; }; };
        };
    };
}

export interface OwnShapes {
    ReviewsClaimed: { reviews: Shapes["ReviewGiven"][]; };
    ReviewGiven: {
        id: string; fence: number; expires_at: string; level: number; task: Shapes["TaskReviewed"];
        outcome: Shapes["OutcomeReviewed"]; issues: Shapes["IssueView"][];
    };
    TaskReviewed: {
        id: string; unique_id: string; project: string; ontology_version: string; item: unknown;
    };
    OutcomeReviewed: {
        id: string; version: number; answer: unknown;
    };
    "Page_annotary.review.values.ReviewView_": {
        items: Shapes["ReviewView"][]; next_token?: string | null;
    };
    ReviewView: {
        id: string; task: string; unique_id: string; project: string; outcome: string;
        outcome_version: number; level: number; levels: number;
        state: "open" | "leased" | "decided" | "withdrawn"; member: string | null;
        verdict: "accepted" | "rejected" | "amended" | null; comment: string; diff: Shapes["Diff"] | null;
        amended_to: string | null; effective: boolean | null;
        purpose: "stage" | "audit" | "contradiction" | null; audit: string | null; reason: string | null;
        created_at: string; ended_at: string | null;
    };
    AnswersReviewed: {
        shows: "outcome" | "answers" | "names"; aggregator?: string | null; confidence?: number | null;
        agreement?: number | null; count?: number; answers?: Shapes["AnswerReviewed"][];
    };
    AnswerReviewed: {
        answer: unknown; seconds: number; member: string | null; name: string | null;
    };
}
