/** What the labelling page asks of the services. */

import { answered, type ModalityShape, modality, platform, problemOf } from "@/api/client";
import type { Answer } from "@/engine/document/answer";
import type { Definition, Json, Modality } from "@/engine/document/values";
import type { DeskTask, DraftAway, Given } from "@/engine/outbox/values";
import { ulid } from "@/engine/ulid";

export type Issue = ModalityShape<"IssueView">;

/** Drawing does not wait longer for what the server has of drafts. */
const DRAFTS_MILLISECONDS_MAX = 3_000;
const CLAIM_WAIT_MILLISECONDS = 20_000;

/**
 * Leases tasks of a project, waiting for some to come when `waits`. Under its key a claim whose reply was lost brings
 * the same leases again.
 */
export async function claim(
  name: Modality,
  project: string,
  count: number,
  waits: boolean,
  signal: AbortSignal,
  key = ulid(),
): Promise<readonly Given[]> {
  const body = { project, count, wait_ms: waits ? CLAIM_WAIT_MILLISECONDS : 0 };
  const headers = { "Idempotency-Key": key };
  const claimed = await answered(modality(name).POST("/claims", { body, headers, signal }));
  // The description leaves items and suggestions open, because they differ by modality.
  return claimed.assignments as readonly Given[];
}

/** Puts a lease's end off; throws a Problem where it is lost. */
export async function renew(task: DeskTask): Promise<void> {
  const path = { assignment_id: task.id };
  const body = { fence: task.given.fence };
  await answered(
    modality(task.modality).POST("/assignments/{assignment_id}/renew", { params: { path }, body }),
  );
}

/** Gives a task back; false where the server did not answer to that. The request outlives the page. */
export async function release(task: DeskTask): Promise<boolean> {
  const path = { assignment_id: task.id };
  const body = { fence: task.given.fence };
  const options = { params: { path }, body, keepalive: true };
  try {
    await answered(modality(task.modality).POST("/assignments/{assignment_id}/release", options));
    return true;
  } catch (error) {
    const { retryable, state } = problemOf(error);
    return !retryable && state !== 401;
  }
}

/** Return the leases that this person holds in a project, with how long each lasts still, in milliseconds. */
export async function listHeld(name: Modality, project: string): Promise<readonly Held[]> {
  const reply = await modality(name).GET("/assignments", {});
  const { items } = await answered(Promise.resolve(reply));
  // By the server's clock: this browser's may be wrong.
  const now = Date.parse(reply.response.headers.get("Date") ?? "") || Date.now();
  return items
    .filter((one) => one.project === project)
    .map(({ id, expires_at }) => ({ id, lasts: Date.parse(expires_at) - now }));
}

export interface Held {
  readonly id: string;
  readonly lasts: number;
}

/** Return a lease as it was given, with fresh addresses; throws a Problem where it is lost. */
export async function readGiven(name: Modality, assignment: string): Promise<Given> {
  const params = { path: { assignment_id: assignment } };
  return (await answered(modality(name).GET("/assignments/{assignment_id}/task", { params }))) as Given;
}

/** Return what the server has of drafts for these tasks. */
export async function readDrafts(
  name: Modality,
  assignments: readonly string[],
): Promise<readonly DraftAway[]> {
  const params = { query: { assignments: assignments.join(",") } };
  const signal = AbortSignal.timeout(DRAFTS_MILLISECONDS_MAX);
  const { items } = await answered(modality(name).GET("/drafts", { params, signal }));
  return items as readonly DraftAway[];
}

/** Keeps a draft at the server too, for the day this browser is gone; returns its version there. */
export async function saveDraft(task: DeskTask, answer: Answer): Promise<number> {
  const path = { assignment_id: task.id };
  const body = { fence: task.given.fence, answer };
  const kept = await answered(
    modality(task.modality).PUT("/assignments/{assignment_id}/draft", { params: { path }, body }),
  );
  return kept.version;
}

/** Return an ontology version's definition. It never changes, so the browser keeps it. */
export async function readDefinition(version: string): Promise<Definition> {
  const known = definitions.get(version);
  if (known) return known;
  const asked = answered(
    platform.GET("/v1/registry/{reference}", { params: { path: { reference: version } } }),
  ).then((entry) => entry.definition as Definition);
  definitions.set(version, asked);
  asked.catch(() => definitions.delete(version));
  return asked;
}

const definitions = new Map<string, Promise<Definition>>();

export async function listIssues(name: Modality, task: string): Promise<readonly Issue[]> {
  const page = await answered(modality(name).GET("/issues", { params: { query: { task } } }));
  return page.items;
}

export async function raiseIssue(name: Modality, task: string, text: string, place: Json): Promise<Issue> {
  const body = { task, text, place: place as ModalityShape<"NewIssue">["place"] & Json };
  return answered(modality(name).POST("/issues", { body }));
}

export async function commentOn(name: Modality, issue: string, text: string): Promise<void> {
  await answered(
    modality(name).POST("/issues/{issue}/comments", { params: { path: { issue } }, body: { text } }),
  );
}

/** Says that an issue is settled, or that it is not after all. */
export async function settle(name: Modality, issue: string, settled: boolean): Promise<void> {
  const path = settled ? ("/issues/{issue}/resolve" as const) : ("/issues/{issue}/reopen" as const);
  await answered(modality(name).POST(path, { params: { path: { issue } } }));
}
