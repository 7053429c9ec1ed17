/** What several answers say about one item, point by point: where they agree, and how they differ. Pure. */

import { isRecord } from "@/engine/document/answer";
import { marksOf } from "@/engine/document/apply";
import type { Document, Json, Mark, MarkId, ToolName } from "@/engine/document/values";
import { likeness } from "./likeness";
import { wordsOfAttributes, wordsOfPreference, wordsOfRanking, wordsOfValue } from "./wording";

/** How the answers stand to a point, from all of one mind to the plainest difference. */
export type Stand = "agreed" | "place" | "label" | "value" | "missing";

/** What one answer says about a point; null where it says nothing. */
export interface Said {
  readonly words: string;
  /** The mark that says it, where one does. */
  readonly mark: Mark | null;
}

/** One thing that answers can agree on: a mark that several may have, or a question that each answers once. */
export interface Point {
  readonly key: string;
  readonly tool: ToolName;
  /** What it is about: a label, a criterion; empty where the tool asks one thing. */
  readonly about: string;
  readonly stand: Stand;
  /** One for each answer, in their order. */
  readonly said: readonly (Said | null)[];
}

/** Marks less alike than this are two things; stretches that merely meet are more often one than boxes are. */
const SAME_THING = 0.4;
const SAME_STRETCH = 0.2;
const STRETCHES: ReadonlySet<ToolName> = new Set(["spans", "segments"]);
/** Marks of one thing that are less alike than this differ in where they lie. */
const SAME_PLACE = 0.8;
/** Tools whose marks are answers to questions: their label is what is asked. */
const ASKED: ReadonlySet<ToolName> = new Set(["classification", "ordinal", "chat"]);

/** Return the points of several answers; `multiple` says whether an item may have several classes. */
export function compare(documents: readonly Document[], multiple = false): readonly Point[] {
  const tools = new Set(
    documents.flatMap(({ marks, forms }) => [...Object.keys(marks), ...Object.keys(forms)]),
  );
  const points = [...tools].sort().flatMap((tool) => {
    if (documents.some(({ forms }) => forms[tool] !== undefined)) return formPoints(tool, documents);
    if (tool === "classification" && !multiple) return [onePoint(tool, documents.map(classOf))];
    return ASKED.has(tool) ? askedPoints(tool, documents) : markPoints(tool, documents);
  });
  return [...points, ...envelopePoints(documents)];
}

export const differs = ({ stand }: Point): boolean => stand !== "agreed";

/** Return the share of the points that two answers are of one mind about; 1 where there is nothing to say. */
export function shareAgreed(points: readonly Point[], one: number, other: number): number {
  const said = points.filter((point) => point.said[one] || point.said[other]);
  const agreed = said.filter((point) =>
    isSame(point.tool, point.said[one] ?? null, point.said[other] ?? null),
  );
  return said.length === 0 ? 1 : agreed.length / said.length;
}

function isSame(tool: ToolName, one: Said | null, other: Said | null): boolean {
  if (!one || !other || one.words !== other.words) return false;
  if (!one.mark || !other.mark || ASKED.has(tool)) return true;
  return likeness(tool, one.mark.geometry, other.mark.geometry) >= SAME_PLACE;
}

/** A question that each answer has one reply to. */
function onePoint(tool: ToolName, said: readonly (Said | null)[], about = ""): Point {
  const words = said.map((one) => one?.words);
  const stand = words.includes(undefined) ? "missing" : new Set(words).size > 1 ? "value" : "agreed";
  return { key: `${tool} ${about}`, tool, about, said, stand };
}

function classOf(document: Document): Said | null {
  const [mark] = marksOf(document, "classification");
  return mark ? { words: withAttributes(mark.label, mark), mark } : null;
}

function withAttributes(words: string, { attributes }: Mark): string {
  const more = wordsOfAttributes(attributes);
  return [words, more].filter(Boolean).join(" · ");
}

/** Classes of which there may be several, ratings: each label (of each message) is a question. */
function askedPoints(tool: ToolName, documents: readonly Document[]): readonly Point[] {
  const questions = new Map<string, (Said | null)[]>();
  documents.forEach((document, place) => {
    for (const mark of marksOf(document, tool)) {
      const { level, message } = mark.geometry;
      const about = typeof message === "number" ? `${mark.label} · ${message + 1}` : mark.label;
      const said = questions.get(about) ?? documents.map(() => null);
      said[place] = { words: withAttributes(typeof level === "number" ? String(level) : "✓", mark), mark };
      questions.set(about, said);
    }
  });
  return [...questions].map(([about, said]) => onePoint(tool, said, about));
}

