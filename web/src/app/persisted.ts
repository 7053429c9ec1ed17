/** Values of one person's browser that outlast the page: read, written, and heard of by every tab. */

import { useSyncExternalStore } from "react";

/** One value in `localStorage`, checked when it is read; where storage is refused it lives as long as the page. */
export class Persisted<T> {
  private text: string | null = null;
  private value: T;
  private readonly listeners = new Set<() => void>();

  /** `read` makes a value of what was stored (any JSON, or undefined); it must not throw. */
  constructor(
    private readonly key: string,
    private readonly read: (stored: unknown) => T,
  ) {
    this.value = read(undefined);
    this.load(stored(key));
    globalThis.addEventListener?.("storage", (event) => {
      if (event.key === key || event.key === null) this.load(stored(key));
    });
  }

  get = (): T => this.value;

  set = (value: T): void => {
    const text = JSON.stringify(value);
    try {
      localStorage.setItem(this.key, text);
    } catch {
      // Private windows may refuse; the value then ends with the page.
    }
    this.load(text);
  };

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private load(text: string | null): void {
    if (text === this.text) return;
    this.text = text;
    this.value = this.read(parsed(text));
    for (const listener of this.listeners) listener();
  }
}

/** Return a persisted value and how to set it; the component is drawn again when it changes, in any tab. */
export function usePersisted<T>(persisted: Persisted<T>): readonly [T, (value: T) => void] {
  return [useSyncExternalStore(persisted.subscribe, persisted.get), persisted.set];
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
