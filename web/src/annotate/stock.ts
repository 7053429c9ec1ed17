/** The tasks that lie ready: claimed ahead, kept over reloads, their leases renewed, given back on leaving. */

import { type Problem, problemOf } from "@/api/client";
import type { Modality } from "@/engine/document/values";
import type { Asked, DeskTask, DraftAway, Given } from "@/engine/outbox/values";
import { ulid } from "@/engine/ulid";
import { claim, type Held, listHeld, readDrafts, readGiven, release, renew } from "./calls";
import type { Kept } from "./keeping";
import { type Prepared, prepare } from "./preparing";

/** Ready beside the one that is worked on. */
const AHEAD = 2;
/** Leases are renewed when this part of their time is over. */
const RENEWED_AFTER = 1 / 3;
/** So late a page that is alive may be with that: its timers are slowed down while it is out of sight. */
const RENEWAL_MILLISECONDS_LATE = 75_000;
/** How often a page that has nothing to do looks for leases that nobody looks after. */
const LOOK_MILLISECONDS = 30_000;
const PAUSE_MILLISECONDS_FIRST = 500;
const PAUSE_MILLISECONDS_MOST = 10_000;

export interface StockOf {
  readonly project: string;
  readonly modality: Modality;
  readonly leaseSeconds: number;
}

/** Whoever works from a stock. */
export interface Worker {
  /** The task that is worked on now. */
  readonly current: () => Prepared | null;
  /** Something arrived, or something is wrong. */
  readonly changed: () => void;
  readonly lost: (assignment: string, why: Problem) => void;
  /** The task that is worked on is leased again, after its lease had ended. */
  readonly regained: (task: DeskTask) => void;
}

const passes = (problem: Problem): boolean => problem.retryable || problem.state === 401;

export class Stock {
  /** Ready to be drawn, in the order they came. */
  ready: readonly Prepared[] = [];
  /** Why nothing comes, while that is so. */
  problem: Problem | null = null;
  /** At the last look there was nothing more to be had. */
  drained = false;
  private opened = false;
  /** Requests for tasks that were not answered: this page's own, and those that pages which are gone have left. */
  private asked: readonly Asked[] = [];
  private readonly drafts = new Map<string, Promise<DraftAway | undefined>>();
  private held: readonly Held[] | null = null;
  private lookedAt = 0;
  private pending: readonly DeskTask[] = [];
  private readonly renewedAt = new Map<string, number>();
  private readonly leaving = new AbortController();
  private readonly busy = new Set<string>();
  private readonly sleepers = new Set<() => void>();

  constructor(
    private readonly kept: Kept,
    private readonly of: StockOf,
    private readonly worker: Worker,
  ) {}

  /** Begins with what this browser has in hand still, then keeps the stock full. */
  async open(): Promise<void> {
    await this.look();
    const left = await this.adopt();
    const held = await this.adoptHeld();
    this.opened = true;
    this.arrive([...left, ...held]);
  }

  /** Takes over what tabs that are gone have left here, this one's last page among them. */
  private async adopt(): Promise<readonly DeskTask[]> {
    const { store, tab } = this.kept;
    const now = Date.now();
    const isLive = await tab.whoIsThere(now);
    const mine = await store.adopt(this.of.project, tab.id, now, isLive).catch(() => []);
    const asked = await store.adoptAsked(this.of.project, tab.id, isLive).catch(() => []);
    const known = new Set(this.asked.map(({ key }) => key));
    this.asked = [...this.asked, ...asked.filter(({ key }) => !known.has(key))];
    const fresh = mine.filter((task) => !this.renewedAt.has(task.id));
    const held = await Promise.all(fresh.map((task) => this.isStillHeld(task)));
    return fresh.filter((_, place) => held[place]);
  }

