/** A new project, step by step: own files, what is done with them, who does it; then it is made. */

import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Hint, useCommands } from "@/app/commands";
import { Waiting } from "@/app/fallbacks";
import { newProjectRoute } from "@/app/router";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import { Button, buttonClasses } from "@/kit/button";
import { classes } from "@/kit/classes";
import { Icon } from "@/kit/icon";
import { Empty, Notice } from "@/kit/shown";
import { type Making, useMaking } from "./draft";
import { FilesStep } from "./files_step";
import { LabelsStep } from "./labels_step";
import { MakeStep } from "./make_step";
import { useGoing } from "./making";
import { type Plan, planOf, STEPS, type Step, stepOf, type Wrong, wrongWith } from "./plan";
import { WorkStep } from "./work_step";

export default function NewProjectPage() {
  const { member } = useMe();
  if (member.role !== "owner" && member.role !== "manager")
    return (
      <Empty icon="people" title={t("Projects are made by managers")}>
        {t("Ask one of your organisation to make it, and to put you on it.")}
      </Empty>
    );
  return <Guided member={member.id} />;
}

const titleOf = (step: Step): string =>
  ({ files: t("Files"), labels: t("Labels"), work: t("Work"), make: t("Make it") })[step];

const leads = (step: Step): string =>
  ({
    files: t("What is to be labelled? It stays on this installation."),
    labels: t("What is done with each item, and which labels there are. All of it can be changed later."),
    work: t("What it is called, what people are told, and how many look at each item."),
    make: t("Everything once more; then your files are sent and the first task is ready."),
  })[step];

function Guided({ member }: { readonly member: string }) {
  const making = useMaking(member);
  const plan = making.loading ? null : planOf(making.draft, making.files, making.change);
  const going = useGoing(plan);
  const { step = "files" } = newProjectRoute.useSearch();
  const navigate = useNavigate();
  // How often this step was asked to be left.
  const [tried, setTried] = useState(0);
  const goTo = (next: Step) => {
    setTried(0);
    void navigate({ to: "/new", search: next === "files" ? {} : { step: next } });
  };
  useForgetting(making, plan);
  // What the server names stands beside its field, which is on this step or on another.
  const { problem } = going;
  const shown = problem ? stepOf(problem.path) : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another problem comes
  useEffect(() => {
    if (shown !== null && shown !== step) goTo(shown);
  }, [problem]);
  if (!plan) return <Waiting />;
  const made = making.draft.going || making.draft.project !== null;
  const at: Step = made ? "make" : step;
  const wrong: Wrong = {
    ...(tried > 0 ? wrongWith(at, plan) : {}),
    ...(problem?.path && shown === at && { [problem.path]: problem.message }),
  };
  const first = STEPS.find((one) => Object.keys(wrongWith(one, plan)).length > 0);
  const next = () => {
    if (Object.keys(wrongWith(at, plan)).length > 0) return setTried(tried + 1);
    const following = STEPS[STEPS.indexOf(at) + 1];
    if (following) goTo(following);
    else if (first) goTo(first);
    else going.start();
  };
  return (
    <Frame step={at} plan={plan} making={making} goTo={goTo} made={made} next={next} asked={[tried, problem]}>
      {at === "files" && <FilesStep making={making} plan={plan} wrong={wrong} />}
      {at === "labels" && <LabelsStep plan={plan} wrong={wrong} />}
      {at === "work" && <WorkStep plan={plan} wrong={wrong} />}
      {at === "make" && <MakeStep making={making} plan={plan} going={going} goTo={goTo} />}
    </Frame>
  );
}

/** A project that is made is no draft any more: it is forgotten once its page is left. */
function useForgetting(making: Making, plan: Plan | null) {
  const over = useRef<(() => void) | null>(null);
  const { project, going } = making.draft;
  over.current = plan && project !== null && !going ? making.forget : null;
  useEffect(() => () => over.current?.(), []);
}

interface FrameProps {
  readonly step: Step;
  readonly plan: Plan;
  readonly making: Making;
  readonly made: boolean;
  /** What may have found something wrong: an attempt to go on, a refusal. */
  readonly asked: readonly unknown[];
  readonly goTo: (step: Step) => void;
  readonly next: () => void;
  readonly children: ReactNode;
}

