/** More files into a project there is: which, into which dataset, and in which batch their tasks are released. */

import { type FormEvent, useEffect, useRef, useState } from "react";
import { type PlatformShape, Problem, problemOf } from "@/api/client";
import { t } from "@/app/words";
import { ulid } from "@/engine/ulid";
import { Button, IconButton } from "@/kit/button";
import { Field, Input, Select } from "@/kit/field";
import { Notice, Progress } from "@/kit/shown";
import { Contents, ReadingForm } from "@/screens/intake/contents";
import { Drop } from "@/screens/intake/drop";
import {
  type Batch,
  begin,
  type Done,
  NOTHING_DONE,
  NothingLeft,
  refusedOf,
  type Progress as Sending,
  send,
} from "@/screens/intake/intake";
import { look } from "@/screens/intake/looking";
import { guessed } from "@/screens/intake/reading";
import { Report } from "@/screens/intake/report";
import { type Chosen, fits, type Looked, type Reading } from "@/screens/intake/values";

export interface BringInProps {
  readonly project: PlatformShape<"ProjectView">;
  readonly onClose: () => void;
  readonly onBegun: () => void;
}

interface Terms {
  readonly dataset: string;
  readonly name: string;
  readonly priority: NonNullable<Batch["priority"]>;
  readonly deadline: string;
  readonly overlap: string;
}

const PRIORITIES = ["urgent", "high", "normal", "low"] as const;

