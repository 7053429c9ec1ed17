/** A project in the making: everything typed and chosen, kept in this browser until the project is there. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Modality } from "@/engine/document/values";
import { ulid } from "@/engine/ulid";
import { type Done, NOTHING_DONE } from "@/screens/intake/intake";
import { look } from "@/screens/intake/looking";
import type { Chosen, Looked, Reading } from "@/screens/intake/values";
import type { Entry } from "./template";

/** Files beyond this are not copied into the browser's database: after a reload they are chosen again. */
const KEPT_BYTES_MAX = 512 * 1024 * 1024;

export interface Draft {
  readonly id: string;
  /** Counts refusals: what is sent after one is another request. */
  readonly attempt: number;
  /** Chosen by hand; null: as the files are. */
  readonly modality: Modality | null;
  readonly reading: Reading | null;
  readonly template: string | null;
  /** The labels of each template that was edited. */
  readonly entries: Readonly<Record<string, readonly Entry[]>>;
  readonly name: string | null;
  /** Null: those of the template. */
  readonly instructions: string | null;
  readonly overlap: string;
  readonly review: "none" | "sample" | "all";
  readonly share: string;
  /** It is being made, or was when the page went. */
  readonly going: boolean;
  readonly done: Done;
  /** The project, once it is there. */
  readonly project: string | null;
  /** Names of files that were chosen. */
  readonly names: readonly string[];
}

export const fresh = (): Draft => ({
  id: ulid(),
  attempt: 0,
  modality: null,
  reading: null,
  template: null,
  entries: {},
  name: null,
  instructions: null,
  overlap: "1",
  review: "none",
  share: "10",
  going: false,
  done: NOTHING_DONE,
  project: null,
  names: [],
});

interface Schema extends DBSchema {
  kept: { key: "draft"; value: Draft };
  files: { key: string; value: Chosen };
}

const opened = new Map<string, Promise<IDBPDatabase<Schema>>>();

function databaseOf(member: string): Promise<IDBPDatabase<Schema>> {
  const found =
    opened.get(member) ??
    openDB<Schema>(`annotary-new-project-${member}`, 1, {
      upgrade(made) {
        made.createObjectStore("kept");
        made.createObjectStore("files", { keyPath: "name" });
      },
    });
  opened.set(member, found);
  return found;
}

export interface Making {
  readonly draft: Draft;
  readonly files: readonly Looked[];
  /** Files of before the reload that are to be chosen again. */
  readonly lost: readonly string[];
  /** It was begun before this page. */
  readonly taken: boolean;
  readonly loading: boolean;
  readonly change: (change: Partial<Draft>) => void;
  readonly choose: (chosen: readonly Chosen[]) => Promise<void>;
  readonly remove: (names: readonly string[]) => void;
  readonly forget: () => void;
}

/** Return the draft of a member, and what changes it. */
export function useMaking(member: string): Making {
  const [draft, setDraft] = useState<Draft>(fresh);
  const [files, setFiles] = useState<readonly Looked[]>([]);
  const [taken, setTaken] = useState(false);
  const [loading, setLoading] = useState(true);
  const latest = useRef(draft);
  const keep = useCallback(
    (next: Draft) => {
      latest.current = next;
      setDraft(next);
      void write(member, next);
    },
    [member],
  );
  useEffect(() => {
    let gone = false;
    void read(member).then(async (found) => {
      const looked = await Promise.all(found.files.map(look));
      if (gone) return;
      if (found.draft) {
        latest.current = found.draft;
        setDraft(found.draft);
      }
      setFiles(inOrder(looked));
      setTaken(found.draft !== undefined && (found.draft.names.length > 0 || found.draft.template !== null));
      setLoading(false);
    });
    return () => {
      gone = true;
    };
  }, [member]);
  const change = useCallback((some: Partial<Draft>) => keep({ ...latest.current, ...some }), [keep]);
  const choose = async (chosen: readonly Chosen[]) => {
    const looked = await Promise.all(named(chosen, files).map(look));
    const all = inOrder([...files, ...looked]);
    setFiles(all);
    change({ names: [...new Set([...latest.current.names, ...all.map(({ name }) => name)])], reading: null });
    void keepFiles(member, all);
  };
  const remove = (names: readonly string[]) => {
    const left = files.filter(({ name }) => !names.includes(name));
    setFiles(left);
    change({ names: latest.current.names.filter((name) => !names.includes(name)), reading: null });
    void dropFiles(member, names);
  };
  const forget = () => {
    setFiles([]);
    setTaken(false);
    keep(fresh());
    void clear(member);
  };
  const there = new Set(files.map(({ name }) => name));
  const lost = draft.names.filter((name) => !there.has(name));
  return { draft, files, lost, taken, loading, change, choose, remove, forget };
}

/** What has rows stands before what is looked at. */
const inOrder = (files: readonly Looked[]): readonly Looked[] =>
  [...files].sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));

/** Files under names that no other one has; a file that is there already is left out, another of its name renamed. */
function named(chosen: readonly Chosen[], there: readonly Chosen[]): readonly Chosen[] {
  const taken = new Map(there.map((one) => [one.name, one.file]));
  return chosen.flatMap(({ name, file }) => {
    const same = taken.get(name);
    if (same && same.size === file.size && same.lastModified === file.lastModified) return [];
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = name.replace(/(\.[^.]*)?$/, ` (${number})$1`);
    taken.set(free, file);
    return [{ name: free, file }];
  });
}

// A browser that keeps nothing has the draft for as long as the page is there.
const quietly = async <T>(deed: () => Promise<T>, otherwise: T): Promise<T> => deed().catch(() => otherwise);

interface Kept {
  readonly draft: Draft | undefined;
  readonly files: readonly Chosen[];
}

const read = (member: string) =>
  quietly(
    async (): Promise<Kept> => {
      const database = await databaseOf(member);
      const draft = await database.get("kept", "draft");
      return { draft: draft && { ...fresh(), ...draft }, files: await database.getAll("files") };
    },
    { draft: undefined, files: [] } as Kept,
  );

const write = (member: string, draft: Draft) =>
  quietly(async () => void (await (await databaseOf(member)).put("kept", draft, "draft")), undefined);

async function keepFiles(member: string, files: readonly Looked[]): Promise<void> {
  let bytes = 0;
  for (const { name, file } of files) {
    bytes += file.size;
    if (bytes > KEPT_BYTES_MAX) return;
    await quietly(
      async () => void (await (await databaseOf(member)).put("files", { name, file })),
      undefined,
    );
  }
}

const dropFiles = (member: string, names: readonly string[]) =>
  quietly(async () => {
    const database = await databaseOf(member);
    for (const name of names) await database.delete("files", name);
  }, undefined);

const clear = (member: string) =>
  quietly(async () => {
    const database = await databaseOf(member);
    await database.clear("files");
    await database.delete("kept", "draft");
  }, undefined);
