/** The page on which tasks are labelled: opens the outbox, the project and the session, and draws what they say. */

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useSyncExternalStore } from "react";
import type { Kept } from "@/annotate/keeping";
import { OutboxIndicator } from "@/annotate/outbox_indicator";
import { Session, type View } from "@/annotate/session";
import { useKept, useWorking } from "@/annotate/use_working";
import { WorkBar } from "@/annotate/work_bar";
import { Workbench } from "@/annotate/workbench";
import type { PlatformShape } from "@/api/client";
import { progressQuery, projectQuery } from "@/app/query";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import { Empty, Notice, Skeleton } from "@/kit/shown";
import { Presence } from "@/live/Presence";
import { LiveContext, useLiveSocket, useTopicState } from "@/live/useLive";

type Project = PlatformShape<"ProjectView">;

export default function Page() {
  const { project: id = "" } = useParams({ strict: false });
  const me = useMe();
  const kept = useKept(me.member.id);
  const { data: project, error } = useQuery(projectQuery(id));
  if (error) return <Notice>{error.message}</Notice>;
  if (!kept || !project) return <Opening />;
  return <Labelling key={`${kept.member} ${project.id}`} kept={kept} project={project} />;
}

function Labelling({ kept, project }: { readonly kept: Kept; readonly project: Project }) {
  const session = useWorking(Session, kept, project);
  const socket = useLiveSocket(project.modality);
  if (!session) return <Opening />;
  return (
    <LiveContext value={socket}>
      <Desk session={session} kept={kept} project={project} />
    </LiveContext>
  );
}

interface DeskProps {
  readonly session: Session;
  readonly kept: Kept;
  readonly project: Project;
}

function Desk({ session, kept, project }: DeskProps) {
  const view = useSyncExternalStore(session.subscribe, session.snapshot);
  useSignsOfLife(session);
  const { data: progress } = useQuery({
    ...progressQuery(project.modality, project.id),
    refetchInterval: 30_000,
  });
  const counts = useTopicState("project", project.id)?.progress ?? progress;
  const shown = counts ? { done: counts.done ?? 0, total: counts.tasks ?? 0 } : null;
  return (
    <div data-ready={view.ready} className="flex h-dvh flex-col bg-surface text-ink">
      <WorkBar session={session} view={view} project={project.name} progress={shown}>
        <Presence project={project.id} />
        <OutboxIndicator outbox={kept.outbox} reopen={session.reopen} />
      </WorkBar>
      {view.work && view.history ? (
        <Workbench session={session} view={view} work={view.work} document={view.history.present} />
      ) : (
        <Nothing view={view} />
      )}
    </div>
  );
}

function useSignsOfLife(session: Session): void {
  useEffect(() => {
    const seen = () => (document.hidden ? session.timer.hidden() : session.timer.alive());
    const events = ["pointerdown", "pointermove", "keydown", "wheel"] as const;
    for (const event of events) addEventListener(event, session.alive, { passive: true });
    document.addEventListener("visibilitychange", seen);
    return () => {
      for (const event of events) removeEventListener(event, session.alive);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [session]);
}

/** No task in front: either one comes, or there is a reason. */
function Nothing({ view }: { readonly view: View }) {
  const { problem } = view;
  if (problem && !problem.retryable) {
    return (
      <Empty icon="alert" title={t("No task can be had")}>
        {problem.message}
      </Empty>
    );
  }
  if (problem) {
    return (
      <Empty icon="alert" title={t("No connection")}>
        {t("What you answered is kept here. Tasks come as soon as the server answers again.")}
      </Empty>
    );
  }
  if (!view.drained) return <Opening />;
  return (
    <Empty icon="check" title={t("Nothing to do right now")}>
      {t("You have done everything that is open for you here. New tasks appear by themselves.")}
    </Empty>
  );
}

const Opening = () => (
  <div role="status" aria-label={t("Opening the project")} className="flex h-dvh flex-col gap-3 p-4">
    <Skeleton className="h-8 w-64" />
    <Skeleton className="min-h-0 flex-1" />
  </div>
);
