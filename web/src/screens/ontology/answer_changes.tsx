/** Migrations, corrections and rollbacks of a project's answers: how far each is, and what can be done with it. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { problemOf } from "@/api/client";
import { useMe } from "@/app/session";
import { counted, moment, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Confirm } from "@/kit/confirm";
import type { IconName } from "@/kit/icon";
import { Badge, Empty, Notice, Progress, Skeleton } from "@/kit/shown";
import {
  type Act,
  act,
  type Change,
  changesQuery,
  isMoving,
  membersQuery,
  type Project,
  unchangedQuery,
} from "./queries";

export function AnswerChanges({ project }: { readonly project: Project }) {
  const { data, error } = useQuery(changesQuery(project.modality, project.id));
  if (error) return <Notice>{problemOf(error).message}</Notice>;
  if (!data) return <Skeleton className="h-40" />;
  if (data.length === 0)
    return (
      <Empty icon="clock" title={t("No stored answer was changed yet")}>
        {t("When a version is published that answers have to follow, it is seen here how far they are.")}
      </Empty>
    );
  return (
    <ol aria-label={t("Changes of answers")} className="flex flex-col gap-3">
      {data.map((change) => (
        <li key={change.id}>
          <ChangeLine project={project} change={change} isLast={change === lastThatStands(data)} />
        </li>
      ))}
    </ol>
  );
}

/** The change that can be taken back: the latest that did something and was not taken back. */
function lastThatStands(changes: readonly Change[]): Change | undefined {
  const taken = new Set(changes.map(({ reverts }) => reverts));
  return changes.find(({ id, kind }) => kind !== "rollback" && !taken.has(id));
}

const KINDS = () => ({
  migration: t("Migration"),
  correction: t("Correction"),
  rollback: t("Roll back"),
});

type Tone = "plain" | "good" | "warn" | "bad" | "accent";
const STATES = (): Readonly<Record<Change["state"], readonly [Tone, string]>> => ({
  proposed: ["warn", t("waits for approval")],
  waiting: ["plain", t("waiting")],
  running: ["accent", t("running")],
  paused: ["warn", t("paused")],
  following: ["accent", t("follows late answers")],
  succeeded: ["good", t("done")],
  failed: ["bad", t("failed")],
  cancelled: ["plain", t("cancelled")],
});

interface ChangeLineProps {
  readonly project: Project;
  readonly change: Change;
  /** Whether it may be taken back by itself; those of a publication go back with it. */
  readonly isLast?: boolean;
}

export function ChangeLine({ project, change, isLast = false }: ChangeLineProps) {
  const { data: members } = useQuery(membersQuery);
  const [tone, state] = STATES()[change.state];
  const by = members?.find(({ id }) => id === change.created_by)?.name;
  const when = moment(change.created_at);
  const kind = KINDS()[change.kind];
  const share = change.total ? change.done / change.total : isMoving(change) ? 0 : 1;
  return (
    <section aria-label={kind} className="flex flex-col gap-2 rounded-md border border-line bg-raised p-3">
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{kind}</span>
        <Badge tone={tone}>{state}</Badge>
        <span className="ml-auto text-sm text-quiet">{by ? t("{by}, {when}", { by, when }) : when}</span>
      </div>
      {change.reason && <p className="text-sm">{change.reason}</p>}
      {change.state !== "proposed" && (
        <div className="flex items-center gap-3">
          <Progress label={t("{kind}: how far it is", { kind })} share={share} className="flex-1" />
          <span className="text-sm text-quiet tabular-nums">
            {t("{done} of {total}", {
              done: counted(change.done),
              total: counted(change.total ?? change.done),
            })}
          </span>
        </div>
      )}
      <CountsLine counts={change.counts} />
      <Acts {...{ project, change, isLast }} />
    </section>
  );
}

function CountsLine({ counts }: Pick<Change, "counts">) {
  const said = (
    [
      [counts.changed, t("changed")],
      [counts.pinned, t("fit already")],
      [counts.lossy, t("lost something")],
      [counts.ambiguous, t("left for people")],
      [counts.invalid, t("would be invalid")],
      [counts.moved, t("written by others meanwhile")],
      [counts.requeued, t("tasks opened again")],
    ] as const
  ).filter(([count]) => count);
  if (said.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-quiet">
      {said.map(([count, words]) => (
        <li key={words}>
          <span className="text-ink tabular-nums">{counted(count ?? 0)}</span> {words}
        </li>
      ))}
    </ul>
  );
}

function Acts({ project, change, isLast = false }: ChangeLineProps) {
  const me = useMe();
  const [asks, setAsks] = useState<"cancel" | "rollback" | null>(null);
  const [shown, setShown] = useState(false);
  const acting = useMutation({ mutationFn: (deed: Act) => act(project.modality, change.id, deed) });
  const { state, counts } = change;
  const button = (deed: Act, words: string, icon: IconName) => (
    <Button size="sm" icon={icon} busy={acting.isPending} onClick={() => acting.mutate(deed)}>
      {words}
    </Button>
  );
  const left = (counts.ambiguous ?? 0) + (counts.invalid ?? 0) + (counts.moved ?? 0);
  const ended = ["succeeded", "following", "cancelled", "failed"].includes(state);
  return (
    <>
      {acting.error && <Notice>{problemOf(acting.error).message}</Notice>}
      <div className="flex flex-wrap gap-2 empty:hidden">
        {(state === "waiting" || state === "running") && button("pause", t("Pause"), "pause")}
        {state === "paused" && button("resume", t("Go on"), "play")}
        {state === "proposed" &&
          (change.created_by === me.member.id ? (
            <p className="text-sm text-quiet">{t("Another manager approves it.")}</p>
          ) : (
            button("approve", t("Approve"), "check")
          ))}
        {!ended && (
          <Button size="sm" look="ghost" onClick={() => setAsks("cancel")}>
            {t("Cancel")}
          </Button>
        )}
        {isLast && ended && (
          <Button size="sm" icon="undo" onClick={() => setAsks("rollback")}>
            {t("Take it back")}
          </Button>
        )}
        {left > 0 && (
          <Button size="sm" look="ghost" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {t("What was left as it was")}
          </Button>
        )}
      </div>
      {shown && <Left project={project} change={change} />}
      <Confirm
        open={asks !== null}
        onOpenChange={() => setAsks(null)}
        title={asks === "cancel" ? t("Cancel this change?") : t("Take this change back?")}
        action={asks === "cancel" ? t("Cancel the change") : t("Take it back")}
        run={() => act(project.modality, change.id, asks ?? "cancel")}
      >
        <p>
          {asks === "cancel"
            ? t("It ends where it stands. What it did until then can be taken back.")
            : t("What it replaced is put back, to the byte.")}
        </p>
      </Confirm>
    </>
  );
}

/** The answers that a change left as they were, each with the way to its task. */
function Left({ project, change }: ChangeLineProps) {
  const { data, error } = useQuery(unchangedQuery(project.modality, change.id));
  if (error) return <Notice>{problemOf(error).message}</Notice>;
  return (
    <ul aria-label={t("What was left as it was")} className="divide-y divide-line text-sm">
      {data?.items.map((one) => (
        <li key={one.id} className="flex flex-wrap items-center gap-x-3 py-1">
          <Link
            to="/projects/$project/record/$outcome"
            params={{ project: project.id, outcome: one.task }}
            className="font-mono text-xs text-accent-ink underline"
          >
            {one.id}
          </Link>
          <span className="min-w-0 flex-1">{one.reason}</span>
          <code className="font-mono text-xs text-quiet">{one.paths.join(" ")}</code>
        </li>
      ))}
    </ul>
  );
}
