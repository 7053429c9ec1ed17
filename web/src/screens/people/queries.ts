/** The people of an organisation as the platform tells them: members, invitations, tokens. */

import { queryOptions } from "@tanstack/react-query";
import { answered, type PlatformShape, platform } from "@/api/client";
import { isAtLeast } from "@/app/role";
import type { Me } from "@/app/session";

export type Member = PlatformShape<"MemberView">;
export type Invitation = PlatformShape<"InvitationView">;
export type InvitationMade = PlatformShape<"InvitationMade">;
export type NewInvitation = PlatformShape<"NewInvitation">;
export type Token = PlatformShape<"TokenView">;
export type OnProject = PlatformShape<"ProjectMemberView">;
export type Role = Member["role"];

export const ROLES: readonly Role[] = ["annotator", "reviewer", "manager", "owner"];
export const PROJECT_ROLES: readonly OnProject["role"][] = ["annotator", "reviewer", "manager"];

const PAGE_ROWS = 200;

export interface Rows<T> {
  readonly items: readonly T[];
  readonly next_token?: string | null;
}
type Query = { readonly limit: number; readonly next_token?: string };

/** Return the rows of all pages of a list that is not long. */
export async function allPages<T>(page: (query: Query) => Promise<Rows<T>>): Promise<readonly T[]> {
  const rows: T[] = [];
  let next: string | null | undefined;
  do {
    const found = await page({ limit: PAGE_ROWS, ...(next && { next_token: next }) });
    rows.push(...found.items);
    next = found.next_token;
  } while (next);
  return rows;
}

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: () => allPages((query) => answered(platform.GET("/v1/members", { params: { query } }))),
});

export const invitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: () => allPages((query) => answered(platform.GET("/v1/invitations", { params: { query } }))),
});

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: () => allPages((query) => answered(platform.GET("/v1/tokens", { params: { query } }))),
});

/** Who is on a project, by name. */
export const onProjectQuery = (project: string) =>
  queryOptions({
    queryKey: ["project-members", project],
    queryFn: async () => {
      const path = { project };
      const rows = await allPages((query) =>
        answered(platform.GET("/v1/projects/{project}/members", { params: { path, query } })),
      );
      return [...rows].sort((one, other) => one.name.localeCompare(other.name));
    },
  });

/** The projects a member is on. */
export const projectsOfQuery = (member: string) =>
  queryOptions({
    queryKey: ["members", member, "projects"],
    queryFn: () => {
      const path = { member };
      return allPages((query) =>
        answered(platform.GET("/v1/members/{member}/projects", { params: { path, query } })),
      );
    },
  });

/** Say whether somebody of one role decides about members of another: managers about lower ones, owners all. */
export const governs = (role: Role, other: Role): boolean =>
  role === "owner" || (role === "manager" && (other === "annotator" || other === "reviewer"));

/** Return the roles that somebody may give on a project: its managers are the organisation's choice. */
export const rolesGivenBy = (me: Me, project: string): readonly OnProject["role"][] => {
  if (governs(me.member.role, "annotator")) return PROJECT_ROLES;
  return isAtLeast(me, project, "manager") ? PROJECT_ROLES.slice(0, 2) : [];
};
