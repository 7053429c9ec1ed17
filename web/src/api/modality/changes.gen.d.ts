/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/changes/{change}/approve": {
        post: {
            parameters: { path: { change: string; }; };
            responses: { 202: { content: { "application/json": Shapes["ChangeView"]; }; }; };
        };
    };
    "/changes": {
        get: {
            parameters: {
                query: {
                    project: string; limit?: number | null; next_token?: string | null;
                };
            };
            responses: {
                200: { content: { "application/json": Shapes["Page_annotary.migration.values.ChangeView_"]; }; };
            };
        };
    };
    "/changes/{change}/unchanged": {
        get: {
            parameters: {
                query?: {
                    limit?: number | null; next_token?: string | null;
                };
                path: { change: string; };
            };
            responses: {
                200: {
                    content: { "application/json": Shapes["Page_annotary.migration.values.UnchangedView_"]; };
                };
            };
        };
    };
    "/changes/{change}/pause": {
        post: {
            parameters: { path: { change: string; }; };
            responses: { 200: { content: { "application/json": Shapes["ChangeView"]; }; }; };
        };
    };
    "/changes/{change}/resume": {
        post: {
            parameters: { path: { change: string; }; };
            responses: { 202: { content: { "application/json": Shapes["ChangeView"]; }; }; };
        };
    };
    "/changes/{change}/cancel": {
        post: {
            parameters: { path: { change: string; }; };
            responses: { 200: { content: { "application/json": Shapes["ChangeView"]; }; }; };
        };
    };
    "/changes/{change}/rollback": {
        post: {
            parameters: { path: { change: string; }; };
            responses: { 202: { content: { "application/json": Shapes["ChangeView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    ChangeView: {
        id: string; kind: "migration" | "correction" | "rollback"; project: string; ontology_version: string;
        state: "proposed" | "waiting" | "running" | "paused" | "following" | "succeeded" | "failed" | "cancelled";
        counts: Shapes["migration_values_Counts"]; done: number; total: number | null; reason: string | null;
        reverts: string | null; job: string | null; terms: unknown; created_by: string | null;
        approved_by: string | null; created_at: string; started_at: string | null; ended_at: string | null;
    };
    migration_values_Counts: {
        looked_at?: number; changed?: number; pinned?: number; lossy?: number; ambiguous?: number;
        invalid?: number; moved?: number; requeued?: number;
    };
    "Page_annotary.migration.values.ChangeView_": {
        items: Shapes["ChangeView"][]; next_token?: string | null;
    };
    "Page_annotary.migration.values.UnchangedView_": {
        items: Shapes["UnchangedView"][]; next_token?: string | null;
    };
    UnchangedView: {
        id: string; task: string; kind: "submission" | "outcome" | "gold" | "prediction" | "draft";
        reason: string; paths: string[]; requeued: boolean;
    };
}
