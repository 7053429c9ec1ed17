/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/tasks": {
        get: {
            parameters: {
                query: {
                    project: string; state?: "open" | "paused" | "done" | "cancelled" | "gold" | null;
                    batch?: string | null; unique_id?: string | null; held?: boolean; holder?: string | null;
                    limit?: number | null; next_token?: string | null;
                };
            };
            responses: {
                200: { content: { "application/json": Shapes["Page_annotary.dispatch.values.TaskView_"]; }; };
            };
        };
    };
    "/tasks/pause": {
        post: {
            requestBody: { content: { "application/json": Shapes["TasksChange"]; }; };
            responses: { 200: { content: { "application/json": Shapes["Changed"]; }; }; };
        };
    };
    "/tasks/resume": {
        post: {
            requestBody: { content: { "application/json": Shapes["TasksChange"]; }; };
            responses: { 200: { content: { "application/json": Shapes["Changed"]; }; }; };
        };
    };
    "/tasks/cancel": {
        post: {
            requestBody: { content: { "application/json": Shapes["TasksChange"]; }; };
            responses: { 200: { content: { "application/json": Shapes["Changed"]; }; }; };
        };
    };
    "/tasks/requeue": {
        post: {
            requestBody: { content: { "application/json": Shapes["TasksChange"]; }; };
            responses: { 200: { content: { "application/json": Shapes["Changed"]; }; }; };
        };
    };
    "/tasks/recall": {
        post: {
            requestBody: { content: { "application/json": Shapes["TasksChange"]; }; };
            responses: { 200: { content: { "application/json": Shapes["Changed"]; }; }; };
        };
    };
    "/tasks/reassign": {
        post: {
            requestBody: { content: { "application/json": Shapes["TasksReassignment"]; }; };
            responses: { 200: { content: { "application/json": Shapes["Changed"]; }; }; };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.dispatch.values.TaskView_": {
        items: Shapes["TaskView"][]; next_token?: string | null;
    };
    TaskView: {
        id: string; project: string; batch: string; item: string; unique_id: string; stage: string;
        state: "open" | "paused" | "done" | "cancelled" | "gold"; overlap: number; leased: number;
        answered: number; reserved_for: string | null; holders: Shapes["Holder"][]; created_at: string;
    };
    Holder: {
        member: string; name: string; assignment: string; claimed_at: string; expires_at: string;
    };
    TasksChange: {
        tasks: string[]; reason?: string;
    };
    Changed: { changed: number; };
    TasksReassignment: {
        member: string; tasks: string[];
    };
}
