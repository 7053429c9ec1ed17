/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/events": {
        get: {
            parameters: {
                query?: {
                    types?: string | null; project?: string | null; subject?: string | null;
                    cursor?: string | null; since?: string | null; limit?: number | null; wait_ms?: number;
                    lane?: number; lanes?: number;
                };
            };
            responses: { 200: { content: { "application/json": Shapes["EventLot"]; }; }; };
        };
    };
    "/events/proofs": {
        get: {
            parameters: { query: { sequences: string; }; };
            responses: { 200: { content: { "application/json": Shapes["EventProofs"]; }; }; };
        };
    };
}

export interface OwnShapes {
    EventLot: {
        items: Shapes["StreamedEvent"][]; cursor: string; more: boolean;
    };
    StreamedEvent: {
        cursor: string; event: Shapes["CloudEvent"];
    };
    CloudEvent: {
        specversion: "1.0"; id: string; source: string; type: string; subject: string; time: string;
        datacontenttype: string; dataschema: string; organisationid: string; sequence: string;
        data: { [key: string]: unknown; };
        actorid?: string | null; traceparent?: string | null;
    };
    EventProofs: { proofs: { [key: string]: "sealed" | "chained" | "waiting"; }; };
}
