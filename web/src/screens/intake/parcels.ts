/** Files as the imports take them: lines of JSON, each where its row stood in the file it came from. */

import { lineOf } from "./reading";
import { rowsOf } from "./rows";
import type { Looked, Parcel, Reading } from "./values";

const PIECE_CHARACTERS = 1 << 20;

/** Lines put together in pieces, so that a long file is never one string. */
class Lines {
  private readonly parts: string[] = [];
  private open = "";
  private count = 0;

  /** Adds a line as number `at`; what lies between stays blank, and the import passes over it. */
  add(line: string, at = this.count + 1): void {
    this.open += `${"\n".repeat(Math.max(0, at - this.count - 1))}${line}\n`;
    this.count = Math.max(at, this.count + 1);
    if (this.open.length > PIECE_CHARACTERS) this.parts.push(this.open.slice(0));
    if (this.open.length > PIECE_CHARACTERS) this.open = "";
  }

  blob = (): Blob => new Blob([...this.parts, this.open], { type: "application/jsonl" });
}

/** Return a file of rows as lines of ours; the number of each is that of its row in the file. */
export async function rowParcel(file: Looked, reading: Reading): Promise<Parcel> {
  const parcel = { name: file.name, lines: null, files: null };
  if (file.ready) return { ...parcel, format: file.ready, content: file.file };
  const lines = new Lines();
  if (file.kind !== null)
    for await (const row of rowsOf(file.file, file.kind)) lines.add(lineOf(row, reading), row.line);
  return { ...parcel, format: "jsonl", content: lines.blob() };
}

/** Return plain texts as lines of ours, one a file. */
export async function documentsParcel(files: readonly Looked[], name: string): Promise<Parcel> {
  const lines = new Lines();
  for (const { file, name: unique_id } of files)
    for await (const { fields } of rowsOf(file, "text", "files"))
      lines.add(JSON.stringify({ unique_id, ...fields }));
  return { name, format: "jsonl", content: lines.blob(), lines: files.map((file) => file.name), files: null };
}

/** Return media that are in as lines of ours. */
export function mediaParcel(
  hashes: readonly (readonly [name: string, hash: string])[],
  name: string,
): Parcel {
  const lines = new Lines();
  for (const [unique_id, asset] of hashes) lines.add(JSON.stringify({ unique_id, asset }));
  return { name, format: "jsonl", content: lines.blob(), lines: hashes.map(([one]) => one), files: null };
}

/** Return a COCO file with the assets of the images it may name. */
export const cocoParcel = (
  { name, file }: Looked,
  hashes: readonly (readonly [name: string, hash: string])[],
): Parcel => {
  const base = (path: string) => path.slice(path.lastIndexOf("/") + 1);
  const files = Object.fromEntries(
    hashes.flatMap(([one, hash]) => [
      [one, hash],
      [base(one), hash],
    ]),
  );
  return { name, format: "coco", content: file, lines: null, files };
};
