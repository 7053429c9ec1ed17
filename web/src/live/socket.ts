/** The one socket of a tab: topics over it, found again by itself after whatever cut it off. No framework. */

import { type Heard, type Message, readMessage } from "./messages";

/** As much of a WebSocket as is used here. */
export interface Wire {
  send(text: string): void;
  close(): void;
}

/** What a wire tells; nothing any more once it was closed from here. */
export interface Ear {
  heard(data: unknown): void;
  cut(code: number): void;
}

/** Where time, chance and the network come from, so that a test can lead them. */
export interface Surroundings {
  readonly connect: (url: string, ear: Ear) => Wire;
  readonly after: (milliseconds: number, run: () => void) => () => void;
  readonly random: () => number;
  readonly online: () => boolean;
  /** Calls when the browser's network comes or goes; returns how to stop. */
  readonly onNetwork: (changed: () => void) => () => void;
}

/** `offline`: the browser has no network; `ended`: signed out, or asked to stop; it does not connect again. */
export type LinkState = "connecting" | "open" | "offline" | "ended";
export type Listener = (heard: Heard) => void;

export const SILENT_MILLISECONDS = 40_000;
export const STEADY_MILLISECONDS = 5_000;
const PAUSE_LEAST_MILLISECONDS = 500;
const PAUSE_MOST_MILLISECONDS = 30_000;
/** Codes of `Closing` in the service's live/values.py: sign in again; too many tabs are open. */
const SIGNED_OUT = 4401;
const TOO_MANY_TABS = 4409;

interface Heeded {
  readonly listeners: Set<Listener>;
  seq: string | null;
  state: Heard | null;
}

export class LiveSocket {
  private readonly topics = new Map<string, Heeded>();
  private readonly watchers = new Set<() => void>();
  private readonly stopNetwork: () => void;
  private wire: Wire | null = null;
  private current: LinkState = "connecting";
  private failures = 0;
  private cancelRetry: () => void = () => {};
  private cancelSilence: () => void = () => {};
  private cancelSteady: () => void = () => {};

  constructor(
    private readonly url: string,
    private readonly around: Surroundings,
    private readonly signedOut: () => void = () => {},
  ) {
    this.stopNetwork = around.onNetwork(() => this.networkChanged());
    this.networkChanged();
  }

  get state(): LinkState {
    return this.current;
  }

  /** Calls whenever `state` changes; returns how to stop. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Hears a topic, its last state first if it is known; returns how to stop. */
  subscribe(topic: string, listener: Listener): () => void {
    const known = this.topics.get(topic);
    const heeded = known ?? { listeners: new Set<Listener>(), seq: null, state: null };
    heeded.listeners.add(listener);
    if (!known) {
      this.topics.set(topic, heeded);
      this.say({ type: "subscribe", topic });
    } else if (heeded.state) listener(heeded.state);
    return () => {
      if (!heeded.listeners.delete(listener) || heeded.listeners.size > 0) return;
      if (this.topics.get(topic) !== heeded) return;
      this.topics.delete(topic);
      this.say({ type: "unsubscribe", topic });
    };
  }

  /** Ends the connection for good. */
  close(): void {
    this.stopNetwork();
    this.drop();
    this.become("ended");
  }

  private networkChanged(): void {
    if (this.current === "ended") return;
    if (this.around.online()) {
      this.failures = 0;
      if (!this.wire) this.connect();
    } else {
      this.drop();
      this.become("offline");
    }
  }

  private connect(): void {
    this.drop();
    this.become("connecting");
    const ear: Ear = {
      heard: (data) => this.wire === wire && this.heard(readMessage(data)),
      cut: (code) => this.wire === wire && this.lost(code),
    };
    const wire = this.around.connect(this.url, ear);
    this.wire = wire;
    this.awaitSign();
  }

  private heard(message: Message | null): void {
    this.awaitSign();
    if (!message) return;
    if (message.type === "ping") this.say({ type: "pong" });
    else if (message.type === "hello") this.greeted();
    else this.pass(message);
  }

  private greeted(): void {
    this.become("open");
    this.cancelSteady = this.around.after(STEADY_MILLISECONDS, () => {
      this.failures = 0;
    });
    for (const [topic, { seq }] of this.topics)
      this.say({ type: "subscribe", topic, ...(seq === null ? {} : { since: seq }) });
  }

  private pass(message: Heard): void {
    const heeded = this.topics.get(message.topic);
    if (!heeded) return;
    if (message.type === "state" || message.type === "notice") heeded.seq = message.seq;
    if (message.type === "state" || message.type === "refused") heeded.state = message;
    for (const listener of [...heeded.listeners]) listener(message);
  }

  private lost(code: number): void {
    this.drop();
    if (code === SIGNED_OUT) {
      this.close();
      this.signedOut();
      return;
    }
    if (!this.around.online()) {
      this.become("offline");
      return;
    }
    this.become("connecting");
    // Half of the pause is chance: after a restart a thousand tabs must not all come back at once.
    const most = Math.min(PAUSE_MOST_MILLISECONDS, PAUSE_LEAST_MILLISECONDS * 2 ** this.failures);
    const pause = code === TOO_MANY_TABS ? PAUSE_MOST_MILLISECONDS : (most / 2) * (1 + this.around.random());
    this.failures = Math.min(this.failures + 1, 10);
    this.cancelRetry = this.around.after(pause, () => this.connect());
  }

  /** A service that says nothing, not even a ping, is gone, whatever the network believes. */
  private awaitSign(): void {
    this.cancelSilence();
    this.cancelSilence = this.around.after(SILENT_MILLISECONDS, () => this.lost(0));
  }

  private drop(): void {
    for (const cancel of [this.cancelRetry, this.cancelSilence, this.cancelSteady]) cancel();
    const wire = this.wire;
    this.wire = null;
    wire?.close();
  }

  private say(command: Readonly<Record<string, string>>): void {
    if (this.wire && this.current === "open") this.wire.send(JSON.stringify(command));
  }

  private become(state: LinkState): void {
    if (this.current === state) return;
    this.current = state;
    for (const watcher of [...this.watchers]) watcher();
  }
}

/** Return the address of a service's socket. */
export function liveUrl(service: string, place: { readonly origin: string } = location): string {
  const path = service === "platform" ? "/v1/live" : `/v1/${service}/live`;
  return `${place.origin.replace(/^http/, "ws")}${path}`;
}

/** The browser itself. */
export const browser: Surroundings = {
  connect: (url, ear) => {
    const wire = new WebSocket(url);
    wire.onmessage = (event) => ear.heard(event.data);
    wire.onclose = (event) => ear.cut(event.code);
    return wire;
  },
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  online: () => navigator.onLine,
  onNetwork: (changed) => {
    addEventListener("online", changed);
    addEventListener("offline", changed);
    return () => {
      removeEventListener("online", changed);
      removeEventListener("offline", changed);
    };
  },
};