export function BringIn({ project, onClose, onBegun }: BringInProps) {
  const [files, setFiles] = useState<readonly Looked[]>([]);
  const [chosen, setChosen] = useState<Reading | null>(null);
  const [terms, setTerms] = useState<Terms>({
    dataset: "",
    name: "",
    priority: "normal",
    deadline: "",
    overlap: "",
  });
  const usable = files.filter((file) => fits(file, project.modality));
  const reading = chosen ?? guessed(usable);
  const sending = useSending(project, onBegun, onClose);
  const place = useRef<HTMLFormElement>(null);
  useEffect(() => place.current?.querySelector<HTMLElement>("[data-choose-files]")?.focus(), []);
  const add = async (more: readonly Chosen[]) => {
    const there = new Set(files.map(({ name }) => name));
    const looked = await Promise.all(more.filter(({ name }) => !there.has(name)).map(look));
    setFiles((now) => [...now, ...looked]);
    setChosen(null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (usable.length > 0) void sending.start(files, reading, terms);
  };
  const { problem, busy, sent, done } = sending;
  const outside = refusedOf(done, files);
  return (
    <form
      ref={place}
      onSubmit={submit}
      noValidate
      aria-label={t("Bring files in")}
      className="mb-6 flex flex-col gap-4 rounded-lg border border-line bg-surface p-4"
    >
      <div className="flex items-center gap-2">
        <h3 className="flex-1 font-semibold">{t("Bring files in")}</h3>
        <IconButton icon="close" size="sm" label={t("Close")} onClick={onClose} />
      </div>
      <Drop onChoose={(more) => void add(more)} more={files.length > 0} />
      <Contents
        files={files}
        modality={project.modality}
        onRemove={(names) => setFiles(files.filter(({ name }) => !names.includes(name)))}
      />
      {project.modality === "text" && usable.length > 0 && (
        <ReadingForm files={usable} reading={reading} onChange={setChosen} />
      )}
      {files.length > 0 && (
        <TermsForm terms={terms} project={project} problem={problem} onChange={setTerms} />
      )}
      {problem && !problem.path?.startsWith("/batch") && <Notice>{problem.message}</Notice>}
      <Report refused={outside} total={outside.length} name={project.name} />
      {busy && (
        <Progress label={t("Your files are sent")} share={sent ? sent.bytes / Math.max(1, sent.total) : 0} />
      )}
      {files.length > 0 && (
        <div className="flex gap-2">
          <Button type="submit" look="primary" icon="upload" busy={busy} disabled={usable.length === 0}>
            {problem ? t("Go on from here") : t("Bring them in")}
          </Button>
          {busy && <Button onClick={sending.stop}>{t("Stop")}</Button>}
        </div>
      )}
    </form>
  );
}

/** Sends files and begins their imports; after a break it goes on where it was. */
function useSending(project: BringInProps["project"], onBegun: () => void, onOver: () => void) {
  const [done, setDone] = useState<Done>(NOTHING_DONE);
  const [sent, setSent] = useState<Sending | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const control = useRef<AbortController | null>(null);
  useEffect(() => () => control.current?.abort(new Error("the form was closed")), []);
  const start = async (files: readonly Looked[], reading: Reading, terms: Terms) => {
    control.current = new AbortController();
    const { signal } = control.current;
    const told = { signal, done: setDone, progress: setSent };
    setBusy(true);
    setProblem(null);
    try {
      const { modality } = project;
      const [after, parcels] = await send({ files, modality, reading }, done, told);
      const dataset = terms.dataset.trim();
      const to = { project: project.id, batch: batchOf(terms), ...(dataset && { dataset }) };
      // A refused import is another one once it was changed.
      const ended = await begin(parcels, ulid(), to, after, told);
      onBegun();
      if (refusedOf(ended, files).length === 0) onOver();
    } catch (error) {
      if (!signal.aborted) setProblem(toldAs(error));
    } finally {
      setBusy(false);
    }
  };
  return { done, sent, problem, busy, start, stop: () => control.current?.abort(new Error("stopped")) };
}

const toldAs = (error: unknown): Problem =>
  error instanceof NothingLeft
    ? new Problem(
        422,
        "nothing_left",
        t("None of the files could be used: the list says why."),
        "",
        null,
        false,
        null,
      )
    : problemOf(error);

function batchOf({ name, priority, deadline, overlap }: Terms): Batch {
  return {
    priority,
    ...(name.trim() && { name: name.trim() }),
    ...(deadline && { deadline: new Date(deadline).toISOString() }),
    ...(overlap && { overlap: Number(overlap) }),
  };
}

interface TermsFormProps {
  readonly terms: Terms;
  readonly project: BringInProps["project"];
  readonly problem: Problem | null;
  readonly onChange: (terms: Terms) => void;
}

function TermsForm({ terms, project, problem, onChange }: TermsFormProps) {
  const error = (path: string) => (problem?.path === path ? problem.message : undefined);
  const input = (name: keyof Terms) => ({
    value: terms[name],
    onChange: (event: { target: { value: string } }) => onChange({ ...terms, [name]: event.target.value }),
  });
  return (
    <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
      <Field label={t("Dataset")} hint={t("As the project, if it is left empty")} error={error("/name")}>
        {(links) => <Input {...links} placeholder={project.name} {...input("dataset")} />}
      </Field>
      <Field label={t("Batch")} hint={t("As the file, if it is left empty")} error={error("/batch/name")}>
        {(links) => <Input {...links} {...input("name")} />}
      </Field>
      <Field label={t("Priority")} error={error("/batch/priority")}>
        {(links) => (
          <Select {...links} {...input("priority")}>
            {PRIORITIES.map((one) => (
              <option key={one} value={one}>
                {priorityWords(one)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t("Deadline")} error={error("/batch/deadline")}>
        {(links) => <Input {...links} type="datetime-local" {...input("deadline")} />}
      </Field>
      <Field label={t("People a task")} error={error("/batch/overlap")}>
        {(links) => (
          <Input
            {...links}
            type="number"
            min={1}
            max={100}
            placeholder={String(project.overlap)}
            {...input("overlap")}
          />
        )}
      </Field>
    </div>
  );
}

const priorityWords = (priority: (typeof PRIORITIES)[number]): string =>
  ({ urgent: t("Urgent"), high: t("High"), normal: t("Normal"), low: t("Low") })[priority];
