/** Between the document under edit and the answer that is sent: the JSON of docs/label-types.md. */

import { emptyDocument } from "./apply";
import type { Action, Attributes, Document, Geometry, Json, Label, Mark, MarkId, ToolName } from "./values";

export type Answer = Readonly<Record<string, Json>>;

export const isRecord = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Return an id for a new mark: unique among the marks of this page's life. */
export function newMarkId(): MarkId {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return btoa(String.fromCharCode(...bytes)) as MarkId;
}

/** Return the document that an answer says. `labelled` are the tools whose value is a list of labelled marks. */
export function decode(
  answer: Answer,
  labelled: ReadonlySet<ToolName>,
  options: { suggested?: boolean; nextId?: () => MarkId } = {},
): Document {
  const marks: Record<ToolName, readonly Mark[]> = {};
  const forms: Record<ToolName, Json> = {};
  for (const [key, value] of Object.entries(answer)) {
    if (envelope.has(key)) continue;
    if (labelled.has(key) && Array.isArray(value))
      marks[key] = value.flatMap((one) => decodeMark(one, options));
    else forms[key] = value;
  }
  return {
    ...emptyDocument,
    notApplicable: answer.not_applicable === true,
    cannotAssess: answer.cannot_assess === true,
    justification: typeof answer.justification === "string" ? answer.justification : "",
    marks,
    forms,
  };
}

const envelope = new Set(["not_applicable", "cannot_assess", "justification"]);

function decodeMark(value: Json, options: { suggested?: boolean; nextId?: () => MarkId }): Mark[] {
  if (!isRecord(value)) return [];
  const { label, attributes, ...geometry } = value;
  if (typeof label !== "string") return [];
  const mark: Mark = {
    id: (options.nextId ?? newMarkId)(),
    label,
    attributes: isRecord(attributes) ? (attributes as Attributes) : {},
    geometry: geometry as Geometry,
  };
  return [options.suggested ? { ...mark, suggested: true } : mark];
}

/** Return the answer that a document says: what is empty is left out. */
export function encode(document: Document): Answer {
  const answer: Record<string, Json> = {};
  for (const [tool, marks] of Object.entries(document.marks)) {
    if (marks.length) answer[tool] = marks.map(encodeMark);
  }
  for (const [tool, value] of Object.entries(document.forms)) answer[tool] = value;
  if (document.notApplicable) answer.not_applicable = true;
  if (document.cannotAssess) answer.cannot_assess = true;
  if (document.justification) answer.justification = document.justification;
  return answer;
}

function encodeMark(mark: Mark): Json {
  const attributes = Object.keys(mark.attributes).length ? { attributes: mark.attributes } : {};
  return { label: mark.label, ...attributes, ...mark.geometry };
}

/** Whether a document says nothing yet. */
export const isEmpty = (document: Document): boolean => Object.keys(encode(document)).length === 0;

/** Return the labels that a tool offers: retired ones and those of other tools are left out. */
export const labelsFor = (labels: readonly Label[] | undefined, tool: ToolName): readonly Label[] =>
  (labels ?? []).filter((label) => !label.retired && (!label.tools?.length || label.tools.includes(tool)));

/** Return every mark of a document with its tool, in the order of tools and of depth. */
export const allMarks = (document: Document): readonly { readonly tool: ToolName; readonly mark: Mark }[] =>
  Object.entries(document.marks).flatMap(([tool, marks]) => marks.map((mark) => ({ tool, mark })));

/** How many marks are suggestions that nobody has decided on. */
export const undecided = (document: Document): number =>
  allMarks(document).filter(({ mark }) => mark.suggested).length;

/** Return a document without the suggestions that nobody has decided on: what is the person's own. */
export const decided = (document: Document): Document => ({
  ...document,
  marks: Object.fromEntries(
    Object.entries(document.marks).map(([tool, marks]) => [tool, marks.filter((mark) => !mark.suggested)]),
  ),
});

/** Return a document with suggestions that are not among its marks already. */
export function withSuggestions(document: Document, suggested: Document): Document {
  const marks: Record<ToolName, readonly Mark[]> = { ...document.marks };
  for (const [tool, more] of Object.entries(suggested.marks)) {
    const known = new Set((marks[tool] ?? []).map((mark) => JSON.stringify(encodeMark(mark))));
    const fresh = more.filter((mark) => !known.has(JSON.stringify(encodeMark(mark))));
    marks[tool] = [...(marks[tool] ?? []), ...fresh];
  }
  return { ...document, marks };
}

/** Return the action that makes suggestions the person's own: all of them, or those named. */
export function acceptance(document: Document, ids?: ReadonlySet<MarkId>): Action {
  const chosen = allMarks(document).filter(({ mark }) => mark.suggested && (ids?.has(mark.id) ?? true));
  const accept = { suggested: false };
  return {
    kind: "several",
    actions: chosen.map(({ tool, mark }) => ({ kind: "change", tool, id: mark.id, change: accept })),
  };
}

/** Return the action that takes suggestions away that nobody has decided on. */
export function dismissal(document: Document): Action {
  const byTool = Object.entries(document.marks).map(
    ([tool, marks]): Action => ({
      kind: "remove",
      tool,
      ids: marks.filter((mark) => mark.suggested).map((mark) => mark.id),
    }),
  );
  return { kind: "several", actions: byTool };
}
