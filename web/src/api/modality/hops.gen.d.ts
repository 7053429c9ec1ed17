/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/hops": {
        get: {
            parameters: {
                query: {
                    project: string; since?: string | null; until?: string | null; step_minutes?: number;
                };
            };
            responses: { 200: { content: { "application/json": Shapes["HopsView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    HopsView: {
        project: string; since: string; until: string; hops: Shapes["HopSummary"][];
        moments: Shapes["HopMoment"][];
    };
    HopSummary: {
        name: ("created" | "eligible" | "claimed" | "first_input" | "submitted" | "group_opened" | "flushed" | "committed" | "done" | "consumed" | "consensus" | "accepted" | "snapshotted") | ("appended" | "relayed") | "total";
        count: number; p50_seconds: number; p90_seconds: number; p99_seconds: number; mean_seconds: number;
        share: number;
        whys: { [key: string]: number; };
        slowest: Shapes["SlowLabel"][];
    };
    SlowLabel: {
        submission: string; seconds: number; at: string; trace: string | null;
    };
    HopMoment: {
        at: string;
        name: ("created" | "eligible" | "claimed" | "first_input" | "submitted" | "group_opened" | "flushed" | "committed" | "done" | "consumed" | "consensus" | "accepted" | "snapshotted") | ("appended" | "relayed") | "total";
        count: number; p50_seconds: number; p99_seconds: number;
    };
}
