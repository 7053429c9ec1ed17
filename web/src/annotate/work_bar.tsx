/** What the bar at the top says over the work: where one is, how far, how long, and whether everything is safe. */

import { type ReactNode, useEffect, useState } from "react";
import { Hint } from "@/app/commands";
import { TopBar } from "@/app/frame";
import { t } from "@/app/words";
import { IconButton } from "@/kit/button";
import type { IconName } from "@/kit/icon";
import { Badge, Progress } from "@/kit/shown";
import type { Session, View } from "./session";

export interface WorkBarProps {
  readonly session: Session;
  readonly view: View;
  readonly project: string;
  /** Answers and answers wanted of the project, where they are known. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** The outbox, presence. */
  readonly children?: ReactNode;
}

export function WorkBar({ session, view, project, progress, children }: WorkBarProps) {
  const { work, history, last } = view;
  return (
    <TopBar>
      <div className="min-w-0">
        <h1 className="truncate text-base font-semibold">{project}</h1>
      </div>
      {work && (
        <output aria-label={t("Item")} className="min-w-0 truncate text-sm text-quiet" translate="no">
          {work.desk.given.task.unique_id}
        </output>
      )}
      {work?.revises && <Badge tone="accent">{t("changing an answer")}</Badge>}
      <div className="flex-1" />
      {progress && progress.total > 0 && (
        <div className="hidden items-center gap-2 lg:flex">
          <Progress
            label={t("Progress of the project")}
            share={progress.done / progress.total}
            className="w-24"
          />
          <span className="text-sm text-quiet tabular-nums">
            {t("{done} of {total}", { done: progress.done, total: progress.total })}
          </span>
        </div>
      )}
      {view.answered > 0 && <Badge icon="check">{t("{count} done", { count: view.answered })}</Badge>}
      {work && <Clock session={session} key={work.task.id} />}
      {children}
      <Act icon="undo" label={t("Undo")} command="undo" off={!history?.past.length} run={session.undo} />
      <Act icon="redo" label={t("Redo")} command="redo" off={!history?.future.length} run={session.redo} />
      <Act
        icon="chevronLeft"
        label={t("Change my last answer")}
        command="revise"
        off={!last?.submission || work?.revises === true}
        run={() => void session.revise()}
      />
    </TopBar>
  );
}

interface ActProps {
  readonly icon: IconName;
  readonly label: string;
  readonly command: string;
  readonly off: boolean;
  readonly run: () => void;
}

const Act = ({ icon, label, command, off, run }: ActProps) => (
  <IconButton icon={icon} label={label} hint={<Hint command={command} />} disabled={off} onClick={run} />
);

const SECOND = 1000;

/** The time on this task: it stands while nobody does anything. */
function Clock({ session }: { readonly session: Session }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.floor(session.timer.seconds)), SECOND);
    return () => clearInterval(timer);
  }, [session]);
  const shown = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return (
    <span
      role="timer"
      aria-label={t("Time on this task")}
      className="hidden text-sm text-quiet tabular-nums sm:inline"
    >
      {shown}
    </span>
  );
}
