/** What gives decoded frames, whichever way they are decoded. */

import type { Picture } from "./picture_cache";

/** Takes a decoded frame over: whoever takes it closes it. */
export type TakePicture = (frame: number, picture: Picture) => void;

export interface FrameSource {
  readonly kind: "packets" | "strips";
  /** Decodes until a frame was given away, and maybe others on the way; rejects where that cannot be. An abort
   * makes it stop soon; what was decoded by then is given away all the same. */
  decode(frame: number, signal: AbortSignal): Promise<void>;
  /** Says which frames will be wanted soon, so that their bytes are fetched and others no longer. */
  expect(frame: number, direction: 1 | -1): void;
  close(): void;
}

/** Reads bytes of a signed address; throws with what the server said. */
export type Fetch = (
  address: string,
  options: { signal: AbortSignal; headers?: Record<string, string>; cache?: RequestCache },
) => Promise<Response>;

/** The server or the way to it is down: trying again may help. */
export class Unreachable extends Error {}

/** The bytes at an address can no longer be had under it: a fresh address is needed. */
export class AddressEnded extends Error {}

export async function bytesOf(
  fetch: Fetch,
  address: string,
  signal: AbortSignal,
  range?: readonly [number, number],
): Promise<Uint8Array<ArrayBuffer>> {
  // Browsers make requests for parts of one address wait for each other at their cache, for up to 20 seconds.
  const part = range && {
    headers: { Range: `bytes=${range[0]}-${range[1] - 1}` },
    cache: "no-store" as const,
  };
  const reply = await fetch(address, { signal, ...part }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new Unreachable("The video cannot be reached.");
  });
  if (reply.status >= 500 || reply.status === 429)
    throw new Unreachable(`The video does not come (${reply.status}).`);
  if (reply.status === 403) throw new AddressEnded("The address of the video has expired.");
  if (!reply.ok) throw new Error(`The video's bytes did not come (${reply.status}).`);
  const body = new Uint8Array(await reply.arrayBuffer());
  // A server that knows no ranges sends all of it.
  return range && reply.status === 200 ? body.slice(range[0], range[1]) : body;
}

/** What a promise gives, or null once the signal says that nobody waits for it any more. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  if (signal.aborted) return null;
  let stop = () => {};
  const aborted = new Promise<null>((resolve) => {
    stop = () => resolve(null);
  });
  signal.addEventListener("abort", stop);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
