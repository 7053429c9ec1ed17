/** Made by `npm run api` from the services' descriptions, as far as the pages use them: do not edit. */

import type * as agreement from "./agreement.gen";
import type * as annotators from "./annotators.gen";
import type * as assignments from "./assignments.gen";
import type * as batches from "./batches.gen";
import type * as changes from "./changes.gen";
import type * as claims from "./claims.gen";
import type * as data from "./data.gen";
import type * as drafts from "./drafts.gen";
import type * as events from "./events.gen";
import type * as hops from "./hops.gen";
import type * as issues from "./issues.gen";
import type * as outcomes from "./outcomes.gen";
import type * as pace from "./pace.gen";
import type * as progress from "./progress.gen";
import type * as reviews from "./reviews.gen";
import type * as shared from "./shared.gen";
import type * as skill from "./skill.gen";
import type * as slices from "./slices.gen";
import type * as submissions from "./submissions.gen";
import type * as tasks from "./tasks.gen";
import type * as waiting from "./waiting.gen";
import type * as webhooks from "./webhooks.gen";

export interface Paths extends
    agreement.Paths,
    annotators.Paths,
    assignments.Paths,
    batches.Paths,
    changes.Paths,
    claims.Paths,
    data.Paths,
    drafts.Paths,
    events.Paths,
    hops.Paths,
    issues.Paths,
    outcomes.Paths,
    pace.Paths,
    progress.Paths,
    reviews.Paths,
    skill.Paths,
    slices.Paths,
    submissions.Paths,
    tasks.Paths,
    waiting.Paths,
    webhooks.Paths {}

export interface Shapes extends
    agreement.OwnShapes,
    annotators.OwnShapes,
    assignments.OwnShapes,
    batches.OwnShapes,
    changes.OwnShapes,
    claims.OwnShapes,
    data.OwnShapes,
    drafts.OwnShapes,
    events.OwnShapes,
    hops.OwnShapes,
    issues.OwnShapes,
    outcomes.OwnShapes,
    pace.OwnShapes,
    progress.OwnShapes,
    reviews.OwnShapes,
    shared.OwnShapes,
    skill.OwnShapes,
    slices.OwnShapes,
    submissions.OwnShapes,
    tasks.OwnShapes,
    waiting.OwnShapes,
    webhooks.OwnShapes {}
