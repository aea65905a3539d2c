/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
// The answer worker: answers every question from the index and the capture file, and writes neither. Long work is
// done in slices, so that a short question never waits for a long one.

import { CaptureFiles } from "../journal/capture_files.ts";
import { readerOf } from "../journal/file.ts";
import { Answering } from "./answering.ts";
import { openDecrypted } from "./decrypted_file.ts";
import type { AnswerQuestions } from "./questions.ts";
import { answerQuestions } from "./remote.ts";
import { filesIn, openIndex } from "./schema.ts";

let answering: Answering | null = null;
let files: CaptureFiles | null = null;
/** What was decrypted; null until somebody asks for some of it. */
let decrypted: Deno.FsFile | null = null;

answerQuestions<AnswerQuestions>(self, {
  open({ folder }) {
    const database = openIndex(folder);
    files = new CaptureFiles(filesIn(database));
    answering = new Answering(database, files.readAt, folder, (position, into) => {
      const opened = decrypted ??= openDecrypted(folder);
      return readerOf(opened)(position, into);
    });
  },
  files: () => files?.refresh(),
  overview: () => opened().overview(),
  exchanges: (query, signal) => opened().exchanges(query, signal),
  exchange: (id) => opened().exchange(id),
  connections: (query, signal) => opened().connections(query, signal),
  connection: (id) => opened().connection(id),
  bytes: ({ source, range }) => opened().bytes(source, range),
  take: (stream) => opened().take(stream),
  drop: (stream) => opened().drop(stream),
  view: (query) => opened().view(query),
  find: (query, signal) => opened().find(query, signal),
  diff: (query, signal) => opened().diff(query, signal),
  async close() {
    await answering?.close();
    answering = null;
    files?.close();
    files = null;
    decrypted?.close();
    decrypted = null;
  },
});

function opened(): Answering {
  if (!answering) throw new Error("The catalog is not open");
  return answering;
}