function Frame({ step, plan, making, made, asked, goTo, next, children }: FrameProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    // The reader is told where they are; the first page has not moved.
    if (shown.current !== step) heading.current?.focus();
    shown.current = step;
  }, [step]);
  const before = STEPS[STEPS.indexOf(step) - 1];
  const back = () => before && goTo(before);
  useCommands([
    {
      id: "new-next",
      title: t("Continue"),
      scope: "page",
      keys: ["ctrl+enter"],
      run: next,
      enabled: () => !made,
    },
    {
      id: "new-back",
      title: t("Back"),
      scope: "page",
      keys: ["alt+backspace"],
      run: back,
      enabled: () => !made,
    },
  ]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    next();
  };
  // What is wrong first has the focus, when somebody wants to go on and not while they write.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it was asked for
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [...asked, step]);
  return (
    <form
      ref={form}
      onSubmit={submit}
      noValidate
      className="mx-auto w-full max-w-5xl px-4 py-6 sm:px-6 sm:py-8"
    >
      <header className="mb-5">
        <h1 className="text-xl font-semibold tracking-tight">{t("New project")}</h1>
        <Stepper step={step} plan={plan} made={made} goTo={goTo} />
        <h2 ref={heading} tabIndex={-1} className="mt-5 text-lg font-semibold outline-none">
          {titleOf(step)}
        </h2>
        <p className="text-quiet">{leads(step)}</p>
      </header>
      {making.taken && !made && <Taken making={making} goTo={goTo} />}
      {children}
      {!made && (
        <footer className="mt-6 flex items-center gap-2 border-t border-line pt-4">
          {before && (
            <Button icon="arrowLeft" onClick={back}>
              {t("Back")}
            </Button>
          )}
          <span className="ml-auto hidden text-quiet sm:inline">
            <Hint command="new-next" />
          </span>
          <button type="submit" className={classes(buttonClasses("primary", "lg"), "ml-auto sm:ml-0")}>
            {step === "make"
              ? t("Make the project")
              : step === "files" && plan.files.length === 0
                ? t("Go on without files")
                : t("Continue")}
            <Icon name={step === "make" ? "check" : "arrowRight"} />
          </button>
        </footer>
      )}
    </form>
  );
}

const Taken = ({ making, goTo }: { readonly making: Making; readonly goTo: (step: Step) => void }) => (
  <div className="mb-4">
    <Notice tone="accent">
      {making.lost.length > 0
        ? t("Here is what you had begun. These files are to be chosen again: {names}", {
            names: making.lost.slice(0, 5).join(", ") + (making.lost.length > 5 ? "…" : ""),
          })
        : t("Here is what you had begun.")}{" "}
      <button
        type="button"
        className="font-medium underline underline-offset-2"
        onClick={() => {
          making.forget();
          goTo("files");
        }}
      >
        {t("Begin anew")}
      </button>
    </Notice>
  </div>
);

interface StepperProps {
  readonly step: Step;
  readonly plan: Plan;
  readonly made: boolean;
  readonly goTo: (step: Step) => void;
}

/** The four steps; what lies behind can be gone back to, what lies ahead only over what is right. */
function Stepper({ step, plan, made, goTo }: StepperProps) {
  const now = STEPS.indexOf(step);
  const open = STEPS.findIndex((one) => Object.keys(wrongWith(one, plan)).length > 0);
  return (
    <nav aria-label={t("Steps")} className="mt-3">
      <ol className="flex flex-wrap items-center gap-x-1 gap-y-1">
        {STEPS.map((one, at) => (
          <li key={one} className="flex items-center gap-1">
            {at > 0 && <span aria-hidden="true" className="mx-1 h-px w-5 bg-line-strong sm:w-8" />}
            <button
              type="button"
              aria-current={at === now ? "step" : undefined}
              disabled={made || (at > now && open >= 0 && at > open)}
              onClick={() => goTo(one)}
              className="group flex h-8 items-center gap-2 rounded-md px-1.5 font-medium text-quiet enabled:hover:text-ink aria-[current=step]:text-ink"
            >
              <span className="inline-flex size-5 items-center justify-center rounded-full border border-line-strong text-xs tabular-nums group-aria-[current=step]:border-accent group-aria-[current=step]:bg-accent group-aria-[current=step]:text-on-accent">
                {at < now || made ? <Icon name="check" className="size-3" /> : at + 1}
              </span>
              {titleOf(one)}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
