/** Before a version is published: what it does, to whom it goes first, and what becomes of the answers there are. */

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { problemOf } from "@/api/client";
import { projectsQuery } from "@/app/query";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Segments, Slider, Switch } from "@/kit/choices";
import { Field, Select, TextArea } from "@/kit/field";
import { Empty, Notice, Skeleton } from "@/kit/shown";
import { notify } from "@/kit/toast";
import { CheckedView } from "./checked_view";
import {
  asked,
  checkQuery,
  forget,
  type NewPublication,
  type Project,
  type Publication,
  publish,
} from "./queries";
import type { Editor } from "./use_editing";

export interface PublishPageProps {
  readonly project: Project;
  readonly editor: Editor;
  readonly trial: Publication | undefined;
  readonly published: () => void;
}

type Reach = "all" | "projects" | "share";

export function PublishPage(props: PublishPageProps) {
  if (props.editor.editing.steps.length === 0)
    return (
      <Empty icon="check" title={t("Nothing was edited")}>
        {t("Edit labels and tools first. Here you then see what that would do, before anything counts.")}
      </Empty>
    );
  return <Checking {...props} />;
}

/** How a version is to be published. */
interface Terms {
  readonly reach: Reach;
  readonly chosen: readonly string[];
  readonly share: number;
  readonly migrate: boolean;
  readonly requeue: boolean;
  readonly reason: string;
}

/** Return to whom a version goes and whether answers do, as the API takes it. */
const reached = ({ reach, chosen, migrate }: Terms, project: string): Partial<NewPublication> => ({
  ...(reach === "all" ? {} : { projects: reach === "share" ? [project] : [...chosen] }),
  migrate,
});

function Checking({ project, editor, trial, published }: PublishPageProps) {
  const { ontology, id } = project;
  const { steps } = editor.editing;
  const [terms, setTerms] = useState<Terms>({ ...USUAL, chosen: [id] });
  const check = useQuery({
    ...checkQuery(ontology, editor.base.id, asked(steps, reached(terms, id))),
    // What was seen stays until the next look is done.
    placeholderData: keepPreviousData,
  });
  const publishing = useMutation({
    mutationFn: () => {
      const { requeue, reason, reach, share } = terms;
      const ambiguous = requeue ? "requeue" : "keep";
      const tried = reach === "share" ? { share: share / 100 } : {};
      return publish(ontology, asked(steps, { ...reached(terms, id), ...tried, ambiguous, reason }));
    },
    onSuccess: ({ version: { number }, state }) => {
      editor.discard();
      const onTrial = state === "watching";
      const title = onTrial
        ? t("Version {number} is on trial", { number })
        : t("Version {number} is published", { number });
      notify({ title, tone: "good" });
      published();
      return forget(ontology);
    },
  });
  const nobody = terms.reach === "projects" && terms.chosen.length === 0;
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="min-w-0" aria-busy={check.isPending}>
        {check.error && <Notice>{problemOf(check.error).message}</Notice>}
        {check.isPending && <Looking />}
        {check.data && <CheckedView checked={check.data} />}
      </div>
      <TermsForm
        project={project}
        terms={terms}
        put={(change) => setTerms((now) => ({ ...now, ...change }))}
        trial={trial}
        refused={publishing.error ? problemOf(publishing.error).message : (check.data?.refused ?? "")}
        busy={publishing.isPending}
        disabled={!!trial || !check.data || !!check.data.refused || nobody}
        publish={() => publishing.mutate()}
      />
    </div>
  );
}

const USUAL = { reach: "all", share: 10, migrate: true, requeue: false, reason: "" } as const;

const Looking = () => (
  <div role="status" className="flex flex-col gap-3">
    <p className="text-quiet">{t("Looking at what it would do…")}</p>
    <Skeleton className="h-24" />
    <Skeleton className="h-40" />
  </div>
);

interface TermsFormProps {
  readonly project: Project;
  readonly terms: Terms;
  readonly put: (change: Partial<Terms>) => void;
  readonly trial: Publication | undefined;
  readonly refused: string;
  readonly busy: boolean;
  readonly disabled: boolean;
  readonly publish: () => void;
}

