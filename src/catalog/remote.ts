// Questions from one thread to another: each has a number, its answer or its error comes back under it.
// `Remote` is the side that asks, `answerQuestions` the side in the worker. Bytes in an answer are transferred, not
// copied. Knows nothing of what is asked.

import { hasWorkerRoom, isLackOfFiles, NO_WORKER_ROOM, TOO_FEW_FILES } from "./file_room.ts";

/** What can be asked: a name with its argument and its answer. */
type Questions<Q> = { readonly [name in keyof Q]: (argument: never) => unknown };

type Argument<Q extends Questions<Q>, K extends keyof Q> = Parameters<Q[K]>[0];

/** The other side answers each question with a value or a promise of it; `signal` tells that nobody waits any more. */
export type Answers<Q extends Questions<Q>> = {
  readonly [K in keyof Q]: (
    argument: Argument<Q, K>,
    signal: AbortSignal,
  ) => ReturnType<Q[K]> | Promise<ReturnType<Q[K]>>;
};

type ToWorker =
  /** Number 0: nobody waits for an answer. */
  | { readonly question: string; readonly number: number; readonly argument: unknown }
  | { readonly cancel: number };

type FromWorker =
  | { readonly number: number; readonly answer: unknown }
  | { readonly number: number; readonly error: { readonly name: string; readonly message: string } }
  | { readonly told: unknown }
  | { readonly failed: string };

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** The asking side of a worker. `Told` is what the worker tells unasked. */
export class Remote<Q extends Questions<Q>, Told = never> {
  #worker: Worker | MessagePort | null = null;
  /** What waits until the worker has opened what it is for, in the order it came; null once it has. */
  #held: [message: ToWorker, transfer: Transferable[]][] | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  /** The question of `open`, while that is asked. */
  #opening = 0;
  #over: Error | null = null;

  /**
   * `onOver` is called when the worker has failed; questions are then answered with that error. With a port, the worker
   * is another thread's, which alone knows whether it has failed. `later`: it is not started before `load` or `open`.
   */
  constructor(
    private readonly from: URL | MessagePort,
    private readonly name: string,
    private readonly onTold: (told: Told) => void,
    private readonly onOver: (error: Error) => void = () => {},
    later = false,
  ) {
    if (later) this.#held = [];
    else this.load();
    if (!later && !this.#worker) this.#fail(`the worker of the ${name} cannot begin: ${TOO_FEW_FILES}`);
  }

  /** Starts the worker, where it was not started yet and there are file descriptors for it. */
  load(): void {
    if (this.#worker || this.#over) return;
    const { from, name } = this;
    if (from instanceof URL && !hasWorkerRoom()) return;
    this.#worker = from instanceof MessagePort ? from : new Worker(from, { type: "module", name });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    if (!(this.#worker instanceof Worker)) return;
    this.#worker.onerror = (event) => {
      // The program goes on without this worker: the error must not end it.
      event.preventDefault();
      if (this.#held && isLackOfFiles(event.message)) this.#unload();
      else this.#fail(`The worker of the ${name} has stopped: ${event.message}`);
    };
  }

  /**
   * Asks before all that was asked already, which goes on once this is answered. Rejects where there are too few file
   * descriptors for the worker, which may be tried again.
   */
  async open<K extends keyof Q & string>(question: K, argument: Argument<Q, K>): Promise<ReturnType<Q[K]>> {
    this.load();
    if (!this.#worker && !this.#over) throw new Error(NO_WORKER_ROOM);
    const held = this.#held;
    this.#held = null;
    this.#opening = this.#next;
    const opened = this.ask(question, argument);
    this.#held = held;
    const answer = await opened;
    this.#held = null;
    for (const [message, transfer] of held ?? []) this.#post(message, transfer);
    return answer;
  }

  /** Asks; rejects with RangeError for a question that makes no sense, with the signal's reason once it is aborted. */
  ask<K extends keyof Q & string>(
    question: K,
    argument: Argument<Q, K>,
    signal?: AbortSignal,
  ): Promise<ReturnType<Q[K]>> {
    if (this.#over) return Promise.reject(this.#over);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const number = this.#next++;
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#waiting.delete(number);
        this.#post({ cancel: number });
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiting.set(number, {
        resolve: (answer) => {
          signal?.removeEventListener("abort", abort);
          resolve(answer as ReturnType<Q[K]>);
        },
        reject: (error) => {
          signal?.removeEventListener("abort", abort);
          reject(error);
        },
      });
      this.#post({ question, number, argument });
    });
  }

  /** Says something that is not answered; what is in `transfer` is the other side's then. */
  say<K extends keyof Q & string>(
    question: K,
    argument: Argument<Q, K>,
    transfer: Transferable[] = [],
  ): void {
    if (!this.#over) this.#post({ question, number: 0, argument }, transfer);
  }

  /** Ends the worker at once; questions that wait are answered with the error. */
  end(error = new Error("The catalog is closed")): void {
    this.#end(error);
  }

  /** The worker's modules could not be read: the next `open` starts another one. */
  #unload(): void {
    if (this.#worker instanceof Worker) this.#worker.terminate();
    this.#worker = null;
    const opening = this.#waiting.get(this.#opening);
    this.#waiting.delete(this.#opening);
    opening?.reject(new Error(NO_WORKER_ROOM));
  }

  #fail(message: string): void {
    const error = new Error(message);
    this.#end(error);
    this.onOver(error);
  }

  #end(error: Error): void {
    if (this.#over) return;
    this.#over = error;
    if (this.#worker instanceof Worker) this.#worker.terminate();
    else this.#worker?.close();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #receive(message: FromWorker): void {
    if ("told" in message) {
      this.onTold(message.told as Told);
      return;
    }
    if ("failed" in message) {
      this.#fail(message.failed);
      return;
    }
    const waiting = this.#waiting.get(message.number);
    this.#waiting.delete(message.number);
    if ("answer" in message) waiting?.resolve(message.answer);
    else waiting?.reject(errorOf(message.error));
  }

  #post(message: ToWorker, transfer: Transferable[] = []): void {
    if (this.#held) this.#held.push([message, transfer]);
    else this.#worker?.postMessage(message, transfer);
  }
}

function errorOf({ name, message }: { readonly name: string; readonly message: string }): Error {
  return name === "RangeError" ? new RangeError(message) : new Error(message);
}

/** What a worker is to itself. */
interface Port {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker, transfer: Transferable[]): void;
}

/** What a worker can say unasked. */
export interface Speaking<Told> {
  tell(told: Told): void;
  /** This worker cannot go on, and why: it will be ended, and every question answered with that. */
  fail(message: string): void;
}

/** Answers the questions that come to this worker. */
export function answerQuestions<Q extends Questions<Q>, Told = never>(
  port: Port,
  answers: Answers<Q>,
): Speaking<Told> {
  const running = new Map<number, AbortController>();
  const send = (message: FromWorker, transfer: Transferable[] = []) => port.postMessage(message, transfer);
  const answer = async (question: keyof Q, number: number, argument: unknown) => {
    const controller = new AbortController();
    running.set(number, controller);
    try {
      const value = await answers[question](argument as never, controller.signal);
      if (number === 0) return;
      send({ number, answer: value }, value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : []);
    } catch (error) {
      if (number === 0) throw error;
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      send({ number, error: { name, message } });
    } finally {
      running.delete(number);
    }
  };
  port.onmessage = ({ data }) => {
    if ("cancel" in data) running.get(data.cancel)?.abort();
    else answer(data.question as keyof Q, data.number, data.argument);
  };
  return { tell: (told) => send({ told }), fail: (failed) => send({ failed }) };
}
