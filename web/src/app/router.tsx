/** The pages and their addresses. Each page is a chunk of its own; only what all of them need is loaded first. */

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { Failed, Missing, Waiting } from "./fallbacks";
import { Framed, Member } from "./frame";
import { whoIsIn } from "./session";

const root = createRootRoute({ component: Outlet, notFoundComponent: Missing });

const text = (found: unknown): string | undefined => (typeof found === "string" && found ? found : undefined);

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { to?: string } => {
    const to = text(search.to);
    return to === undefined ? {} : { to };
  },
  component: lazyRouteComponent(() => import("@/screens/sign-in/page")),
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  component: lazyRouteComponent(() => import("@/screens/welcome/page")),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  component: lazyRouteComponent(() => import("@/screens/invitation/page")),
});

const health = createRoute({
  getParentRoute: () => root,
  path: "/health",
  component: lazyRouteComponent(() => import("@/screens/health/page")),
});

/** Pages of somebody who is signed in; who is not is sent to sign in and comes back. */
const member = createRoute({
  getParentRoute: () => root,
  id: "member",
  beforeLoad: async ({ location }) => {
    const me = await whoIsIn();
    if (!me) throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { to: location.href } });
    return { me };
  },
  component: Member,
});

/** Those of them that have the bar at the top; the annotation page has one of its own. */
const framed = createRoute({ getParentRoute: () => member, id: "framed", component: Framed });

const projects = createRoute({
  getParentRoute: () => framed,
  path: "/",
  component: lazyRouteComponent(() => import("@/screens/projects/page")),
});

const settings = createRoute({
  getParentRoute: () => framed,
  path: "/settings",
  component: lazyRouteComponent(() => import("@/screens/settings/page")),
});

export const annotateRoute = createRoute({
  getParentRoute: () => member,
  path: "/projects/$project/annotate",
  component: lazyRouteComponent(() => import("@/screens/annotate/page")),
});

/** A project from the side of those who steer it: a bar of pages, each with an address of its own. */
const project = createRoute({
  getParentRoute: () => framed,
  path: "/projects/$project",
  component: lazyRouteComponent(() => import("@/screens/project/frame")),
});

const DAYS = [1, 7, 30, 90] as const;

/** What of a project's overview is shown; with `until` the link always shows the same time. */
export interface OverviewSearch {
  readonly days?: (typeof DAYS)[number];
  readonly until?: string;
  readonly person?: string;
}

export const overviewRoute = createRoute({
  getParentRoute: () => project,
  path: "/",
  validateSearch: (search: Record<string, unknown>): OverviewSearch => {
    const days = DAYS.find((one) => one === search.days);
    const [until, person] = [text(search.until), text(search.person)];
    return {
      ...(days && { days }),
      ...(until && !Number.isNaN(Date.parse(until)) && { until }),
      ...(person && { person }),
    };
  },
  component: lazyRouteComponent(() => import("@/screens/dashboard/page")),
});

export interface DataSearch {
  /** What is looked for: read and checked by the page. */
  readonly filter?: unknown;
  readonly view?: "grid" | "list";
}

export const dataRoute = createRoute({
  getParentRoute: () => project,
  path: "/data",
  validateSearch: (search: Record<string, unknown>): DataSearch => ({
    ...(search.filter !== undefined && { filter: search.filter }),
    ...((search.view === "grid" || search.view === "list") && { view: search.view }),
  }),
  component: lazyRouteComponent(() => import("@/screens/data/page")),
});

const item = createRoute({
  getParentRoute: () => project,
  path: "/data/$item",
  component: lazyRouteComponent(() => import("@/screens/data/item_page")),
});

const TASK_STATES = ["open", "paused", "done", "cancelled", "gold"] as const;

/** What of a project's work is shown: its batches, or the tasks that a filter lets through. */
interface WorkSearch {
  view?: "tasks";
  state?: (typeof TASK_STATES)[number];
  batch?: string;
  holder?: string;
  unique_id?: string;
}

