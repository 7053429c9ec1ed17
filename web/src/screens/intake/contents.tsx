/** The chosen files: what each is, a look into it, and how its rows are read. */

import { useEffect, useState } from "react";
import { counted, t } from "@/app/words";
import type { Modality } from "@/engine/document/values";
import { IconButton } from "@/kit/button";
import { Segments } from "@/kit/choices";
import { Field, Select } from "@/kit/field";
import { Icon, type IconName } from "@/kit/icon";
import { isShape, missing, sourcesOf } from "./reading";
import { FIELDS, fits, isMedia, type Kind, type Looked, type Reading, SHAPES, type Shape } from "./values";

const LISTED = 4;
const PICTURES = 12;
const SAMPLE_CHARACTERS = 160;
const ICONS: Readonly<Record<Kind, IconName>> = {
  image: "image",
  video: "video",
  jsonl: "text",
  json: "text",
  csv: "text",
  tsv: "text",
  text: "text",
  coco: "layers",
};

export interface ContentsProps {
  readonly files: readonly Looked[];
  readonly modality: Modality;
  readonly onRemove: (names: readonly string[]) => void;
}

export function Contents({ files, modality, onRemove }: ContentsProps) {
  const media = files.filter((file) => isMedia(file.kind) && fits(file, modality));
  const others = files.filter((file) => !media.includes(file));
  const shown = [...others, ...(media.length > LISTED ? [] : media)];
  return (
    <div className="flex flex-col gap-3">
      {media.length > LISTED && (
        <Line
          icon={modality === "video" ? "video" : "image"}
          name={t("{count} files", { count: counted(media.length) })}
          told={sizeWords(media.reduce((sum, { file }) => sum + file.size, 0))}
          onRemove={() => onRemove(media.map(({ name }) => name))}
        />
      )}
      <ul aria-label={t("Chosen files")} className="flex flex-col gap-2 empty:hidden">
        {shown.map((file) => (
          <li key={file.name}>
            <Line
              icon={file.kind ? ICONS[file.kind] : "alert"}
              name={file.name}
              told={toldOf(file)}
              problem={problemOf(file, modality)}
              onRemove={() => onRemove([file.name])}
            />
          </li>
        ))}
      </ul>
      {modality === "image" && <Pictures files={media} />}
    </div>
  );
}

/** Why a file stays out, if it does. */
function problemOf(file: Looked, modality: Modality): string | null {
  if (file.problem !== null) return file.problem;
  if (fits(file, modality)) return null;
  return t("It stays out: this project is about {modality}.", { modality: modalityWords(modality) });
}

export const modalityWords = (modality: Modality): string =>
  ({ text: t("texts"), image: t("images"), video: t("videos") })[modality];

function toldOf({ kind, file, columns, categories }: Looked): string {
  const size = sizeWords(file.size);
  if (kind === "coco")
    return t("{size}, COCO with {count, plural, one {# category} other {# categories}}", {
      size,
      count: categories.length,
    });
  if (columns.length > 0 && kind !== "text")
    return `${size} · ${columns.slice(0, 6).join(", ")}${columns.length > 6 ? "…" : ""}`;
  return size;
}

export function sizeWords(bytes: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let size = bytes;
  let at = 0;
  for (; size >= 1000 && at < units.length - 1; at += 1) size /= 1000;
  return `${counted(Number(size.toPrecision(3)))} ${units[at]}`;
}

interface LineProps {
  readonly icon: IconName;
  readonly name: string;
  readonly told: string;
  readonly problem?: string | null;
  readonly onRemove: () => void;
}

const Line = ({ icon, name, told, problem = null, onRemove }: LineProps) => (
  <div className="flex items-center gap-3 rounded-md border border-line bg-raised px-3 py-2">
    <Icon name={problem ? "alert" : icon} className={problem ? "text-bad" : "text-quiet"} />
    <div className="min-w-0 flex-1">
      <p className="truncate font-medium">{name}</p>
      <p className={problem ? "text-sm text-bad" : "truncate text-sm text-quiet"}>{problem ?? told}</p>
    </div>
    <IconButton icon="trash" size="sm" label={t("Leave {name} out", { name })} onClick={onRemove} />
  </div>
);

/** The first images, small. */
function Pictures({ files }: { readonly files: readonly Looked[] }) {
  const [addresses, setAddresses] = useState<readonly (readonly [string, string])[]>([]);
  const key = files
    .slice(0, PICTURES)
    .map(({ name }) => name)
    .join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names say which they are
  useEffect(() => {
    const made = files.slice(0, PICTURES).map(({ name, file }) => [name, URL.createObjectURL(file)] as const);
    setAddresses(made);
    return () => {
      for (const [, address] of made) URL.revokeObjectURL(address);
    };
  }, [key]);
  return (
    <div className="flex flex-wrap gap-2">
      {addresses.map(([name, address]) => (
        <img
          key={name}
          src={address}
          alt={name}
          className="h-16 w-20 rounded-md border border-line bg-media object-cover"
        />
      ))}
    </div>
  );
}

