/** Which of two drafts of a task is gone on from: that of this browser, or that of the server. */

import { decided, encode } from "../document/answer";
import type { Draft, DraftAway } from "./values";

/** Whether the server's draft was written after what there is here, by somebody who did not have that. */
export function isNewer(away: DraftAway, here: Omit<Draft, "seconds"> | null): boolean {
  if (!here) return true;
  if (here.version !== undefined && away.version <= here.version) return false;
  if (JSON.stringify(encode(decided(here.document))) === JSON.stringify(away.answer)) return false;
  return Date.parse(away.saved_at) > here.savedAt;
}
