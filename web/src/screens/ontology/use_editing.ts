/** The edit of an ontology that is under way: kept in this browser, so that a reload loses nothing. */

import { useEffect, useMemo, useState } from "react";
import { Persisted, usePersisted } from "@/app/persisted";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import type { Definition } from "@/engine/document/values";
import { notify } from "@/kit/toast";
import { applied, tidy } from "./applying";
import { type Editing, edited, rebased, redone, replacedSteps, undone, untouched } from "./editing";
import type { Version } from "./queries";
import { Refused, type Step } from "./steps";

export interface Editor {
  readonly editing: Editing;
  readonly base: Version;
  /** What the steps so far make of the base. */
  readonly definition: Definition;
  /** Adds steps; returns in words why they cannot be, or null. */
  readonly edit: (steps: readonly Step[]) => string | null;
  /** Puts other steps in place of those there are; refuses what cannot be done one after the other. */
  readonly replace: (steps: readonly Step[]) => string | null;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly discard: () => void;
}

const kept = new Map<string, Persisted<Editing | null>>();

function keptFor(key: string): Persisted<Editing | null> {
  const known = kept.get(key) ?? new Persisted(`annotary.ontology.${key}`, read);
  kept.set(key, known);
  return known;
}

function read(stored: unknown): Editing | null {
  if (typeof stored !== "object" || stored === null) return null;
  const { base, steps, past, future } = stored as Partial<Editing>;
  const isEditing = typeof base === "string" && [steps, past, future].every(Array.isArray);
  return isEditing ? (stored as Editing) : null;
}

/** Return the edit of an ontology from its base; one from an earlier base goes on from the new one as far as it can. */
export function useEditing(base: Version): Editor {
  const { id: member } = useMe().member;
  const [stored, store] = usePersisted(keptFor(`${member}.${base.ontology}`));
  const from = useMemo(() => tidy(base.definition), [base]);
  const editing = useMemo(() => fitting(stored, base.id, from), [stored, base.id, from]);
  useRebasedNotice(stored, editing);
  const definition = useMemo(() => applied(from, editing.steps), [from, editing.steps]);
  const attempt = (make: () => Editing): string | null => {
    try {
      const next = make();
      applied(from, next.steps);
      store(next);
      return null;
    } catch (error) {
      if (error instanceof Refused) return error.message;
      throw error;
    }
  };
  return {
    editing,
    base,
    definition,
    edit: (steps) => attempt(() => edited(editing, from, steps)),
    replace: (steps) => attempt(() => replacedSteps(editing, steps)),
    undo: () => store(undone(editing)),
    redo: () => store(redone(editing)),
    discard: () => store(null),
  };
}

function fitting(stored: Editing | null, base: string, definition: Definition): Editing {
  if (!stored) return untouched(base);
  if (stored.base !== base) return rebased(stored, base, definition);
  const whole = rebased(stored, base, definition);
  return whole.steps.length === stored.steps.length ? stored : whole;
}

/** Says once when the version that an edit began at is not the latest any more. */
function useRebasedNotice(stored: Editing | null, editing: Editing): void {
  const [told, setTold] = useState("");
  useEffect(() => {
    if (!stored || stored.base === editing.base || stored.steps.length === 0 || told === editing.base) return;
    setTold(editing.base);
    const lost = stored.steps.length - editing.steps.length;
    const words = t(
      "{lost, plural, =0 {All steps were kept.} one {# step did not fit.} other {# steps did not fit.}}",
      { lost },
    );
    notify({
      title: t("Another version was published meanwhile"),
      detail: words,
      tone: lost ? "warn" : "plain",
    });
  }, [stored, editing, told]);
}