  /**
   * Takes over what this person holds without anybody looking after it, in a browser that is gone: it was not renewed
   * when it should have been. What lies on a desk of this browser, or is answered, is not of it.
   */
  private async adoptHeld(): Promise<readonly DeskTask[]> {
    const { project, modality, leaseSeconds } = this.of;
    const unattended = 1000 * (leaseSeconds - leaseSeconds * RENEWED_AFTER) - RENEWAL_MILLISECONDS_LATE;
    try {
      const [desk, entries] = await Promise.all([this.kept.store.desk(project), this.kept.store.entries()]);
      const known = new Set([...desk.map(({ id }) => id), ...entries.map((entry) => entry.assignment)]);
      const left = (this.held ?? []).filter(({ id, lasts }) => lasts < unattended && !known.has(id));
      const given = await Promise.all(left.map(({ id }) => readGiven(modality, id).catch(() => null)));
      const tasks = given.flatMap((one) => (one ? [this.onDesk(one)] : []));
      await this.kept.store.putOnDesk(tasks);
      return await this.begunFirst(tasks);
    } catch {
      return [];
    }
  }

  /** Asks what this person holds; null where nobody says. */
  private async look(): Promise<void> {
    this.lookedAt = Date.now();
    this.held = await listHeld(this.of.modality, this.of.project).catch(() => null);
  }

  private async begunFirst(tasks: readonly DeskTask[]): Promise<readonly DeskTask[]> {
    this.askForDrafts(tasks);
    const drafts = await Promise.all(tasks.map(({ id }) => this.drafts.get(id)));
    const isBegun = (_: DeskTask, place: number) => drafts[place] !== undefined;
    return [...tasks.filter(isBegun), ...tasks.filter((task, place) => !isBegun(task, place))];
  }

  private onDesk(given: Given): DeskTask {
    const { project, modality } = this.of;
    return { id: given.id, project, modality, tab: this.kept.tab.id, seenAt: Date.now(), given };
  }

  /** Asks for what the server has of drafts; tasks are drawn without them where it does not say. */
  private askForDrafts(tasks: readonly DeskTask[]): void {
    const ids = tasks.map(({ id }) => id).filter((id) => !this.drafts.has(id));
    if (ids.length === 0) return;
    const asked = readDrafts(this.of.modality, ids).catch((): readonly DraftAway[] => []);
    for (const id of ids)
      this.drafts.set(
        id,
        asked.then((drafts) => drafts.find((one) => one.assignment === id)),
      );
  }

  /** Takes the next task out, for somebody to work on it. */
  take(): Prepared | null {
    const [next = null, ...rest] = this.ready;
    this.ready = rest;
    return next;
  }

  /** Puts a task at the front again. */
  putBack(task: Prepared): void {
    this.ready = [task, ...this.ready];
  }

  /** How many tasks the answer that is given now should bring. */
  get claims(): number {
    return this.missing(this.ready.length - 1);
  }

  /** Something may have come with a reply: look on the desk, and claim what is still missing. */
  async replenish(): Promise<void> {
    // Until then what lies there is what the last page left, drafts and all.
    if (!this.opened) return;
    const desk = await this.kept.store.desk(this.of.project).catch(() => []);
    this.arrive(desk.filter((task) => task.tab === this.kept.tab.id));
  }

  /** Renews what would end soon, says that this tab is here, and looks after those that are not any more. */
  async tick(): Promise<void> {
    if (!this.opened) return;
    const now = Date.now();
    const current = this.worker.current();
    const tasks = [...(current && !current.revises ? [current] : []), ...this.ready];
    for (const { desk } of tasks) {
      await this.kept.store.see(desk.id, now).catch(() => undefined);
      if (now - (this.renewedAt.get(desk.id) ?? 0) >= this.of.leaseSeconds * 1000 * RENEWED_AFTER)
        await this.keepLease(desk);
    }
    if (!this.drained) return;
    this.arrive(await this.adopt());
    if (now - this.lookedAt < LOOK_MILLISECONDS) return;
    await this.look();
    this.arrive(await this.adoptHeld());
  }

