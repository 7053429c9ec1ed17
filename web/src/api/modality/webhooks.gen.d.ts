/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/webhooks/{webhook}/deliveries": {
        get: {
            parameters: {
                query?: {
                    state?: "waiting" | "delivered" | "dead" | null; limit?: number | null;
                    next_token?: string | null;
                };
                path: { webhook: string; };
            };
            responses: {
                200: {
                    content: { "application/json": Shapes["Page_annotary.streams.webhooks.values.DeliveryView_"]; };
                };
            };
        };
    };
    "/webhooks/{webhook}/deliveries/{event}/redeliver": {
        post: {
            parameters: {
                path: {
                    webhook: string; event: string;
                };
            };
            responses: { 202: { content: { "application/json": Shapes["DeliveryView"]; }; }; };
        };
    };
    "/webhooks/{webhook}/courier": {
        get: {
            parameters: { path: { webhook: string; }; };
            responses: { 200: { content: { "application/json": Shapes["CourierView"]; }; }; };
        };
    };
    "/webhooks/{webhook}/replay": {
        post: {
            parameters: { path: { webhook: string; }; };
            requestBody: { content: { "application/json": Shapes["Replay"]; }; };
            responses: { 202: { content: { "application/json": Shapes["CourierView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.streams.webhooks.values.DeliveryView_": {
        items: Shapes["DeliveryView"][]; next_token?: string | null;
    };
    DeliveryView: {
        event: string; type: string; state: "waiting" | "delivered" | "dead"; tries: number;
        due_at: string | null; created_at: string; ended_at: string | null; code: number | null;
        reason: string | null; seconds: number | null; cursor: string;
    };
    CourierView: {
        webhook: string; service: string; cursor: string | null; events_behind: number; waiting: number;
        dead: number; seconds_behind: number; circuit: "closed" | "open" | "half-open"; failures: number;
        open_until: string | null;
    };
    Replay: {
        since?: string | null; cursor?: string | null;
    };
}
