/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/batches": {
        get: {
            parameters: {
                query: {
                    project: string; limit?: number | null; next_token?: string | null;
                };
            };
            responses: {
                200: { content: { "application/json": Shapes["Page_annotary.dispatch.values.BatchView_"]; }; };
            };
        };
        post: {
            requestBody: { content: { "application/json": Shapes["NewBatch"]; }; };
            responses: { 202: { content: { "application/json": Shapes["BatchView"]; }; }; };
        };
    };
    "/batches/progress": {
        get: {
            parameters: { query: { project: string; }; };
            responses: { 200: { content: { "application/json": Shapes["BatchesProgress"]; }; }; };
        };
    };
    "/batches/{batch_id}": {
        patch: {
            parameters: { path: { batch_id: string; }; };
            requestBody: { content: { "application/json": Shapes["BatchChange"]; }; };
            responses: { 200: { content: { "application/json": Shapes["BatchView"]; }; }; };
        };
    };
    "/batches/{batch_id}/overlap": {
        get: {
            parameters: { path: { batch_id: string; }; };
            responses: { 200: { content: { "application/json": Shapes["OverlapReport"]; }; }; };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.dispatch.values.BatchView_": {
        items: Shapes["BatchView"][]; next_token?: string | null;
    };
    BatchView: {
        id: string; project: string; name: string; priority: "urgent" | "high" | "normal" | "low";
        deadline: string | null; overlap: number; target: Shapes["OverlapTarget"] | null;
        skill_minimum: number; order: "shuffled" | "imported"; state: "open" | "paused" | "cancelled";
        tasks: number; version: number; created_at: string; job?: string | null;
    };
    OverlapTarget: {
        kind: "confidence" | "accuracy" | "budget"; value: number; overlap_max: number; price?: number;
    };
    NewBatch: {
        project: string; dataset?: string | null; items?: string[] | null; name?: string;
        /**
         * @default normal
         * @enum {string}
         */
        priority?: "urgent" | "high" | "normal" | "low"; deadline?: string | null; overlap?: number | null;
        target?: Shapes["OverlapTarget"] | null; skill_minimum?: number;
        order?: "shuffled" | "imported" | null;
    };
    BatchesProgress: {
        counted_at: string; items: Shapes["BatchProgress"][];
    };
    BatchProgress: {
        batch: string; open: number; paused: number; done: number; cancelled: number; leased: number;
        asked: number; answered: number; answered_last_hour: number;
    };
    BatchChange: {
        state?: "open" | "paused" | "cancelled" | null;
        priority?: "urgent" | "high" | "normal" | "low" | null; deadline?: string | null;
        target?: Shapes["OverlapTarget"] | null; order?: "shuffled" | "imported" | null;
    };
    OverlapReport: {
        batch: string; target: Shapes["OverlapTarget"] | null; tasks: number; finished: number;
        outcomes: number; labels_used: number; labels_fixed: number; saved: number; saved_share: number;
        tasks_by_overlap: { [key: string]: number; };
        expected_accuracy: number | null;
    };
}
