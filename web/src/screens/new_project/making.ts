/** The making of the project: files first, then the project, then its imports; each is done once. */

import { useEffect, useRef, useState } from "react";
import { answered, Problem, platform, problemOf, writeHeaders } from "@/api/client";
import { projectsQuery, queryClient } from "@/app/query";
import { t } from "@/app/words";
import { begin, type Done, NothingLeft, type Progress, send } from "@/screens/intake/intake";
import { fits } from "@/screens/intake/values";
import { type Plan, sentOverlap } from "./plan";

export interface Going {
  readonly progress: Progress | null;
  /** What stopped it; null while it goes or where it is over. */
  readonly problem: Problem | null;
  readonly busy: boolean;
  readonly start: () => void;
  readonly stop: () => void;
}

/** Return how the making goes; what was begun before a reload is gone on with by itself. */
export function useGoing(plan: Plan | null): Going {
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const running = useRef<AbortController | null>(null);
  const start = async () => {
    if (running.current || !plan) return;
    const control = new AbortController();
    running.current = control;
    setProblem(null);
    setBusy(true);
    plan.change({ going: true });
    try {
      await make(plan, control.signal, setProgress);
    } catch (error) {
      if (!control.signal.aborted) setProblem(toldAs(error));
      // What a refused request asked for may be changed: it is another one then.
      if (!(error instanceof Problem && error.retryable))
        plan.change({ attempt: plan.draft.attempt + 1, going: false });
      else plan.change({ going: false });
    } finally {
      running.current = null;
      setBusy(false);
    }
  };
  const stop = () => running.current?.abort(new Error("stopped"));
  const ready = plan !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as soon as the draft is there
  useEffect(() => {
    if (plan?.draft.going) void start();
  }, [ready]);
  useEffect(() => () => running.current?.abort(new Error("the page was left")), []);
  return { progress, problem, busy, start: () => void start(), stop };
}

function toldAs(error: unknown): Problem {
  if (!(error instanceof NothingLeft)) return problemOf(error);
  const words = t("None of the files could be used: the list says why. Choose others, and begin again.");
  return new Problem(422, "nothing_left", words, words, null, false, null);
}

async function make(plan: Plan, signal: AbortSignal, progress: (progress: Progress) => void): Promise<void> {
  const { draft, change } = plan;
  const told = { signal, progress, done: (done: Done) => change({ done }) };
  const { modality, reading } = plan;
  const files = plan.files.filter((file) => fits(file, modality));
  const key = `${draft.id}-${draft.attempt}`;
  const [sent, parcels] =
    files.length > 0 ? await send({ files, modality, reading }, draft.done, told) : [draft.done, []];
  const project = draft.project ?? (await makeProject(plan, key, signal));
  change({ project });
  const batch = { overlap: sentOverlap(draft) };
  await begin(parcels, key, { project, batch }, sent, told);
  change({ going: false });
}

async function makeProject(plan: Plan, key: string, signal: AbortSignal): Promise<string> {
  const { draft } = plan;
  const review =
    draft.review === "none"
      ? null
      : { policy: draft.review, ...(draft.review === "sample" && { share: Number(draft.share) / 100 }) };
  const body = {
    name: plan.name.trim(),
    modality: plan.modality,
    definition: { ...plan.template.define(plan.entries) },
    overlap: sentOverlap(draft),
    ...(plan.instructions.trim() && { instructions: plan.instructions }),
    ...(review && { quality: { review } }),
  };
  const headers = writeHeaders(`${key}-project`);
  const made = await answered(platform.POST("/v1/projects", { body, headers, signal }));
  await queryClient.invalidateQueries(projectsQuery);
  return made.id;
}
