/** The rows of a file, one after the other and with the lines they began at: JSON lines, tables, plain text. */

import type { Fields, Kind, Row } from "./values";

/** The text is not in UTF-8. */
export class NotText extends Error {}

/** Yield the text of a file in pieces; raises `NotText` where its bytes are none. */
async function* pieces(file: Blob): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = file.stream().getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read())
      yield decoder.decode(read.value, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw error instanceof TypeError ? new NotText() : error;
  } finally {
    reader.releaseLock();
  }
}

/** Yield the lines of a file, without their ends. */
export async function* linesOf(file: Blob): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of pieces(file)) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
  if (rest !== "") yield rest;
}

/** Yield the rows of a file; blank lines are passed over. `plain`: what plain text is cut into. */
export async function* rowsOf(
  file: Blob,
  kind: Kind,
  plain: "lines" | "files" = "lines",
): AsyncGenerator<Row> {
  if (kind === "csv" || kind === "tsv") yield* tableRows(file, kind === "csv" ? "," : "\t");
  else if (kind === "json") yield* elements(await whole(file));
  else if (kind === "text" && plain === "files") {
    const text = await whole(file);
    yield { line: 1, raw: text, fields: { text } };
  } else {
    let line = 0;
    for await (const raw of linesOf(file)) {
      line += 1;
      if (raw.trim() !== "") yield { line, raw, fields: kind === "text" ? { text: raw } : objectIn(raw) };
    }
  }
}

async function whole(file: Blob): Promise<string> {
  let text = "";
  for await (const piece of pieces(file)) text += piece;
  return text;
}

/** Return the object that a line of JSON is, or null. */
export function objectIn(raw: string): Fields | null {
  try {
    return asObject(JSON.parse(raw));
  } catch {
    return null;
  }
}

const asObject = (found: unknown): Fields | null =>
  typeof found === "object" && found !== null && !Array.isArray(found) ? { ...found } : null;

/** The elements of a JSON array, counted as lines. */
function* elements(text: string): Generator<Row> {
  const found: unknown = JSON.parse(text);
  let line = 0;
  for (const element of Array.isArray(found) ? found : [found]) {
    line += 1;
    yield { line, raw: JSON.stringify(element), fields: asObject(element) };
  }
}

async function* tableRows(file: Blob, comma: string): AsyncGenerator<Row> {
  const cutter = new TableCutter(comma);
  let names: readonly string[] | null = null;
  const shown = (record: Record): Row | null => {
    const { cells, line } = record;
    if (cells.length === 1 && cells[0]?.trim() === "") return null;
    if (names === null) {
      names = cells.map((cell, at) => cell.trim() || `column ${at + 1}`);
      return null;
    }
    const fields = Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""]));
    return { line, raw: cells.join(comma), fields };
  };
  for await (const piece of pieces(file))
    for (const record of cutter.feed(piece)) {
      const row = shown(record);
      if (row) yield row;
    }
  for (const record of cutter.finish()) {
    const row = shown(record);
    if (row) yield row;
  }
}

interface Record {
  readonly cells: readonly string[];
  readonly line: number;
}

/** Cuts the text of a table into records (RFC 4180: quotes hold commas, line ends and doubled quotes). */
export class TableCutter {
  private cells: string[] = [];
  private cell = "";
  private quoted = false;
  /** A quote was the last character within quotes: it ends them, unless another follows. */
  private closing = false;
  private line = 1;
  private began = 1;

  constructor(private readonly comma: string) {}

  *feed(piece: string): Generator<Record> {
    for (const character of piece) {
      if (this.quoted && !this.closing) this.within(character);
      else yield* this.between(character);
    }
  }

  *finish(): Generator<Record> {
    if (this.cell !== "" || this.cells.length > 0) yield this.end();
  }

  private within(character: string): void {
    if (character === '"') this.closing = true;
    else {
      if (character === "\n") this.line += 1;
      this.cell += character;
    }
  }

  private *between(character: string): Generator<Record> {
    if (character === '"' && this.closing) {
      this.cell += character;
      this.closing = false;
      return;
    }
    if (this.closing) this.quoted = this.closing = false;
    if (character === '"' && this.cell === "") this.quoted = true;
    else if (character === this.comma) {
      this.cells.push(this.cell);
      this.cell = "";
    } else if (character === "\n") {
      this.line += 1;
      yield this.end();
    } else if (character !== "\r" && character !== "\ufeff") this.cell += character;
  }

  private end(): Record {
    const record = { cells: [...this.cells, this.cell], line: this.began };
    this.cells = [];
    this.cell = "";
    this.quoted = this.closing = false;
    this.began = this.line;
    return record;
  }
}
