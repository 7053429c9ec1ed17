/** The tab's socket in React: made once for the service that the page shows, and topics as values. */

import { createContext, useContext, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { onSignedOut } from "@/api/client";
import type { Heard, NoticeData, StateOf } from "./messages";
import { browser, type LinkState, LiveSocket, liveUrl, type Surroundings } from "./socket";

/** The socket of this tab; null where nobody is signed in. */
export const LiveContext = createContext<LiveSocket | null>(null);

/** Return the socket to a service (null: none), which lasts as long as the service stays the same. */
export function useLiveSocket(
  service: string | null,
  signedOut: () => void = () => {},
  around: Surroundings = browser,
): LiveSocket | null {
  const [socket, setSocket] = useState<LiveSocket | null>(null);
  const told = useRef(signedOut);
  told.current = signedOut;
  useEffect(() => {
    if (service === null) return;
    const made = new LiveSocket(liveUrl(service), around, () => told.current());
    // Once a request was refused for want of a session, the socket of that session is over as well.
    const stop = onSignedOut(() => made.close());
    setSocket(made);
    return () => {
      stop();
      made.close();
      setSocket(null);
    };
  }, [service, around]);
  return socket;
}

/** Return whether the tab hears from its service. */
export function useLinkState(): LinkState {
  const socket = useContext(LiveContext);
  return useSyncExternalStore(
    (changed) => socket?.watch(changed) ?? (() => {}),
    () => socket?.state ?? "ended",
  );
}

/** Calls `heard` for each message of a topic (null: of none) while the component is there. */
export function useTopic(topic: string | null, heard: (message: Heard) => void): void {
  const socket = useContext(LiveContext);
  const latest = useRef(heard);
  latest.current = heard;
  useEffect(() => {
    if (socket && topic !== null) return socket.subscribe(topic, (message) => latest.current(message));
  }, [socket, topic]);
}

/**
 * Return the state of a topic of one of the four kinds (`useTopicState("project", "prj_…")`), null until it is known
 * or when it may not be heard; `noticed` gets its notices.
 */
export function useTopicState<Kind extends keyof StateOf>(
  kind: Kind,
  subject: string | null,
  noticed: (notice: NoticeData) => void = () => {},
): StateOf[Kind] | null {
  const [found, setFound] = useState<{ readonly topic: string; readonly state: StateOf[Kind] | null }>();
  const topic = kind === "me" ? "me" : subject === null ? null : `${kind}:${subject}`;
  useTopic(topic, (message) => {
    if (message.type === "notice") noticed(message.data);
    // The service's word for its own states: checked where they are made.
    else if (message.type === "state")
      setFound({ topic: message.topic, state: message.data as StateOf[Kind] });
    else if (message.type === "refused") setFound({ topic: message.topic, state: null });
  });
  return found?.topic === topic ? (found?.state ?? null) : null;
}
