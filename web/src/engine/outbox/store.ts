/** The browser's database of one member: each change that must not be lost is one strict transaction. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Asked, DeskTask, Draft, Entry, Given, Recent, Refusal } from "./values";

const RECENT_KEPT = 20;

interface Schema extends DBSchema {
  outbox: { key: string; value: Entry };
  desk: { key: string; value: DeskTask };
  /** Apart from their tasks, so that keeping one is a single step that a dying page still takes. */
  drafts: { key: string; value: Draft };
  recent: { key: string; value: Recent };
  asked: { key: string; value: Asked };
  /** Who delivers where the browser has no locks. */
  turns: { key: string; value: { readonly name: string; readonly holder: string; readonly until: number } };
}

const STRICT = { durability: "strict" } as const;

/** What one member has in this browser. Another member's is another database, which is never opened for them. */
export class Store {
  private constructor(private readonly database: IDBPDatabase<Schema>) {}

  static async open(member: string): Promise<Store> {
    const database = await openDB<Schema>(`annotary-${member}`, 1, {
      upgrade(fresh) {
        fresh.createObjectStore("outbox", { keyPath: "key" });
        fresh.createObjectStore("desk", { keyPath: "id" });
        fresh.createObjectStore("drafts");
        fresh.createObjectStore("recent", { keyPath: "assignment" });
        fresh.createObjectStore("asked", { keyPath: "key" });
        fresh.createObjectStore("turns", { keyPath: "name" });
      },
      // A newer page waits to change the database: it may.
      blocking: (_current, _blocked, event) => {
        if (event.target instanceof IDBDatabase) event.target.close();
      },
    });
    return new Store(database);
  }

  close(): void {
    this.database.close();
  }

  /** Return every entry, in the order they were made. */
  entries(): Promise<Entry[]> {
    return this.database.getAll("outbox");
  }

  /**
   * Puts an entry in, and takes its task from the desk; durable once it returns. What was said about the task before,
   * and refused or given under a lease that is over, gives way to it.
   */
  async enqueue(entry: Entry, recent?: Recent): Promise<void> {
    const transaction = this.database.transaction(
      ["outbox", "desk", "drafts", "recent"],
      "readwrite",
      STRICT,
    );
    const outbox = transaction.objectStore("outbox");
    const earlier = (await outbox.getAll()).filter(({ task }) => task === entry.task);
    for (const one of earlier) if (one.refusal || one.assignment !== entry.assignment) outbox.delete(one.key);
    outbox.add(entry);
    transaction.objectStore("desk").delete(entry.assignment);
    transaction.objectStore("drafts").delete(entry.assignment);
    const kept = transaction.objectStore("recent");
    if (recent) {
      kept.put(recent);
      const all = (await kept.getAll()).sort((one, other) => other.answeredAt - one.answeredAt);
      for (const old of all.slice(RECENT_KEPT)) kept.delete(old.assignment);
    }
    await transaction.done;
  }

  /** Takes a delivered entry out, with what its reply brought; false where another tab had done so already. */
  async settle(
    entry: Entry,
    reply: { submission?: string; next?: readonly Given[] },
    now: number,
  ): Promise<boolean> {
    const transaction = this.database.transaction(["outbox", "desk", "recent"], "readwrite", STRICT);
    const outbox = transaction.objectStore("outbox");
    const found = await outbox.get(entry.key);
    if (found) {
      outbox.delete(entry.key);
      for (const given of reply.next ?? []) transaction.objectStore("desk").put(onDesk(entry, given, now));
      const kept = transaction.objectStore("recent");
      const recent = reply.submission ? await kept.get(entry.assignment) : undefined;
      if (recent && reply.submission) kept.put({ ...recent, submission: reply.submission });
    }
    await transaction.done;
    return found !== undefined;
  }

  /** Lets an entry wait for a person (`refusal`), or to be sent again (without one). */
  async mark(key: string, refusal?: Refusal): Promise<void> {
    const transaction = this.database.transaction("outbox", "readwrite", STRICT);
    const found = await transaction.store.get(key);
    if (found) {
      const { refusal: _, ...entry } = found;
      transaction.store.put(refusal ? { ...entry, refusal } : entry);
    }
    await transaction.done;
  }

  async discard(key: string): Promise<void> {
    await this.database.delete("outbox", key);
  }

  /** Return the tasks of a project that are in hand in any tab, in the order they came. */
  async desk(project: string): Promise<DeskTask[]> {
    const all = await this.database.getAll("desk");
    return all.filter((task) => task.project === project);
  }

