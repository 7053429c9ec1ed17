/** What each action does to a document: values in, values out. */

import type { Action, Document, Json, Mark, MarkChange, MarkId, ToolName } from "./values";

export const emptyDocument: Document = {
  notApplicable: false,
  cannotAssess: false,
  justification: "",
  marks: {},
  forms: {},
};

const none: readonly Mark[] = [];

/** Return a tool's marks, in z-order. */
export const marksOf = (document: Document, tool: ToolName): readonly Mark[] => document.marks[tool] ?? none;

/** Return the document after an action: the same object when the action changes nothing. */
export function apply(document: Document, action: Action): Document {
  switch (action.kind) {
    case "add":
      return withMarks(document, action.tool, added(marksOf(document, action.tool), action.marks));
    case "change":
      return changedAll(document, [action]);
    case "remove":
      return withMarks(document, action.tool, removed(marksOf(document, action.tool), action.ids));
    case "order":
      return withMarks(document, action.tool, ordered(marksOf(document, action.tool), action.ids));
    case "fill":
      return filled(document, action.tool, action.value);
    case "envelope":
      return { ...document, ...action.change };
    case "several":
      return runs(action.actions).reduce(
        (now, run) => (isChanges(run) ? changedAll(now, run) : run.reduce(apply, now)),
        document,
      );
  }
}

type Change = Extract<Action, { kind: "change" }>;

const isChanges = (run: readonly Action[]): run is readonly Change[] => run[0]?.kind === "change";

/** Changes one after the other to marks of one tool are made together: thousands of marks are copied once. */
function runs(actions: readonly Action[]): readonly (readonly Action[])[] {
  const found: Action[][] = [];
  for (const action of actions) {
    const [first] = found.at(-1) ?? [];
    const joins = first?.kind === "change" && action.kind === "change" && first.tool === action.tool;
    if (joins) found.at(-1)?.push(action);
    else found.push([action]);
  }
  return found;
}

function withMarks(document: Document, tool: ToolName, marks: readonly Mark[]): Document {
  if (marks === marksOf(document, tool)) return document;
  return { ...document, marks: { ...document.marks, [tool]: marks } };
}

function added(marks: readonly Mark[], more: readonly Mark[]): readonly Mark[] {
  const known = new Set(marks.map((mark) => mark.id));
  const fresh = more.filter((mark) => known.size < known.add(mark.id).size);
  return fresh.length ? [...marks, ...fresh] : marks;
}

/** Changes to marks of one tool; of a mark that is not there nothing changes. */
function changedAll(document: Document, changes: readonly Change[]): Document {
  const tool = changes[0]?.tool ?? "";
  const marks = marksOf(document, tool);
  const places = new Map(changes.length > 1 ? marks.map(({ id }, place) => [id, place]) : []);
  const next = [...marks];
  let some = false;
  for (const { id, change } of changes) {
    const place = changes.length > 1 ? places.get(id) : next.findIndex((mark) => mark.id === id);
    const mark = place === undefined ? undefined : next[place];
    if (place === undefined || !mark) continue;
    next[place] = { ...mark, ...ownership(mark, change), ...change };
    some = true;
  }
  return some ? withMarks(document, tool, next) : document;
}

/** What a person edits is theirs: it is no suggestion any more. */
function ownership(mark: Mark, change: MarkChange): MarkChange {
  const edits = "label" in change || "attributes" in change || "geometry" in change;
  return mark.suggested && edits ? { suggested: false } : {};
}

function removed(marks: readonly Mark[], ids: readonly MarkId[]): readonly Mark[] {
  const gone = new Set(ids);
  const kept = marks.filter((mark) => !gone.has(mark.id));
  return kept.length < marks.length ? kept : marks;
}

/** The marks named take, in the order named, the places they hold among themselves; the others stay where they are. */
function ordered(marks: readonly Mark[], ids: readonly MarkId[]): readonly Mark[] {
  const byId = new Map(marks.map((mark) => [mark.id, mark]));
  const named = [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
  const moving = new Set(named);
  const next = named.values();
  const arranged = marks.map((mark) => (moving.has(mark) ? (next.next().value ?? mark) : mark));
  return arranged.every((mark, place) => mark === marks[place]) ? marks : arranged;
}

function filled(document: Document, tool: ToolName, value: Json | undefined): Document {
  if (document.forms[tool] === value) return document;
  const { [tool]: _, ...others } = document.forms;
  return { ...document, forms: value === undefined ? others : { ...others, [tool]: value } };
}
