/** What is looked for in a project's data: as the address has it, as the server takes it, and in words. Pure. */

import type { ModalityShape } from "@/api/client";
import { t } from "@/app/words";

export type Filter = ModalityShape<"ItemFilter">;
export type State = ModalityShape<"FoundView">["state"];
type ListField = "batches" | "datasets" | "labels" | "answered" | "annotators";

export const STATES: readonly State[] = ["open", "paused", "done", "cancelled", "gold"];
export const LISTS: readonly ListField[] = ["batches", "datasets", "labels", "answered", "annotators"];
const SHARES = ["agreement", "confidence"] as const;

const texts = (found: unknown): string[] =>
  Array.isArray(found) ? found.filter((one): one is string => typeof one === "string") : [];

/** Return the filter of an address: what it cannot be is left out. */
export function readFilter(found: unknown): Filter {
  const given = typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {};
  const filter: Filter = {};
  const states = STATES.filter((state) => texts(given.states).includes(state));
  if (states.length > 0) filter.states = states;
  for (const field of LISTS) {
    const values = texts(given[field]);
    if (values.length > 0) filter[field] = values;
  }
  for (const field of SHARES) {
    const range = given[field];
    if (Array.isArray(range) && range.length === 2 && range.every((one) => typeof one === "number"))
      filter[field] = [Number(range[0]), Number(range[1])];
  }
  for (const field of ["issues", "gold"] as const)
    if (typeof given[field] === "boolean") filter[field] = given[field];
  for (const field of ["unique_id", "words"] as const)
    if (typeof given[field] === "string" && given[field].trim()) filter[field] = given[field];
  const metadata = Object.entries((given.metadata as object | null | undefined) ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  if (metadata.length > 0) filter.metadata = Object.fromEntries(metadata);
  return filter;
}

/** Return the query that asks for a filter: none where it asks for nothing. */
export const asked = (filter: Filter): { filter?: string } =>
  Object.keys(filter).length > 0 ? { filter: JSON.stringify(filter) } : {};

/** Return a filter with one field set; undefined takes it out. */
export function withField<Field extends keyof Filter>(
  filter: Filter,
  field: Field,
  value: Filter[Field] | undefined,
): Filter {
  const { [field]: _before, ...others } = filter;
  return readFilter(value === undefined ? others : { ...others, [field]: value });
}

/** Return a list field with one value turned on or off. */
export const turned = (values: readonly string[] | undefined, value: string): string[] =>
  values?.includes(value) ? values.filter((one) => one !== value) : [...(values ?? []), value];

/** One thing that is asked for, in words, and the filter without it. */
export interface Part {
  readonly words: string;
  readonly without: Filter;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

export const stateWords = (state: string): string =>
  ({
    open: t("Open"),
    paused: t("Paused"),
    done: t("Done"),
    cancelled: t("Cancelled"),
    gold: t("Gold"),
  })[state] ?? state;

/** Return the parts of a filter; `nameOf` says how batches, datasets and annotators are called. */
export function partsOf(filter: Filter, nameOf: (id: string) => string): readonly Part[] {
  const parts: Part[] = [];
  const lists = { ...listWords(nameOf), states: stateWords };
  for (const field of ["states", ...LISTS] as const)
    for (const value of filter[field] ?? [])
      parts.push({
        words: lists[field](value),
        without: withField(filter, field, turned(filter[field], value) as never),
      });
  for (const field of SHARES) {
    const range = filter[field];
    if (range)
      parts.push({
        words: `${shareWords(field)} ${percent(Number(range[0]))} – ${percent(Number(range[1]))}`,
        without: withField(filter, field, undefined),
      });
  }
  const add = (field: keyof Filter, words: string) =>
    parts.push({ words, without: withField(filter, field, undefined) });
  if (typeof filter.issues === "boolean")
    add("issues", filter.issues ? t("With open issues") : t("Without open issues"));
  if (typeof filter.gold === "boolean") add("gold", filter.gold ? t("Gold only") : t("No gold"));
  if (filter.unique_id) add("unique_id", t("Key begins with “{key}”", { key: filter.unique_id }));
  if (filter.words) add("words", t("Words “{words}”", { words: filter.words }));
  for (const [key, value] of Object.entries(filter.metadata ?? {})) {
    const { [key]: _gone, ...others } = filter.metadata ?? {};
    parts.push({ words: `${key} = ${value}`, without: withField(filter, "metadata", others) });
  }
  return parts;
}

export const shareWords = (field: (typeof SHARES)[number]): string =>
  field === "agreement" ? t("Agreement") : t("Confidence");

const listWords = (
  nameOf: (id: string) => string,
): Readonly<Record<ListField, (value: string) => string>> => ({
  batches: (id) => t("Batch {name}", { name: nameOf(id) }),
  datasets: (id) => t("Dataset {name}", { name: nameOf(id) }),
  labels: (label) => t("Label {label}", { label }),
  answered: (label) => t("Answered {label}", { label }),
  annotators: (id) => t("By {name}", { name: nameOf(id) }),
});
