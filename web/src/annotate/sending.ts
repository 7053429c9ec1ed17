/** How an entry of the outbox reaches the server, and what is made of the reply. */

import { Problem, platform, writeHeaders } from "@/api/client";
import type { Entry, Given, Reply, Send } from "@/engine/outbox/values";

const ANSWER_MILLISECONDS_MAX = 30_000;

/** Return how entries of a member are sent. */
export function sendAs(member: string): Send {
  return async (entry, submission) => {
    const path = pathOf(entry, submission);
    if (path === null) return refused(409, "not_delivered", "The answer that this revises was not accepted.");
    const response = await post(path, entry);
    if (!response) return { kind: "none" };
    // A member's entry that nobody may see: perhaps somebody else signed in here, in another tab.
    if ((response.status === 404 || response.status === 403) && (await isStranger(member))) {
      return { kind: "stranger" };
    }
    return replyOf(response);
  };
}

function pathOf(entry: Entry, submission: string | undefined): string | null {
  const root = `/v1/${entry.modality}`;
  if (entry.kind === "submission") return `${root}/assignments/${entry.assignment}/submission`;
  if (entry.kind === "skip") return `${root}/assignments/${entry.assignment}/skip`;
  if (entry.kind === "verdict") return `${root}/reviews/${entry.assignment}/verdict`;
  return submission ? `${root}/submissions/${submission}/revision` : null;
}

async function post(path: string, entry: Entry): Promise<Response | null> {
  try {
    return await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...writeHeaders(entry.key) },
      body: entry.body,
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS_MAX),
    });
  } catch {
    return null;
  }
}

async function replyOf(response: Response): Promise<Reply> {
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const problem = Problem.of(response, body);
    return {
      ...refused(problem.state, problem.code, problem.detail),
      retryable: problem.retryable,
      retryAfterSeconds: problem.retryAfterSeconds,
    };
  }
  // A success that was cut short is no success: the same key brings the same reply again.
  if (response.status !== 204 && !isTaken(body) && !isDecided(body)) return { kind: "none" };
  const taken = isTaken(body) ? { submission: body.submission_id, next: body.next ?? [] } : {};
  return { ...refused(response.status, "", ""), ...taken };
}

const refused = (state: number, code: string, detail: string) =>
  ({ kind: "answer", state, code, detail, retryable: false, retryAfterSeconds: null }) as const;

/** The shape is the description's; that it came whole is what is checked. */
function isTaken(body: unknown): body is { submission_id: string; next?: readonly Given[] } {
  return typeof body === "object" && body !== null && "submission_id" in body;
}

const isDecided = (body: unknown): boolean => typeof body === "object" && body !== null && "review" in body;

async function isStranger(member: string): Promise<boolean> {
  const { data } = await platform.GET("/v1/me").catch(() => ({ data: undefined }));
  return data !== undefined && data.member.id !== member;
}
