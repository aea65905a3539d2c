// A view as plain text, of any length: the parts that the Catalog lays out, one after the other.

import type { Catalog, ViewPart, ViewQuery } from "../catalog/types.ts";
import { MOST_LINES } from "./questions.ts";

/** How long to wait for a view that is still being laid out before asking again. */
const ASK_AGAIN_MS = 50;

/**
 * Streams what `query` asks for, of which `first` is the beginning; `lines` is how many are wanted in all.
 * Lines that were cut into several are put together again. Ends with what has come so far.
 */
export function streamViewText(
  catalog: Pick<Catalog, "view">,
  query: ViewQuery,
  first: ViewPart,
  lines: number,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let known: ViewPart | null = first;
  let given = 0;
  let cancelled = false;
  let goOn = () => {};

  const ask = () =>
    catalog.view({ ...query, from: query.from + given, lines: Math.min(MOST_LINES, lines - given) });

  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ASK_AGAIN_MS);
      goOn = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      while (!cancelled) {
        const part: ViewPart | null = known ?? await ask();
        known = null;
        if (cancelled) return;
        const isLaidOut = part === null || part.doneBytes >= part.bytes;
        if (part !== null && part.lines > 0) {
          controller.enqueue(encoder.encode(textOf(part, given === 0)));
          given += part.lines;
          if (given >= lines || (part.complete && query.from + given >= part.total)) controller.close();
          return;
        }
        if (isLaidOut) return controller.close();
        await pause();
      }
    },
    cancel() {
      cancelled = true;
      goOn();
    },
  }, { highWaterMark: 0 });
}

/** The text of a part: before every line a line end, except the very first and those that go on another. */
function textOf(part: ViewPart, isFirst: boolean): string {
  const { text, continued } = part;
  if (continued === undefined) return isFirst ? text : `\n${text}`;
  return text.split("\n").map((line, index) =>
    (isFirst && index === 0) || continued[index] ? line : `\n${line}`
  ).join("");
}
