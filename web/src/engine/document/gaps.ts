/** What an answer still lacks, told before it is sent: the server says the same afterwards (docs/label-types.md). */

import { marksOf } from "./apply";
import type { Attribute, Definition, Document, Mark, MarkId, ToolName } from "./values";

export type Gap =
  | { readonly kind: "tool"; readonly tool: ToolName }
  | {
      readonly kind: "attribute";
      readonly tool: ToolName;
      readonly mark: MarkId;
      readonly attribute: string;
    };

/**
 * Return the gaps of a document. `drawn` are the tools that are drawn with, which an answer may do without unless
 * their settings say otherwise; the others are required unless their settings say otherwise.
 */
export function gaps(
  document: Document,
  definition: Definition,
  drawn: ReadonlySet<ToolName>,
): readonly Gap[] {
  const excused = document.notApplicable || document.cannotAssess;
  return Object.entries(definition.tools).flatMap(([tool, settings]): readonly Gap[] => {
    const marks = marksOf(document, tool);
    const required = settings.required === undefined ? !drawn.has(tool) : settings.required === true;
    const absent = marks.length === 0 && document.forms[tool] === undefined;
    if (absent) return required && !excused ? [{ kind: "tool", tool }] : [];
    return marks.flatMap((mark) => attributeGaps(tool, mark, attributesOf(definition, mark.label)));
  });
}

/** Return the questions that an ontology asks about a label's marks, once for each mark. */
export const attributesOf = (definition: Definition, label: string): readonly Attribute[] =>
  definition.labels?.find((one) => one.name === label)?.attributes?.filter(({ per }) => per !== "frame") ??
  [];

const attributeGaps = (tool: ToolName, mark: Mark, attributes: readonly Attribute[]): readonly Gap[] =>
  attributes
    .filter(
      ({ name, required, default: given }) =>
        required && given === undefined && isBlank(mark.attributes[name]),
    )
    .map(({ name }) => ({ kind: "attribute", tool, mark: mark.id, attribute: name }));

const isBlank = (value: Mark["attributes"][string] | undefined): boolean =>
  value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