/** Marks that are drawn: those that lie in one place are one thing, whoever drew them. */
function markPoints(tool: ToolName, documents: readonly Document[]): readonly Point[] {
  const things: (Mark | null)[][] = [];
  documents.forEach((document, place) => {
    for (const [thing, mark] of matched(tool, things, place, marksOf(document, tool))) {
      const marks = thing ?? documents.map(() => null);
      marks[place] = mark;
      if (!thing) things.push(marks);
    }
  });
  return things.map((marks) => pointOf(tool, marks));
}

/** Return which thing each mark of one answer is; null for a new one. What fits best is taken first. */
function matched(
  tool: ToolName,
  things: readonly (Mark | null)[][],
  place: number,
  marks: readonly Mark[],
): readonly (readonly [(Mark | null)[] | null, Mark])[] {
  const pairs = marks.flatMap((mark) =>
    things.flatMap((thing) => {
      const fit = fitOf(tool, thing, mark);
      return fit === null ? [] : [{ fit, thing, mark }];
    }),
  );
  pairs.sort((one, other) => other.fit - one.fit);
  const found = new Map<MarkId, (Mark | null)[]>();
  const taken = new Set<(Mark | null)[]>();
  for (const { thing, mark } of pairs) {
    if (taken.has(thing) || found.has(mark.id) || thing[place]) continue;
    found.set(mark.id, thing);
    taken.add(thing);
  }
  return marks.map((mark) => [found.get(mark.id) ?? null, mark] as const);
}

/** How well a mark fits a thing: the same mark always does, one of its label a little better than another. */
function fitOf(tool: ToolName, thing: readonly (Mark | null)[], mark: Mark): number | null {
  if (thing.some((one) => one?.id === mark.id)) return Number.POSITIVE_INFINITY;
  const first = thing.find((one) => one !== null);
  const alike = first ? likeness(tool, first.geometry, mark.geometry) : 0;
  const least = STRETCHES.has(tool) ? SAME_STRETCH : SAME_THING;
  return alike >= least ? alike + (first?.label === mark.label ? 1 : 0) : null;
}

function pointOf(tool: ToolName, marks: readonly (Mark | null)[]): Point {
  const said = marks.map((mark) => mark && { words: withAttributes(mark.label, mark), mark });
  const there = marks.filter((mark) => mark !== null);
  const [first] = there;
  const about = first?.label ?? "";
  return {
    key: `${tool} ${there.map(({ id }) => id).join(" ")}`,
    tool,
    about,
    said,
    stand: standOf(tool, marks, said),
  };
}

function standOf(tool: ToolName, marks: readonly (Mark | null)[], said: readonly (Said | null)[]): Stand {
  const there = marks.filter((mark) => mark !== null);
  if (there.length < marks.length) return "missing";
  if (new Set(said.map((one) => one?.words)).size > 1) return "label";
  const [first] = there;
  const near = there.every((mark) => first && likeness(tool, first.geometry, mark.geometry) >= SAME_PLACE);
  return near ? "agreed" : "place";
}

/** Tools that are filled in: a rubric asks several things, any other one. */
function formPoints(tool: ToolName, documents: readonly Document[]): readonly Point[] {
  const values = documents.map(({ forms }) => forms[tool]);
  if (tool === "rubric") return rubricPoints(values);
  const word = tool === "preference" ? wordsOfPreference : tool === "ranking" ? wordsOfRanking : wordsOfValue;
  return [
    onePoint(
      tool,
      values.map((value) => (value === undefined ? null : { words: word(value), mark: null })),
    ),
  ];
}

function rubricPoints(values: readonly (Json | undefined)[]): readonly Point[] {
  const scores = values.map((value) => (isRecord(value) && isRecord(value.scores) ? value.scores : {}));
  const criteria = [...new Set(scores.flatMap((one) => Object.keys(one)))];
  return criteria.map((criterion) => {
    const said = scores.map(({ [criterion]: score }) =>
      score === undefined ? null : { words: wordsOfValue(score), mark: null },
    );
    return onePoint("rubric", said, criterion);
  });
}

const FLAGS = [
  ["not_applicable", ({ notApplicable }: Document) => notApplicable],
  ["cannot_assess", ({ cannotAssess }: Document) => cannotAssess],
] as const;

/** What is said about the answer as a whole, where anybody says it. */
const envelopePoints = (documents: readonly Document[]): readonly Point[] =>
  FLAGS.filter(([, is]) => documents.some(is)).map(([tool, is]) =>
    onePoint(
      tool,
      documents.map((document) => (is(document) ? { words: "✓", mark: null } : null)),
    ),
  );
