// /api/exchanges/save: Exchanges as one file. A browser saves without holding it all only what has an address, and an
// address has no room for many ids: those can be left here first, for a link.

import type { Context, Hono } from "hono";
import { exchangeId, exchangeNumber } from "../catalog/rows.ts";
import type { Catalog } from "../catalog/types.ts";
import type { Control } from "./control.ts";
import { savedFileName } from "../catalog/file_names.ts";
import { CAPTURED_CSP } from "./headers.ts";
import { Links } from "./links.ts";
import { MOST_ROWS, readSaved, type Saved } from "./questions.ts";
import { saveText } from "./save_text.ts";
import type { SavedLink } from "./types.ts";

/** Adds the call; before those of single Exchanges, because its path looks like one of theirs. */
export function addSaveRoutes(
  app: Hono,
  catalog: Catalog,
  control: Pick<Control, "listeners">,
  version: string,
): void {
  const links = new Links<Saved>();
  const link = async (c: Context) => {
    const key = links.leave(await readSaved(c));
    return c.json({ link: `/api/exchanges/save?linked=${key}` } satisfies SavedLink, 201);
  };
  const answer = async (c: Context) => {
    const key = c.req.query("linked");
    const saved = key === undefined ? await readSaved(c) : links.take(key);
    // What is wrong with the question is to be said before the answer begins.
    const numbers = saved.ids === undefined ? await numbersOf(catalog, saved) : [];
    const ids = saved.ids ?? idsOf(numbers);
    const count = saved.ids?.length ?? numbers.length;
    const now = new Date();
    const listener = control.listeners().find(({ id }) => id === saved.listener);
    const name = savedFileName({
      listen: listener?.listen ?? null,
      exchange: count === 1 ? await catalog.exchange(saved.ids?.[0] ?? exchangeId(numbers[0])) : null,
      at: now,
    });
    const heading = `tcpmon ${version}: ${count} exchange${
      count === 1 ? "" : "s"
    }, saved ${now.toISOString()}`;
    return new Response(saveText(catalog, ids, heading), {
      headers: {
        "Content-Type": "application/octet-stream",
        "Content-Security-Policy": CAPTURED_CSP,
        "Content-Disposition": `attachment; filename="${name}"`,
      },
    });
  };
  app.get("/api/exchanges/save", answer);
  app.post("/api/exchanges/save", (c) => c.req.query("link") === undefined ? answer(c) : link(c));
}

/** The numbers of all Exchanges that match, oldest first. */
async function numbersOf(catalog: Catalog, { listener, q }: Saved): Promise<number[]> {
  const numbers: number[] = [];
  let before: string | undefined;
  do {
    const { exchanges, next } = await catalog.exchanges({
      listener,
      q,
      before,
      limit: MOST_ROWS,
      whole: true,
    });
    for (const { id } of exchanges) numbers.push(exchangeNumber(id) ?? 0);
    before = next ?? undefined;
  } while (before !== undefined);
  return numbers.reverse();
}

/** There may be millions: texts are made of them one at a time. */
function* idsOf(numbers: readonly number[]): Generator<string> {
  for (const number of numbers) yield exchangeId(number);
}