  /** Gives back what nobody has begun. */
  leave(): void {
    this.leaving.abort();
    for (const wake of this.sleepers) wake();
    for (const { desk } of this.ready.filter((task) => !task.desk.draft)) this.giveBack(desk);
    for (const desk of this.pending.filter((task) => !task.draft)) this.giveBack(desk);
    this.ready = [];
    this.pending = [];
  }

  giveBack(task: DeskTask): void {
    this.kept.tab.giveBack(task.id);
    // It stays on the desk where the server did not hear of it: whoever comes next goes on with it then.
    void this.released(task);
  }

  /** Whether a task is given back now, or was lost before. */
  private async released(task: DeskTask): Promise<boolean> {
    const gone = await release(task);
    if (gone) await this.kept.store.dropFromDesk(task.id).catch(() => undefined);
    return gone;
  }

  private missing(ready: number): number {
    const { waiting } = this.kept.outbox.snapshot();
    const coming = waiting.reduce(
      (sum, entry) => sum + (entry.tab === this.kept.tab.id ? entry.claims : 0),
      0,
    );
    return Math.max(0, AHEAD - ready - this.pending.length - coming);
  }

  /** Whether a task that this browser has kept is still leased; where nobody can say it is taken to be. */
  private async isStillHeld(task: DeskTask): Promise<boolean> {
    // A page that ended does not know whether the server heard that it gave the task back.
    if (this.kept.tab.gaveBack(task.id)) {
      const isHeld = this.held?.some(({ id }) => id === task.id) ?? true;
      if (!isHeld) await this.kept.store.dropFromDesk(task.id).catch(() => undefined);
      if (!isHeld || (await this.released(task))) return false;
    }
    try {
      await renew(task);
      return true;
    } catch (error) {
      const problem = problemOf(error);
      if (passes(problem)) return true;
      // What was written stays for the person to see; what was not begun is forgotten.
      if (task.draft) this.worker.lost(task.id, problem);
      else await this.kept.store.dropFromDesk(task.id).catch(() => undefined);
      return task.draft !== undefined;
    }
  }

  private async keepLease(task: DeskTask): Promise<void> {
    try {
      await renew(task);
      this.renewedAt.set(task.id, Date.now());
    } catch (error) {
      const problem = problemOf(error);
      if (passes(problem)) return;
      // Never again: it will not come back.
      this.renewedAt.set(task.id, Number.POSITIVE_INFINITY);
      const spare = this.ready.find(({ desk }) => desk.id === task.id && !desk.draft);
      if (!spare) return this.worker.lost(task.id, problem);
      this.ready = this.ready.filter((one) => one !== spare);
      await this.kept.store.dropFromDesk(task.id).catch(() => undefined);
      void this.alone("claim", () => this.claimMissing());
    }
  }

  private arrive(tasks: readonly DeskTask[]): void {
    const unknown = tasks.filter((task) => !this.renewedAt.has(task.id));
    for (const task of unknown) this.renewedAt.set(task.id, Date.now());
    const fresh = unknown.filter((task) => !this.isLeasedAnew(task));
    this.askForDrafts(fresh);
    this.pending = [...this.pending, ...fresh];
    void this.alone("prepare", () => this.preparePending());
    void this.alone("claim", () => this.claimMissing());
  }

  /** Whether a task that is here comes under another lease, because the one before has ended: it is here once. */
  private isLeasedAnew(task: DeskTask): boolean {
    const isSame = (one: DeskTask) => one.given.task.id === task.given.task.id && one.id !== task.id;
    const current = this.worker.current();
    if (current && !current.revises && isSame(current.desk)) {
      this.worker.regained(task);
      return true;
    }
    const before = [...this.ready.map(({ desk }) => desk), ...this.pending].filter(isSame);
    this.ready = this.ready.filter(({ desk }) => !isSame(desk));
    this.pending = this.pending.filter((one) => !isSame(one));
    for (const { id } of before) this.kept.store.dropFromDesk(id).catch(() => undefined);
    return false;
  }

