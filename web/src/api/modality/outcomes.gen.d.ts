/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/outcomes": {
        get: {
            parameters: {
                query: {
                    project: string; limit?: number | null; next_token?: string | null;
                };
            };
            responses: {
                200: { content: { "application/json": Shapes["Page_annotary.quality.values.OutcomeView_"]; }; };
            };
        };
    };
    "/outcomes/{outcome}/revert": {
        post: {
            parameters: { path: { outcome: string; }; };
            requestBody: { content: { "application/json": Shapes["RevertRequest"]; }; };
            responses: { 200: { content: { "application/json": Shapes["OutcomeView"]; }; }; };
        };
    };
    "/outcomes/{outcome}/lineage": {
        get: {
            parameters: { path: { outcome: string; }; };
            responses: { 200: { content: { "application/json": Shapes["Lineage"]; }; }; };
        };
    };
    "/outcomes/{task}/history": {
        get: {
            parameters: { path: { task: string; }; };
            responses: { 200: { content: { "application/json": Shapes["History"]; }; }; };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.quality.values.OutcomeView_": {
        items: Shapes["OutcomeView"][]; next_token?: string | null;
    };
    OutcomeView: {
        id: string; task: string; unique_id: string; project: string; version: number;
        state: "proposed" | "accepted" | "withdrawn"; answer: unknown; ontology_version: string;
        aggregator: string; aggregator_version: string; parameters: unknown; run: string | null;
        confidence: number; confidences: unknown | null; agreement: number | null; submissions: string[];
        reverts: string | null; created_at: string; superseded_at: string | null;
    };
    RevertRequest: { reason?: string; };
    Lineage: {
        outcome: string | null; version: number; answer: unknown | null; is_current: boolean;
        item: Shapes["ItemStep"]; task: Shapes["TaskStep"]; batch: Shapes["BatchStep"] | null;
        ontology_versions: Shapes["OntologyStep"][]; instructions: Shapes["InstructionsStep"][];
        predictions: Shapes["PredictionStep"][]; submissions: Shapes["SubmissionStep"][];
        gold: Shapes["GoldStep"] | null; versions: Shapes["OutcomeStep"][]; reviews: Shapes["ReviewStep"][];
        changes: Shapes["ChangeStep"][]; exports: Shapes["ExportStep"][]; events: Shapes["ToldEvent"][];
        people: { [key: string]: string; };
        missing: string[];
    };
    ItemStep: {
        id: string; unique_id: string; content_hash: string | null; dataset: string | null;
        dataset_name: string | null; assets: Shapes["AssetStep"][]; created_at: string | null;
        deleted_at: string | null; events: string[];
    };
    AssetStep: {
        hash: string; media_type: string | null; size_bytes: number | null; source: string | null;
        events: string[];
    };
    TaskStep: {
        id: string; project: string; project_name: string; modality: string; stage: string; state: string;
        overlap: number; created_at: string; events: string[];
    };
    BatchStep: {
        id: string; name: string; priority: string; created_by: string | null; created_at: string;
        job: string | null; events: string[];
    };
    OntologyStep: {
        id: string; ontology: string; number: number; content_hash: string; created_by: string | null;
        created_at: string; events: string[];
    };
    InstructionsStep: {
        version: number; content_hash: string; created_by: string | null; created_at: string;
        events: string[];
    };
    PredictionStep: {
        id: string; model: string; model_version: string; score: number | null; content_hash: string;
        ontology_version: string | null; use: "accepted" | "edited" | "waiting" | "unused";
        uses: Shapes["PredictionUse"][]; created_at: string; events: string[];
    };
    PredictionUse: {
        submission: string; use: "accepted" | "edited" | "waiting" | "unused"; changes: string[];
    };
    SubmissionStep: {
        id: string; assignment: string; member: string | null; state: string; counts: boolean;
        in_outcome: boolean; seconds: number; content_hash: string; ontology_version: string;
        instructions_version: number; supersedes: string | null; suggested_by: string[];
        claimed_at: string | null; received_at: string; committed_at: string; judged: Shapes["Judged"] | null;
        skill: number | null; events: string[];
    };
    Judged: {
        source: string; state: string; score: number | null; reason: string | null;
    };
    GoldStep: {
        state: string; source: string; qualification: boolean; content_hash: string;
        changed_by: string | null; changed_at: string; events: string[];
    };
    OutcomeStep: {
        id: string; version: number; state: string; content_hash: string; ontology_version: string;
        aggregator: string; aggregator_version: string; parameters: unknown; run: Shapes["RunStep"] | null;
        confidence: number; agreement: number | null; submissions: string[]; reverts: string | null;
        decided_by: string | null; created_at: string; superseded_at: string | null; events: string[];
    };
    RunStep: {
        id: string; reverts: string | null; created_by: string | null;
    };
    ReviewStep: {
        id: string; outcome: string; outcome_version: number; purpose: string; level: number; levels: number;
        state: string; member: string | null; verdict: string | null; comment: string; changes: string[];
        amended_to: string | null; created_at: string; ended_at: string | null; events: string[];
    };
    ChangeStep: {
        change: string; kind: string; subject: string;
        subject_kind: "submission" | "outcome" | "prediction" | "gold"; hash_before: string;
        hash_after: string; ontology_version_before: string; ontology_version_after: string; reason: string;
        created_by: string | null; approved_by: string | null; started_at: string | null; events: string[];
    };
    ExportStep: {
        job: string; format: string; carrying: "whole" | "perhaps"; content_hash: string | null;
        created_by: string | null; started_at: string; ended_at: string; events: string[];
    };
    ToldEvent: {
        id: string; type: string; subject: string; time: string; actor: string | null;
        proof: "sealed" | "chained" | "waiting"; data: unknown | null;
    };
    History: {
        task: string; versions: Shapes["VersionView"][];
        people: { [key: string]: string; };
    };
    VersionView: {
        id: string; version: number; state: string; is_current: boolean; made_by: string;
        member: string | null; reverts: string | null; confidence: number; content_hash: string;
        ontology_version: string; answer: unknown; diff: Shapes["Diff"] | null; created_at: string;
        superseded_at: string | null;
    };
}
