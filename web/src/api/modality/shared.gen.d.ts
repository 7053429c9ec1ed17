/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface OwnShapes {
    ClaimRequest: {
        project?: string | null; count?: number; wait_ms?: number;
    };
    AssignmentGiven: {
        id: string; fence: number; expires_at: string; task: Shapes["TaskGiven"];
    };
    TaskGiven: {
        id: string; unique_id: string; stage: string; ontology_version: string; item: unknown;
        suggestions: unknown; project: string; instructions_version: number;
    };
    FenceRequest: { fence: number; };
    Renewed: {
        id: string; fence: number; expires_at: string;
    };
    IssueView: {
        id: string; task: string; project: string; review: string | null; outcome: string | null;
        place: unknown; text: string; state: "open" | "resolved"; raised_by: string; raised_at: string;
        resolved_by: string | null; resolved_at: string | null; comments: Shapes["CommentView"][];
    };
    CommentView: {
        id: string; member: string; text: string; written_at: string;
    };
    Diff: {
        added: number; removed: number; changed: number; changes: Shapes["Change"][];
    };
    Change: {
        kind: "added" | "removed" | "changed"; place: string; was?: string | null; fields?: string[];
        text: string;
    };
    ItemFilter: {
        states?: ("open" | "paused" | "done" | "cancelled" | "gold")[]; batches?: string[];
        datasets?: string[]; labels?: string[]; answered?: string[]; annotators?: string[];
        agreement?: [
            number,
            number
        ] | null;
        confidence?: [
            number,
            number
        ] | null;
        issues?: boolean | null; gold?: boolean | null; unique_id?: string; words?: string;
        metadata?: { [key: string]: string; };
        tasks?: string[];
    };
}