  /** Puts tasks on the desk; with `asked`, the key of the request that they answer, that is settled in the same step. */
  async putOnDesk(tasks: readonly DeskTask[], asked?: string): Promise<void> {
    const transaction = this.database.transaction(["desk", "asked"], "readwrite", STRICT);
    for (const task of tasks) transaction.objectStore("desk").put(task);
    if (asked) transaction.objectStore("asked").delete(asked);
    await transaction.done;
  }

  /** Remembers that tasks are being asked for. */
  async ask(asked: Asked): Promise<void> {
    await this.database.put("asked", asked);
  }

  /** Takes over what this tab asked for before, or tabs that are gone, and never heard of again. */
  async adoptAsked(project: string, tab: string, isLive: (asked: Asked) => boolean): Promise<Asked[]> {
    const transaction = this.database.transaction("asked", "readwrite");
    const all = await transaction.store.getAll();
    const left = all.filter((one) => one.project === project && (one.tab === tab || !isLive(one)));
    for (const one of left) transaction.store.put({ ...one, tab });
    await transaction.done;
    return left;
  }

  /** Says that a task's tab is there still. A task that was answered meanwhile stays gone. */
  async see(id: string, seenAt: number): Promise<void> {
    const transaction = this.database.transaction("desk", "readwrite");
    const found = await transaction.store.get(id);
    if (found) transaction.store.put({ ...found, seenAt });
    await transaction.done;
  }

  /** Keeps what is written on a task. It is on its way before this returns: a page that ends now takes it along. */
  saveDraft(id: string, draft: Draft): Promise<void> {
    const transaction = this.database.transaction("drafts", "readwrite");
    transaction.store.put(draft, id);
    transaction.commit();
    return transaction.done;
  }

  /** Takes a task off the desk; on its way before this returns. */
  dropFromDesk(id: string): Promise<void> {
    const transaction = this.database.transaction(["desk", "drafts"], "readwrite");
    transaction.objectStore("desk").delete(id);
    transaction.objectStore("drafts").delete(id);
    transaction.commit();
    return transaction.done;
  }

  /**
   * Takes tasks of a project over from tabs that are gone: `isLive` says of a tab, and of when it was last seen,
   * whether it is still there. Returns all that are this tab's now, those with drafts first.
   */
  async adopt(
    project: string,
    tab: string,
    now: number,
    isLive: (task: DeskTask) => boolean,
  ): Promise<DeskTask[]> {
    const transaction = this.database.transaction(["desk", "drafts"], "readwrite", STRICT);
    const [desk, drafts] = [transaction.objectStore("desk"), transaction.objectStore("drafts")];
    const mine: DeskTask[] = [];
    const tasks = await desk.getAll();
    for (const task of tasks) {
      if (task.project !== project || (task.tab !== tab && isLive(task))) continue;
      desk.put({ ...task, tab, seenAt: now });
      const draft = await drafts.get(task.id);
      mine.push({ ...task, tab, seenAt: now, ...(draft ? { draft } : {}) });
    }
    // A draft that was kept in the moment in which its task was answered.
    const known = new Set(tasks.map(({ id }) => id));
    for (const id of await drafts.getAllKeys()) if (!known.has(id)) drafts.delete(id);
    await transaction.done;
    return mine.sort((one, other) => Number(!one.draft) - Number(!other.draft));
  }

  /** Return the answers given last in a project, the newest first. */
  async recent(project: string): Promise<Recent[]> {
    const all = await this.database.getAll("recent");
    return all
      .filter((one) => one.project === project)
      .sort((one, other) => other.answeredAt - one.answeredAt);
  }

  /** Return the submission that an assignment's answer became; undefined until it is delivered. */
  async submissionOf(assignment: string): Promise<string | undefined> {
    return (await this.database.get("recent", assignment))?.submission;
  }

  /** Takes or keeps a turn until a time; false while somebody else has it. */
  async takeTurn(name: string, holder: string, now: number, until: number): Promise<boolean> {
    const transaction = this.database.transaction("turns", "readwrite");
    const turn = await transaction.store.get(name);
    const free = !turn || turn.holder === holder || turn.until <= now;
    if (free) transaction.store.put({ name, holder, until });
    await transaction.done;
    return free;
  }
}

const onDesk = (entry: Entry, given: Given, now: number): DeskTask => ({
  id: given.id,
  project: given.task.project,
  modality: entry.modality,
  tab: entry.tab,
  seenAt: now,
  given,
});
