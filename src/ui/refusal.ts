// Why a call of the API is not answered as asked. One class; app.ts turns it into JSON, and nothing else
// does.

import type { ApiError } from "./types.ts";

/** The statuses a call is refused with on purpose (RFC 9110, 15.5). */
export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 413 | 416;

/** Ends a call with `status` and the words of `message`, for the user. `field` names the wrong input. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: RefusalStatus,
    message: string,
    readonly field?: string | null,
    readonly suggestion?: string | null,
  ) {
    super(message);
  }

  /** What the client is given. */
  json(): ApiError {
    return {
      error: this.message,
      ...(this.field ? { field: this.field } : {}),
      ...(this.suggestion ? { suggestion: this.suggestion } : {}),
    };
  }
}

/** There is no exchange, connection or listener with this id, or it has no `part` ("response"). */
export function notFound(
  what: "capture" | "exchange" | "connection" | "listener",
  id: string,
  part?: string,
): Refusal {
  const reason = part === undefined
    ? "there is none with this id, or it was removed"
    : `there is none with this id, it was removed, or it has no ${part} yet`;
  const quoted = JSON.stringify(id.slice(0, 80));
  return new Refusal(
    404,
    `Cannot find ${what} ${quoted}: ${reason}. GET /api/${what}s lists those there are.`,
  );
}
