/** Around the pages of a project: its name, what may be done at once, and the bar that leads from page to page. */

import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { problemOf } from "@/api/client";
import { useCommands } from "@/app/commands";
import { Waiting } from "@/app/fallbacks";
import { projectQuery } from "@/app/query";
import { isAtLeast } from "@/app/role";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import { buttonClasses } from "@/kit/button";
import { Icon } from "@/kit/icon";
import { Badge, Empty, Notice } from "@/kit/shown";

type Address =
  | "/projects/$project"
  | `/projects/$project/${"data" | "work" | "ontology" | "team" | "files" | "record"}`;

interface Place {
  readonly to: Address;
  readonly words: string;
  readonly role: Parameters<typeof isAtLeast>[2];
}

/** The pages in their order, each with the least role that may see it; Alt and a digit opens one. */
const places = (): readonly Place[] => [
  { to: "/projects/$project", words: t("Overview"), role: "reviewer" },
  { to: "/projects/$project/data", words: t("Data"), role: "reviewer" },
  { to: "/projects/$project/work", words: t("Work"), role: "manager" },
  { to: "/projects/$project/ontology", words: t("Ontology"), role: "reviewer" },
  { to: "/projects/$project/team", words: t("Team"), role: "manager" },
  { to: "/projects/$project/files", words: t("Files"), role: "manager" },
  { to: "/projects/$project/record", words: t("Record"), role: "reviewer" },
];

export default function ProjectFrame() {
  const { project: id = "" } = useParams({ strict: false });
  const me = useMe();
  const { data: project, error } = useQuery(projectQuery(id));
  const open = places().filter(({ role }) => isAtLeast(me, id, role));
  usePlaceCommands(id, open);
  if (!isAtLeast(me, id, "reviewer")) return <NotForYou project={id} />;
  if (error)
    return (
      <div className="p-6">
        <Notice>{problemOf(error).message}</Notice>
      </div>
    );
  if (!project) return <Waiting />;
  return (
    <div className="flex h-full flex-col">
      <header className="shrink-0 border-b border-line bg-raised px-4 pt-3 sm:px-6">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <h1 className="min-w-0 truncate text-lg font-semibold tracking-tight">{project.name}</h1>
          {project.state === "paused" && (
            <Badge tone="warn" icon="pause">
              {t("Paused")}
            </Badge>
          )}
          <span className="ml-auto flex gap-2">
            <Link to="/projects/$project/review" params={{ project: id }} className={buttonClasses("plain")}>
              {t("Review")}
            </Link>
            <Link
              to="/projects/$project/annotate"
              params={{ project: id }}
              className={buttonClasses("primary")}
            >
              <Icon name="pencil" />
              {t("Label")}
            </Link>
          </span>
        </div>
        <nav aria-label={t("Project")} className="-mb-px mt-1 flex gap-1 overflow-x-auto">
          {open.map(({ to, words }) => (
            <Link
              key={to}
              to={to}
              params={{ project: id }}
              activeOptions={{ exact: to === "/projects/$project" }}
              className="flex h-9 shrink-0 items-center border-b-2 border-transparent px-2.5 font-medium text-quiet hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink"
            >
              {words}
            </Link>
          ))}
        </nav>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Outlet />
      </div>
    </div>
  );
}

function usePlaceCommands(project: string, open: readonly Place[]) {
  const navigate = useNavigate();
  useCommands(
    open.map(({ to, words }, at) => ({
      id: `place-${at + 1}`,
      title: t("Go to {page}", { page: words }),
      scope: "page" as const,
      keys: [`alt+${at + 1}`],
      run: () => void navigate({ to, params: { project } }),
    })),
  );
}

/** Whoever labels here is told where their work is; the server shows them nothing of the rest either. */
const NotForYou = ({ project }: { readonly project: string }) => (
  <Empty
    icon="people"
    title={t("These pages are for those who review and manage")}
    action={
      <Link to="/projects/$project/annotate" params={{ project }} className={buttonClasses("primary")}>
        {t("To my work")}
      </Link>
    }
  >
    {t("You label in this project. Ask a manager if you need more.")}
  </Empty>
);
