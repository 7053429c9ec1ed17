/** Short notices at the foot of the page, which go by themselves. */

import { lazy, type ReactNode, Suspense, useSyncExternalStore } from "react";
import { t } from "@/app/words";
import { keysFor } from "@/engine/hotkeys/catalogue";
import { ulid } from "@/engine/ulid";

export type Tone = "plain" | "good" | "warn" | "bad";

export interface Action {
  readonly label: string;
  readonly run: () => void;
  /** Keys that do it while the notice is seen. */
  readonly keys?: readonly string[];
}

export interface Notice {
  readonly title: string;
  readonly detail?: string;
  readonly tone?: Tone;
  /** What can be done about it. */
  readonly action?: Action;
  /** How long it stays; a notice of something wrong stays longer. */
  readonly milliseconds?: number;
}

const SHOWN_AT_ONCE = 4;
/** Long enough to read it, and to find the way to its button. */
const UNDO_MILLISECONDS = 12_000;
/** A notice that is to be seen now. */
export interface Shown extends Notice {
  readonly id: string;
}

let notices: readonly Shown[] = [];
const listeners = new Set<() => void>();
const replace = (next: typeof notices) => {
  notices = next;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Shows a notice; the same words are not shown twice at once. */
export function notify(notice: Notice): void {
  const others = notices.filter(({ title }) => title !== notice.title);
  replace([...others, { ...notice, id: ulid() }].slice(-SHOWN_AT_ONCE));
}

/** Says what was done, with a way back: a button, and the key of undoing. */
export function notifyDone(title: string, undo?: () => void): void {
  const action = undo && { label: t("Undo"), run: undo, keys: keysFor("undo") };
  notify({ title, tone: "good", ...(action && { action, milliseconds: UNDO_MILLISECONDS }) });
}

const Notices = lazy(() => import("./notices").then((module) => ({ default: module.Notices })));

/** Around the page, once. */
export function Toaster({ children }: { readonly children: ReactNode }) {
  const shown = useSyncExternalStore(subscribe, () => notices);
  return (
    <>
      {children}
      {shown.length > 0 && (
        <Suspense fallback={null}>
          <Notices shown={shown} close={close} />
        </Suspense>
      )}
    </>
  );
}

const close = (id: string) => replace(notices.filter((notice) => notice.id !== id));
