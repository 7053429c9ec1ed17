/** What the parts of a workbench need of whoever keeps the document: an annotator's session, or a reviewer's. */

import type { Session, View } from "./session";

export type Editing = Pick<
  Session,
  "perform" | "undo" | "redo" | "select" | "selection" | "subscribe" | "accept"
>;
export type Edited = Pick<View, "work" | "history">;