/** A project's batches and tasks, who holds what, and what managers do with them. */
export const workRoute = createRoute({
  getParentRoute: () => project,
  path: "/work",
  validateSearch: (search: Record<string, unknown>): WorkSearch => {
    const state = TASK_STATES.find((one) => one === search.state);
    const [batch, holder, unique] = [text(search.batch), text(search.holder), text(search.unique_id)];
    return {
      ...(search.view === "tasks" && { view: "tasks" }),
      ...(state && { state }),
      ...(batch && { batch }),
      ...(holder && { holder }),
      ...(unique && { unique_id: unique }),
    };
  },
  component: lazyRouteComponent(() => import("@/screens/work/page")),
});

const ONTOLOGY_VIEWS = ["edit", "publish", "versions", "answers"] as const;

export const ontologyRoute = createRoute({
  getParentRoute: () => project,
  path: "/ontology",
  validateSearch: (search: Record<string, unknown>): { view?: (typeof ONTOLOGY_VIEWS)[number] } => {
    const view = ONTOLOGY_VIEWS.find((one) => one === search.view);
    return view === undefined ? {} : { view };
  },
  component: lazyRouteComponent(() => import("@/screens/ontology/page")),
});

const team = createRoute({
  getParentRoute: () => project,
  path: "/team",
  component: lazyRouteComponent(() => import("@/screens/team/page")),
});

const files = createRoute({
  getParentRoute: () => project,
  path: "/files",
  component: lazyRouteComponent(() => import("@/screens/files/page")),
});

const STEPS = ["labels", "work", "make"] as const;

export const newProjectRoute = createRoute({
  getParentRoute: () => framed,
  path: "/new",
  validateSearch: (search: Record<string, unknown>): { step?: (typeof STEPS)[number] } => {
    const step = STEPS.find((one) => one === search.step);
    return step === undefined ? {} : { step };
  },
  component: lazyRouteComponent(() => import("@/screens/new_project/page")),
});

/** The people of the organisation, and the tokens of their programs. */
export const organisationRoute = createRoute({
  getParentRoute: () => framed,
  path: "/organisation",
  validateSearch: (search: Record<string, unknown>): { view?: "invitations" | "tokens" } => {
    const { view } = search;
    return view === "invitations" || view === "tokens" ? { view } : {};
  },
  component: lazyRouteComponent(() => import("@/screens/organisation/page")),
});

const jobs = createRoute({
  getParentRoute: () => framed,
  path: "/jobs",
  component: lazyRouteComponent(() => import("@/screens/jobs/page")),
});

const webhooks = createRoute({
  getParentRoute: () => framed,
  path: "/webhooks",
  component: lazyRouteComponent(() => import("@/screens/webhooks/page")),
});

/** Reviewing has the whole window, as labelling has. */
const review = createRoute({
  getParentRoute: () => member,
  path: "/projects/$project/review",
  component: lazyRouteComponent(() => import("@/screens/review/page")),
});

const VIEWS = ["outcomes", "events", "times"] as const;

/** How a project's outcomes came about: the record, and the lineage of one outcome or task. */
export const recordRoute = createRoute({
  getParentRoute: () => project,
  path: "/record",
  validateSearch: (search: Record<string, unknown>): { view?: (typeof VIEWS)[number] } => {
    const view = VIEWS.find((one) => one === search.view);
    return view === undefined ? {} : { view };
  },
  component: lazyRouteComponent(() => import("@/screens/record/page")),
});

const lineage = createRoute({
  getParentRoute: () => project,
  path: "/record/$outcome",
  component: lazyRouteComponent(() => import("@/screens/record/lineage_page")),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    welcome,
    invitation,
    health,
    member.addChildren([
      framed.addChildren([
        projects,
        settings,
        newProjectRoute,
        organisationRoute,
        jobs,
        webhooks,
        project.addChildren([
          overviewRoute,
          dataRoute,
          item,
          workRoute,
          ontologyRoute,
          team,
          files,
          recordRoute,
          lineage,
        ]),
      ]),
      annotateRoute,
      review,
    ]),
  ]),
  defaultPreload: "intent",
  defaultPendingMs: 300,
  defaultPendingComponent: Waiting,
  defaultErrorComponent: Failed,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
