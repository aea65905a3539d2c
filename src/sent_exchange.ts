// Finds the Exchange of a request that is being sent: the catalog makes it from the journal, a moment later.

import type { Catalog } from "./catalog/types.ts";
import type { Exchange } from "./model.ts";

/** A row is there so soon, unless the catalog is far behind or nothing shows yet what the bytes are, ms. */
const FOUND_WITHIN_MS = 2_000;
/** So soon after the end of a Connection all of its rows are there, ms. */
const AFTER_END_MS = 500;

/** What to look for. */
export interface Sought {
  readonly connection: string;
  /** The Exchange that it was sent again from; null for the first one with a request. */
  readonly resendOf: string | null;
  /** Resolves when the Connection has ended. */
  readonly ended: Promise<void>;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
}

/**
 * The Exchange that is sought; when its Connection has ended before it came to that, the latest one with a request.
 * Null where there is none in time.
 */
export async function sentExchange(
  catalog: Pick<Catalog, "exchanges" | "onChange">,
  { connection, resendOf, ended, signal }: Sought,
): Promise<Exchange | null> {
  const found = Promise.withResolvers<Exchange | null>();
  const give = () => found.resolve(null);
  let latest: Exchange | null = null;
  const look = (rows: readonly Exchange[]) => {
    const requests = rows.filter((row) => row.connection === connection && row.requestBytes > 0);
    latest = requests[0] ?? latest;
    const row = requests.findLast((row) => resendOf === null || row.resendOf === resendOf);
    if (row) found.resolve(row);
  };
  const ask = async () => look((await catalog.exchanges({ connection })).exchanges);
  const unsubscribe = catalog.onChange(({ exchanges, more }) => {
    look(exchanges);
    if (more) ask().catch(give);
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting = true;
  const afterEnd = () => {
    if (!waiting) return;
    clearTimeout(timer);
    timer = setTimeout(() => found.resolve(latest), AFTER_END_MS);
  };
  signal.addEventListener("abort", give);
  if (signal.aborted) give();
  try {
    // It may have been told before anybody listened. A catalog that is not open yet answers once it is.
    await Promise.race([ask(), found.promise]);
    timer = setTimeout(give, FOUND_WITHIN_MS);
    // How it ended is in the record.
    ended.then(afterEnd, afterEnd);
    return await found.promise;
  } finally {
    waiting = false;
    unsubscribe();
    clearTimeout(timer);
    signal.removeEventListener("abort", give);
  }
}
