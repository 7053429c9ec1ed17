/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/submissions/{submission_id}/hops": {
        get: {
            parameters: { path: { submission_id: string; }; };
            responses: { 200: { content: { "application/json": Shapes["SubmissionHops"]; }; }; };
        };
    };
}

export interface OwnShapes {
    SubmissionHops: {
        submission: string; task: string; project: string; outcome: string | null; supersedes: string | null;
        trace: string | null; began_at: string; total_microseconds: number;
        slowest: "created" | "eligible" | "claimed" | "first_input" | "submitted" | "group_opened" | "flushed" | "committed" | "done" | "consumed" | "consensus" | "accepted" | "snapshotted" | "appended" | "relayed" | null;
        hops: Shapes["HopView"][]; beside: Shapes["HopView"][]; absent: Shapes["AbsentHop"][];
    };
    HopView: {
        name: ("created" | "eligible" | "claimed" | "first_input" | "submitted" | "group_opened" | "flushed" | "committed" | "done" | "consumed" | "consensus" | "accepted" | "snapshotted") | ("appended" | "relayed");
        at: string; microseconds: number; why?: "size" | "turn" | "pressure" | null;
        moved_microseconds?: number;
    };
    AbsentHop: {
        name: ("created" | "eligible" | "claimed" | "first_input" | "submitted" | "group_opened" | "flushed" | "committed" | "done" | "consumed" | "consensus" | "accepted" | "snapshotted") | ("appended" | "relayed");
        reason: string;
    };
}
