/** The reviews that lie ready: claimed ahead, kept over reloads, their leases renewed, given back on leaving. */

import type { Kept } from "@/annotate/keeping";
import type { StockOf } from "@/annotate/stock";
import { type Problem, problemOf } from "@/api/client";
import type { DeskTask, Given } from "@/engine/outbox/values";
import { ulid } from "@/engine/ulid";
import {
  claimReviews,
  isReviewTask,
  type ReviewGiven,
  type ReviewTask,
  releaseReview,
  renewReview,
} from "./calls";
import { prepareReview, type Reviewed } from "./preparing";

/** Ready beside the one that is looked at. */
const AHEAD = 2;
const RENEWED_AFTER = 1 / 3;
/** How often is looked for more while somebody looks at one, after there was nothing more. */
const LOOK_MILLISECONDS = 15_000;
const PAUSE_MILLISECONDS_FIRST = 500;
const PAUSE_MILLISECONDS_MOST = 10_000;
const ADDRESS_MILLISECONDS = 60_000;

export interface Reviewer {
  readonly current: () => Reviewed | null;
  readonly changed: () => void;
  readonly lost: (review: string, why: Problem) => void;
}

const none = (): DeskTask[] => [];

/** Reviews lie on a desk of their own: labelling does not take them for tasks. */
const deskOf = (project: string): string => `review ${project}`;

export class ReviewStock {
  ready: readonly Reviewed[] = [];
  problem: Problem | null = null;
  /** At the last look there was nothing more to be had. */
  drained = false;
  private claiming = false;
  private asked: { count: number; waits: boolean; key: string } | null = null;
  private lookedAt = 0;
  private readonly renewedAt = new Map<string, number>();
  private readonly leaving = new AbortController();

  constructor(
    private readonly kept: Kept,
    private readonly of: StockOf,
    private readonly reviewer: Reviewer,
  ) {}

  /** Begins with what this browser has in hand still, then keeps the stock full. */
  async open(): Promise<void> {
    const { store, tab } = this.kept;
    const isLive = await tab.whoIsThere(Date.now());
    const left = await store.adopt(deskOf(this.of.project), tab.id, Date.now(), isLive).catch(none);
    const held = await Promise.all(left.filter(isReviewTask).map((task) => this.takeUp(task)));
    await this.arrive(held.filter((task) => task !== null));
    await this.claim();
  }

  take(): Reviewed | null {
    const [next = null, ...rest] = this.ready;
    this.ready = rest;
    return next;
  }

  /** Renews what would end soon, and looks for more. */
  async tick(): Promise<void> {
    const now = Date.now();
    const current = this.reviewer.current();
    for (const { desk } of [...(current ? [current] : []), ...this.ready]) {
      await this.kept.store.see(desk.id, now).catch(() => undefined);
      if (now - (this.renewedAt.get(desk.id) ?? 0) >= this.of.leaseSeconds * 1000 * RENEWED_AFTER)
        await this.keepLease(desk);
    }
    if (now - this.lookedAt > LOOK_MILLISECONDS) void this.claim();
  }

  /** Gives back what nobody has begun. */
  leave(): void {
    this.leaving.abort();
    for (const { desk } of this.ready) this.giveBack(desk);
    this.ready = [];
  }

  giveBack(task: DeskTask): void {
    this.kept.tab.giveBack(task.id);
    void this.released(task);
  }

  /** Keeps the stock full: what is in front, and some beside it. */
  async claim(): Promise<void> {
    if (this.claiming || this.leaving.signal.aborted) return;
    this.claiming = true;
    let pause = PAUSE_MILLISECONDS_FIRST;
    while (!this.leaving.signal.aborted) {
      try {
        if (!(await this.claimOnce())) break;
        pause = PAUSE_MILLISECONDS_FIRST;
      } catch (error) {
        if (this.leaving.signal.aborted) break;
        this.problem = problemOf(error);
        this.reviewer.changed();
        if (!this.problem.retryable && this.problem.state !== 401) break;
        await new Promise((resolve) => setTimeout(resolve, pause));
        pause = Math.min(pause * 2, PAUSE_MILLISECONDS_MOST);
      }
    }
    this.claiming = false;
  }

