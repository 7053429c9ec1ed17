/** What the work of a project is, as the services tell it: batches, how far they are, tasks, who may have them. */

import { queryOptions } from "@tanstack/react-query";
import { answered, type ModalityShape, modality, type PlatformShape, platform } from "@/api/client";
import { queryClient } from "@/app/query";
import { allPages, type Rows } from "../people/queries";

export type Project = PlatformShape<"ProjectView">;
export type Batch = ModalityShape<"BatchView">;
export type BatchProgress = ModalityShape<"BatchProgress">;
export type BatchChange = ModalityShape<"BatchChange">;
export type NewBatch = ModalityShape<"NewBatch">;
export type Target = ModalityShape<"OverlapTarget">;
export type Task = ModalityShape<"TaskView">;
export type TaskState = Task["state"];
export type Priority = Batch["priority"];

const TASK_ROWS = 50;
const REFRESH_MILLISECONDS = 15_000;

export const batchesQuery = ({ id, modality: name }: Project) =>
  queryOptions({
    queryKey: ["batches", id],
    queryFn: () =>
      allPages((page) =>
        answered(modality(name).GET("/batches", { params: { query: { project: id, ...page } } })),
      ),
  });

export const batchProgressQuery = ({ id, modality: name }: Project) =>
  queryOptions({
    queryKey: ["batches", id, "progress"],
    queryFn: () => answered(modality(name).GET("/batches/progress", { params: { query: { project: id } } })),
    refetchInterval: REFRESH_MILLISECONDS,
  });

export const ANYBODY = "anybody";

/** Which tasks are listed; what is not there does not matter. */
export interface TaskFilter {
  readonly state?: TaskState;
  readonly batch?: string;
  /** A member, or `ANYBODY`: tasks that are under a lease now. */
  readonly holder?: string;
  readonly unique_id?: string;
}

export const tasksQuery = ({ id, modality: name }: Project, filter: TaskFilter) => ({
  queryKey: ["tasks", id, filter],
  initialPageParam: "",
  refetchInterval: REFRESH_MILLISECONDS,
  queryFn: ({ pageParam }: { readonly pageParam: string }) => {
    const { holder, ...rest } = filter;
    const held = holder === ANYBODY ? { held: true } : holder ? { holder } : {};
    const query = {
      project: id,
      limit: TASK_ROWS,
      ...rest,
      ...held,
      ...(pageParam && { next_token: pageParam }),
    };
    return answered(modality(name).GET("/tasks", { params: { query } }));
  },
  getNextPageParam: (page: Rows<Task>) => page.next_token ?? undefined,
});

/** The datasets whose items fit the project. */
export const datasetsQuery = ({ modality: name }: Project) =>
  queryOptions({
    queryKey: ["datasets", name],
    queryFn: async () => {
      const rows = await allPages((query) => answered(platform.GET("/v1/datasets", { params: { query } })));
      return rows.filter((one) => one.modality === name);
    },
  });

/** What is shown of a project's work is out of date. */
export async function workChanged(project: string): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ["tasks", project] }),
    queryClient.invalidateQueries({ queryKey: ["batches", project] }),
    queryClient.invalidateQueries({ queryKey: ["progress", project] }),
  ]);
}
