// Workers that the program's thread begins for the answer worker, which has a way of its own to each (see
// borrowed_workers.ts): a worker that a worker has begun answers half a second late at first.

import { hasWorkerRoom, TOO_FEW_FILES } from "./file_room.ts";
import type { AnswerNews, AnswerQuestions, BorrowedName } from "./questions.ts";

/** What is said to the answer worker: the way to a worker, or that it has failed. */
export type Given = Parameters<AnswerQuestions["worker"]>[0];

/** See above. */
export class LentWorkers {
  /** By their numbers. */
  readonly #workers = new Map<number, Worker>();

  constructor(private readonly give: (given: Given, transfer: Transferable[]) => void) {}

  /** Begins or ends what the answer worker wants. */
  take(news: AnswerNews): void {
    if ("end" in news) this.#end(news.end);
    else this.#begin(news.begin, news.number);
  }

  /** Ends all. */
  close(): void {
    for (const number of [...this.#workers.keys()]) this.#end(number);
  }

  #begin(name: BorrowedName, number: number): void {
    if (!hasWorkerRoom()) return this.give({ number, failed: TOO_FEW_FILES }, []);
    const worker = name === "search"
      ? new Worker(new URL("./search/search_worker.ts", import.meta.url), { type: "module", name })
      : new Worker(new URL("./regex_worker.ts", import.meta.url), { type: "module", name });
    const { port1, port2 } = new MessageChannel();
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(number);
      this.give({ number, failed: event.message }, []);
    };
    worker.postMessage(port1, [port1]);
    this.#workers.set(number, worker);
    this.give({ number, port: port2 }, [port2]);
  }

  #end(number: number): void {
    this.#workers.get(number)?.terminate();
    this.#workers.delete(number);
  }
}
