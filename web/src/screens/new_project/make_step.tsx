/** The last step: everything once more, then how it goes, what did not go in, and the way to the first task. */

import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import type { Problem } from "@/api/client";
import { counted, t } from "@/app/words";
import { Button, buttonClasses } from "@/kit/button";
import { Icon } from "@/kit/icon";
import { Badge, Notice, Progress } from "@/kit/shown";
import { modalityWords, sizeWords } from "@/screens/intake/contents";
import { refusedOf } from "@/screens/intake/intake";
import { countOf, isOver, type Job, jobQuery, refusalsQuery, shareOf } from "@/screens/intake/jobs";
import { Report } from "@/screens/intake/report";
import { fits } from "@/screens/intake/values";
import type { Making } from "./draft";
import type { Going } from "./making";
import type { Plan, Step } from "./plan";

export interface MakeStepProps {
  readonly making: Making;
  readonly plan: Plan;
  readonly going: Going;
  readonly goTo: (step: Step) => void;
}

export function MakeStep({ making, plan, going, goTo }: MakeStepProps) {
  const { draft } = making;
  const outside = refusedOf(draft.done, plan.files);
  if (!draft.going && draft.project === null && !going.busy)
    return (
      <div className="flex flex-col gap-4">
        {going.problem && <Notice>{going.problem.message}</Notice>}
        <Report refused={outside} total={outside.length} name={plan.name} />
        <Summary plan={plan} goTo={goTo} />
      </div>
    );
  return <MakingNow making={making} plan={plan} going={going} />;
}

function Summary({ plan, goTo }: { readonly plan: Plan; readonly goTo: (step: Step) => void }) {
  const usable = plan.files.filter((file) => fits(file, plan.modality));
  const left = plan.files.length - usable.length;
  const { draft } = plan;
  const review =
    draft.review === "none"
      ? t("not reviewed")
      : draft.review === "all"
        ? t("all of it reviewed")
        : t("{share} % reviewed", { share: draft.share });
  return (
    <dl className="divide-y divide-line rounded-lg border border-line bg-raised">
      <Said title={t("Files")} onEdit={() => goTo("files")}>
        {usable.length === 0
          ? t("None yet: they can be brought in later.")
          : t("{count, plural, one {# file} other {# files}}, {size}, about {modality}", {
              count: usable.length,
              size: sizeWords(usable.reduce((sum, { file }) => sum + file.size, 0)),
              modality: modalityWords(plan.modality),
            })}
        {left > 0 && (
          <span className="block text-sm text-warn">
            {t("{left, plural, one {# file stays} other {# files stay}} out, as the first step says.", {
              left,
            })}
          </span>
        )}
      </Said>
      <Said title={t("Labels")} onEdit={() => goTo("labels")}>
        <span className="font-medium">{plan.template.title}</span>
        <span className="mt-1 flex flex-wrap gap-1.5 empty:hidden">
          {plan.entries.slice(0, 24).map(({ id, name }) => (
            <Badge key={id}>{name}</Badge>
          ))}
        </span>
      </Said>
      <Said title={t("Work")} onEdit={() => goTo("work")}>
        <span className="font-medium">{plan.name}</span>
        <span className="block text-quiet">
          {t("{overlap, plural, one {# person a task} other {# people a task}}, {review}", {
            overlap: Number(draft.overlap) || 1,
            review,
          })}
        </span>
      </Said>
    </dl>
  );
}

interface SaidProps {
  readonly title: string;
  readonly onEdit: () => void;
  readonly children: ReactNode;
}

const Said = ({ title, onEdit, children }: SaidProps) => (
  <div className="flex items-start gap-4 px-4 py-3">
    <dt className="w-20 shrink-0 text-quiet">{title}</dt>
    <dd className="min-w-0 flex-1">{children}</dd>
    <dd>
      <Button size="sm" look="ghost" icon="pencil" onClick={onEdit}>
        {t("Change")}
        <span className="sr-only">{title}</span>
      </Button>
    </dd>
  </div>
);

function MakingNow({ making, plan, going }: Omit<MakeStepProps, "goTo">) {
  const { draft } = making;
  const jobs = useQueries({ queries: draft.done.begun.map(({ job }) => jobQuery(job)) });
  const found = jobs.map(({ data }) => data);
  const over = !draft.going && draft.project !== null && found.every((job) => job && isOver(job));
  const tasks = found.reduce((sum, job) => sum + countOf(job, "tasks"), 0);
  const refusals = useQueries({
    queries: draft.done.begun.map((one, at) => ({
      ...refusalsQuery(one),
      enabled: Boolean(found[at] && isOver(found[at])),
    })),
  });
  const outside = refusedOf(draft.done, plan.files);
  const refused = [...outside, ...refusals.flatMap(({ data }) => data ?? [])];
  const count = outside.length + found.reduce((sum, job) => sum + countOf(job, "refused"), 0);
  return (
    <div className="flex flex-col gap-4">
      <ol className="flex flex-col gap-4 rounded-lg border border-line bg-raised p-4">
        <Sent going={going} plan={plan} />
        <Phase done={draft.project !== null} title={t("The project is made")} />
        {draft.done.begun.map(({ job, name }, at) => (
          <Imported key={job} name={name} job={found[at]} />
        ))}
      </ol>
      {going.problem && <Stopped problem={going.problem} going={going} plan={plan} />}
      {over && (
        <Over
          plan={plan}
          making={making}
          tasks={tasks}
          failed={found.some((job) => job?.state === "failed")}
        />
      )}
      <Report refused={refused} total={count} name={plan.name} />
    </div>
  );
}

