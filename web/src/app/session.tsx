/** Who is signed in: found out before a page is drawn, remembered while the platform is away. */

import { useSuspenseQuery } from "@tanstack/react-query";
import { answered, onSignedOut, type PlatformShape, Problem, platform } from "@/api/client";
import { Persisted } from "./persisted";
import { meQuery, queryClient } from "./query";

export type Me = PlatformShape<"MeView">;

/** The last one who signed in here. No secret: it lets labelling go on while the platform restarts. */
const remembered = new Persisted<Me | null>("annotary.me", (stored) => (isMe(stored) ? stored : null));

function isMe(stored: unknown): stored is Me {
  if (typeof stored !== "object" || stored === null) return false;
  return "member" in stored && "organisation" in stored && "projects" in stored;
}

/** Return who is signed in, or null. While no answer can be had it is whoever was last; else the problem is thrown. */
export async function whoIsIn(): Promise<Me | null> {
  try {
    const me = await queryClient.ensureQueryData({ ...meQuery, revalidateIfStale: true });
    remembered.set(me);
    return me;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.state === 401) return null;
    const last = remembered.get();
    if (!error.retryable || !last) throw error;
    queryClient.setQueryData(meQuery.queryKey, last, { updatedAt: 0 });
    return last;
  }
}

/** Return who is signed in, on a page for which somebody must be. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data;

export type Credentials = { readonly email: string; readonly password: string } | { readonly token: string };

/** Takes a session, which the browser keeps as a cookie that no script sees. */
export async function signIn(credentials: Credentials): Promise<Me> {
  return arrived(await answered(platform.POST("/v1/session", { body: credentials })));
}

/** Somebody came in, by a password, a token or an invitation: nothing of the last one may be shown. */
export function arrived(me: Me): Me {
  queryClient.clear();
  queryClient.setQueryData(meQuery.queryKey, me);
  remembered.set(me);
  return me;
}

/** Ends the session; what waits in the outbox stays in this browser. */
export async function signOut(): Promise<void> {
  await answered(platform.DELETE("/v1/session"));
  forget();
}

function forget(): void {
  remembered.set(null);
  queryClient.clear();
}

/** Calls a listener when the session has ended although a page is open; returns how to stop. */
export function onSessionEnded(listener: () => void): () => void {
  return onSignedOut(() => {
    if (queryClient.getQueryData(meQuery.queryKey) === undefined) return;
    queryClient.removeQueries({ queryKey: meQuery.queryKey });
    listener();
  });
}
