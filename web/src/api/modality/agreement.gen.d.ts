/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/agreement": {
        get: {
            parameters: {
                query: {
                    project: string; by?: string; measure?: string | null;
                };
            };
            responses: { 200: { content: { "application/json": Shapes["AgreementView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    AgreementView: {
        project: string; by: "none" | "label" | "pair" | "batch" | "week"; groups: Shapes["AgreementGroup"][];
        groups_total: number; waiting: number; failed: number;
    };
    AgreementGroup: {
        tool: string; label: string | null; annotators: Shapes["AnnotatorName"][] | null;
        batch: string | null; week: string | null; tasks: number;
        measures: { [key: string]: Shapes["MeasureView"]; };
    };
    AnnotatorName: {
        member: string; name: string | null;
    };
    MeasureView: {
        value: number | null; low: number | null; high: number | null;
    };
}