export interface ReadingFormProps {
  readonly files: readonly Looked[];
  readonly reading: Reading;
  readonly onChange: (reading: Reading) => void;
}

/** How rows of text are read; nothing where they are as we want them. */
export function ReadingForm({ files, reading, onChange }: ReadingFormProps) {
  const plain = files.some(({ kind }) => kind === "text");
  const tables = files.filter(
    ({ kind, ready, columns }) => columns.length > 0 && kind !== "text" && ready === null,
  );
  const columns = [...new Set(tables.flatMap((file) => file.columns))];
  return (
    <div className="flex flex-col gap-4 empty:hidden">
      {plain && (
        <div className="flex flex-wrap items-center gap-3">
          <span className="text-sm font-medium">{t("Of plain text, an item is")}</span>
          <Segments
            label={t("Of plain text, an item is")}
            value={reading.plain}
            choices={[
              ["lines", t("each line")],
              ["files", t("each file")],
            ]}
            onChange={(chosen) => onChange({ ...reading, plain: chosen })}
          />
        </div>
      )}
      {tables.length > 0 && (
        <Columns columns={columns} files={tables} reading={reading} onChange={onChange} />
      )}
      <Sample files={files} />
    </div>
  );
}

export function shapeWords(shape: Shape): string {
  const words: Readonly<Record<Shape, string>> = {
    text: t("A text"),
    compared: t("A prompt and two replies"),
    ranked: t("A prompt and several replies"),
    prompted: t("A prompt, perhaps with a reply"),
    chat: t("A conversation"),
  };
  return words[shape];
}

interface ColumnsProps extends ReadingFormProps {
  readonly columns: readonly string[];
}

function Columns({ columns, files, reading, onChange }: ColumnsProps) {
  const [needed, welcome] = FIELDS[reading.shape];
  const without = missing(reading);
  const choose = (field: string, column: string) => {
    const { [field]: _, ...others } = reading.from;
    onChange({ ...reading, from: column === "" ? others : { ...others, [field]: column } });
  };
  const shape = (chosen: string) =>
    isShape(chosen) && onChange({ ...reading, shape: chosen, from: sourcesOf(chosen, columns, files) });
  return (
    <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
      <Field label={t("What a row holds")}>
        {(links) => (
          <Select {...links} value={reading.shape} onChange={(event) => shape(event.target.value)}>
            {SHAPES.map((one) => (
              <option key={one} value={one}>
                {shapeWords(one)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {[...needed, ...welcome, "unique_id"].map((field) => (
        <Field
          key={field}
          label={t("{field} is the column", { field: fieldWords(field) })}
          error={without.includes(field) ? t("Choose the column that holds it.") : undefined}
        >
          {(links) => (
            <Select
              {...links}
              value={reading.from[field] ?? ""}
              onChange={(event) => choose(field, event.target.value)}
            >
              <option value="">{t("none")}</option>
              {columns.map((column) => (
                <option key={column} value={column}>
                  {column}
                </option>
              ))}
            </Select>
          )}
        </Field>
      ))}
    </div>
  );
}

function fieldWords(field: string): string {
  const words: Readonly<Record<string, string>> = {
    text: t("The text"),
    prompt: t("The prompt"),
    a: t("The first reply"),
    b: t("The second reply"),
    candidates: t("The list of replies"),
    messages: t("The list of messages"),
    unique_id: t("The item's name"),
  };
  return words[field] ?? field;
}

/** The beginning of the first rows. */
function Sample({ files }: { readonly files: readonly Looked[] }) {
  const rows = files.flatMap(({ sample }) => sample.filter(({ fields }) => fields !== null)).slice(0, 3);
  if (rows.length === 0) return null;
  return (
    <figure>
      <figcaption className="mb-1 text-sm font-medium">{t("The first rows")}</figcaption>
      <ol className="divide-y divide-line rounded-md border border-line bg-sunken text-sm">
        {rows.map(({ line, fields }) => (
          <li key={line} className="px-3 py-1.5 break-words">
            {Object.entries(fields ?? {}).map(([name, value]) => (
              <span key={name} className="mr-3">
                <span className="text-quiet">{name}</span> {shown(value)}
              </span>
            ))}
          </li>
        ))}
      </ol>
    </figure>
  );
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.length > SAMPLE_CHARACTERS ? `${text.slice(0, SAMPLE_CHARACTERS)}…` : text;
}
