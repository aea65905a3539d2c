/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
// The export worker: reads the index and the capture as the answer worker does, for exports alone, so that these are
// in nobody's way however long they take.

import { CaptureBytes } from "./capture_bytes.ts";
import { Details } from "./details.ts";
import { Exports } from "./export/exports.ts";
import { type OpenedPlaces, openPlaces } from "./opened_places.ts";
import type { ExportQuestions } from "./questions.ts";
import { answerQuestions } from "./remote.ts";
import { Slices } from "./slices.ts";
import { Views } from "./view.ts";
import { standBack } from "./stand_back.ts";

standBack();

interface Opened {
  readonly places: OpenedPlaces;
  readonly views: Views;
  readonly exports: Exports;
}

let opened: Opened | null = null;

answerQuestions<ExportQuestions>(self, {
  open(places) {
    const read = openPlaces(places);
    const { database, files, readDecrypted } = read;
    const { spool: folder } = places;
    const views = new Views({ folder });
    const details = new Details(database, new CaptureBytes(database, files.readAt, readDecrypted), views);
    const exports = new Exports({ database, details, files, views, folder, slices: new Slices() });
    opened = { places: read, views, exports };
  },
  begin: (task) => exportsNow().begin(task),
  take: (stream) => exportsNow().take(stream),
  masked: (stream) => exportsNow().masked(stream),
  preview: ({ task, most }) => exportsNow().preview(task, most),
  drop: (stream) => exportsNow().drop(stream),
  async close() {
    await opened?.exports.close();
    await opened?.views.close();
    opened?.places.close();
    opened = null;
  },
});

function exportsNow(): Exports {
  if (!opened) throw new Error("The catalog is not open");
  return opened.exports;
}
