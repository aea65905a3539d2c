// The feed as Server-Sent Events (HTML, 9.2): one stream a client. It makes nothing before it is read, so a
// client that does not read costs nothing; one that goes away cancels it.

import type { Feed, FeedEvent } from "./feed.ts";

/** After so long without news a `beat` is sent, so that a client can tell a quiet program from a lost one. */
export const BEAT_EVERY_MS = 5_000;
/** How soon a browser tries again. */
const RETRY_MS = 1_000;
/** At most so many characters are written at a time. */
const WRITE_CHARS = 256_000;

const ENDED = "event: ended\ndata: {}\n\n";
// A comment keeps connections alive, but a browser's EventSource does not tell a page of comments, so it is
// an event too. It has no id: it is no news.
const BEAT = ": quiet\nevent: beat\ndata: {}\n\n";

/**
 * Streams the feed: from after `lastEventId` where the feed still holds what followed, otherwise from a
 * snapshot. Ends with an `ended` event when the feed does.
 */
export function createEventStream(
  feed: Feed,
  lastEventId: string | null,
  beatEveryMs = BEAT_EVERY_MS,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let number = readEventId(feed, lastEventId);
  let cancelled = false;
  let wakeUp = () => {};
  let leave: (() => void) | null = null;
  const encoder = new TextEncoder();

  /** Resolves at the next delta, at the end, when the stream is cancelled, or after `beatEveryMs`: true. */
  const waitForNews = () =>
    new Promise<boolean>((resolve) => {
      const done = (quiet: boolean) => {
        clearTimeout(timer);
        callOff();
        resolve(quiet);
      };
      const timer = setTimeout(() => done(true), beatEveryMs);
      wakeUp = () => done(false);
      const callOff = feed.wait(wakeUp);
    });

  /** Sent first. Who resumes is told at once that all is well, also where there is no news. */
  const greet = () => `retry: ${RETRY_MS}\n\n${number !== null && feed.holds(number) ? BEAT : ""}`;

  /** What there is to send now; waits for it. */
  const next = async (): Promise<string> => {
    if (feed.ended) return ENDED;
    if (number === null || !feed.holds(number)) {
      const snapshot = await feed.snapshot();
      number = snapshot.number;
      return format(feed, snapshot);
    }
    let text = "";
    for (
      let event = feed.after(number);
      event !== null && text.length < WRITE_CHARS;
      event = feed.after(number)
    ) {
      text += format(feed, event);
      number = event.number;
    }
    if (text !== "") return text;
    return await waitForNews() ? BEAT : "";
  };

  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      let text = leave === null ? greet() : "";
      leave ??= feed.join();
      try {
        while (text === "" && !cancelled) text = await next();
      } catch (error) {
        leave();
        throw error;
      }
      if (cancelled) return;
      controller.enqueue(encoder.encode(text));
      if (text !== ENDED) return;
      leave();
      controller.close();
    },
    cancel() {
      cancelled = true;
      leave?.();
      wakeUp();
    },
  }, { highWaterMark: 0 });
}

function format(feed: Feed, event: FeedEvent): string {
  // JSON has no line ends in it, so it is one line of data.
  return `id: ${feed.run}-${event.number}\nevent: ${event.name}\ndata: ${event.json}\n\n`;
}

/** The position that an event id of this run stands for; null for every other. */
function readEventId(feed: Feed, id: string | null): number | null {
  const dash = id?.lastIndexOf("-") ?? -1;
  if (id === null || dash === -1 || id.slice(0, dash) !== feed.run) return null;
  const number = id.slice(dash + 1);
  return /^\d{1,15}$/.test(number) ? Number(number) : null;
}
