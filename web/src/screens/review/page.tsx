/** The page on which outcomes are reviewed, for reviewers and managers: opens the outbox, the project, the session. */

import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useSyncExternalStore } from "react";
import type { Kept } from "@/annotate/keeping";
import { OutboxIndicator } from "@/annotate/outbox_indicator";
import { useKept, useWorking } from "@/annotate/use_working";
import type { PlatformShape } from "@/api/client";
import { Hint } from "@/app/commands";
import { TopBar } from "@/app/frame";
import { usePersisted } from "@/app/persisted";
import { projectQuery } from "@/app/query";
import { isAtLeast } from "@/app/role";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import { buttonClasses } from "@/kit/button";
import { Segments } from "@/kit/choices";
import { Badge, Empty, Notice } from "@/kit/shown";
import { Nothing, Opening } from "./nothing";
import { ReviewBench } from "./review_bench";
import { ReviewSession, type ReviewView } from "./session";
import { arrangement } from "./use_looking";

type Project = PlatformShape<"ProjectView">;

export default function Page() {
  const { project: id = "" } = useParams({ strict: false });
  const me = useMe();
  const kept = useKept(me.member.id);
  const { data: project, error } = useQuery(projectQuery(id));
  if (error) return <Notice>{error.message}</Notice>;
  if (!isAtLeast(me, id, "reviewer")) return <NotForYou project={id} />;
  if (!kept || !project) return <Opening />;
  return <Reviewing key={`${kept.member} ${project.id}`} kept={kept} project={project} />;
}

function Reviewing({ kept, project }: { readonly kept: Kept; readonly project: Project }) {
  const session = useWorking(ReviewSession, kept, project);
  return session ? <Desk session={session} kept={kept} project={project} /> : <Opening />;
}

interface DeskProps {
  readonly session: ReviewSession;
  readonly kept: Kept;
  readonly project: Project;
}

function Desk({ session, kept, project }: DeskProps) {
  const view = useSyncExternalStore(session.subscribe, session.snapshot);
  const { work } = view;
  return (
    <div data-ready={view.ready} className="flex h-dvh flex-col bg-surface text-ink">
      <Bar view={view} kept={kept} project={project} />
      {work ? (
        <ReviewBench key={work.desk.id} session={session} view={view} reviewed={work} project={project} />
      ) : (
        <Nothing view={view} project={project} />
      )}
    </div>
  );
}

function Bar({ view, kept, project }: Omit<DeskProps, "session"> & { readonly view: ReviewView }) {
  const { work, history, decided } = view;
  const [arranged, arrange] = usePersisted(arrangement);
  const levels = project.quality.review?.levels ?? 1;
  return (
    <TopBar>
      <h1 className="min-w-0 truncate text-base font-semibold">
        <span className="sr-only">{t("Review")}: </span>
        {project.name}
      </h1>
      {work && (
        <output aria-label={t("Item")} className="min-w-0 truncate text-sm text-quiet" translate="no">
          {work.desk.review.task.unique_id}
        </output>
      )}
      {work && levels > 1 && (
        <Badge>{t("level {level} of {levels}", { level: work.desk.review.level, levels })}</Badge>
      )}
      {work && work.desk.review.outcome.version > 1 && (
        <Badge>{t("version {version}", { version: work.desk.review.outcome.version })}</Badge>
      )}
      {history && <Badge tone="accent">{t("amending")}</Badge>}
      <div className="flex-1" />
      {decided > 0 && <Badge icon="check">{t("{count} done", { count: decided })}</Badge>}
      {work && !history && (
        <span className="hidden items-center gap-1.5 text-quiet md:flex">
          <Hint command="review-beside" />
          <Segments
            label={t("How the answers are laid out")}
            value={arranged}
            choices={[
              ["over", t("Overlay"), "layers"],
              ["beside", t("Side by side"), "copy"],
            ]}
            onChange={arrange}
          />
        </span>
      )}
      <OutboxIndicator outbox={kept.outbox} />
    </TopBar>
  );
}

/** Whoever labels here is told where their work is; the server gives them no review either. */
const NotForYou = ({ project }: { readonly project: string }) => (
  <div className="flex h-dvh flex-col">
    <TopBar />
    <main>
      <Empty
        icon="people"
        title={t("Reviews are for reviewers and managers")}
        action={
          <Link to="/projects/$project/annotate" params={{ project }} className={buttonClasses("primary")}>
            {t("To my work")}
          </Link>
        }
      >
        {t("You label in this project. What reviewers say about your work comes back to you with the task.")}
      </Empty>
    </main>
  </div>
);
