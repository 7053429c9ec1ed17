/** Makes a leased task ready to be drawn: its definition, its media decoded, and the document to begin with. */

import { type Answer, decode, withSuggestions } from "@/engine/document/answer";
import { emptyDocument } from "@/engine/document/apply";
import type { Definition, Document, Json, Modality, ToolName } from "@/engine/document/values";
import { isNewer } from "@/engine/outbox/drafts";
import type { DeskTask, DraftAway, Entry, Given, Suggestion } from "@/engine/outbox/values";
import { decodeAhead } from "@/surfaces/image/decoded";
import { editorsFor, labelledTools, loadSurface } from "@/surfaces/registry";
import type { SurfaceTask, ToolEditor } from "@/surfaces/surface";
import { readDefinition, readGiven } from "./calls";

/** A task with everything that drawing it needs. */
export interface Prepared {
  readonly desk: DeskTask;
  readonly task: SurfaceTask;
  readonly definition: Definition;
  readonly editors: readonly ToolEditor[];
  readonly document: Document;
  /** Time spent before it was put aside. */
  readonly seconds: number;
  readonly suggestion: Suggestion | null;
  /** What the model says about tools that are filled in: shown beside them, taken over when accepted. */
  readonly suggestedForms: Readonly<Record<ToolName, Json>>;
  /** The refused entry that the document was brought back from. */
  readonly restoredFrom: Entry | null;
  /** The version of the server's draft that the document goes on from, where it is known. */
  readonly draftVersion: number | undefined;
  /** When the server's draft was kept that the document was brought back from. */
  readonly draftFrom: Date | null;
  /** The answer is revised: it was given already. */
  readonly revises: boolean;
}

/**
 * Return a task ready to be drawn. `entries` are the outbox's: an answer to this task that was given under a lease
 * that is over, and will not be accepted, is brought back. So is the draft that the server has (`awaited`), where it
 * is newer than what this browser has.
 */
export async function prepare(
  kept: DeskTask,
  entries: readonly Entry[],
  awaited?: Promise<DraftAway | undefined>,
): Promise<Prepared> {
  const desk = await withAddresses(kept);
  const definition = await readDefinition(desk.given.task.ontology_version);
  const editors = editorsFor(definition, desk.modality);
  const task = surfaceTask(desk.modality, desk.given);
  const [away] = await Promise.all([awaited, loadCode(desk.modality, editors), decodeMedia(task)]);
  const labelled = labelledTools(editors);
  const [suggestion = null] = desk.given.task.suggestions;
  const isEarlier = (entry: Entry) => entry.refusal !== undefined || entry.assignment !== desk.id;
  const answers = entries.filter((entry) => entry.task === task.id && entry.kind === "submission");
  const restoredFrom = answers.findLast(isEarlier) ?? null;
  const suggested = suggestion ? decode(suggestion.answer, labelled, { suggested: true }) : emptyDocument;
  const begun = restoredFrom ? answerIn(restoredFrom, editors) : { ...emptyDocument, marks: suggested.marks };
  const here = desk.draft ?? (restoredFrom && { document: begun, savedAt: restoredFrom.queuedAt });
  const brought = away && isNewer(away, here) ? away : null;
  const document = brought && withSuggestions(decode(brought.answer, labelled), suggested);
  return {
    desk,
    task,
    definition,
    editors,
    document: document ?? desk.draft?.document ?? begun,
    draftFrom: brought && new Date(brought.saved_at),
    draftVersion: brought?.version ?? desk.draft?.version,
    seconds: desk.draft?.seconds ?? 0,
    suggestion,
    suggestedForms: restoredFrom ? {} : suggested.forms,
    restoredFrom,
    revises: false,
  };
}

/** Addresses are good for as long as the lease was to last when they were given: older ones are asked for anew. */
async function withAddresses(desk: DeskTask): Promise<DeskTask> {
  const { task, expires_at } = desk.given;
  if (typeof task.item.url !== "string" || Date.parse(expires_at) > Date.now() + ADDRESS_MILLISECONDS)
    return desk;
  const given = await readGiven(desk.modality, desk.id).catch(() => desk.given);
  return { ...desk, given };
}

const ADDRESS_MILLISECONDS = 60_000;

/** Return the document of an answer on its way, to be edited again. */
export function answerIn(entry: Pick<Entry, "body">, editors: readonly ToolEditor[]): Document {
  const body: { answer?: Answer } = JSON.parse(entry.body);
  return decode(body.answer ?? {}, labelledTools(editors));
}

function surfaceTask(modality: Modality, given: Given): SurfaceTask {
  const { id, item } = given.task;
  const url = typeof item.url === "string" ? { assetUrl: item.url } : {};
  return { id, modality, item, ...url };
}

async function loadCode(modality: Modality, editors: readonly ToolEditor[]): Promise<void> {
  await Promise.all([loadSurface(modality), ...editors.map((editor) => editor.form?.())]);
}

/** An image that is decoded before it is wanted is drawn at once; one that cannot be is left to its surface. */
async function decodeMedia(task: SurfaceTask): Promise<void> {
  if (task.modality !== "image" || !task.assetUrl) return;
  await decodeAhead(task.assetUrl);
}
