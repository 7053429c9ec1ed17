/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/projects": {
        get: {
            parameters: {
                query?: {
                    state?: "active" | "paused" | "deleted" | null; limit?: number | null;
                    next_token?: string | null;
                };
            };
            responses: {
                200: { content: { "application/json": Shapes["Page_annotary.projects.values.ProjectView_"]; }; };
            };
        };
        post: {
            requestBody: { content: { "application/json": Shapes["NewProject"]; }; };
            responses: { 201: { content: { "application/json": Shapes["ProjectView"]; }; }; };
        };
    };
    "/v1/projects/{project}": {
        get: {
            parameters: { path: { project: string; }; };
            responses: { 200: { content: { "application/json": Shapes["ProjectView"]; }; }; };
        };
        patch: {
            parameters: { path: { project: string; }; };
            requestBody: { content: { "application/json": Shapes["ProjectChange"]; }; };
            responses: { 200: { content: { "application/json": Shapes["ProjectView"]; }; }; };
        };
    };
    "/v1/projects/{project}/members": {
        get: {
            parameters: {
                query?: {
                    limit?: number | null; next_token?: string | null;
                };
                path: { project: string; };
            };
            responses: {
                200: {
                    content: { "application/json": Shapes["Page_annotary.projects.values.ProjectMemberView_"]; };
                };
            };
        };
    };
    "/v1/projects/{project}/members/{member}": {
        put: {
            parameters: {
                path: {
                    project: string; member: string;
                };
            };
            requestBody: { content: { "application/json": Shapes["ProjectMemberChange"]; }; };
            responses: { 200: { content: { "application/json": Shapes["ProjectMemberView"]; }; }; };
        };
        delete: {
            parameters: {
                path: {
                    project: string; member: string;
                };
            };
            responses: { 200: { content: { "application/json": Shapes["ProjectMemberView"]; }; }; };
        };
    };
    "/v1/projects/{project}/instructions": {
        get: {
            parameters: {
                query?: {
                    limit?: number | null; next_token?: string | null;
                };
                path: { project: string; };
            };
            responses: {
                200: {
                    content: { "application/json": Shapes["Page_annotary.projects.values.InstructionsView_"]; };
                };
            };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.projects.values.ProjectView_": {
        items: Shapes["ProjectView"][]; next_token?: string | null;
    };
    ProjectView: {
        id: string; name: string; modality: "text" | "image" | "video"; ontology: string;
        ontology_version: string; instructions_version: number; overlap: number; lease_seconds: number;
        weight: number; quality: Shapes["QualitySettings"]; state: "active" | "paused" | "deleted";
        version: number; created_at: string;
    };
    QualitySettings: {
        aggregator?: string; gold?: Shapes["GoldSettings"];
        qualification?: Shapes["QualificationSettings"] | null; training?: boolean;
        skill?: Shapes["SkillSettings"]; review?: Shapes["ReviewSettings"]; consistency?: boolean;
    };
    GoldSettings: {
        first?: number; rate?: number; exposures_max?: number;
    };
    QualificationSettings: {
        tasks: number; pass_at: number;
    };
    SkillSettings: {
        pause_below?: number | null; answers_min?: number; requeue_days?: number;
    };
    ReviewSettings: {
        /**
         * @default none
         * @enum {string}
         */
        policy?: "none" | "sample" | "all"; share?: number; levels?: number;
        /**
         * @default same
         * @enum {string}
         */
        rework_by?: "same" | "another";
        /**
         * @default answers
         * @enum {string}
         */
        shows?: "outcome" | "answers" | "names";
    };
    NewProject: {
        name: string; modality: "text" | "image" | "video"; ontology?: string | null;
        definition?: { [key: string]: unknown; } | null;
        overlap?: number; lease_seconds?: number; weight?: number; quality?: Shapes["QualitySettings"];
        instructions?: string | null;
    };
    ProjectChange: {
        name?: string; state?: "active" | "paused"; overlap?: number; lease_seconds?: number; weight?: number;
        quality?: Shapes["QualitySettings"]; ontology_version?: string;
    };
    ProjectMemberChange: { role: "manager" | "reviewer" | "annotator"; };
    "Page_annotary.projects.values.InstructionsView_": {
        items: Shapes["InstructionsView"][]; next_token?: string | null;
    };
    InstructionsView: {
        project: string; version: number; body: string; created_at: string;
    };
}
