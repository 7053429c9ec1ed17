/** This page's outbox: one for the member who is signed in, shared with the browser's other tabs. */

import { leadingByLock, leadingByTurn } from "@/engine/outbox/leading";
import { Outbox } from "@/engine/outbox/outbox";
import { Store } from "@/engine/outbox/store";
import { sendAs } from "./sending";
import { openTab, type Tab } from "./tab";

export interface Kept {
  readonly member: string;
  readonly outbox: Outbox;
  readonly store: Store;
  readonly tab: Tab;
}

/** Where the session remembers who is signed in (app/session.tsx). */
const ME_KEY = "annotary.me";

let open: { readonly member: string; readonly kept: Promise<Kept>; close: () => void } | null = null;
let thisTab: Promise<Tab> | null = null;

/** Return the member's outbox, which delivers for as long as the page lives; another member's is closed. */
export function keptFor(member: string): Promise<Kept> {
  if (open?.member === member) return open.kept;
  open?.close();
  const closing = new AbortController();
  const kept = begin(member, closing.signal);
  open = { member, kept, close: () => closing.abort() };
  kept.catch(() => {
    open = null;
  });
  return kept;
}

async function begin(member: string, closing: AbortSignal): Promise<Kept> {
  thisTab ??= openTab();
  const [store, tab] = await Promise.all([Store.open(member), thisTab]);
  const name = `annotary-outbox-${member}`;
  const channel = new BroadcastChannel(name);
  const outbox = new Outbox(store, {
    clock: Date.now,
    draw: Math.random,
    after: (milliseconds, call) => {
      const timer = setTimeout(call, milliseconds);
      return () => clearTimeout(timer);
    },
    send: sendAs(member),
    tell: () => channel.postMessage("changed"),
  });
  channel.addEventListener("message", () => outbox.heard());
  addEventListener("online", () => outbox.resume(), { signal: closing });
  addEventListener("storage", (event) => leaveToOther(event, member), { signal: closing });
  closing.addEventListener("abort", () => {
    outbox.stop();
    channel.close();
    store.close();
  });
  await outbox.start(
    navigator.locks
      ? leadingByLock(navigator.locks, name, () => outbox.heard())
      : leadingByTurn(store, tab.id, Date.now),
  );
  return { member, outbox, store, tab };
}

/** Somebody else signed in, in another tab: what this page asked for from now on would be theirs. */
function leaveToOther({ key, newValue }: StorageEvent, member: string): void {
  if (key === ME_KEY && !newValue?.includes(`"${member}"`)) location.reload();
}