  /** Runs one kind of work at a time, again after a pause where it failed in a way that passes. */
  private async alone(kind: string, work: () => Promise<void>): Promise<void> {
    if (this.busy.has(kind)) return;
    this.busy.add(kind);
    let pause = PAUSE_MILLISECONDS_FIRST;
    for (;;) {
      try {
        await work();
        break;
      } catch (error) {
        if (this.leaving.signal.aborted) break;
        this.problem = problemOf(error);
        this.worker.changed();
        if (!passes(this.problem)) {
          if (kind === "claim") await this.forgetAsked();
          break;
        }
        await this.rest(pause);
        pause = Math.min(pause * 2, PAUSE_MILLISECONDS_MOST);
      }
    }
    this.busy.delete(kind);
  }

  private async preparePending(): Promise<void> {
    for (let [task] = this.pending; task && !this.leaving.signal.aborted; [task] = this.pending) {
      const { id } = task;
      const entries = await this.kept.store.entries().catch(() => []);
      const prepared = await prepare(task, entries, this.drafts.get(id));
      this.problem = null;
      this.drafts.delete(id);
      const isWanted = this.pending.some((one) => one.id === id);
      this.pending = this.pending.filter((one) => one.id !== id);
      if (this.leaving.signal.aborted) return;
      if (!isWanted) continue;
      this.ready = [...this.ready, prepared];
      this.worker.changed();
    }
  }

  private async claimMissing(): Promise<void> {
    this.drained = false;
    while (!this.leaving.signal.aborted) {
      const working = this.worker.current() !== null;
      // Where there was nothing more to be had, only somebody who waits asks on.
      const count = this.missing(this.ready.length - (working ? 0 : 1));
      const enough = count === 0 || (this.drained && (working || this.ready.length > 0));
      if (enough && this.asked.length === 0) return;
      const { project, modality } = this.of;
      // Asked again as it was until there is a reply: the leases of one that was lost come then.
      const [repeated] = this.asked;
      const asked = repeated ?? (await this.ask(count));
      const { signal } = this.leaving;
      const given = await claim(modality, project, asked.count, asked.waits, signal, asked.key);
      this.asked = this.asked.filter((one) => one !== asked);
      this.drained = given.length < asked.count;
      await this.keep(given, asked.key, repeated !== undefined);
      this.problem = null;
      this.worker.changed();
    }
  }

  /** Notes a new request before it is made, so that whoever comes after this page can ask again. */
  private async ask(count: number): Promise<Asked> {
    const [seenAt, waits] = [Date.now(), this.drained];
    const asked: Asked = {
      key: ulid(),
      project: this.of.project,
      tab: this.kept.tab.id,
      seenAt,
      count,
      waits,
    };
    this.asked = [asked];
    await this.kept.store.ask(asked).catch(() => undefined);
    return asked;
  }

  /** The server does not want the first request: it is not made again. */
  private async forgetAsked(): Promise<void> {
    const [asked] = this.asked;
    this.asked = this.asked.slice(1);
    if (asked) await this.kept.store.putOnDesk([], asked.key).catch(() => undefined);
  }

  private async keep(given: readonly Given[], key: string, repeated: boolean): Promise<void> {
    const all = given.map((one) => this.onDesk(one));
    // What comes again may have ended meanwhile.
    const held = await Promise.all(all.map((task) => !repeated || this.isStillHeld(task)));
    const tasks = all.filter((_, place) => held[place]);
    if (this.leaving.signal.aborted) for (const task of tasks.splice(0)) void release(task);
    // A browser that keeps nothing can still label: then a task does not outlive the page.
    await this.kept.store.putOnDesk(tasks, key).catch(() => undefined);
    this.arrive(tasks);
  }

  private rest(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.sleepers.add(wake);
    });
  }
}
