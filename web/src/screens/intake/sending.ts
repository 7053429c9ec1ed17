/** Bytes sent to the platform: small ones at once, large ones in chunks, again where no answer came. */

import { answered, type PlatformShape, Problem, platform, writeHeaders } from "@/api/client";

/** What is longer goes in chunks; a request may be twice as long. */
const AT_ONCE_BYTES_MAX = 8 * 1024 * 1024;
const ATTEMPTS = 7;
const PAUSE_MILLISECONDS = 400;
const PAUSE_MILLISECONDS_MAX = 15_000;

export interface Sending {
  readonly signal: AbortSignal;
  /** How many of the bytes are there now. */
  readonly sent: (bytes: number) => void;
}

/** Send bytes and return the hash of the asset that they are; raises `Problem`, or what the signal aborts with. */
export async function sendAsset(name: string, content: Blob, sending: Sending): Promise<string> {
  const mediaType = content.type || "application/octet-stream";
  if (content.size > AT_ONCE_BYTES_MAX) return sendInChunks(name, content, mediaType, sending);
  const asset = await repeated(
    () => bytes("POST", "/v1/assets", content, mediaType, sending),
    sending.signal,
  );
  sending.sent(content.size);
  return hashOf(asset);
}

async function sendInChunks(
  name: string,
  content: Blob,
  mediaType: string,
  sending: Sending,
): Promise<string> {
  const { signal } = sending;
  const body = { name: name.slice(-200), media_type: mediaType, size_bytes: content.size };
  const upload = await repeated(() => answered(platform.POST("/v1/uploads", { body, signal })), signal);
  for (let number = 0; number < upload.chunks; number += 1) {
    const from = number * upload.chunk_bytes;
    const chunk = content.slice(from, from + upload.chunk_bytes);
    const path = `/v1/uploads/${upload.id}/chunks/${number}`;
    await repeated(() => bytes("PUT", path, chunk, "application/octet-stream", sending), signal);
    sending.sent(from + chunk.size);
  }
  const params = { path: { upload: upload.id } };
  const complete = () =>
    answered(platform.POST("/v1/uploads/{upload}/complete", { params, body: {}, signal }));
  return (await repeated(complete, signal)).hash;
}

async function bytes(
  method: "POST" | "PUT",
  path: string,
  content: Blob,
  mediaType: string,
  { signal }: Sending,
): Promise<unknown> {
  // A file that was changed or removed meanwhile is no fault of the network: reading it says so.
  const body = await content.arrayBuffer();
  const headers = { ...writeHeaders(), "Content-Type": mediaType };
  const response = await fetch(path, { method, headers, body, signal }).catch((error) => {
    throw signal.aborted ? error : Problem.unanswered(error);
  });
  const told: unknown = await response.json().catch(() => null);
  if (!response.ok) throw Problem.of(response, told);
  return told;
}

function hashOf(told: unknown): string {
  const { hash } = told as PlatformShape<"AssetView">;
  return hash;
}

/** Do something again as long as no answer came, or one that says to try later. */
export async function repeated<T>(deed: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await deed();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Problem) || !error.retryable || attempt === ATTEMPTS) throw error;
      await pause(Math.max(PAUSE_MILLISECONDS * 2 ** attempt, (error.retryAfterSeconds ?? 0) * 1000), signal);
    }
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((done, failed) => {
    const end = setTimeout(done, Math.min(milliseconds, PAUSE_MILLISECONDS_MAX));
    const stop = () => {
      clearTimeout(end);
      failed(signal.reason);
    };
    signal.addEventListener("abort", stop, { once: true });
  });
