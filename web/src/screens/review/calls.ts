/** What the review page asks of the services. */

import { answered, type ModalityShape, modality, problemOf } from "@/api/client";
import type { Answer } from "@/engine/document/answer";
import type { Json, Modality } from "@/engine/document/values";
import type { DeskTask } from "@/engine/outbox/values";

type Claimed = ModalityShape<"ReviewGiven">;

/** A review as it is leased; the description leaves item and answer open, because they differ by modality. */
export interface ReviewGiven extends Omit<Claimed, "task" | "outcome"> {
  readonly task: Omit<Claimed["task"], "item"> & { readonly item: Readonly<Record<string, Json>> };
  readonly outcome: Omit<Claimed["outcome"], "answer"> & { readonly answer: Answer };
}

/** What the project shows of how the outcome came about. */
export interface Behind extends Omit<ModalityShape<"AnswersReviewed">, "answers"> {
  readonly answers: readonly (Omit<ModalityShape<"AnswerReviewed">, "answer"> & {
    readonly answer: Answer;
  })[];
}

/** A review in hand, kept in the browser as tasks are. */
export interface ReviewTask extends DeskTask {
  readonly review: ReviewGiven;
}

export const isReviewTask = (task: DeskTask): task is ReviewTask => "review" in task;

const WAIT_MILLISECONDS = 20_000;

/** Leases reviews of a project, waiting for some to come when `waits`; under its key the same ones come again. */
export async function claimReviews(
  name: Modality,
  project: string,
  asked: { readonly count: number; readonly waits: boolean; readonly key: string },
  signal: AbortSignal,
): Promise<readonly ReviewGiven[]> {
  const body = { project, count: asked.count, wait_ms: asked.waits ? WAIT_MILLISECONDS : 0 };
  const headers = { "Idempotency-Key": asked.key };
  const { reviews } = await answered(modality(name).POST("/reviews/claims", { body, headers, signal }));
  return reviews as readonly ReviewGiven[];
}

export async function readBehind(name: Modality, review: string): Promise<Behind> {
  const params = { path: { review } };
  return (await answered(modality(name).GET("/reviews/{review}/answers", { params }))) as Behind;
}

/** Puts a lease's end off; throws a Problem where it is lost. */
export async function renewReview({ id, modality: name, given }: DeskTask): Promise<void> {
  const params = { path: { review: id } };
  await answered(modality(name).POST("/reviews/{review}/renew", { params, body: { fence: given.fence } }));
}

/** Gives a review back; false where the server did not answer to that. The request outlives the page. */
export async function releaseReview({ id, modality: name, given }: DeskTask): Promise<boolean> {
  const options = { params: { path: { review: id } }, body: { fence: given.fence }, keepalive: true };
  try {
    await answered(modality(name).POST("/reviews/{review}/release", options));
    return true;
  } catch (error) {
    const { retryable, state } = problemOf(error);
    return !retryable && state !== 401;
  }
}
