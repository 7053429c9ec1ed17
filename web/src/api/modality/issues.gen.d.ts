/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/issues": {
        get: {
            parameters: {
                query?: {
                    project?: string | null; task?: string | null; limit?: number | null;
                    next_token?: string | null; state?: "open" | "resolved" | null;
                };
            };
            responses: {
                200: { content: { "application/json": Shapes["Page_annotary.review.values.IssueView_"]; }; };
            };
        };
        post: {
            requestBody: { content: { "application/json": Shapes["NewIssue"]; }; };
            responses: { 201: { content: { "application/json": Shapes["IssueView"]; }; }; };
        };
    };
    "/issues/{issue}/comments": {
        post: {
            parameters: { path: { issue: string; }; };
            requestBody: { content: { "application/json": Shapes["NewComment"]; }; };
            responses: { 201: { content: { "application/json": Shapes["CommentView"]; }; }; };
        };
    };
    "/issues/{issue}/resolve": {
        post: {
            parameters: { path: { issue: string; }; };
            responses: { 200: { content: { "application/json": Shapes["IssueView"]; }; }; };
        };
    };
    "/issues/{issue}/reopen": {
        post: {
            parameters: { path: { issue: string; }; };
            responses: { 200: { content: { "application/json": Shapes["IssueView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.review.values.IssueView_": {
        items: Shapes["IssueView"][]; next_token?: string | null;
    };
    NewIssue: {
        task: string; text: string; place?: string | Shapes["Spot"] | null;
    };
    Spot: {
        x?: number | null; y?: number | null; start?: number | null; end?: number | null;
        frame?: number | null;
    };
    NewComment: { text: string; };
}
