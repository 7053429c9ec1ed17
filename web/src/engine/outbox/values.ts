/** What a browser keeps for one member: answers on their way, the tasks in hand, and the answers given last. */

import type { Document, Json, Modality } from "../document/values";

/** A lease as the claims give it out. */
export interface Given {
  readonly id: string;
  readonly fence: number;
  readonly expires_at: string;
  readonly task: {
    readonly id: string;
    readonly unique_id: string;
    readonly stage: string;
    readonly ontology_version: string;
    readonly item: Readonly<Record<string, Json>>;
    readonly suggestions: readonly Suggestion[];
    readonly project: string;
    readonly instructions_version: number;
  };
}

export interface Suggestion {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly score: number | null;
  readonly answer: Readonly<Record<string, Json>>;
}

/** A verdict's `assignment` is its review. */
export type EntryKind = "submission" | "revision" | "skip" | "verdict";

/** Why an entry waits for a person: what the server said, and when. */
export interface Refusal {
  readonly state: number;
  readonly code: string;
  readonly detail: string;
  readonly at: number;
}

/**
 * One thing to be delivered. `key` is its Idempotency-Key and its place in the order; `body` is sent as it stands,
 * because a repetition must be equal to the byte.
 */
export interface Entry {
  readonly key: string;
  readonly kind: EntryKind;
  readonly modality: Modality;
  readonly project: string;
  readonly assignment: string;
  readonly task: string;
  readonly uniqueId: string;
  readonly body: string;
  /** The tab that the tasks in the reply are for. */
  readonly tab: string;
  readonly claims: number;
  readonly queuedAt: number;
  /** Absent while it waits to be sent. */
  readonly refusal?: Refusal;
}

/** What was written on a task so far, undecided suggestions and hidden marks included. */
export interface Draft {
  readonly document: Document;
  readonly seconds: number;
  readonly savedAt: number;
  /** Of the server's draft that this one goes on from, where it is known. */
  readonly version?: number;
}

/** A draft as the server has it. */
export interface DraftAway {
  readonly assignment: string;
  readonly answer: Readonly<Record<string, Json>>;
  readonly version: number;
  readonly saved_at: string;
}

/** A task in hand: leased, and not answered yet. `seenAt` is when its tab last said that it is there. */
export interface DeskTask {
  readonly id: string;
  readonly project: string;
  readonly modality: Modality;
  readonly tab: string;
  readonly seenAt: number;
  readonly given: Given;
  readonly draft?: Draft;
}

/**
 * A request for tasks that was not answered yet. Under its key the same leases come again, so that none is left to run
 * out because the tab that asked for it is gone.
 */
export interface Asked {
  readonly key: string;
  readonly project: string;
  readonly tab: string;
  readonly seenAt: number;
  readonly count: number;
  readonly waits: boolean;
}

/** An answer given a short while ago, kept so that it can be revised. `submission` is known once it is delivered. */
export interface Recent {
  readonly assignment: string;
  readonly project: string;
  readonly modality: Modality;
  readonly given: Given;
  readonly answer: Readonly<Record<string, Json>>;
  readonly seconds: number;
  readonly answeredAt: number;
  readonly submission?: string;
}

/** What came back for an entry; `none` when nothing did, `stranger` when another member is signed in by now. */
export type Reply =
  | { readonly kind: "none" }
  | { readonly kind: "stranger" }
  | {
      readonly kind: "answer";
      readonly state: number;
      readonly code: string;
      readonly detail: string;
      readonly retryable: boolean;
      readonly retryAfterSeconds: number | null;
      readonly submission?: string;
      readonly next?: readonly Given[];
    };

export type Send = (entry: Entry, submission: string | undefined) => Promise<Reply>;
