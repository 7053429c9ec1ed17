/** How rows of text become rows of ours: what they hold is guessed from the names of their columns. */

import { FIELDS, type Fields, type Looked, type Reading, type Row, SHAPES, type Shape } from "./values";

const OWN = new Set([
  "unique_id",
  "text",
  "prompt",
  "a",
  "b",
  "candidates",
  "messages",
  "asset",
  "metadata",
  "predictions",
  "gold",
]);
/** What others call our fields; the first that a file has is taken. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  unique_id: ["unique_id", "id", "uid", "uuid", "key", "item_id", "doc_id", "example_id"],
  text: "text sentence content body message review comment tweet document answer reply response output description title".split(
    " ",
  ),
  prompt: ["prompt", "question", "instruction", "query", "context", "input"],
  a: ["a", "response_a", "answer_a", "reply_a", "output_a", "response1", "answer1", "completion_a", "chosen"],
  b: [
    "b",
    "response_b",
    "answer_b",
    "reply_b",
    "output_b",
    "response2",
    "answer2",
    "completion_b",
    "rejected",
  ],
  candidates: ["candidates", "replies", "responses", "answers", "completions", "outputs"],
  messages: ["messages", "conversation", "conversations", "turns", "dialogue", "chat"],
};
const PASSED_ON = ["predictions", "gold"];
/** From the most particular shape to the plainest. */
const BY_GUESS: readonly Shape[] = ["compared", "ranked", "chat", "prompted", "text"];

/** Return in which format the rows can be sent as they stand, most of them; null where they want reading. */
export function readyAs(sample: readonly Row[]): "jsonl" | "preference_jsonl" | null {
  const objects = sample.map(({ fields }) => fields).filter((fields) => fields !== null);
  const most = (says: (fields: Fields) => boolean) => objects.filter(says).length * 2 > objects.length;
  const has = (fields: Fields, ...names: readonly string[]) => names.every((name) => name in fields);
  if (most((one) => has(one, "chosen", "rejected") || has(one, "instruction", "response1", "response2")))
    return "preference_jsonl";
  const own = (one: Fields) => Object.keys(one).every((name) => OWN.has(name));
  return most((one) => own(one) && (has(one, "asset") || shapeOf(Object.keys(one)) !== null))
    ? "jsonl"
    : null;
}

/** Return the shape whose fields are all there under our names. */
function shapeOf(names: readonly string[]): Shape | null {
  const found = BY_GUESS.find((shape) => FIELDS[shape][0].every((name) => names.includes(name)));
  return found ?? null;
}

/** Return how the rows of some files are best read. */
export function guessed(files: readonly Looked[]): Reading {
  const tables = files.filter(({ columns }) => columns.length > 0);
  const columns = [...new Set(tables.flatMap((file) => file.columns))];
  const plain = files.filter(({ kind }) => kind === "text");
  const shape = tables.some(({ ready }) => ready === "preference_jsonl") ? "compared" : guessedShape(columns);
  return {
    shape,
    from: sourcesOf(shape, columns, tables),
    plain: plain.length > 1 ? "files" : "lines",
  };
}

function guessedShape(columns: readonly string[]): Shape {
  const own = shapeOf(columns);
  if (own) return own;
  const found = BY_GUESS.find((shape) =>
    FIELDS[shape][0].every((field) => aliased(field, columns) !== undefined),
  );
  // Whoever has a text and something like a prompt has a text with remarks beside it, if not both are named so.
  return found === "prompted" && aliased("text", columns) === undefined ? "text" : (found ?? "text");
}

const aliased = (field: string, columns: readonly string[]): string | undefined =>
  ALIASES[field]?.map((alias) => columns.find((name) => name.toLowerCase() === alias)).find(Boolean);

/** Return the column of each field of a shape, as far as one can be told. */
export function sourcesOf(
  shape: Shape,
  columns: readonly string[],
  files: readonly Looked[],
): Readonly<Record<string, string>> {
  const [needed, welcome] = FIELDS[shape];
  const taken = new Map<string, string>();
  for (const field of ["unique_id", ...needed, ...welcome]) {
    const column = aliased(field, columns) ?? (field === "text" ? longest(columns, files) : undefined);
    if (column !== undefined && ![...taken.values()].includes(column)) taken.set(field, column);
  }
  return Object.fromEntries(taken);
}

/** Return the column with the longest texts. */
function longest(columns: readonly string[], files: readonly Looked[]): string | undefined {
  const characters = (column: string) =>
    files
      .flatMap(({ sample }) => sample)
      .reduce(
        (sum, { fields }) => sum + (typeof fields?.[column] === "string" ? String(fields[column]).length : 0),
        0,
      );
  return [...columns].sort((one, other) => characters(other) - characters(one))[0];
}

/** Return the fields that must be told where they are, and are not. */
export const missing = ({ shape, from }: Reading): readonly string[] =>
  FIELDS[shape][0].filter((field) => !from[field]);

/** Return a row as a line of ours: the named columns, what we know by its name, and all else as metadata. */
export function lineOf(row: Row, { shape, from }: Reading): string {
  const { fields } = row;
  // Refused by the server, which says what it found there.
  if (fields === null) return row.raw.replaceAll("\n", " ");
  const [needed, welcome] = FIELDS[shape];
  const taken = new Set<string>();
  const said: Record<string, unknown> = {};
  for (const field of ["unique_id", ...needed, ...welcome]) {
    const column = from[field];
    const found = column === undefined ? undefined : fields[column];
    if (column === undefined || found === undefined || found === null) continue;
    // What is empty and must not be is refused by the server, which names the place.
    if (found === "" && !needed.includes(field)) continue;
    taken.add(column);
    said[field] = typeof found === "number" ? String(found) : found;
  }
  for (const name of PASSED_ON) if (name in fields) said[name] = fields[name];
  const rest = Object.entries(fields).filter(
    ([name, value]) => !taken.has(name) && !PASSED_ON.includes(name) && name !== "metadata" && value !== "",
  );
  const own = fields.metadata;
  const metadata = { ...(typeof own === "object" ? own : {}), ...Object.fromEntries(rest) };
  if (Object.keys(metadata).length > 0) said.metadata = metadata;
  return JSON.stringify(said);
}

export const isShape = (found: string): found is Shape => SHAPES.some((shape) => shape === found);
