/** A reviewer at work on a project: the review in front, the amendment they write, and the way to the next one. */

import type { Kept } from "@/annotate/keeping";
import { sendAs } from "@/annotate/sending";
import type { StockOf } from "@/annotate/stock";
import type { Problem } from "@/api/client";
import { encode } from "@/engine/document/answer";
import { beginning, type History, perform, redo, undo } from "@/engine/document/history";
import type { Action, Document, MarkId } from "@/engine/document/values";
import type { Entry } from "@/engine/outbox/values";
import { withRelations } from "@/engine/text/relations";
import { ulid } from "@/engine/ulid";
import type { Reviewed } from "./preparing";
import { ReviewStock } from "./stock";

const TICK_MILLISECONDS = 5_000;
const CLAIM_LATER_MILLISECONDS = 150;
const NOBODY: ReadonlySet<MarkId> = new Set();

export type Verdict = "accepted" | "rejected" | "amended";

/** What the page draws: a new object after each change. */
export interface ReviewView {
  readonly work: Reviewed | null;
  /** The reviewer's own answer, while they write one. */
  readonly history: History | null;
  readonly lost: Problem | null;
  readonly ready: number;
  readonly decided: number;
  readonly problem: Problem | null;
  readonly drained: boolean;
  /** A verdict could not be kept: the page stays where it is. */
  readonly unkept: string | null;
}

const nothing: ReviewView = {
  work: null,
  history: null,
  lost: null,
  ready: 0,
  decided: 0,
  problem: null,
  drained: false,
  unkept: null,
};

export class ReviewSession {
  private view: ReviewView = nothing;
  private chosen: ReadonlySet<MarkId> = NOBODY;
  private readonly stock: ReviewStock;
  private readonly listeners = new Set<() => void>();
  private ticking: ReturnType<typeof setInterval> | null = null;
  private losses = new Map<string, Problem>();
  private busy = false;

  constructor(
    private readonly kept: Kept,
    private readonly of: StockOf,
  ) {
    this.stock = new ReviewStock(kept, of, {
      current: () => this.view.work,
      changed: () => this.look(),
      lost: (review, why) => {
        this.losses.set(review, why);
        this.look();
      },
    });
  }

  start(): void {
    this.ticking = setInterval(() => void this.stock.tick(), TICK_MILLISECONDS);
    void this.stock.open();
  }

  /** Leaves: an amendment that was begun is kept, the rest is given back. */
  stop(): void {
    if (this.ticking) clearInterval(this.ticking);
    const { work, history } = this.view;
    if (work && !history) this.stock.giveBack(work.desk);
    this.stock.leave();
    this.set(nothing);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): ReviewView => this.view;
  selection = (): ReadonlySet<MarkId> => this.chosen;

  select = (ids: Iterable<MarkId>): void => {
    this.chosen = new Set(ids);
    this.tell();
  };

  /** Begins an answer of the reviewer's own, from what somebody said. */
  amend = (from: Document): void => {
    if (!this.view.work || this.view.history) return;
    this.chosen = NOBODY;
    this.set({ ...this.view, history: beginning(from) });
    this.keepDraft();
  };

  /** Goes back to looking; what was written is given up. */
  giveUp = (): void => {
    const { work } = this.view;
    if (!work || !this.view.history) return;
    this.chosen = NOBODY;
    this.set({ ...this.view, history: null });
    // Back on the desk without a draft, so that it is given back when the page is left.
    const { draft: _, ...desk } = work.desk;
    const { store } = this.kept;
    store
      .dropFromDesk(desk.id)
      .then(() => store.putOnDesk([desk]))
      .catch(() => undefined);
  };

  perform = (action: Action, together?: string): void =>
    this.change((history) => perform(history, withRelations(history.present, action), together));
  undo = (): void => this.change(undo);
  redo = (): void => this.change(redo);
  /** There are no suggestions under review. */
  accept = (): void => undefined;

  /** Gives a verdict and draws the next review; the browser keeps the verdict until the server has it. */
  decide = async (verdict: Verdict, comment: string): Promise<void> => {
    const { work, history, lost } = this.view;
    if (!work || this.busy || lost || (verdict === "amended") !== (history !== null)) return;
    performance.mark("annotary:submit");
    const { review, modality, id } = work.desk;
    const answer = history ? { answer: encode(history.present) } : {};
    const entry: Entry = {
      key: ulid(),
      kind: "verdict",
      modality,
      project: this.of.project,
      assignment: id,
      task: review.task.id,
      uniqueId: review.task.unique_id,
      body: JSON.stringify({ fence: review.fence, verdict, comment, ...answer }),
      tab: this.kept.tab.id,
      claims: 0,
      queuedAt: Date.now(),
    };
    this.busy = true;
    const unkept = await this.keep(entry);
    this.busy = false;
    if (unkept !== null) return this.set({ ...this.view, unkept });
    this.view = { ...this.view, decided: this.view.decided + 1 };
    this.next();
  };

  /** Goes on from a review whose lease is lost: somebody else may have it. */
  goOn = (): void => this.next();

  /** Keeps a verdict durably, or else sends it at once; returns what is wrong, or null. */
  private async keep(entry: Entry): Promise<string | null> {
    try {
      await this.kept.outbox.enqueue(entry);
      return null;
    } catch {
      const reply = await sendAs(this.kept.member)(entry, undefined);
      if (reply.kind === "answer" && reply.state < 300) return null;
      return reply.kind === "answer" ? reply.detail : "";
    }
  }

  private change(step: (history: History) => History): void {
    const { history } = this.view;
    const after = history && step(history);
    if (!after || after === history) return;
    const there = new Set(Object.values(after.present.marks).flatMap((marks) => marks.map(({ id }) => id)));
    this.chosen = new Set([...this.chosen].filter((id) => there.has(id)));
    this.set({ ...this.view, history: after });
    this.keepDraft();
  }

  private keepDraft(): void {
    const { work, history } = this.view;
    if (!work || !history) return;
    const draft = { document: history.present, seconds: 0, savedAt: Date.now() };
    this.kept.store.saveDraft(work.desk.id, draft).catch(() => undefined);
  }

  private next(): void {
    const next = this.stock.take();
    this.show(next);
    // What comes after the next one may wait until that is drawn.
    setTimeout(() => void this.stock.claim(), next ? CLAIM_LATER_MILLISECONDS : 0);
  }

  private show(work: Reviewed | null): void {
    if (work) performance.mark("annotary:shown", { detail: work.work.task.id });
    this.chosen = NOBODY;
    const begun = work?.desk.draft;
    this.view = {
      ...this.view,
      work,
      history: begun ? beginning(begun.document) : null,
      unkept: null,
      lost: null,
    };
    this.look();
  }

  private look(): void {
    const { stock } = this;
    if (!this.view.work && stock.ready.length > 0) {
      this.show(stock.take());
      return;
    }
    const lost = this.losses.get(this.view.work?.desk.id ?? "") ?? null;
    const { problem, drained } = stock;
    this.set({ ...this.view, lost, ready: stock.ready.length, problem, drained });
  }

  private set(view: ReviewView): void {
    this.view = view;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
