// The stream of news: /api/events, read as actions. EventSource resumes after a break by itself (Last-Event-ID); this
// says what the page then tells the user, asks for a new snapshot where a delta is missing, and finds out whether the
// program has ended. A page that nobody sees reads none: a browser gives all pages of one server six connections, and a
// page needs some for its questions. Knows nothing of what the news mean.

import type { Delta, Snapshot } from "../../types.ts";
import type { Action, Link } from "./state.ts";
import { probe } from "../api.ts";
import { isOfEarlierRun } from "../earlier_run.ts";

/** Without news for so long, it is looked whether the program still answers, ms. */
const SILENCE = 5_000;

/** How far apart attempts are while nothing answers, ms. */
const RETRY = 1_500;

/** The same once the program has ended, ms. */
const RETRY_ENDED = 5_000;

/** When nobody listens at its address so many times in a row, the program has ended. */
const ATTEMPTS = 3;

/** Reads the news until the page is closed. */
export function startFeed(dispatch: (action: Action) => void): void {
  let source: EventSource | null = null;
  let lastNews = Date.now();
  let lastId: number | null = null;
  /** As the program wrote it: where to go on. */
  let lastEvent = "";
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let link: Link["state"] = "connecting";

  const tell = (next: Link): void => {
    if (next.state === "live" && link === "live") return;
    link = next.state;
    dispatch({ type: "link", link: next });
  };
  const heard = (): void => {
    lastNews = Date.now();
    failures = 0;
    clearTimeout(retry);
    retry = undefined;
  };
  const heardId = (id: string): void => {
    lastEvent = id;
    lastId = number(id);
  };
  const open = (after = ""): void => {
    const opened = new EventSource(`/api/events${after && `?lastEventId=${encodeURIComponent(after)}`}`);
    source?.close();
    source = opened;
    opened.addEventListener("open", () => {
      heard();
      // Resumed: whatever was missed comes next, and a quiet program sends nothing.
      if (lastId !== null) tell({ state: "live" });
    });
    opened.addEventListener("snapshot", (event) => {
      heard();
      heardId(event.lastEventId);
      link = "live";
      dispatch({ type: "snapshot", snapshot: JSON.parse(event.data) as Snapshot });
    });
    opened.addEventListener("delta", (event) => {
      heard();
      const id = number(event.lastEventId);
      if (id !== null && lastId !== null && id !== lastId + 1) return open();
      heardId(event.lastEventId);
      tell({ state: "live" });
      dispatch({ type: "delta", delta: JSON.parse(event.data) as Delta });
    });
    opened.addEventListener("ended", () => {
      opened.close();
      tell({ state: "ended", by: "stop" });
      lost();
    });
    opened.addEventListener("error", lost);
  };
  const lost = (): void => {
    if (link === "live") tell({ state: "reconnecting", lastNews });
    retry ??= later();
  };
  const look = async (): Promise<void> => {
    const status = await probe();
    retry = undefined;
    if (document.hidden) return;
    const isOpen = source?.readyState === EventSource.OPEN;
    failures = status === "gone" ? failures + 1 : 0;
    if (typeof status === "number" && isOfEarlierRun(status)) {
      tell({ state: "ended", by: "another-run" });
    } else if (failures >= ATTEMPTS) {
      tell({ state: "ended", by: "stop" });
    }
    if (status === 200 && source?.readyState === EventSource.CLOSED) open();
    if (status === 200 && isOpen) {
      heard();
      tell({ state: "live" });
    } else {
      retry = later();
    }
  };
  const later = () => setTimeout(look, link === "ended" ? RETRY_ENDED : RETRY);

  const rest = (): void => {
    clearTimeout(retry);
    retry = undefined;
    source?.close();
  };

  if (!document.hidden) open();
  document.addEventListener("visibilitychange", () => document.hidden ? rest() : open(lastEvent));
  setInterval(async () => {
    if (link !== "live" || Date.now() - lastNews < SILENCE || source?.readyState !== EventSource.OPEN) return;
    if (await probe() === 200) heard();
    else if (Date.now() - lastNews >= SILENCE) lost();
  }, SILENCE / 2);
}

/** What an event's id counts: the digits at its end. */
function number(id: string): number | null {
  const digits = /\d+$/.exec(id)?.[0];
  return digits === undefined ? null : Number(digits);
}
