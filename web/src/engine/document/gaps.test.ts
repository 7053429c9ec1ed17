/** What is missing is named, and nothing else. */

import { expect, it } from "vitest";
import { apply, emptyDocument } from "./apply";
import { gaps } from "./gaps";
import type { Definition, Mark, MarkId } from "./values";

const definition: Definition = {
  tools: { classification: {}, box: {}, polygon: { required: true } },
  labels: [
    {
      name: "car",
      attributes: [
        { name: "make", kind: "text", required: true },
        { name: "old", kind: "boolean" },
      ],
    },
  ],
};
const drawn = new Set(["box", "polygon"]);
const mark = (attributes: Mark["attributes"]): Mark => {
  return { id: "m" as MarkId, label: "car", attributes, geometry: {} };
};

it("asks for required tools and attributes", () => {
  expect(gaps(emptyDocument, definition, drawn)).toEqual([
    { kind: "tool", tool: "classification" },
    { kind: "tool", tool: "polygon" },
  ]);
  const boxed = apply(emptyDocument, { kind: "add", tool: "box", marks: [mark({ make: "" })] });
  expect(gaps({ ...boxed, cannotAssess: true }, definition, drawn)).toEqual([
    { kind: "attribute", tool: "box", mark: "m", attribute: "make" },
  ]);
  const named = apply(emptyDocument, { kind: "add", tool: "box", marks: [mark({ make: "VW" })] });
  expect(gaps({ ...named, notApplicable: true }, definition, drawn)).toEqual([]);
});