  /** Claims what is missing; false where there is nothing to do, or nothing more to be had. */
  private async claimOnce(): Promise<boolean> {
    const working = this.reviewer.current() !== null;
    const count = AHEAD + 1 - this.ready.length - (working ? 1 : 0);
    if (count <= 0) return false;
    // One that was not answered is asked again as it was: the same leases come then.
    this.asked ??= { count, waits: this.drained && !working, key: ulid() };
    const { asked } = this;
    const { modality, project } = this.of;
    const given = await claimReviews(modality, project, asked, this.leaving.signal);
    this.asked = null;
    this.lookedAt = Date.now();
    this.problem = null;
    this.drained = given.length < asked.count;
    await this.arrive(given.map((one) => this.onDesk(one)));
    this.reviewer.changed();
    return !(this.drained && (this.reviewer.current() !== null || this.ready.length > 0));
  }

  private async arrive(tasks: readonly ReviewTask[]): Promise<void> {
    for (const task of tasks) this.renewedAt.set(task.id, Date.now());
    await this.kept.store.putOnDesk(tasks).catch(() => undefined);
    for (const task of tasks) {
      if (this.leaving.signal.aborted) {
        this.giveBack(task);
        continue;
      }
      await this.prepare(task);
    }
  }

  /** What cannot be drawn is given back: it comes again, perhaps to somebody who can. */
  private async prepare(task: ReviewTask): Promise<void> {
    try {
      const prepared = await prepareReview(task);
      // What lies ready is read after the wait: something may have been taken meanwhile.
      this.ready = [...this.ready, prepared];
      this.reviewer.changed();
    } catch (error) {
      this.giveBack(task);
      throw error;
    }
  }

  /** Goes on with a review that a page before this one had; null where it is lost, or given back meanwhile. */
  private async takeUp(task: ReviewTask): Promise<ReviewTask | null> {
    const address = typeof task.review.task.item.url === "string";
    const stale = address && Date.parse(task.given.expires_at) < Date.now() + ADDRESS_MILLISECONDS;
    // A page that ended does not know whether the server heard that it gave the review back.
    if (this.kept.tab.gaveBack(task.id) || (stale && !task.draft)) {
      await this.released(task);
      return null;
    }
    try {
      await renewReview(task);
      return task;
    } catch (error) {
      const problem = problemOf(error);
      if (problem.retryable || problem.state === 401) return task;
      await this.kept.store.dropFromDesk(task.id).catch(() => undefined);
      return null;
    }
  }

  private async released(task: DeskTask): Promise<void> {
    if (await releaseReview(task)) await this.kept.store.dropFromDesk(task.id).catch(() => undefined);
  }

  private async keepLease(task: ReviewTask): Promise<void> {
    try {
      await renewReview(task);
      this.renewedAt.set(task.id, Date.now());
    } catch (error) {
      const problem = problemOf(error);
      if (problem.retryable || problem.state === 401) return;
      this.renewedAt.set(task.id, Number.POSITIVE_INFINITY);
      await this.kept.store.dropFromDesk(task.id).catch(() => undefined);
      const spare = this.ready.find(({ desk }) => desk.id === task.id);
      if (!spare) return this.reviewer.lost(task.id, problem);
      this.ready = this.ready.filter((one) => one !== spare);
      void this.claim();
    }
  }

  private onDesk(review: ReviewGiven): ReviewTask {
    const { project, modality } = this.of;
    const { id, unique_id, ontology_version, item } = review.task;
    const task = { id, unique_id, ontology_version, item, project, stage: "review" };
    const given: Given = {
      id: review.id,
      fence: review.fence,
      expires_at: review.expires_at,
      task: { ...task, suggestions: [], instructions_version: 0 },
    };
    const tab = this.kept.tab.id;
    return { id: review.id, project: deskOf(project), modality, tab, seenAt: Date.now(), given, review };
  }
}
