/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/data": {
        get: {
            parameters: {
                query: {
                    project: string; filter?: string | null;
                };
            };
            responses: { 200: { content: { "application/json": Shapes["Look"]; }; }; };
        };
    };
    "/data/rows": {
        get: {
            parameters: {
                query: {
                    project: string; since: string; until?: string | null; filter?: string | null;
                };
            };
            responses: { 200: { content: { "application/json": Shapes["Rows"]; }; }; };
        };
    };
    "/data/choices": {
        get: {
            parameters: { query: { project: string; }; };
            responses: { 200: { content: { "application/json": Shapes["Choices"]; }; }; };
        };
    };
    "/data/{task}": {
        get: {
            parameters: {
                query?: { project?: string | null; };
                path: { task: string; };
            };
            responses: { 200: { content: { "application/json": Shapes["ItemView"]; }; }; };
        };
    };
    "/data/actions": {
        post: {
            requestBody: { content: { "application/json": Shapes["ActionRequest"]; }; };
            responses: { 200: { content: { "application/json": Shapes["ActionStep"]; }; }; };
        };
    };
    "/data/counts": {
        post: {
            requestBody: { content: { "application/json": Shapes["CountsRequest"]; }; };
            responses: { 200: { content: { "application/json": Shapes["slices_values_Counts"]; }; }; };
        };
    };
}

export interface OwnShapes {
    Look: {
        count: number; anchor_rows: number; anchors: string[]; rows: Shapes["FoundView"][];
    };
    FoundView: {
        task: string; item: string; unique_id: string; batch: string;
        state: "open" | "paused" | "done" | "cancelled" | "gold"; overlap: number; leased: number;
        answered: number; text: string | null; thumbnail: string | null; told: Shapes["Told"][];
        outcome: string | null; outcome_state: string | null; confidence: number | null;
        agreement: number | null; issues: number;
    };
    Told: {
        word: string; times: number; label: boolean;
    };
    Rows: { rows: Shapes["FoundView"][]; };
    Choices: {
        count: number; states: Shapes["Counted"][]; batches: Shapes["Counted"][];
        datasets: Shapes["Counted"][]; labels: Shapes["Counted"][]; answered: Shapes["Counted"][];
        annotators: Shapes["Counted"][]; issues: number;
    };
    Counted: {
        value: string; name: string; count: number;
    };
    ItemView: {
        found: Shapes["FoundView"]; payload: unknown; metadata: unknown | null; dataset: string | null;
        dataset_name: string | null; batch_name: string; released_at: string; answers: Shapes["GivenView"][];
        outcome: Shapes["OutcomeNow"] | null; predictions: Shapes["PredictionNow"][];
    };
    GivenView: {
        id: string; member: string | null; name: string | null; answer: unknown; told: Shapes["Told"][];
        seconds: number; claimed_at: string; received_at: string; ontology_version: string; counts: boolean;
        why: string | null;
    };
    OutcomeNow: {
        id: string; version: number; state: string; answer: unknown; told: Shapes["Told"][];
        aggregator: string; confidence: number; agreement: number | null; created_at: string;
    };
    PredictionNow: {
        id: string; model: string; version: string; score: number | null; answer: unknown;
        told: Shapes["Told"][];
    };
    ActionRequest: {
        project: string; action: "pause" | "resume" | "requeue" | "cancel" | "gold";
        filter: Shapes["ItemFilter"]; reason?: string; after?: string | null;
    };
    ActionStep: {
        looked_at: number; changed: number; after: string | null;
    };
    CountsRequest: {
        project: string; filter: Shapes["ItemFilter"];
    };
    slices_values_Counts: {
        count: number;
        states: { [key: string]: number; };
    };
}
