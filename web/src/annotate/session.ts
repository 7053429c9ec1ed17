/** A person at work on a project: the task in front of them, what they made of it, and the way to the next one. */

import type { Problem } from "@/api/client";
import {
  acceptance,
  allMarks,
  decided,
  dismissal,
  encode,
  isEmpty,
  undecided,
} from "@/engine/document/answer";
import { emptyDocument } from "@/engine/document/apply";
import { beginning, type History, perform, redo, undo } from "@/engine/document/history";
import type { Action, MarkId } from "@/engine/document/values";
import type { Entry, EntryKind, Recent } from "@/engine/outbox/values";
import { withRelations } from "@/engine/text/relations";
import { ulid } from "@/engine/ulid";
import { readGiven, saveDraft } from "./calls";
import type { Kept } from "./keeping";
import { answerIn, type Prepared, prepare } from "./preparing";
import { sendAs } from "./sending";
import { Stock, type StockOf } from "./stock";
import { WorkTimer } from "./timer";

/** Keeping a large document takes a moment, so that it is not done at every move of a drag. */
const DRAFT_MILLISECONDS = 300;
const DRAFT_MARKS_AT_ONCE = 100;
const DRAFT_AWAY_MILLISECONDS = 4_000;
const TICK_MILLISECONDS = 5_000;

/** What the page draws. A new object after each change; the selection is apart, since it changes most often. */
export interface View {
  readonly work: Prepared | null;
  readonly history: History | null;
  /** The lease of the task in front is lost. */
  readonly lost: Problem | null;
  /** Suggestions are undecided, and the person wants to submit. */
  readonly asked: boolean;
  readonly ready: number;
  /** Answers given since the page was opened. */
  readonly answered: number;
  readonly problem: Problem | null;
  /** There is nothing more to be had now. */
  readonly drained: boolean;
  /** An answer could not be kept: the page stays where it is. */
  readonly unkept: string | null;
  readonly last: Recent | null;
}

const NOBODY: ReadonlySet<MarkId> = new Set();
const nothing: View = {
  work: null,
  history: null,
  lost: null,
  asked: false,
  ready: 0,
  answered: 0,
  problem: null,
  drained: false,
  unkept: null,
  last: null,
};

export class Session {
  readonly timer = new WorkTimer(() => performance.now());
  private view: View = nothing;
  private chosen: ReadonlySet<MarkId> = NOBODY;
  private readonly stock: Stock;
  private readonly listeners = new Set<() => void>();
  private readonly losses = new Map<string, Problem>();
  /** Of the server's draft of the task in front, as far as it is known. */
  private draftVersion: number | undefined;
  private drafting: ReturnType<typeof setTimeout> | null = null;
  private draftingAway: ReturnType<typeof setTimeout> | null = null;
  private ticking: ReturnType<typeof setInterval> | null = null;
  private stopListening: () => void = () => undefined;
  private busy = false;

  constructor(
    private readonly kept: Kept,
    private readonly of: StockOf,
  ) {
    this.stock = new Stock(kept, of, {
      current: () => this.view.work,
      changed: () => this.look(),
      lost: (assignment, why) => {
        this.losses.set(assignment, why);
        this.look();
      },
      regained: (desk) => {
        const { work } = this.view;
        if (!work) return;
        this.kept.store.dropFromDesk(work.desk.id).catch(() => undefined);
        const draft = work.desk.draft ? { draft: work.desk.draft } : {};
        this.view = { ...this.view, work: { ...work, desk: { ...desk, ...draft } } };
        if (this.isBegun()) void this.keepDraft();
        this.look();
      },
    });
  }

  start(): void {
    this.stopListening = this.kept.outbox.subscribe(() => {
      void this.stock.replenish();
      void this.rememberLast();
    });
    this.ticking = setInterval(() => void this.stock.tick(), TICK_MILLISECONDS);
    void this.stock.open();
    void this.rememberLast();
  }

  /** Leaves: what was begun is kept, the rest is given back. */
  stop(): void {
    this.stopListening();
    if (this.ticking) clearInterval(this.ticking);
    const { work } = this.view;
    if (work && !work.revises) {
      if (this.isBegun()) void this.keepDraft();
      else this.stock.giveBack(work.desk);
    }
    this.clearDrafting();
    this.stock.leave();
    this.set(nothing);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): View => this.view;
  /** The marks that are selected: another set after each change. */
  selection = (): ReadonlySet<MarkId> => this.chosen;

  perform = (action: Action, together?: string): void =>
    this.change((history) => perform(history, withRelations(history.present, action), together));
  undo = (): void => this.change(undo);
  redo = (): void => this.change(redo);

  select = (ids: Iterable<MarkId>): void => {
    this.chosen = new Set(ids);
    this.tell();
  };

