/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface OwnShapes {
    MeView: {
        member: Shapes["MemberView"]; organisation: Shapes["OrganisationView"];
        projects: Shapes["OwnProject"][]; has_password: boolean;
    };
    MemberView: {
        id: string; name: string; email: string | null; role: "owner" | "manager" | "reviewer" | "annotator";
        state: "active" | "removed"; version: number; created_at: string; removed_at: string | null;
    };
    OrganisationView: {
        id: string; name: string; version: number; created_at: string;
    };
    OwnProject: {
        project: string; role: "owner" | "manager" | "reviewer" | "annotator";
    };
    OntologyVersionView: {
        id: string; ontology: string; number: number; modality: "text" | "image" | "video";
        content_hash: string; definition: Shapes["Definition"]; created_by: string | null; created_at: string;
    };
    Definition: {
        tools: { [key: string]: { [key: string]: unknown; }; };
        labels?: Shapes["Label"][];
    };
    Label: {
        name: string; tools?: string[]; parent?: string | null; colour?: string | null;
        description?: string | null; attributes?: Shapes["Attribute"][]; hotkey?: string | null;
        retired?: boolean;
    };
    Attribute: {
        name: string; kind: "choice" | "number" | "text" | "boolean"; choices?: string[]; multiple?: boolean;
        minimum?: number | null; maximum?: number | null; required?: boolean;
        default?: string | number | boolean | string[] | null; unit?: string | null;
        /**
         * @default mark
         * @enum {string}
         */
        per?: "mark" | "frame";
    };
    Change: {
        path: string; kind: "added" | "removed" | "changed" | "moved"; words: string; label?: string | null;
        attribute?: string | null; tool?: string | null; before?: unknown; after?: unknown;
    };
    /**
     * Watch
     * @default {
     *       "refusals_more_max": 0.05,
     *       "disagreement_more_max": 0.05,
     *       "answers_min": 50,
     *       "withdraw": true
     *     }
     */
    Checked: {
        compatibility: Shapes["Compatibility"]; differences: Shapes["Change"][]; steps: unknown;
        refused: string; answers: Shapes["Looked"];
    };
    Compatibility: {
        kind: "full" | "backward" | "forward" | "breaking"; reasons: Shapes["Reason"][]; losses?: unknown[];
    };
    Reason: {
        direction: "backward" | "forward"; path: string; words: string; tool?: string | null;
        label?: string | null; attribute?: string | null;
    };
    Looked: {
        total: number; complete: boolean;
        counts: { [key: string]: Shapes["Counts"]; };
        labels: { [key: string]: number; };
        samples: Shapes["Sample"][];
    };
    Counts: {
        looked_at?: number; changed?: number; pinned?: number; lossy?: number; ambiguous?: number;
        invalid?: number; moved?: number; requeued?: number;
    };
    Sample: {
        kind: "submission" | "outcome" | "gold" | "prediction" | "draft"; id: string; task: string;
        before: unknown; after: unknown | null; reason?: string; paths?: string[];
    };
    PublicationView: {
        id: string; ontology: string; version: Shapes["OntologyVersionView"]; previous: string;
        state: "watching" | "full" | "withdrawn"; projects: string[]; share: number;
        checked: Shapes["Checked"] | unknown; watched: Shapes["Watched"] | unknown | null;
        changes: { [key: string]: string; };
        reason: string | null; created_by: string | null; created_at: string; changed_at: string;
    };
    Watched: {
        trial: Shapes["Rates"]; before: Shapes["Rates"]; verdict: "too_early" | "as_before" | "worse";
        reason: string;
    };
    Rates: {
        answers?: number; refusals?: number; compared?: number; disagreement?: number;
    };
    /**
     * GoldSettings
     * @default {}
     */
    /**
     * SkillSettings
     * @default {}
     */
    /**
     * ReviewSettings
     * @default {}
     */
    "Page_annotary.projects.values.ProjectMemberView_": {
        items: Shapes["ProjectMemberView"][]; next_token?: string | null;
    };
    ProjectMemberView: {
        project: string; member: string; name: string; role: "manager" | "reviewer" | "annotator";
    };
    AssetView: {
        hash: string; size_bytes: number; media_type: string; source: "stored" | "path" | "url";
        facts: { [key: string]: unknown; };
        created_at: string;
    };
    JobView: {
        id: string; kind: string; state: "waiting" | "running" | "succeeded" | "failed" | "cancelled";
        project: string | null;
        progress: { [key: string]: unknown; };
        result: { [key: string]: unknown; } | null;
        error: Shapes["JobError"] | null; created_at: string; started_at: string | null;
        ended_at: string | null;
    };
    JobError: {
        code: string; detail: string; path?: string | null;
    };
    ItemView: {
        id: string; dataset: string; unique_id: string; payload: unknown; metadata: unknown;
        content_hash: string; created_at: string; deleted_at: string | null;
    };
    CourierView: {
        webhook: string; service: string; cursor: string | null; events_behind: number; waiting: number;
        dead: number; seconds_behind: number; circuit: "closed" | "open" | "half-open"; failures: number;
        open_until: string | null;
    };
    DeliveryView: {
        event: string; type: string; state: "waiting" | "delivered" | "dead"; tries: number;
        due_at: string | null; created_at: string; ended_at: string | null; code: number | null;
        reason: string | null; seconds: number | null; cursor: string;
    };
    Replay: {
        since?: string | null; cursor?: string | null;
    };
}
