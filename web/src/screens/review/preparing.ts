/** Makes a leased review ready to be drawn: its media decoded, the answers behind it read, compared and coloured. */

import { type Prepared, prepare } from "@/annotate/preparing";
import { t } from "@/app/words";
import { decode } from "@/engine/document/answer";
import type { Definition, Document, MarkId } from "@/engine/document/values";
import { labelledTools } from "@/surfaces/registry";
import { type Behind, type ReviewTask, readBehind } from "./calls";
import { compare, differs, type Point, shareAgreed } from "./comparison";
import { colourOfVoice, overlayDefinition, type Voice } from "./voices";

/** A review with everything that drawing it needs. */
export interface Reviewed {
  readonly desk: ReviewTask;
  readonly work: Prepared;
  readonly behind: Behind;
  /** The outcome first, then the answers behind it. */
  readonly voices: readonly Voice[];
  readonly points: readonly Point[];
  /** How far each answer is of one mind with the outcome, by its number. */
  readonly shares: readonly number[];
  readonly overlay: Definition;
  readonly multiple: boolean;
}

/** Where the answers behind an outcome cannot be had, it is judged by itself: the verdict does not wait for them. */
const NOTHING_SHOWN: Behind = {
  shows: "outcome",
  aggregator: null,
  confidence: null,
  agreement: null,
  count: 0,
  answers: [],
};

export async function prepareReview(desk: ReviewTask): Promise<Reviewed> {
  const [work, behind] = await Promise.all([
    prepare(desk, []),
    readBehind(desk.modality, desk.id).catch(() => NOTHING_SHOWN),
  ]);
  const labelled = labelledTools(work.editors);
  const answers = behind.answers.map(({ answer, name, seconds }, place) => ({
    number: place + 1,
    name: name ?? t("Answer {number}", { number: place + 1 }),
    document: decode(answer, labelled),
    seconds,
  }));
  const outcome = decode(desk.review.outcome.answer, labelled);
  const voices = [{ number: 0, name: t("Outcome"), document: outcome, seconds: null }, ...answers].map(
    (voice): Voice => ({ ...voice, colour: colourOfVoice(voice.number) }),
  );
  return { desk, work, behind, voices, ...compared(work.definition, voices) };
}

function compared(definition: Definition, voices: readonly Voice[]) {
  const multiple = definition.tools.classification?.multiple === true;
  const points = compare(
    voices.map(({ document }) => document),
    multiple,
  );
  const shares = voices.map((_, place) => shareAgreed(points, 0, place));
  return { multiple, points: inOrder(points), shares, overlay: overlayDefinition(definition, voices) };
}

const RANK: Readonly<Record<Point["stand"], number>> = {
  missing: 0,
  label: 1,
  value: 1,
  place: 2,
  agreed: 3,
};

/** What differs most comes first. */
const inOrder = (points: readonly Point[]): readonly Point[] =>
  [...points].sort((one, other) => RANK[one.stand] - RANK[other.stand]);

/** Return the marks of the points that not all answers agree on. */
export const disputedMarks = (points: readonly Point[]): ReadonlySet<MarkId> =>
  new Set(points.filter(differs).flatMap(({ said }) => said.flatMap((one) => one?.mark?.id ?? [])));

/** Return the marks of one point. */
export const marksOfPoint = ({ said }: Point): readonly MarkId[] =>
  said.flatMap((one) => one?.mark?.id ?? []);

/** Return where a mark lies in an answer, as issues name it: a JSON pointer such as `/box/3`. */
export function pointerTo(document: Document, mark: MarkId): string | null {
  for (const [tool, marks] of Object.entries(document.marks)) {
    const place = marks.findIndex(({ id }) => id === mark);
    if (place >= 0) return `/${tool}/${place}`;
  }
  return null;
}
