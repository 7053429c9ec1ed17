/** What somebody may do on a project. */

import type { Me } from "./session";

const RANKS = { owner: 3, manager: 2, reviewer: 1, annotator: 0 } as const;
type Role = Me["member"]["role"];

/** Return the higher of the roles a member has on a project and in the organisation. */
export function roleOn(me: Me, project: string): Role {
  const own = me.projects.find((one) => one.project === project)?.role ?? "annotator";
  return RANKS[me.member.role] > RANKS[own] ? me.member.role : own;
}

/** Say whether a member has at least this role on a project. */
export const isAtLeast = (me: Me, project: string, role: Role): boolean =>
  RANKS[roleOn(me, project)] >= RANKS[role];
