/** What is done with batches and tasks; whoever shows them hears of it. */

import { answered, modality } from "@/api/client";
import { type Batch, type BatchChange, type Project, workChanged } from "./queries";

/** Changes a batch, and returns what it is then. */
export async function changeBatch(project: Project, batch: string, body: BatchChange): Promise<Batch> {
  const params = { path: { batch_id: batch } };
  const changed = await answered(modality(project.modality).PATCH("/batches/{batch_id}", { params, body }));
  await workChanged(project.id);
  return changed;
}

/** What can be done with tasks, as the services call it. */
export type Deed = "pause" | "resume" | "cancel" | "requeue" | "recall";

/** Does one thing to tasks; returns how many were in a state for it. */
export async function act(
  project: Project,
  deed: Deed,
  tasks: readonly string[],
  reason = "",
): Promise<number> {
  const client = modality(project.modality);
  const body = { tasks: [...tasks], reason };
  const replies = {
    pause: () => client.POST("/tasks/pause", { body }),
    resume: () => client.POST("/tasks/resume", { body }),
    cancel: () => client.POST("/tasks/cancel", { body }),
    requeue: () => client.POST("/tasks/requeue", { body }),
    recall: () => client.POST("/tasks/recall", { body }),
  };
  const { changed } = await answered(replies[deed]());
  await workChanged(project.id);
  return changed;
}

/** Keeps tasks for one member; returns how many could be. */
export async function reassign(project: Project, tasks: readonly string[], member: string): Promise<number> {
  const body = { tasks: [...tasks], member };
  const { changed } = await answered(modality(project.modality).POST("/tasks/reassign", { body }));
  await workChanged(project.id);
  return changed;
}
