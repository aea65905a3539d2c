// Workers of the program's thread that the answer worker has a way of its own to (see lent_workers.ts). It asks for one
// by its name, and gets its port a moment later.

import type { Given } from "./lent_workers.ts";
import type { AnswerNews, BorrowedName } from "./questions.ts";

/** A worker that was asked for. */
export interface Borrowed {
  /** The way to it. Rejects where it failed before it was there, or is not wanted any more. */
  readonly port: Promise<MessagePort>;
  /** Rejects when it fails, and when it is not wanted any more. */
  readonly failed: Promise<never>;
  /** It is not wanted any more: it is ended at once, whatever it does. */
  end(): void;
}

interface Wanted {
  readonly port: PromiseWithResolvers<MessagePort>;
  readonly failed: PromiseWithResolvers<never>;
  given: MessagePort | null;
}

/** See above. */
export class BorrowedWorkers {
  readonly #wanted = new Map<number, Wanted>();
  #count = 0;

  constructor(private readonly tell: (news: AnswerNews) => void) {}

  begin(name: BorrowedName): Borrowed {
    const number = ++this.#count;
    const wanted: Wanted = { port: Promise.withResolvers(), failed: Promise.withResolvers(), given: null };
    // Whoever waits for it gets the error.
    wanted.port.promise.catch(() => {});
    wanted.failed.promise.catch(() => {});
    this.#wanted.set(number, wanted);
    this.tell({ begin: name, number });
    return {
      port: wanted.port.promise,
      failed: wanted.failed.promise,
      end: () => {
        if (!this.#wanted.has(number)) return;
        this.#fail(number, new Error("The search is closed"));
        this.tell({ end: number });
      },
    };
  }

  /** What the program's thread gives. */
  given(given: Given): void {
    const wanted = this.#wanted.get(given.number);
    if ("failed" in given) this.#fail(given.number, new Error(`The search has stopped: ${given.failed}`));
    else if (wanted) wanted.port.resolve(wanted.given = given.port);
    else given.port.close();
  }

  #fail(number: number, error: Error): void {
    const wanted = this.#wanted.get(number);
    this.#wanted.delete(number);
    wanted?.given?.close();
    wanted?.port.reject(error);
    wanted?.failed.reject(error);
  }
}
