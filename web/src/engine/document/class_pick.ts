/** Picking a class of an item. */

import { newMarkId } from "./answer";
import { marksOf } from "./apply";
import type { Action, Definition, Document } from "./values";

/** Return the action that picks a class: in place of another, or beside it where several may be picked. */
export function classPick(document: Document, definition: Definition, label: string): Action {
  const tool = "classification";
  const present = marksOf(document, tool);
  const known = present.filter((mark) => mark.label === label);
  if (known.length > 0) return { kind: "remove", tool, ids: known.map(({ id }) => id) };
  const mark = { id: newMarkId(), label, attributes: {}, geometry: {} };
  const multiple = definition.tools[tool]?.multiple === true;
  const replaced = multiple ? [] : present.map(({ id }) => id);
  return {
    kind: "several",
    actions: [
      { kind: "remove", tool, ids: replaced },
      { kind: "add", tool, marks: [mark] },
    ],
  };
}
