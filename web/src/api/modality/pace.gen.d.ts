/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/pace": {
        get: {
            parameters: {
                query: {
                    project: string; since?: string | null; until?: string | null; step?: "hour" | "day";
                    member?: string | null;
                };
            };
            responses: { 200: { content: { "application/json": Shapes["PaceView"]; }; }; };
        };
    };
    "/pace/answers": {
        get: {
            parameters: {
                query: {
                    project: string; since?: string | null; until?: string | null; member?: string | null;
                    limit?: number | null; next_token?: string | null;
                };
            };
            responses: {
                200: {
                    content: { "application/json": Shapes["Page_annotary.operations.pace.values.PaceAnswer_"]; };
                };
            };
        };
    };
}

export interface OwnShapes {
    PaceView: {
        project: string; since: string; until: string; step: "hour" | "day"; people: Shapes["PacePerson"][];
        people_total: number; moments: Shapes["PaceMoment"][]; first_at: string | null;
        last_at: string | null;
    };
    PacePerson: {
        labels: number; revisions: number; discounted: number; worked_seconds: number; member: string;
        name: string;
    };
    PaceMoment: {
        labels: number; revisions: number; discounted: number; worked_seconds: number; at: string;
        member: string | null;
    };
    "Page_annotary.operations.pace.values.PaceAnswer_": {
        items: Shapes["PaceAnswer"][]; next_token?: string | null;
    };
    PaceAnswer: {
        submission: string; task: string; unique_id: string; member: string; name: string; at: string;
        seconds: number; counts: boolean;
    };
}
