/** From chosen files to running imports: what was done is kept, so that it is gone on with after any break. */

import { answered, type PlatformShape, Problem, platform, writeHeaders } from "@/api/client";
import type { Modality } from "@/engine/document/values";
import { cocoParcel, documentsParcel, mediaParcel, rowParcel } from "./parcels";
import { repeated, sendAsset } from "./sending";
import { fits, isMedia, type Looked, type Parcel, type Reading, type Refused } from "./values";

const SENT_AT_ONCE = 3;

/** One import that was begun; `lines`: the files that its lines stand for. */
export interface Begun {
  readonly name: string;
  readonly job: string;
  readonly lines: readonly string[] | null;
}

/** How far it has come. Values only: it is kept in the browser. */
export interface Done {
  /** Assets that are in, by what they were made of: another file of the same name is another one. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Files that the platform refused, and why, by what they were. */
  readonly refused: Readonly<Record<string, Refused>>;
  readonly begun: readonly Begun[];
}

export const NOTHING_DONE: Done = { hashes: {}, refused: {}, begun: [] };

const madeOf = ({ name, file }: Looked): string => `${name}\n${file.size}\n${file.lastModified}`;

/** Return the files that the platform refused, of those that are still chosen. */
export const refusedOf = ({ refused }: Done, files: readonly Looked[]): readonly Refused[] =>
  files.flatMap((file) => refused[madeOf(file)] ?? []);

export interface Wanted {
  readonly files: readonly Looked[];
  readonly modality: Modality;
  readonly reading: Reading;
}

export interface Progress {
  readonly bytes: number;
  readonly total: number;
  /** Files that are in, of how many. */
  readonly files: number;
  readonly of: number;
}

export interface Told {
  readonly signal: AbortSignal;
  readonly done: (done: Done) => void;
  readonly progress: (progress: Progress) => void;
}

/** No file could be used: there is nothing to import. */
export class NothingLeft extends Error {}

/** Send everything that is to be sent, and return it with the parcels that imports are begun with. */
export async function send(wanted: Wanted, sofar: Done, told: Told): Promise<[Done, readonly Sent[]]> {
  const usable = wanted.files.filter((file) => fits(file, wanted.modality));
  const sender = new Sender(usable, sofar, told);
  await sender.all(usable.filter(({ kind }) => isMedia(kind)));
  const parcels = await parcelsOf(usable, wanted.reading, sender.done);
  if (parcels.length === 0) throw new NothingLeft();
  const sent: Sent[] = [];
  for (const parcel of parcels) {
    const made = JSON.stringify([wanted.reading, usable.map(madeOf)]);
    const upload = await sender.one(`rows of ${parcel.name} ${fingerprint(made)}`, parcel.content);
    sent.push({ ...parcel, upload });
  }
  return [sender.done, sent];
}

/** A parcel whose rows are in: `upload` is their hash. */
export interface Sent extends Parcel {
  readonly upload: string;
}

