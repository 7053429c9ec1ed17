/** The keys of labelling that are not a tool's: submit, skip, undo, and what is done to the selected marks. */

import { type Command, useCommands } from "@/app/commands";
import { t } from "@/app/words";
import { allMarks, undecided } from "@/engine/document/answer";
import type { Action, Mark } from "@/engine/document/values";
import { keysFor } from "@/engine/hotkeys/catalogue";
import type { Edited, Editing } from "./editing";
import type { Session, View } from "./session";

export interface WorkActions {
  readonly submit: () => void;
  readonly skip: () => void;
  readonly pin: () => void;
  readonly instructions: () => void;
}

export function useWorkCommands(session: Session, view: View, actions: WorkActions): void {
  const working = () => view.work !== null;
  const suggested = () => canAccept(view);
  useCommands([
    { ...command("submit", t("Submit and go on"), actions.submit), enabled: working },
    {
      ...command("skip", t("Skip this task"), actions.skip),
      enabled: () => working() && !view.work?.revises,
    },
    { ...command("accept", t("Accept what is suggested"), () => session.accept()), enabled: suggested },
    { ...command("reject", t("Reject what is suggested"), session.dismiss), enabled: suggested },
    { ...command("undo", t("Undo"), session.undo), enabled: () => !!view.history?.past.length, repeat: true },
    {
      ...command("redo", t("Redo"), session.redo),
      enabled: () => !!view.history?.future.length,
      repeat: true,
    },
    { ...command("pin", t("Pin a remark to a place"), actions.pin), enabled: working },
    command("instructions", t("Show or hide the instructions"), actions.instructions),
    {
      ...command("revise", t("Change my last answer"), () => void session.revise(), ["ctrl+shift+enter"]),
      enabled: () => !!view.last?.submission && !view.work?.revises,
    },
    ...selectionCommands(session, view),
  ]);
}

/** Whether there is something suggested that nobody has decided on. */
export function canAccept({ work, history }: View): boolean {
  if (!work || !history) return false;
  const forms = Object.keys(work.suggestedForms).some((tool) => history.present.forms[tool] === undefined);
  return forms || undecided(history.present) > 0;
}

/** Return what can be done to the selected marks. */
export function selectionCommands(session: Editing, view: Edited): readonly Command[] {
  const chosen = () =>
    view.history ? allMarks(view.history.present).filter(({ mark }) => session.selection().has(mark.id)) : [];
  const each = (change: (mark: Mark) => Partial<Mark>): Action => ({
    kind: "several",
    actions: chosen().map(({ tool, mark }) => ({ kind: "change", tool, id: mark.id, change: change(mark) })),
  });
  const enabled = () => session.selection().size > 0;
  const remove = (): Action => ({
    kind: "several",
    actions: chosen()
      .filter(({ mark }) => !mark.locked)
      .map(({ tool, mark }) => ({ kind: "remove", tool, ids: [mark.id] })),
  });
  return [
    { ...command("delete", t("Delete the selected marks"), () => session.perform(remove())), enabled },
    {
      ...command("hide", t("Hide or show the selected marks"), () =>
        session.perform(each(({ hidden }) => ({ hidden: !hidden }))),
      ),
      enabled,
    },
    {
      ...command("lock", t("Lock or unlock the selected marks"), () =>
        session.perform(each(({ locked }) => ({ locked: !locked }))),
      ),
      enabled,
    },
  ];
}

const command = (id: string, title: string, run: () => void, keys = keysFor(id)): Command => {
  return { id, title, scope: "page", keys, run: () => run() };
};
