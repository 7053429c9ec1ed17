/** Whose answers are looked at: the outcome and those behind it, each with a number, a name and a colour. Pure. */

import { allMarks } from "@/engine/document/answer";
import { emptyDocument } from "@/engine/document/apply";
import type { Definition, Document, Json, Label, Mark, MarkId, ToolName } from "@/engine/document/values";

export interface Voice {
  /** 0 for the outcome, else the answer's number; the key that shows and hides it. */
  readonly number: number;
  readonly name: string;
  readonly colour: string;
  readonly document: Document;
  readonly seconds: number | null;
}

/** The outcome is told from the answers by a sign of its own. */
const OUTCOME_SIGN = "✓";
const OUTCOME_COLOUR = "#f4f7f6";
/** To be told apart with any kind of colour vision, on photographs and on text (after Okabe and Ito 2008). */
const COLOURS = [
  "#ff9f1c",
  "#4cc9f0",
  "#f15bb5",
  "#80ed99",
  "#b79cff",
  "#ffe45e",
  "#ef6351",
  "#00b4d8",
  "#d4a373",
];

/** Return the colour of an answer, by its number; 0 is the outcome. */
export const colourOfVoice = (number: number): string =>
  number === 0 ? OUTCOME_COLOUR : (COLOURS[(number - 1) % COLOURS.length] ?? OUTCOME_COLOUR);

/** Return how a voice is written on the item. */
export const signOfVoice = (number: number): string => (number === 0 ? OUTCOME_SIGN : String(number));

const labelOf = (voice: Voice, label: string) => `${signOfVoice(voice.number)} ${label}`;

/** Return the ontology in which each voice has labels of its own, in its colour: what the surfaces draw by. */
export function overlayDefinition(definition: Definition, voices: readonly Voice[]): Definition {
  const labels = voices.flatMap((voice) =>
    (definition.labels ?? []).map((label): Label => {
      const { hotkey: _, parent: __, ...kept } = label;
      return { ...kept, name: labelOf(voice, label.name), colour: voice.colour };
    }),
  );
  return { tools: { ...definition.tools, ...skeletons(definition, voices) }, labels };
}

/** Skeletons go by label: each voice's labels have them too. */
function skeletons(definition: Definition, voices: readonly Voice[]): Definition["tools"] {
  const { keypoints } = definition.tools;
  const known = keypoints?.skeletons;
  if (!keypoints || typeof known !== "object" || known === null || Array.isArray(known)) return {};
  const all = voices.flatMap((voice) =>
    Object.entries(known).map(([label, skeleton]) => [labelOf(voice, label), skeleton as Json] as const),
  );
  return { keypoints: { ...keypoints, skeletons: Object.fromEntries(all) } };
}

/**
 * Return one document with the marks of all voices, the outcome's above the others'. Marks keep their ids, so that what
 * is chosen in a list is chosen on the item; `only` leaves the others out.
 */
export function overlaid(voices: readonly Voice[], only: ReadonlySet<MarkId> | null): Document {
  const marks: Record<ToolName, Mark[]> = {};
  for (const voice of [...voices].reverse())
    for (const { tool, mark } of allMarks(voice.document)) {
      if (only && !only.has(mark.id)) continue;
      marks[tool] ??= [];
      marks[tool].push(voiced(voice, tool, mark));
    }
  return { ...emptyDocument, marks };
}

function voiced(voice: Voice, tool: ToolName, mark: Mark): Mark {
  const label = labelOf(voice, mark.label);
  const { id } = mark.geometry;
  // Tracks are known by an id that two people may both have given.
  if (tool === "tracks" && typeof id === "string")
    return { ...mark, label, geometry: { ...mark.geometry, id: `${signOfVoice(voice.number)}·${id}` } };
  return { ...mark, label };
}
