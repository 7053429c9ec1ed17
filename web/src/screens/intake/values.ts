/** Own files on their way to be items: what a file is, what its rows say, what becomes of it. */

import type { Modality } from "@/engine/document/values";

/** A file as somebody chose it; `name` has the folders it lay in. */
export interface Chosen {
  readonly name: string;
  readonly file: File;
}

export const KINDS = ["image", "video", "jsonl", "json", "csv", "tsv", "text", "coco"] as const;
export type Kind = (typeof KINDS)[number];

/** What a row of text holds: one text, two replies, several, one or none, or a conversation. */
export const SHAPES = ["text", "compared", "ranked", "prompted", "chat"] as const;
export type Shape = (typeof SHAPES)[number];

export type Fields = Readonly<Record<string, unknown>>;

/** One row of a file: where it began there, as it stands, and what it says; null where it is no object. */
export interface Row {
  readonly line: number;
  readonly raw: string;
  readonly fields: Fields | null;
}

/** A file that was looked into. */
export interface Looked extends Chosen {
  readonly kind: Kind | null;
  /** Why it cannot be used, and what to do; else null. */
  readonly problem: string | null;
  /** The first rows, for a guess and a look. */
  readonly sample: readonly Row[];
  readonly columns: readonly string[];
  /** The rows are as the import wants them, in one of its formats: they are sent as they stand. */
  readonly ready: "jsonl" | "preference_jsonl" | null;
  /** Names of the categories of a COCO file. */
  readonly categories: readonly string[];
}

/** How rows of text are read. */
export interface Reading {
  readonly shape: Shape;
  /** The column that each field of ours is taken from. */
  readonly from: Readonly<Record<string, string>>;
  /** Of plain text: each line an item, or each file. */
  readonly plain: "lines" | "files";
}

/** One row or file that did not go in. `line` is null where it is the file that was refused. */
export interface Refused {
  readonly file: string;
  readonly line: number | null;
  readonly path: string | null;
  readonly reason: string;
}

/** What one import is begun with. */
export interface Parcel {
  readonly name: string;
  readonly format: "jsonl" | "preference_jsonl" | "coco";
  readonly content: Blob;
  /** The files that its lines stand for, where each line is a file. */
  readonly lines: readonly string[] | null;
  /** COCO: the asset of each file name. */
  readonly files: Readonly<Record<string, string>> | null;
}

/** The fields of each shape: what a row must have, then what it may have. */
export const FIELDS: Readonly<
  Record<Shape, readonly [needed: readonly string[], welcome: readonly string[]]>
> = {
  text: [["text"], []],
  compared: [["prompt", "a", "b"], []],
  ranked: [["prompt", "candidates"], []],
  prompted: [["prompt"], ["text"]],
  chat: [["messages"], ["prompt"]],
};

export const isMedia = (kind: Kind | null): kind is "image" | "video" => kind === "image" || kind === "video";

/** Whether a file can go into a project of a modality. */
export function fits({ kind, problem, columns }: Looked, modality: Modality): boolean {
  if (problem !== null || kind === null) return false;
  if (isMedia(kind)) return kind === modality;
  if (kind === "coco") return modality === "image";
  return columns.includes("asset") ? modality !== "text" : modality === "text";
}

/** Return what most files are of. */
export function modalityOf(files: readonly Looked[]): Modality {
  const counts = (["text", "image", "video"] as const).map(
    (one) => [one, files.filter((file) => fits(file, one)).length] as const,
  );
  return counts.reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}
