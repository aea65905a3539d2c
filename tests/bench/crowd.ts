// Many clients at once, in this process: opens connections as fast as it can, has each exchange something, and closes
// them, some in order and some with a reset. What gets no answer is lost.

import { createConnection, type Socket } from "node:net";

/** What goes over the connections: a byte and the same byte back, or a request and its answer. */
export type Kind = "raw" | "http";

/** Of so many clients one is reset in the end, which only node:net can. */
const RESET_OF = 4;
/** Whoever has no answer after so long is lost, ms. */
const PATIENCE_MS = 60_000;

const REQUEST = new TextEncoder().encode("GET /orders/17 HTTP/1.1\r\nHost: localhost\r\n\r\n");
const BYTE = new TextEncoder().encode("+");

/** One client. */
interface Client {
  /** Sends what asks for an answer, and waits until all of that is there. */
  exchange(): Promise<void>;
  close(): void;
}

/** Many clients of one port of 127.0.0.1. */
export class Crowd {
  readonly #clients: Client[] = [];
  /** Why clients are lost, with how many. */
  readonly lost = new Map<string, number>();

  constructor(private readonly port: number, private readonly kind: Kind) {}

  /** How many are open and served. */
  get size(): number {
    return this.#clients.length;
  }

  /** Opens so many more, `atOnce` at a time; each is open when it has had its first answer. Returns seconds. */
  async open(count: number, atOnce = count): Promise<number> {
    const began = performance.now();
    let left = count;
    await Promise.all(Array.from({ length: Math.min(atOnce, count) }, async () => {
      while (left > 0) {
        const isReset = left-- % RESET_OF === 0;
        try {
          const client = await patiently(
            isReset ? nodeClient(this.port, this.kind) : plainClient(this.port, this.kind),
          );
          await patiently(client.exchange());
          this.#clients.push(client);
        } catch (error) {
          this.#lose(error);
        }
      }
    }));
    return (performance.now() - began) / 1000;
  }

  /** Has each exchange once, `atOnce` at a time. Returns seconds. */
  async exchange(atOnce = this.#clients.length): Promise<number> {
    const began = performance.now();
    let next = 0;
    await Promise.all(Array.from({ length: atOnce }, async () => {
      while (next < this.#clients.length) {
        await patiently(this.#clients[next++].exchange()).catch((error) => this.#lose(error));
      }
    }));
    return (performance.now() - began) / 1000;
  }

  /** How long one exchange takes while the others are idle: so many, one after another; ms, in rising order. */
  async latencies(count: number): Promise<readonly number[]> {
    const times: number[] = [];
    for (let turn = 0; turn < count; turn++) {
      const client = this.#clients[(turn * 61) % this.#clients.length];
      const began = performance.now();
      await client.exchange();
      times.push(performance.now() - began);
    }
    return times.sort((one, other) => one - other);
  }

  /** Closes all at once. */
  close(): void {
    for (const client of this.#clients.splice(0)) client.close();
  }

  #lose(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.lost.set(reason, (this.lost.get(reason) ?? 0) + 1);
  }
}

async function plainClient(port: number, kind: Kind): Promise<Client> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  return {
    async exchange() {
      await conn.write(kind === "http" ? REQUEST : BYTE);
      const buffer = new Uint8Array(128);
      for (;;) {
        const count = await conn.read(buffer);
        if (count === null) throw new Error("the connection was closed in place of an answer");
        if (isWhole(kind, buffer.subarray(0, count))) return;
      }
    },
    close: () => conn.close(),
  };
}

async function nodeClient(port: number, kind: Kind): Promise<Client> {
  const socket = createConnection({ host: "127.0.0.1", port });
  let failed: (error: Error) => void = () => {};
  socket.on("error", (error) => failed(error));
  socket.on("close", () => failed(new Error("the connection was closed in place of an answer")));
  await new Promise<void>((resolve, reject) => {
    failed = reject;
    socket.once("connect", () => resolve());
  });
  return {
    exchange: () => exchangeOn(socket, kind, (reject) => failed = reject),
    close: () => void socket.resetAndDestroy(),
  };
}

function exchangeOn(socket: Socket, kind: Kind, onFailed: (reject: (error: Error) => void) => void) {
  return new Promise<void>((resolve, reject) => {
    onFailed(reject);
    const read = (bytes: Uint8Array) => {
      if (!isWhole(kind, bytes)) return;
      socket.off("data", read);
      resolve();
    };
    socket.on("data", read);
    socket.write(kind === "http" ? REQUEST : BYTE);
  });
}

/** Whether an answer has come to its end with these bytes: each ends in the same byte. */
function isWhole(kind: Kind, bytes: Uint8Array): boolean {
  return kind === "raw" ? bytes.length > 0 : bytes[bytes.length - 1] === BYTE[0];
}

async function patiently<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