interface PhaseProps {
  readonly done: boolean;
  readonly title: string;
  readonly told?: string;
  /** From 0 to 1 while it goes; null where it has not begun, or is done. */
  readonly share?: number | null;
  readonly problem?: string | undefined;
}

function Phase({ done, title, told, share = null, problem }: PhaseProps) {
  return (
    <li className="flex items-start gap-3">
      <span
        className={`mt-0.5 inline-flex size-5 shrink-0 items-center justify-center rounded-full ${
          problem ? "bg-bad-soft text-bad" : done ? "bg-good-soft text-good" : "bg-sunken text-quiet"
        }`}
      >
        <Icon name={problem ? "alert" : done ? "check" : "clock"} className="size-3" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{title}</p>
        {told && <p className="text-sm text-quiet tabular-nums">{told}</p>}
        {problem && <p className="text-sm text-bad">{problem}</p>}
        {share !== null && !done && <Progress label={title} share={share} className="mt-1.5" />}
      </div>
    </li>
  );
}

function Sent({ going, plan }: { readonly going: Going; readonly plan: Plan }) {
  const { progress } = going;
  const done = plan.draft.project !== null;
  if (plan.files.length === 0 && plan.draft.names.length === 0) return null;
  const told =
    progress && !done
      ? t("{files} of {of} files, {bytes} of {total}", {
          files: counted(progress.files),
          of: counted(progress.of),
          bytes: sizeWords(progress.bytes),
          total: sizeWords(progress.total),
        })
      : "";
  const share = progress && progress.total > 0 ? progress.bytes / progress.total : 0;
  return <Phase done={done} title={t("Your files are sent")} told={told} share={going.busy ? share : null} />;
}

function Imported({ name, job }: { readonly name: string; readonly job: Job | undefined }) {
  const existing = countOf(job, "existing");
  const told = t("{tasks, plural, one {# task} other {# tasks}}, {refused} refused", {
    tasks: countOf(job, "tasks"),
    refused: counted(countOf(job, "refused")),
  });
  const failed = job?.state === "failed" || job?.state === "cancelled";
  return (
    <Phase
      done={job?.state === "succeeded"}
      title={t("{name} is brought in", { name })}
      told={
        existing > 0
          ? `${told}, ${t("{existing} were there already", { existing: counted(existing) })}`
          : told
      }
      share={failed ? null : (shareOf(job) ?? 0)}
      problem={failed ? (job?.error?.detail ?? t("It was cancelled.")) : undefined}
    />
  );
}

/** What stopped it, and how to go on: nothing that is there is made again. */
function Stopped({
  problem,
  going,
  plan,
}: {
  readonly problem: Problem;
  readonly going: Going;
  readonly plan: Plan;
}) {
  const { project } = plan.draft;
  return (
    <Notice>
      <p>{problem.message}</p>
      {project !== null && <p>{t("The project is there; not all of its files are in yet.")}</p>}
      <p className="mt-2 flex flex-wrap gap-2">
        <Button size="sm" onClick={going.start}>
          {t("Go on from here")}
        </Button>
        {project !== null && (
          <Link to="/projects/$project/files" params={{ project }} className={buttonClasses("plain", "sm")}>
            {t("Bring other files in")}
          </Link>
        )}
      </p>
    </Notice>
  );
}

interface OverProps {
  readonly plan: Plan;
  readonly making: Making;
  readonly tasks: number;
  readonly failed: boolean;
}

/** It is there: the first task, or what to do where none is. */
function Over({ plan, making, tasks, failed }: OverProps) {
  const first = useRef<HTMLAnchorElement>(null);
  useEffect(() => first.current?.focus(), []);
  const project = plan.draft.project ?? "";
  const to = { params: { project } };
  return (
    <section aria-label={t("Done")} className="rounded-lg border border-line bg-raised p-4">
      <p className="text-lg font-semibold" role="status">
        {tasks > 0
          ? t("{name} is ready: {tasks, plural, one {# task waits} other {# tasks wait}}.", {
              name: plan.name,
              tasks,
            })
          : t("{name} is made, and has no tasks yet.", { name: plan.name })}
      </p>
      {(tasks === 0 || failed) && plan.draft.done.begun.length > 0 && (
        <p className="mt-1 text-quiet">
          {t(
            "The list below says what was wrong. Put it right in the file, and bring it in again: what is in already is not doubled.",
          )}
        </p>
      )}
      <p className="mt-3 flex flex-wrap gap-2">
        {tasks > 0 && (
          <Link
            ref={first}
            to="/projects/$project/annotate"
            {...to}
            className={buttonClasses("primary", "lg")}
          >
            <Icon name="pencil" />
            {t("Label the first task")}
          </Link>
        )}
        <Link
          ref={tasks > 0 ? undefined : first}
          to="/projects/$project/files"
          {...to}
          className={buttonClasses(tasks > 0 ? "plain" : "primary", "lg")}
        >
          <Icon name="upload" />
          {t("Bring more in")}
        </Link>
        <Link to="/projects/$project/team" {...to} className={buttonClasses("plain", "lg")}>
          <Icon name="people" />
          {plan.draft.review === "none" ? t("Invite people") : t("Invite a reviewer")}
        </Link>
        <Link to="/projects/$project" {...to} className={buttonClasses("plain", "lg")}>
          {t("Overview")}
        </Link>
        <Button look="ghost" size="lg" onClick={making.forget}>
          {t("Another project")}
        </Button>
      </p>
    </section>
  );
}
