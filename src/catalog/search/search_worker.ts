/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
// The search worker: looks through contents for the answer worker, in a thread of its own, which can be ended where an
// expression does not come to an end.

import { type OpenedPlaces, openPlaces } from "../opened_places.ts";
import { answerQuestions, type Answers } from "../remote.ts";
import { Scan } from "./scan.ts";
import type { SearchQuestions } from "./types.ts";
import { guardIn } from "./watch.ts";
import { Slices } from "../slices.ts";
import { standBack } from "../stand_back.ts";

standBack();

/** Nothing else waits in this thread but that the search is given up. */
const SLICE_MS = 50;

let opened: { readonly places: OpenedPlaces; readonly scan: Scan } | null = null;
/** One after the other: they share the memory that windows are in. */
let last: Promise<unknown> = Promise.resolve();

/** The first message is the way to whoever asks. */
self.onmessage = ({ data }: MessageEvent<MessagePort>) => answerQuestions<SearchQuestions>(data, ANSWERS);

const ANSWERS: Answers<SearchQuestions> = {
  open({ watched, ...given }) {
    const places = openPlaces(given);
    const guard = guardIn(watched);
    const scan = new Scan(
      places.database,
      places.files.readAt,
      places.readDecrypted,
      new Slices(SLICE_MS),
      guard,
      guard.at,
    );
    opened = { places, scan };
  },
  files: () => opened?.places.files.refresh(),
  scan(task, signal) {
    const scanning = last.then(() => {
      if (!opened) throw new Error("The search is not open");
      return opened.scan.go(task, signal);
    });
    last = scanning.catch(() => {});
    return scanning;
  },
  async close() {
    await last;
    opened?.places.close();
    opened = null;
  },
};
