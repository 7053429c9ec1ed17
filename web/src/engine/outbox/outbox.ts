/** The outbox: keeps answers durably, delivers them under their keys, and says how it stands. */

import type { Modality } from "../document/values";
import type { Leading } from "./leading";
import { type Lane, next, refusalOf, rested, verdict } from "./rules";
import type { Store } from "./store";
import type { Entry, Recent, Send } from "./values";

/** A follower looks this often whether its turn came; a leader wakes by itself. */
const LOOK_MILLISECONDS = 3_000;

export interface Standing {
  readonly waiting: readonly Entry[];
  readonly refused: readonly Entry[];
  readonly signedOut: boolean;
  /** The service did not answer at the last try. */
  readonly unanswered: boolean;
}

/** What the outbox needs of the world, so that tests can play it. */
export interface World {
  readonly clock: () => number;
  readonly draw: () => number;
  /** Calls once after some milliseconds; what is returned calls it off. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
  readonly send: Send;
  /** Tells this browser's other tabs that something changed. */
  readonly tell: () => void;
}

const empty: Standing = { waiting: [], refused: [], signedOut: false, unanswered: false };

export class Outbox {
  private readonly lanes = new Map<Modality, Lane>();
  private readonly listeners = new Set<() => void>();
  private standing: Standing = empty;
  private wanted = false;
  private busy = false;
  private run: Promise<void> = Promise.resolve();
  private callOff: () => void = () => undefined;
  private signedOut = false;
  private closed = false;
  private looks = 0;
  private leading: Leading = { leads: async () => false, stop: () => undefined };

  constructor(
    readonly store: Store,
    private readonly world: World,
  ) {}

  /** Begins to deliver whenever `leading` says so. */
  async start(leading: Leading): Promise<void> {
    if (this.closed) return leading.stop();
    this.leading = leading;
    await this.look();
    this.wake();
  }

  stop(): void {
    this.closed = true;
    this.callOff();
    this.leading.stop();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): Standing => this.standing;

  /** Keeps an entry; once this returns it survives whatever happens to the tab. */
  async enqueue(entry: Entry, recent?: Recent): Promise<void> {
    await this.store.enqueue(entry, recent);
    // Said before anybody goes on: whoever sees the next task sees that this answer waits.
    const others = this.standing.waiting.filter(({ key }) => key !== entry.key);
    this.stand({ ...this.standing, waiting: [...others, entry] });
    this.changed();
  }

  /** Sends a refused entry once more, as it is. */
  async retry(key: string): Promise<void> {
    await this.store.mark(key);
    this.lanes.clear();
    this.changed();
  }

  async discard(key: string): Promise<void> {
    await this.store.discard(key);
    this.changed();
  }

  /** Somebody signed in, or the network is back: whatever rested may try at once. */
  resume(): void {
    this.signedOut = false;
    this.lanes.clear();
    this.wake();
  }

  /** Another tab changed something: look again, and deliver if it is this one's turn. */
  heard(): void {
    void this.look();
    this.wake();
  }

  /** Delivers what is due. Returns when nothing more can be done now. */
  wake(): Promise<void> {
    this.wanted = true;
    if (!this.busy) {
      this.busy = true;
      this.run = this.drainWhileWanted();
    }
    return this.run;
  }

  private async drainWhileWanted(): Promise<void> {
    while (this.wanted && !this.closed) {
      this.wanted = false;
      this.callOff();
      // The database may refuse, such as while it is being deleted: what is in it is tried again later.
      await this.drain().catch(() => this.later(LOOK_MILLISECONDS));
    }
    // In the same breath as the look at `wanted`: no call comes in between.
    this.busy = false;
  }

  private changed(): void {
    this.world.tell();
    void this.look();
    this.wake();
  }

  private async drain(): Promise<void> {
    while (!this.closed && !this.signedOut) {
      if (!(await this.leading.leads())) return this.later(LOOK_MILLISECONDS);
      const step = next(await this.store.entries(), this.lanes, this.world.clock());
      if (!step) return;
      if ("waitUntil" in step) return this.later(step.waitUntil - this.world.clock());
      await this.deliver(step.send);
      await this.look();
    }
  }

  private later(milliseconds: number): void {
    this.callOff();
    this.callOff = this.world.after(Math.max(milliseconds, 0), () => void this.wake());
  }

  private async deliver(entry: Entry): Promise<void> {
    const { store, world } = this;
    const submission = entry.kind === "revision" ? await store.submissionOf(entry.assignment) : undefined;
    const reply = await world.send(entry, submission);
    switch (verdict(entry, reply)) {
      case "delivered":
        this.lanes.delete(entry.modality);
        await store.settle(entry, reply.kind === "answer" ? reply : {}, world.clock());
        break;
      case "again":
        this.lanes.set(
          entry.modality,
          rested(this.lanes.get(entry.modality), reply, world.clock(), world.draw),
        );
        return;
      case "signed out":
        this.signedOut = true;
        return;
      case "refused":
        this.lanes.delete(entry.modality);
        await store.mark(entry.key, refusalOf(reply, world.clock()));
    }
    world.tell();
  }

  private async look(): Promise<void> {
    if (this.closed) return;
    const asked = ++this.looks;
    const entries = await this.store.entries();
    // Of looks that overtake each other the last one asked knows best.
    if (asked < this.looks) return;
    this.stand({
      waiting: entries.filter((entry) => !entry.refusal),
      refused: entries.filter((entry) => entry.refusal),
      signedOut: this.signedOut,
      unanswered: this.lanes.size > 0,
    });
  }

  private stand(standing: Standing): void {
    this.standing = standing;
    for (const listener of this.listeners) listener();
  }
}
