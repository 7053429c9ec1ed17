/** What the service says on the socket of a tab, and reading it: docs/api.md, "Live". */

/** How what a topic is about stands now, something that happened, a refusal, or notices that were lost. */
export type Heard =
  | { readonly type: "state"; readonly topic: string; readonly seq: string; readonly data: unknown }
  | { readonly type: "notice"; readonly topic: string; readonly seq: string; readonly data: NoticeData }
  | { readonly type: "refused"; readonly topic: string; readonly code: string; readonly detail: string }
  | { readonly type: "gap"; readonly topic: string };

export type NoticeData = { readonly kind: string } & Readonly<Record<string, unknown>>;
export type Message = Heard | { readonly type: "hello" } | { readonly type: "ping" };

/** The states of topics, as `State` in the service's live/values.py. */
export interface ProjectState {
  readonly project: string;
  readonly name: string;
  readonly state: "active" | "paused" | "deleted";
  readonly version: number;
  readonly ontology_version: string;
  readonly instructions_version: number;
  readonly progress: Readonly<Record<string, number>> | null;
}

export interface TaskState {
  readonly assignment: string;
  readonly task: string;
  readonly project: string;
  readonly state: "leased" | "submitted" | "skipped" | "released" | "expired" | "revoked" | "set_aside";
  readonly fence: number;
  readonly expires_at: string;
  readonly reason: string | null;
}

export interface MeState {
  readonly projects: readonly {
    readonly project: string;
    readonly role: string;
    readonly state: "qualifying" | "active" | "paused";
  }[];
}

export interface PresentMember {
  readonly member: string;
  readonly name: string;
  readonly task: string | null;
  readonly since: string;
}

export interface PresenceState {
  readonly count: number;
  readonly members: readonly PresentMember[];
}

/** The topics and what their states are. */
export interface StateOf {
  me: MeState;
  project: ProjectState;
  task: TaskState;
  presence: PresenceState;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isNotice = (value: unknown): value is NoticeData => isRecord(value) && typeof value.kind === "string";

/** Return a message; null for what is none, which a newer service may say. */
export function readMessage(text: unknown): Message | null {
  const found = typeof text === "string" ? parsed(text) : null;
  if (!isRecord(found)) return null;
  if (found.type === "hello" || found.type === "ping") return { type: found.type };
  const { type, topic, seq, data, code, detail } = found;
  if (typeof topic !== "string") return null;
  if (type === "gap") return { type, topic };
  if (type === "refused") return { type, topic, code: String(code), detail: String(detail) };
  if (typeof seq !== "string") return null;
  if (type === "state") return { type, topic, seq, data };
  if (type === "notice" && isNotice(data)) return { type, topic, seq, data };
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
