/** How a project's members stand, and what changes that. */

import { queryOptions } from "@tanstack/react-query";
import { answered, type ModalityShape, modality, type PlatformShape, platform } from "@/api/client";
import { queryClient } from "@/app/query";
import { allPages, type OnProject } from "../people/queries";

export type Project = PlatformShape<"ProjectView">;
export type Standing = ModalityShape<"AnnotatorView">;

/** A member of the project, and how they stand as an annotator once they have worked there. */
export interface Line {
  readonly member: OnProject;
  readonly standing: Standing | undefined;
}

export const annotatorsQuery = ({ id, modality: name }: Project) =>
  queryOptions({
    queryKey: ["annotators", id],
    queryFn: () =>
      allPages((query) =>
        answered(modality(name).GET("/annotators", { params: { query: { project: id, ...query } } })),
      ),
  });

const teamChanged = (project: string) =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ["project-members", project] }),
    queryClient.invalidateQueries({ queryKey: ["annotators", project] }),
  ]);

/** Puts a member on a project, or changes their role there. */
export async function putMember(project: string, member: string, role: OnProject["role"]): Promise<void> {
  const params = { path: { project, member } };
  await answered(platform.PUT("/v1/projects/{project}/members/{member}", { params, body: { role } }));
  await teamChanged(project);
}

/** Takes a member off a project. */
export async function removeMember(project: string, member: string): Promise<void> {
  const params = { path: { project, member } };
  await answered(platform.DELETE("/v1/projects/{project}/members/{member}", { params }));
  await teamChanged(project);
}

/** Gives an annotator nothing more, and asks for the answers of so many days again. */
export async function pauseMember(
  project: Project,
  member: string,
  reason: string,
  days: number,
): Promise<Standing> {
  const params = { path: { member } };
  const body = { project: project.id, reason, requeue_days: days };
  const client = modality(project.modality);
  const paused = await answered(client.POST("/annotators/{member}/pause", { params, body }));
  await teamChanged(project.id);
  return paused;
}

/** Lets a paused annotator work again. */
export async function resumeMember(project: Project, member: string): Promise<void> {
  const params = { path: { member } };
  const body = { project: project.id };
  await answered(modality(project.modality).POST("/annotators/{member}/resume", { params, body }));
  await teamChanged(project.id);
}
