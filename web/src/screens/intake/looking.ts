/** A first look into a file: what it is by its name and its first bytes, and why it cannot be used. */

import { t } from "@/app/words";
import { readyAs } from "./reading";
import { NotText, rowsOf } from "./rows";
import { type Chosen, isMedia, type Kind, type Looked, type Row } from "./values";

const SAMPLE_BYTES = 256 * 1024;
const SAMPLE_ROWS = 50;
/** A JSON document is read whole. */
const DOCUMENT_BYTES_MAX = 256 * 1024 * 1024;
const BY_SUFFIX: Readonly<Record<string, Kind>> = {
  jsonl: "jsonl",
  ndjson: "jsonl",
  json: "json",
  csv: "csv",
  tsv: "tsv",
  tab: "tsv",
  txt: "text",
  text: "text",
  md: "text",
};
const MEDIA: Readonly<Record<"image" | "video", readonly string[]>> = {
  image: ["jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff"],
  video: ["mp4", "m4v", "mov", "webm", "mkv", "avi", "mpg", "mpeg", "ts"],
};

/** What the chooser of the browser offers. */
export const ACCEPTED = [...Object.keys(BY_SUFFIX), ...MEDIA.image, ...MEDIA.video]
  .map((suffix) => `.${suffix}`)
  .join(",");

const suffixOf = (name: string): string => /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";

function kindOf({ name, file }: Chosen): Kind | null {
  const suffix = suffixOf(name);
  const known = BY_SUFFIX[suffix];
  if (known) return known;
  for (const kind of ["image", "video"] as const)
    if (MEDIA[kind].includes(suffix) || file.type.startsWith(`${kind}/`)) return kind;
  return null;
}

/** Look into a file that was chosen. */
export async function look(chosen: Chosen): Promise<Looked> {
  const kind = kindOf(chosen);
  const nothing = { ...chosen, kind, problem: null, sample: [], columns: [], ready: null, categories: [] };
  const refused = (problem: string): Looked => ({ ...nothing, problem });
  if (kind === null) return refused(unknown(chosen.name));
  if (chosen.file.size === 0) return refused(t("The file is empty."));
  if (isMedia(kind)) return nothing;
  try {
    return await lookAtRows(nothing, kind);
  } catch (error) {
    if (error instanceof NotText)
      return refused(t("Its text is not in UTF-8. Save it as UTF-8 (a spreadsheet offers “CSV UTF-8”)."));
    if (error instanceof SyntaxError)
      return refused(
        t("It is not valid JSON: {why}. One object a line belongs in a .jsonl file.", { why: error.message }),
      );
    return refused(
      t("It cannot be read: {why}.", { why: error instanceof Error ? error.message : String(error) }),
    );
  }
}

function unknown(name: string): string {
  const suffix = suffixOf(name);
  if (["zip", "gz", "tar", "7z", "zst", "bz2", "xz"].includes(suffix))
    return t("It is packed: unpack it, and choose what was in it.");
  if (["xls", "xlsx", "ods"].includes(suffix))
    return t("It is a spreadsheet: save it as “CSV UTF-8”, and choose that.");
  return t("It is neither text (JSONL, JSON, CSV, TSV, TXT) nor an image or a video.");
}

async function lookAtRows(nothing: Looked, kind: Kind): Promise<Looked> {
  const { file } = nothing;
  if (kind === "json") {
    if (file.size > DOCUMENT_BYTES_MAX)
      return {
        ...nothing,
        problem: t("It is too large for one JSON document: write one object a line (.jsonl)."),
      };
    const found: unknown = JSON.parse(await file.text());
    const categories = cocoCategories(found);
    if (categories) return { ...nothing, kind: "coco", categories };
  }
  const sample = await firstRows(file, kind);
  if (sample.length === 0) return { ...nothing, problem: t("It has no rows.") };
  if (sample.every(({ fields }) => fields === null))
    return {
      ...nothing,
      sample,
      problem: t("None of its first rows is a JSON object: {found}", {
        found: sample[0]?.raw.slice(0, 60) ?? "",
      }),
    };
  const columns = [...new Set(sample.flatMap(({ fields }) => Object.keys(fields ?? {})))];
  return { ...nothing, sample, columns, ready: kind === "jsonl" ? readyAs(sample) : null };
}

/** The first rows of a file; of a long one what is whole in its first bytes. */
async function firstRows(file: File, kind: Kind): Promise<readonly Row[]> {
  const start = kind === "json" || file.size <= SAMPLE_BYTES ? file : file.slice(0, await lastLineEnd(file));
  const rows: Row[] = [];
  for await (const row of rowsOf(start, kind)) {
    rows.push(row);
    if (rows.length === SAMPLE_ROWS) break;
  }
  return rows;
}

/** Where the last line ends among the first bytes; a line end in UTF-8 is never part of another character. */
async function lastLineEnd(file: File): Promise<number> {
  const bytes = new Uint8Array(await file.slice(0, SAMPLE_BYTES).arrayBuffer());
  const end = bytes.lastIndexOf(0x0a);
  return end < 0 ? SAMPLE_BYTES : end + 1;
}

/** Return the names of the categories where a document is one of COCO. */
function cocoCategories(found: unknown): readonly string[] | null {
  if (typeof found !== "object" || found === null || !("images" in found) || !Array.isArray(found.images))
    return null;
  if (!("categories" in found) || !Array.isArray(found.categories)) return [];
  return found.categories.flatMap((one: unknown) =>
    typeof one === "object" && one !== null && "name" in one && typeof one.name === "string"
      ? [one.name]
      : [],
  );
}
