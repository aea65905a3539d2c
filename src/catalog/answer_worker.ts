/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
// The answer worker: answers every question from the index and the capture file, and writes neither. Long work is
// done in slices, so that a short question never waits for a long one.

import { Answering } from "./answering.ts";
import { type OpenedPlaces, openPlaces } from "./opened_places.ts";
import type { AnswerNews, AnswerQuestions } from "./questions.ts";
import { answerQuestions } from "./remote.ts";
import { standBack } from "./stand_back.ts";

standBack();

let answering: Answering | null = null;
let places: OpenedPlaces | null = null;

const { tell } = answerQuestions<AnswerQuestions, AnswerNews>(self, {
  open(given) {
    places = openPlaces(given);
    const { database, files, readDecrypted } = places;
    answering = new Answering(database, files.readAt, given, tell, readDecrypted);
  },
  files() {
    places?.files.refresh();
    answering?.files();
  },
  worker: (given) => answering?.worker(given),
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
  diffText: (query, signal) => opened().diffText(query, signal),
  async close() {
    await answering?.close();
    answering = null;
    places?.close();
    places = null;
  },
});

function opened(): Answering {
  if (!answering) throw new Error("The catalog is not open");
  return answering;
}
