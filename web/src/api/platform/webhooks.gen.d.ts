/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/webhooks": {
        get: {
            parameters: {
                query?: {
                    limit?: number | null; next_token?: string | null;
                };
            };
            responses: {
                200: {
                    content: { "application/json": Shapes["Page_annotary.streams.webhooks.values.WebhookView_"]; };
                };
            };
        };
        post: {
            requestBody: { content: { "application/json": Shapes["NewWebhook"]; }; };
            responses: { 201: { content: { "application/json": Shapes["WebhookMade"]; }; }; };
        };
    };
    "/v1/webhooks/{webhook}": {
        delete: {
            parameters: { path: { webhook: string; }; };
            responses: { 200: { content: { "application/json": Shapes["WebhookView"]; }; }; };
        };
        patch: {
            parameters: { path: { webhook: string; }; };
            requestBody: { content: { "application/json": Shapes["WebhookChange"]; }; };
            responses: { 200: { content: { "application/json": Shapes["WebhookView"]; }; }; };
        };
    };
    "/v1/webhooks/{webhook}/rotate": {
        post: {
            parameters: { path: { webhook: string; }; };
            requestBody: { content: { "application/json": Shapes["Rotation"]; }; };
            responses: { 200: { content: { "application/json": Shapes["WebhookMade"]; }; }; };
        };
    };
    "/v1/webhooks/{webhook}/test": {
        post: {
            parameters: { path: { webhook: string; }; };
            responses: { 202: { content: { "application/json": Shapes["Tested"]; }; }; };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.streams.webhooks.values.WebhookView_": {
        items: Shapes["WebhookView"][]; next_token?: string | null;
    };
    WebhookView: {
        id: string; url: string; description: string; event_types: string[]; projects: string[];
        state: "active" | "paused" | "disabled" | "removed"; reason: string | null; secret_number: number;
        former_secret_until: string | null; version: number; created_at: string;
    };
    NewWebhook: {
        url: string; event_types?: string[]; projects?: string[]; description?: string;
        /**
         * @default active
         * @enum {string}
         */
        state?: "active" | "paused";
    };
    WebhookMade: {
        webhook: Shapes["WebhookView"]; secret: string;
    };
    WebhookChange: {
        url?: string; event_types?: string[]; projects?: string[]; description?: string;
        state?: "active" | "paused";
    };
    Rotation: { overlap_hours?: number; };
    Tested: { event: string; };
}
