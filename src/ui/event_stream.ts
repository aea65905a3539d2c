// The feed as Server-Sent Events (HTML, 9.2): one stream a client. It makes nothing before it is read, so a client that
// does not read costs nothing; one that goes away cancels it.

import type { Feed, FeedEvent } from "./feed.ts";

/** A comment is sent after so long without an event, so that a client can tell a quiet program from a lost one. */
export const HEARTBEAT_MS = 5_000;
/** How soon a browser tries again. */
const RETRY_MS = 1_000;
/** At most so many characters are written at a time. */
const WRITE_CHARS = 256_000;

const ENDED = "event: ended\ndata: {}\n\n";
const HEARTBEAT = ": tcpmon is here\n\n";

/**
 * Streams the feed: from after `lastEventId` where the feed still holds what followed, otherwise from a snapshot.
 * Ends with an `ended` event when the feed does.
 */
export function createEventStream(
  feed: Feed,
  lastEventId: string | null,
  heartbeatMs = HEARTBEAT_MS,
): ReadableStream<Uint8Array> {
  let number = readEventId(feed, lastEventId);
  let cancelled = false;
  let wakeUp = () => {};
  let leave: (() => void) | null = null;
  const encoder = new TextEncoder();

  /** Resolves at the next delta, at the end, when the stream is cancelled, or after the heartbeat's time: true. */
  const waitForNews = () =>
    new Promise<boolean>((resolve) => {
      const done = (quiet: boolean) => {
        clearTimeout(timer);
        callOff();
        resolve(quiet);
      };
      const timer = setTimeout(() => done(true), heartbeatMs);
      wakeUp = () => done(false);
      const callOff = feed.wait(wakeUp);
    });

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
    return await waitForNews() ? HEARTBEAT : "";
  };

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      let text = leave === null ? `retry: ${RETRY_MS}\n\n` : "";
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
