/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type { Shapes } from "./index.gen";

export interface Paths {
    "/v1/invitations": {
        get: {
            parameters: {
                query?: {
                    limit?: number | null; next_token?: string | null;
                };
            };
            responses: {
                200: {
                    content: { "application/json": Shapes["Page_annotary.identity.values.InvitationView_"]; };
                };
            };
        };
        post: {
            requestBody: { content: { "application/json": Shapes["NewInvitation"]; }; };
            responses: { 201: { content: { "application/json": Shapes["InvitationMade"]; }; }; };
        };
    };
    "/v1/invitations/{invitation}": {
        delete: {
            parameters: { path: { invitation: string; }; };
            responses: { 200: { content: { "application/json": Shapes["InvitationView"]; }; }; };
        };
    };
    "/v1/invitations/look": {
        post: {
            requestBody: { content: { "application/json": Shapes["InvitationCode"]; }; };
            responses: { 200: { content: { "application/json": Shapes["InvitationShown"]; }; }; };
        };
    };
    "/v1/invitations/accept": {
        post: {
            requestBody: { content: { "application/json": Shapes["Acceptance"]; }; };
            responses: { 201: { content: { "application/json": Shapes["MeView"]; }; }; };
        };
    };
}

export interface OwnShapes {
    "Page_annotary.identity.values.InvitationView_": {
        items: Shapes["InvitationView"][]; next_token?: string | null;
    };
    InvitationView: {
        id: string; kind: "invitation" | "reset"; role: "owner" | "manager" | "reviewer" | "annotator";
        name: string | null; email: string | null; projects: Shapes["InvitedProject"][];
        state: "open" | "accepted" | "withdrawn" | "expired"; member: string | null; created_by: string;
        created_at: string; expires_at: string;
    };
    InvitedProject: {
        project: string; role: "manager" | "reviewer" | "annotator";
    };
    NewInvitation: {
        /**
         * @default invitation
         * @enum {string}
         */
        kind?: "invitation" | "reset"; role?: "owner" | "manager" | "reviewer" | "annotator" | null;
        name?: string | null; email?: string | null; projects?: Shapes["InvitedProject"][];
        member?: string | null;
    };
    InvitationMade: {
        id: string; kind: "invitation" | "reset"; url: string; code: string; expires_at: string;
    };
    InvitationCode: { code: string; };
    InvitationShown: {
        kind: "invitation" | "reset"; organisation: string; invited_by: string;
        role: "owner" | "manager" | "reviewer" | "annotator"; name: string | null; email: string | null;
        expires_at: string;
    };
    Acceptance: {
        code: string; password: string; name?: string | null; email?: string | null;
    };
}
