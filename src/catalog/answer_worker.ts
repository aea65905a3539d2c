/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
// The answer worker: answers every question from the index and the capture file, and writes neither. Long work is
// done in slices, so that a short question never waits for a long one.

import { readerOf } from "../journal/file.ts";
import { Answering } from "./answering.ts";
import { openDecrypted } from "./decrypted_file.ts";
import type { AnswerQuestions } from "./questions.ts";
import { answerQuestions } from "./remote.ts";
import { openIndex } from "./schema.ts";

let answering: Answering | null = null;
let file: Deno.FsFile | null = null;
/** What was decrypted; null until somebody asks for some of it. */
let decrypted: Deno.FsFile | null = null;

answerQuestions<AnswerQuestions>(self, {
  open({ file: path, folder }) {
    file = Deno.openSync(path);
    answering = new Answering(openIndex(folder), readerOf(file), folder, (position, into) => {
      const opened = decrypted ??= openDecrypted(folder);
      return readerOf(opened)(position, into);
    });
  },
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
    file?.close();
    file = null;
    decrypted?.close();
    decrypted = null;
  },
});

function opened(): Answering {
  if (!answering) throw new Error("The catalog is not open");
  return answering;
}
