/** What is done with the chosen tasks: paused and resumed with a way back, the rest after a second look. */

import { useState } from "react";
import { notifyProblem } from "@/app/account-menu";
import { Hint, useCommands } from "@/app/commands";
import { counted, t } from "@/app/words";
import { Button } from "@/kit/button";
import type { IconName } from "@/kit/icon";
import { notifyDone } from "@/kit/toast";
import type { OnProject } from "../people/queries";
import { act } from "./changing";
import type { Project, Task } from "./queries";
import { Reassign } from "./reassign";
import { Sure, type SureDeed } from "./sure";

export interface TaskDeedsProps {
  readonly project: Project;
  readonly tasks: readonly Task[];
  readonly people: readonly OnProject[];
  /** The deed is done: nothing is chosen any more. */
  readonly done: () => void;
}

interface Deed {
  readonly id: string;
  readonly words: string;
  readonly icon: IconName;
  readonly key: string;
  /** Which of the chosen tasks it can reach. */
  readonly fit: readonly Task[];
  readonly run: () => void;
}

const unfinished = ({ state }: Task) => state === "open" || state === "paused";

export function TaskDeeds({ project, tasks, people, done }: TaskDeedsProps) {
  const [asked, setAsked] = useState<SureDeed | "reassign" | null>(null);
  const among = (reaches: (task: Task) => boolean) => tasks.filter(reaches);
  const turn = (deed: "pause" | "resume", fit: readonly Task[]) => () => {
    const ids = fit.map(({ id }) => id);
    const back = () => void act(project, deed === "pause" ? "resume" : "pause", ids).catch(notifyProblem);
    act(project, deed, ids)
      .then((changed) => {
        done();
        notifyDone(turnedWords(deed, changed), back);
      })
      .catch(notifyProblem);
  };
  const ask = (deed: SureDeed | "reassign") => () => setAsked(deed);
  const [open, paused] = [among(({ state }) => state === "open"), among(({ state }) => state === "paused")];
  const deeds: readonly Deed[] = [
    { id: "pause", words: t("Pause"), icon: "pause", key: "p", fit: open, run: turn("pause", open) },
    { id: "resume", words: t("Resume"), icon: "play", key: "r", fit: paused, run: turn("resume", paused) },
    {
      id: "reassign",
      words: t("Give to…"),
      icon: "people",
      key: "g",
      fit: among(unfinished),
      run: ask("reassign"),
    },
    {
      id: "recall",
      words: t("Take back…"),
      icon: "undo",
      key: "k",
      fit: among(({ holders }) => holders.length > 0),
      run: ask("recall"),
    },
    {
      id: "requeue",
      words: t("Ask again…"),
      icon: "redo",
      key: "a",
      fit: among((task) => unfinished(task) || task.state === "done"),
      run: ask("requeue"),
    },
    {
      id: "cancel",
      words: t("Cancel…"),
      icon: "close",
      key: "delete",
      fit: among(unfinished),
      run: ask("cancel"),
    },
  ];
  useCommands(
    deeds.map(({ id, words, key, fit, run }) => ({
      id: `tasks-${id}`,
      title: t("Chosen tasks: {deed}", { deed: words }),
      scope: "page" as const,
      keys: [key],
      enabled: () => fit.length > 0,
      run,
    })),
  );
  const reached = deeds.find(({ id }) => id === asked)?.fit ?? [];
  const close = () => setAsked(null);
  return (
    <>
      <Bar count={tasks.length} deeds={deeds} done={done} />
      {asked === "reassign" && (
        <Reassign project={project} tasks={reached} people={people} close={close} done={done} />
      )}
      {asked && asked !== "reassign" && (
        <Sure project={project} deed={asked} tasks={reached} close={close} done={done} />
      )}
    </>
  );
}

interface BarProps {
  readonly count: number;
  readonly deeds: readonly Deed[];
  readonly done: () => void;
}

/** Always there, so that the table below does not move when the first row is chosen. */
const Bar = ({ count, deeds, done }: BarProps) => (
  <div
    role="toolbar"
    aria-label={t("With the chosen tasks")}
    className="flex min-h-9 flex-wrap items-center gap-1.5"
  >
    <span aria-live="polite" className="mr-1 min-w-24 text-sm text-quiet">
      {count === 0
        ? t("Choose tasks to do something with them.")
        : t("{count, plural, one {# task} other {# tasks}} chosen", { count })}
    </span>
    {count > 0 && (
      <>
        {deeds.map(({ id, words, icon, fit, run }) => (
          <Button key={id} size="sm" icon={icon} disabled={fit.length === 0} onClick={run}>
            {words}
            {fit.length > 0 && fit.length < count && (
              <span className="text-quiet tabular-nums">{counted(fit.length)}</span>
            )}
            <Hint command={`tasks-${id}`} />
          </Button>
        ))}
        <Button size="sm" look="ghost" onClick={done}>
          {t("Choose none")}
        </Button>
      </>
    )}
  </div>
);

const turnedWords = (deed: "pause" | "resume", changed: number): string =>
  deed === "pause"
    ? t("{changed, plural, one {# task is} other {# tasks are}} paused", { changed })
    : t("{changed, plural, one {# task goes} other {# tasks go}} on", { changed });