  /** Takes the model's word: for everything, or for some marks. */
  accept = (ids?: ReadonlySet<MarkId>): void => {
    const { work, history } = this.view;
    if (!work || !history) return;
    const forms = ids ? {} : work.suggestedForms;
    const untouched = Object.entries(forms).filter(([tool]) => history.present.forms[tool] === undefined);
    const fills = untouched.map(([tool, value]): Action => ({ kind: "fill", tool, value }));
    this.perform({ kind: "several", actions: [acceptance(history.present, ids), ...fills] });
  };

  dismiss = (): void => {
    const { history } = this.view;
    if (history) this.perform(dismissal(history.present));
  };

  /** Gives the answer, and draws the next task. Asks first where suggestions are undecided. */
  submit = async (): Promise<void> => {
    const { work, history } = this.view;
    if (!work || !history || this.busy) return;
    if (undecided(history.present) > 0) return this.set({ ...this.view, asked: true });
    performance.mark("annotary:submit");
    const answer = encode(history.present);
    const seconds = this.timer.seconds;
    const claims = work.revises ? 0 : this.stock.claims;
    const began = this.timer.firstInputAgo;
    const first = began === undefined ? {} : { first_input_ago_seconds: began };
    const asked = work.revises ? {} : { fence: work.desk.given.fence, claim_next: claims, ...first };
    const entry = this.entry(
      work,
      work.revises ? "revision" : "submission",
      { ...asked, answer, seconds },
      claims,
    );
    const { desk } = work;
    const recent: Recent = {
      assignment: desk.id,
      project: desk.project,
      modality: desk.modality,
      given: desk.given,
      answer,
      seconds,
      answeredAt: Date.now(),
      ...(work.revises && this.view.last?.submission ? { submission: this.view.last.submission } : {}),
    };
    await this.leaveWith(entry, recent);
  };

  /** Passes the task over: it is not offered to this person again. */
  skip = async (reason: string): Promise<void> => {
    const { work } = this.view;
    if (!work || work.revises || this.busy) return;
    await this.leaveWith(this.entry(work, "skip", { fence: work.desk.given.fence, reason }, 0));
  };

  /** Brings the answer that was given last back, to be changed. The task in front waits. */
  revise = async (): Promise<void> => {
    const { last, work } = this.view;
    if (!last?.submission || this.busy || work?.revises) return;
    const { assignment: id, project, modality, given, answer, seconds } = last;
    const desk = { id, project, modality, given, tab: this.kept.tab.id, seenAt: Date.now() };
    const before = await prepare(desk, []);
    const document = answerIn({ body: JSON.stringify({ answer }) }, before.editors);
    if (work) await this.putAside(work);
    this.show({
      ...before,
      document,
      seconds,
      revises: true,
      suggestion: null,
      suggestedForms: {},
      restoredFrom: null,
      draftFrom: null,
    });
  };

  /** Opens the task of a refused answer again, with what was answered; false where this browser forgot the task. */
  reopen = async (refused: Entry): Promise<boolean> => {
    const recent = (await this.kept.store.recent(refused.project)).find(
      (one) => one.assignment === refused.assignment,
    );
    if (!recent || this.busy) return false;
    const { given, modality, project, seconds } = recent;
    const desk = {
      id: refused.assignment,
      given,
      modality,
      project,
      tab: this.kept.tab.id,
      seenAt: Date.now(),
    };
    await this.kept.store.putOnDesk([desk]);
    const { work } = this.view;
    if (work && !work.revises) await this.putAside(work);
    this.show({ ...(await prepare(desk, [refused])), seconds });
    return true;
  };

  /** Leaves the task in front without an answer: a revision is given up, a lost task's draft is set aside. */
  giveUp = async (): Promise<void> => {
    const { work, lost } = this.view;
    if (work?.revises) return this.next();
    if (!work || !lost) return;
    if (this.isBegun()) return this.submit();
    await this.kept.store.dropFromDesk(work.desk.id).catch(() => undefined);
    this.next();
  };

  /** Return an address of the asset in front that is good again; undefined where there is none. */
  freshAddress = async (): Promise<string | undefined> => {
    const asked = this.view.work;
    const given = asked && (await readGiven(asked.desk.modality, asked.desk.id).catch(() => null));
    const { work } = this.view;
    const url = given?.task.item.url;
    if (!given || !work || work.desk.id !== asked.desk.id || typeof url !== "string") return undefined;
    const desk = { ...work.desk, given };
    // The item stays the same object: a surface then knows that nothing but the address is another.
    this.set({ ...this.view, work: { ...work, desk, task: { ...work.task, assetUrl: url } } });
    return url;
  };

  /** A sign of life: time counts. */
  alive = (): void => this.timer.alive();

  private entry(work: Prepared, kind: EntryKind, body: object, claims: number): Entry {
    const { desk } = work;
    const { id: task, unique_id: uniqueId } = desk.given.task;
    const place = { modality: desk.modality, project: desk.project, assignment: desk.id, task, uniqueId };
    const [key, tab] = [ulid(), this.kept.tab.id];
    return { key, kind, ...place, body: JSON.stringify(body), tab, claims, queuedAt: Date.now() };
  }

