/** The selection apart from the rest of what the page draws, so that choosing a mark draws only what shows it. */

import { useSyncExternalStore } from "react";
import type { MarkId } from "@/engine/document/values";
import type { Editing } from "./editing";

export const useSelection = (session: Pick<Editing, "selection" | "subscribe">): ReadonlySet<MarkId> =>
  useSyncExternalStore(session.subscribe, session.selection);
