/** The browser's memory of a member, and a session over it that lives as long as its page is seen. */

import { useEffect, useState } from "react";
import type { PlatformShape } from "@/api/client";
import { type Kept, keptFor } from "./keeping";
import type { StockOf } from "./stock";

/** Return what this browser keeps of a member, once it is open. */
export function useKept(member: string): Kept | null {
  const [kept, setKept] = useState<Kept | null>(null);
  useEffect(() => {
    let here = true;
    keptFor(member).then((found) => here && setKept(found));
    return () => {
      here = false;
    };
  }, [member]);
  return kept?.member === member ? kept : null;
}

interface Working {
  start(): void;
  stop(): void;
}

/** Begins a session on a project; one whose page the browser brings back from its cache begins anew. */
export function useWorking<Session extends Working>(
  Kind: new (kept: Kept, of: StockOf) => Session,
  kept: Kept,
  project: PlatformShape<"ProjectView">,
): Session | null {
  const [session, setSession] = useState<Session | null>(null);
  const { id, modality, lease_seconds: leaseSeconds } = project;
  useEffect(() => {
    let current: Session | null = null;
    const begin = () => {
      current = new Kind(kept, { project: id, modality, leaseSeconds });
      current.start();
      setSession(current);
    };
    const end = () => {
      current?.stop();
      current = null;
    };
    const back = (event: PageTransitionEvent) => event.persisted && begin();
    begin();
    addEventListener("pagehide", end);
    addEventListener("pageshow", back);
    return () => {
      removeEventListener("pagehide", end);
      removeEventListener("pageshow", back);
      end();
    };
  }, [Kind, kept, id, modality, leaseSeconds]);
  return session;
}