  /** The one way on from a task: only once the browser, or else the server, has the answer safely. */
  private async leaveWith(entry: Entry, recent?: Recent): Promise<void> {
    this.busy = true;
    this.clearDrafting();
    try {
      await this.kept.outbox.enqueue(entry, recent);
    } catch {
      const reply = await sendAs(this.kept.member)(entry, recent?.submission);
      if (reply.kind !== "answer" || reply.state >= 300) {
        this.busy = false;
        const unkept = reply.kind === "answer" ? reply.detail : "";
        return this.set({ ...this.view, unkept });
      }
    }
    this.busy = false;
    this.view = { ...this.view, answered: this.view.answered + (entry.kind === "submission" ? 1 : 0) };
    this.next();
  }

  private next(): void {
    const next = this.stock.take();
    if (next) {
      this.show(next);
      return;
    }
    this.chosen = NOBODY;
    this.view = { ...this.view, work: null, history: null, lost: null, asked: false };
    this.look();
    void this.stock.replenish();
  }

  private show(work: Prepared): void {
    performance.mark("annotary:shown", { detail: work.task.id });
    this.timer.begin(work.seconds);
    this.chosen = NOBODY;
    this.draftVersion = work.draftVersion;
    this.view = {
      ...this.view,
      work,
      history: beginning(work.document),
      asked: false,
      unkept: null,
    };
    this.look();
  }

  private async putAside(work: Prepared): Promise<void> {
    const { history } = this.view;
    if (this.isBegun()) await this.keepDraft();
    this.stock.putBack({ ...work, document: history?.present ?? work.document, seconds: this.timer.seconds });
  }

  private change(step: (history: History) => History): void {
    const { history } = this.view;
    if (!history) return;
    const after = step(history);
    if (after === history) return;
    this.timer.changed();
    this.chosen = surviving(this.chosen, after);
    this.set({ ...this.view, history: after, asked: false });
    this.timer.alive();
    this.draftSoon();
  }

  private isBegun(): boolean {
    const { work, history } = this.view;
    return (
      !!work && !!history && (history.past.length > 0 || work.desk.draft !== undefined || !!work.restoredFrom)
    );
  }

  private draftSoon(): void {
    if (this.view.work?.revises) return;
    const large = allMarks(this.view.history?.present ?? emptyDocument).length > DRAFT_MARKS_AT_ONCE;
    if (!large) void this.keepDraft();
    else this.drafting ??= setTimeout(() => void this.keepDraft(), DRAFT_MILLISECONDS);
    this.draftingAway ??= setTimeout(() => void this.keepDraftAway(), DRAFT_AWAY_MILLISECONDS);
  }

  private clearDrafting(): void {
    if (this.drafting) clearTimeout(this.drafting);
    if (this.draftingAway) clearTimeout(this.draftingAway);
    this.drafting = null;
    this.draftingAway = null;
  }

  private async keepDraft(): Promise<void> {
    this.drafting = null;
    const { work, history } = this.view;
    if (!work || !history || work.revises) return;
    const version = this.draftVersion !== undefined ? { version: this.draftVersion } : {};
    const draft = { document: history.present, seconds: this.timer.seconds, savedAt: Date.now(), ...version };
    await this.kept.store.saveDraft(work.desk.id, draft).catch(() => undefined);
  }

  /** The server keeps it too, as far as it can be had: this browser has it anyway. */
  private async keepDraftAway(): Promise<void> {
    this.draftingAway = null;
    const { work, history, lost } = this.view;
    if (!work || !history || work.revises || lost) return;
    const own = decided(history.present);
    if (isEmpty(own) && this.draftVersion === undefined) return;
    const version = await saveDraft(work.desk, encode(own)).catch(() => undefined);
    if (version === undefined || this.view.work?.desk.id !== work.desk.id) return;
    this.draftVersion = version;
    void this.keepDraft();
  }

  private async rememberLast(): Promise<void> {
    const [last = null] = await this.kept.store.recent(this.of.project).catch(() => []);
    if (last?.assignment !== this.view.last?.assignment || last?.submission !== this.view.last?.submission) {
      this.set({ ...this.view, last });
    }
  }

  private look(): void {
    const next = this.view.work ? null : this.stock.take();
    if (next) {
      this.show(next);
      return;
    }
    const { ready, problem, drained } = this.stock;
    const { work } = this.view;
    const lost = work ? (this.losses.get(work.desk.id) ?? null) : null;
    this.set({ ...this.view, lost, ready: ready.length, problem, drained });
  }

  private set(view: View): void {
    this.view = view;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Marks that are gone are not selected any more. */
function surviving(selection: ReadonlySet<MarkId>, history: History): ReadonlySet<MarkId> {
  if (selection.size === 0) return selection;
  const there = new Set(Object.values(history.present.marks).flatMap((marks) => marks.map(({ id }) => id)));
  const kept = [...selection].filter((id) => there.has(id));
  return kept.length === selection.size ? selection : new Set(kept);
}
