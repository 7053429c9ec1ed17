/** The API's clients: typed from our descriptions, with what every request and every error has in common. */

import createClient, { type Client, type Middleware } from "openapi-fetch";
import type { Modality } from "@/engine/document/values";
import { ulid } from "@/engine/ulid";
import type { Paths as ModalityPaths, Shapes as ModalityShapes } from "./modality/index.gen";
import type { Paths as PlatformPaths, Shapes as PlatformShapes } from "./platform/index.gen";
import { Problem } from "./problem";

export { Problem } from "./problem";

/** A shape of the platform's API by its name: `PlatformShape<"MeView">`. */
export type PlatformShape<Name extends keyof PlatformShapes> = PlatformShapes[Name];
/** A shape of the modalities' API by its name: `ModalityShape<"ClaimRequest">`. */
export type ModalityShape<Name extends keyof ModalityShapes> = ModalityShapes[Name];
export type ModalityClient = Client<ModalityPaths>;

const READS = new Set(["GET", "HEAD"]);
const signedOut = new Set<() => void>();

/** Calls a listener whenever a request is refused because nobody is signed in; returns how to stop. */
export function onSignedOut(listener: () => void): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

/** Return the headers that every write needs: a key under which it has one effect, and what a foreign page lacks. */
export function writeHeaders(key: string = ulid()): Record<string, string> {
  return { "Idempotency-Key": key, "X-Annotary-Request": "1" };
}

const everyRequest: Middleware = {
  onRequest({ request }) {
    if (READS.has(request.method)) return;
    for (const [name, value] of Object.entries(writeHeaders()))
      if (!request.headers.has(name)) request.headers.set(name, value);
  },
  onResponse({ response }) {
    if (response.status === 401) for (const listener of signedOut) listener();
  },
  onError: ({ error }) => Problem.unanswered(error),
};

function client<Paths extends object>(root: string): Client<Paths> {
  const made = createClient<Paths>({
    baseUrl: `${location.origin}${root}`,
    // Looked up at each call, so that a test can answer.
    fetch: (request) => globalThis.fetch(request),
  });
  made.use(everyRequest);
  return made;
}

/** Paths as in the description: `platform.GET("/v1/me")`. */
export const platform = client<PlatformPaths>("");

const modalities: Readonly<Record<Modality, ModalityClient>> = {
  text: client<ModalityPaths>("/v1/text"),
  image: client<ModalityPaths>("/v1/image"),
  video: client<ModalityPaths>("/v1/video"),
};

/** Return the client of a modality; its paths begin after `/v1/{modality}`: `modality("image").POST("/claims", …)`. */
export const modality = (name: Modality): ModalityClient => modalities[name];
export const { text, image, video } = modalities;

/** Return the body of a reply, or throw its `Problem`: `await answered(platform.GET("/v1/me"))`. */
export async function answered<T>(
  reply: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<NonNullable<T>> {
  const { data, error, response } = await reply;
  if (!response.ok) throw Problem.of(response, error);
  // An empty success, such as 204, has no body: its type is `never` and nobody reads it.
  return data as NonNullable<T>;
}

/** Return a request's failure as a `Problem`, whatever it was thrown as. */
export const problemOf = (error: unknown): Problem =>
  error instanceof Problem ? error : Problem.unanswered(error);
