/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type * as assets from "./assets.gen";
import type * as datasets from "./datasets.gen";
import type * as exports from "./exports.gen";
import type * as imports from "./imports.gen";
import type * as invitations from "./invitations.gen";
import type * as jobs from "./jobs.gen";
import type * as me from "./me.gen";
import type * as members from "./members.gen";
import type * as ontologies from "./ontologies.gen";
import type * as organisation from "./organisation.gen";
import type * as projects from "./projects.gen";
import type * as publications from "./publications.gen";
import type * as registry from "./registry.gen";
import type * as session from "./session.gen";
import type * as shared from "./shared.gen";
import type * as tokens from "./tokens.gen";
import type * as uploads from "./uploads.gen";
import type * as webhooks from "./webhooks.gen";

export interface Paths extends
    assets.Paths,
    datasets.Paths,
    exports.Paths,
    imports.Paths,
    invitations.Paths,
    jobs.Paths,
    me.Paths,
    members.Paths,
    ontologies.Paths,
    organisation.Paths,
    projects.Paths,
    publications.Paths,
    registry.Paths,
    session.Paths,
    tokens.Paths,
    uploads.Paths,
    webhooks.Paths {}

export interface Shapes extends
    datasets.OwnShapes,
    exports.OwnShapes,
    imports.OwnShapes,
    invitations.OwnShapes,
    jobs.OwnShapes,
    me.OwnShapes,
    members.OwnShapes,
    ontologies.OwnShapes,
    organisation.OwnShapes,
    projects.OwnShapes,
    publications.OwnShapes,
    session.OwnShapes,
    shared.OwnShapes,
    tokens.OwnShapes,
    uploads.OwnShapes,
    webhooks.OwnShapes {}
