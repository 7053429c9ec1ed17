/** What went wrong with a request, in the one shape the services tell it in (RFC 9457). */

const text = (value: unknown): string | undefined => (typeof value === "string" && value ? value : undefined);

/** A refused or unanswered request. `state` is the HTTP status, 0 where no answer came at all. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly state: number,
    /** For programs: "unauthenticated", "stale_fence", "unavailable", "offline". */
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    /** Where in the request, as a JSON pointer. */
    readonly path: string | null,
    readonly retryable: boolean,
    readonly retryAfterSeconds: number | null,
  ) {
    super(detail || title);
  }

  /** Read a problem from a reply that was no success; `body` is its decoded JSON, if it had some. */
  static of(response: Response, body: unknown): Problem {
    const told: Record<string, unknown> = typeof body === "object" && body !== null ? { ...body } : {};
    const retryAfter = Number.parseFloat(response.headers.get("retry-after") ?? "");
    return new Problem(
      response.status,
      text(told.code) ?? "unknown",
      text(told.title) ?? `HTTP ${response.status}`,
      text(told.detail) ?? "",
      text(told.path) ?? null,
      told.retryable === true || response.status >= 500,
      Number.isFinite(retryAfter) ? retryAfter : null,
    );
  }

  /** No answer came: the network is down, or the server is. */
  static unanswered(cause: unknown): Problem {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new Problem(0, "offline", "No answer from the server", why, null, true, null);
  }
}
