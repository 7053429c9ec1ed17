/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/ontologies/{ontology}": {
        get: {
            parameters: { path: { ontology: string; }; };
            responses: { 200: { content: { "application/json": Shapes["OntologyView"]; }; }; };
        };
    };
    "/v1/ontologies/{ontology}/versions": {
        get: {
            parameters: {
                query?: {
                    limit?: number | null; next_token?: string | null;
                };
                path: { ontology: string; };
            };
            responses: {
                200: {
                    content: { "application/json": Shapes["Page_annotary.ontology.views.OntologyVersionView_"]; };
                };
            };
        };
    };
    "/v1/ontologies/{ontology}/versions/{version}": {
        get: {
            parameters: {
                path: {
                    ontology: string; version: string;
                };
            };
            responses: { 200: { content: { "application/json": Shapes["OntologyVersionView"]; }; }; };
        };
    };
    "/v1/ontologies/{ontology}/differences": {
        get: {
            parameters: {
                query: {
                    before: string; after: string;
                };
                path: { ontology: string; };
            };
            responses: { 200: { content: { "application/json": Shapes["Change"][]; }; }; };
        };
    };
    "/v1/ontologies/{ontology}/check": {
        post: {
            parameters: { path: { ontology: string; }; };
            requestBody: { content: { "application/json": Shapes["NewPublication"]; }; };
            responses: { 200: { content: { "application/json": Shapes["Checked"]; }; }; };
        };
    };
    "/v1/ontologies/{ontology}/publications": {
        get: {
            parameters: {
                query?: {
                    limit?: number | null; next_token?: string | null;
                };
                path: { ontology: string; };
            };
            responses: {
                200: {
                    content: {
                        "application/json": Shapes["Page_annotary.migration.publications.values.PublicationView_"];
                    };
                };
            };
        };
        post: {
            parameters: { path: { ontology: string; }; };
            requestBody: { content: { "application/json": Shapes["NewPublication"]; }; };
            responses: { 201: { content: { "application/json": Shapes["PublicationView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    OntologyView: {
        id: string; name: string; modality: "text" | "image" | "video"; edition: number;
        version: Shapes["OntologyVersionView"]; created_at: string;
    };
    "Page_annotary.ontology.views.OntologyVersionView_": {
        items: Shapes["OntologyVersionView"][]; next_token?: string | null;
    };
    NewPublication: {
        steps?: { [key: string]: unknown; }[] | null;
        definition?: { [key: string]: unknown; } | null;
        projects?: string[]; share?: number; migrate?: boolean;
        /**
         * @default keep
         * @enum {string}
         */
        ambiguous?: "keep" | "requeue"; watch?: Shapes["Watch"]; reason?: string;
    };
    Watch: {
        refusals_more_max?: number; disagreement_more_max?: number; answers_min?: number; withdraw?: boolean;
    };
    "Page_annotary.migration.publications.values.PublicationView_": {
        items: Shapes["PublicationView"][]; next_token?: string | null;
    };
}