/** Return a short name of a text (FNV-1a of 64 bits), by which rows that were sent are known again. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16);
}

class Sender {
  private readonly sent = new Map<string, number>();
  private readonly total: number;
  private readonly count: number;

  constructor(
    files: readonly Looked[],
    public done: Done,
    private readonly told: Told,
  ) {
    this.total = files.reduce((sum, { file }) => sum + file.size, 0);
    this.count = files.length;
    for (const one of files) if (done.hashes[madeOf(one)]) this.sent.set(madeOf(one), one.file.size);
  }

  /** Sends media, a few at once; one that the platform refuses does not hold up the others. */
  async all(files: readonly Looked[]): Promise<void> {
    const left = files.filter((one) => !this.done.hashes[madeOf(one)] && !this.done.refused[madeOf(one)]);
    const take = async () => {
      for (let next = left.shift(); next; next = left.shift()) await this.medium(next);
    };
    await Promise.all(Array.from({ length: SENT_AT_ONCE }, take));
  }

  private async medium(medium: Looked): Promise<void> {
    const { name, file } = medium;
    try {
      await this.one(madeOf(medium), file);
    } catch (error) {
      if (!(error instanceof Problem) || (error.state !== 422 && error.state !== 413)) throw error;
      const refused: Refused = { file: name, line: null, path: null, reason: error.message };
      this.keep({ ...this.done, refused: { ...this.done.refused, [madeOf(medium)]: refused } });
      this.moved(madeOf(medium), file.size);
    }
  }

  /** Sends bytes unless they are there, and returns their hash. */
  async one(key: string, content: Blob): Promise<string> {
    const there = this.done.hashes[key];
    if (there) return there;
    const name = key.split("\n", 1)[0] ?? key;
    const sent = (bytes: number) => this.moved(key, bytes);
    const hash = await sendAsset(name, content, { signal: this.told.signal, sent });
    this.keep({ ...this.done, hashes: { ...this.done.hashes, [key]: hash } });
    this.moved(key, content.size);
    return hash;
  }

  private keep(done: Done): void {
    this.done = done;
    this.told.done(done);
  }

  private moved(name: string, bytes: number): void {
    this.sent.set(name, bytes);
    const sum = [...this.sent.values()].reduce((one, other) => one + other, 0);
    const files = Object.keys(this.done.hashes).length + Object.keys(this.done.refused).length;
    const total = Math.max(sum, this.total);
    this.told.progress({ bytes: sum, total, files: Math.min(files, this.count), of: this.count });
  }
}

/** Return what imports are begun with, one for each file of rows, one for all media or documents. */
async function parcelsOf(files: readonly Looked[], reading: Reading, done: Done): Promise<readonly Parcel[]> {
  const media = files.flatMap((file) => {
    const hash = isMedia(file.kind) ? done.hashes[madeOf(file)] : undefined;
    return hash ? [[file.name, hash] as const] : [];
  });
  const documents = reading.plain === "files" ? files.filter(({ kind }) => kind === "text") : [];
  const coco = files.filter(({ kind }) => kind === "coco");
  const rows = files.filter(
    (file) => !isMedia(file.kind) && file.kind !== "coco" && !documents.includes(file),
  );
  const parcels: Parcel[] = coco.map((file) => cocoParcel(file, media));
  // What a COCO file names comes in with it.
  if (media.length > 0 && coco.length === 0)
    parcels.push(mediaParcel(media, together(media.map(([name]) => name))));
  if (documents.length > 0)
    parcels.push(await documentsParcel(documents, together(documents.map(({ name }) => name))));
  for (const file of rows) parcels.push(await rowParcel(file, reading));
  return parcels;
}

const together = (names: readonly string[]): string =>
  `${names[0] ?? ""}${names.length > 1 ? ` + ${names.length - 1}` : ""}`;

export type Batch = NonNullable<PlatformShape<"NewImport">["batch"]>;

export interface Destination {
  readonly project: string;
  /** The dataset's name; else the project's. */
  readonly dataset?: string;
  readonly batch: Batch | null;
}

/** Begin the imports that were not begun yet, each once under its key; returns all of them. */
export async function begin(
  parcels: readonly Sent[],
  key: string,
  to: Destination,
  sofar: Done,
  told: Told,
): Promise<Done> {
  let done = sofar;
  for (const [at, { name, format, lines, files, upload }] of parcels.entries()) {
    if (done.begun.some((one) => one.name === name)) continue;
    const body = {
      format,
      upload,
      project: to.project,
      ...(to.dataset && { name: to.dataset }),
      ...(files && { files: { ...files } }),
      batch: to.batch && { ...to.batch, name: (to.batch.name || name).slice(0, 200) },
    };
    const headers = writeHeaders(`${key}-import-${at}`);
    const start = () => answered(platform.POST("/v1/imports", { body, headers, signal: told.signal }));
    const { id } = await repeated(start, told.signal);
    done = { ...done, begun: [...done.begun, { name, job: id, lines }] };
    told.done(done);
  }
  return done;
}