function TermsForm({ project, terms, put, trial, refused, busy, disabled, publish }: TermsFormProps) {
  const { reach, reason } = terms;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    publish();
  };
  return (
    <form
      aria-label={t("Publish")}
      onSubmit={submit}
      className="flex flex-col gap-4 rounded-lg border border-line bg-raised p-4 shadow-card lg:sticky lg:top-4"
    >
      <h3 className="font-semibold">{t("Publish")}</h3>
      {trial && (
        <Notice tone="warn">
          {t("Version {number} is on trial: complete it or withdraw it first.", {
            number: trial.version.number,
          })}
        </Notice>
      )}
      <WhoGetsIt project={project} terms={terms} put={put} />
      <WhatFollows terms={terms} put={put} />
      <Field label={t("Why")} hint={t("Kept with the version, for those who ask later.")}>
        {(links) => (
          <TextArea
            {...links}
            className="min-h-16!"
            value={reason}
            onChange={({ target }) => put({ reason: target.value })}
          />
        )}
      </Field>
      {refused && <Notice>{refused}</Notice>}
      <Button type="submit" look="primary" busy={busy} disabled={disabled}>
        {reach === "all" ? t("Publish to all") : t("Try it first")}
      </Button>
    </form>
  );
}

type PartProps = Pick<TermsFormProps, "terms" | "put">;

function WhoGetsIt({ project, terms, put }: PartProps & Pick<TermsFormProps, "project">) {
  const { reach, share, chosen } = terms;
  return (
    <>
      <div className="flex flex-col gap-1.5">
        <span className="text-sm font-medium">{t("Who gets it")}</span>
        <div>
          <Segments<Reach>
            label={t("Who gets it")}
            value={reach}
            onChange={(to) => put({ reach: to })}
            choices={[
              ["all", t("All at once")],
              ["projects", t("Some projects")],
              ["share", t("Some tasks")],
            ]}
          />
        </div>
        <ReachWords reach={reach} />
      </div>
      {reach === "projects" && (
        <Projects ontology={project.ontology} chosen={chosen} setChosen={(now) => put({ chosen: now })} />
      )}
      {reach === "share" && (
        <div className="flex items-center gap-3">
          <Slider
            label={t("Share of new tasks, in per cent")}
            value={share}
            minimum={1}
            maximum={90}
            onChange={(now) => put({ share: now })}
          />
          <span className="tabular-nums">{t("{share} % of new tasks", { share })}</span>
        </div>
      )}
    </>
  );
}

function WhatFollows({ terms, put }: PartProps) {
  const { migrate, requeue } = terms;
  return (
    <>
      <div className="flex items-center justify-between gap-3 text-sm font-medium">
        {t("Bring stored answers along")}
        <Switch
          label={t("Bring stored answers along")}
          checked={migrate}
          onChange={(on) => put({ migrate: on })}
        />
      </div>
      {migrate && (
        <Field label={t("Answers that the steps do not decide")}>
          {(links) => (
            <Select
              {...links}
              className="w-full"
              value={requeue ? "requeue" : "keep"}
              onChange={({ target }) => put({ requeue: target.value === "requeue" })}
            >
              <option value="keep">{t("stay with their version")}</option>
              <option value="requeue">{t("stay, and their tasks are opened again")}</option>
            </Select>
          )}
        </Field>
      )}
    </>
  );
}

const ReachWords = ({ reach }: { readonly reach: Reach }) => (
  <p className="text-sm text-quiet">
    {reach === "all"
      ? t("Every project of this ontology works with it from now on. It can be rolled back.")
      : t("It is watched: where more answers are refused, or people agree less, it goes back by itself.")}
  </p>
);

interface ProjectsProps {
  readonly ontology: string;
  readonly chosen: readonly string[];
  readonly setChosen: (chosen: readonly string[]) => void;
}

function Projects({ ontology, chosen, setChosen }: ProjectsProps) {
  const { data = [] } = useQuery(projectsQuery);
  const toggle = (id: string) =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-sm font-medium">{t("Projects that get it first")}</legend>
      {data
        .filter((one) => one.ontology === ontology)
        .map(({ id, name }) => (
          <label key={id} className="flex min-h-6 items-center gap-2">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={chosen.includes(id)}
              onChange={() => toggle(id)}
            />
            {name}
          </label>
        ))}
    </fieldset>
  );
}
