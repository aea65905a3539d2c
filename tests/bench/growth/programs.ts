// What the running program costs: by its connections, its listeners, the pages that look at it, and its configuration.

import { configText, NO_CONFIG, readConfig } from "../../../src/config.ts";
import { completionsAt, describe, marksOf, parseQuery } from "../../../src/decode/query/mod.ts";
import type { Address, Route } from "../../../src/model.ts";
import { type Program, startProgram } from "../../../src/program.ts";
import { createEventStream } from "../../../src/ui/event_stream.ts";
import { Feed } from "../../../src/ui/feed.ts";
import { anExchange, FakeCatalog, FakeControl } from "../../ui/fakes.ts";
import type { Family } from "./types.ts";

const LOOPBACK = "127.0.0.1";

function started(
  routes: readonly Route[],
  jsonLine: ((line: string) => void) | null = null,
): Promise<Program> {
  return startProgram({
    version: "0.0.0",
    routes,
    ui: { host: LOOPBACK, port: 0 },
    capture: null,
    jsonLine,
    notice: () => {},
  });
}

/** A server that gives back what it gets. */
function echo(): { readonly address: Address; close(): void } {
  const listener = Deno.listen({ hostname: LOOPBACK, port: 0 });
  (async () => {
    for await (const conn of listener) conn.readable.pipeTo(conn.writable).catch(() => {});
  })().catch(() => {});
  return { address: { host: LOOPBACK, port: listener.addr.port }, close: () => listener.close() };
}

/** By connections through the program at once; client and server are in the same process, so memory is not told here. */
export const connections: Family = {
  by: "connections at once",
  sizes: [2, 20, 200, 2e3],
  prepare: async (size) => {
    const server = echo();
    const program = await started([{ listen: { host: LOOPBACK, port: 0 }, target: server.address }]);
    const port = Number(program.listeners()[0].listen.split(":").at(-1));
    const conns: Deno.Conn[] = [];
    const call = async () => {
      await Promise.all(conns.map(async (conn) => {
        await conn.write(Uint8Array.of(1));
        await conn.read(new Uint8Array(1));
      }));
    };
    const asked = (path: string) =>
      fetch(`${program.page.apiUrl}${path}`, { headers: { authorization: `Bearer ${program.page.token}` } });
    return {
      costs: [
        {
          what: "opened, a byte each way",
          once: true,
          run: async () => {
            for (let count = 0; count < size; count++) {
              conns.push(await Deno.connect({ hostname: LOOPBACK, port }));
            }
            await call();
          },
        },
        { what: "a byte each way again", run: call },
        {
          what: "listed, the first hundred",
          run: async () => {
            const response = await asked("/connections?limit=100");
            if (!response.ok) throw new Error(await response.text());
            await response.arrayBuffer();
          },
        },
        {
          what: "ended by the program",
          once: true,
          run: async () => {
            await program.stop();
            for (const conn of conns) conn.close();
          },
        },
      ],
      close: () => server.close(),
    };
  },
};

/** By listeners. Each forwards to the next one, as far as there is one. */
export const listeners: Family = {
  by: "listeners",
  sizes: [1, 10, 1e2, 1e3],
  prepare: (size) => {
    const routes = Array.from({ length: size }, (_, at): Route => ({
      listen: { host: LOOPBACK, port: 0 },
      target: { host: LOOPBACK, port: 20_000 + at },
      name: `Listener ${at}`,
    }));
    let program: Program;
    const asked = async (path: string) => {
      const response = await fetch(`${program.page.apiUrl}${path}`, {
        headers: { authorization: `Bearer ${program.page.token}` },
      });
      if (!response.ok) throw new Error(await response.text());
      return response;
    };
    return {
      costs: [
        {
          what: "started, with --json",
          once: true,
          run: async () => {
            program = await started(routes, () => {});
          },
        },
        { what: "listed", run: async () => void (await (await asked("/listeners")).arrayBuffer()) },
        {
          what: "what a page begins with",
          run: async () => {
            const { body } = await asked("/events");
            let text = "";
            for await (const piece of body!.pipeThrough(new TextDecoderStream())) {
              text += piece;
              if (text.includes("event: snapshot") && text.endsWith("\n\n")) break;
            }
          },
        },
        { what: "ended", once: true, run: () => program.stop() },
      ],
    };
  },
};

/** By pages that look at the program. */
export const pages: Family = {
  by: "pages open",
  sizes: [1, 10, 1e2, 1e3],
  prepare: (size) => {
    const [catalog, control] = [new FakeCatalog(), new FakeControl()];
    const feed = new Feed({ catalog, control, version: "1.2.3", deltaEveryMs: 0 });
    const readers = Array.from({ length: size }, () => createEventStream(feed, null).getReader());
    const until = async (word: string) => {
      await Promise.all(readers.map(async (reader) => {
        for (;;) {
          const { value, done } = await reader.read();
          if (done || new TextDecoder().decode(value).includes(word)) return;
        }
      }));
    };
    return {
      costs: [
        { what: "begun", once: true, run: () => until("event: snapshot") },
        {
          what: "told of 200 exchanges",
          run: async () => {
            const told = until("event: delta");
            const exchanges = Array.from({ length: 200 }, (_, at) => anExchange({ id: `e${200 - at}` }));
            catalog.tell({ exchanges });
            await told;
          },
        },
      ],
      close: async () => {
        await Promise.all(readers.map((reader) => reader.cancel()));
        feed.end();
      },
    };
  },
};

/** By listeners in a configuration. */
export const configuration: Family = {
  by: "listeners of a configuration",
  sizes: [10, 100, 1e3, 1e4],
  prepare: (size) => {
    const routes = Array.from({ length: size }, (_, at): Route => ({
      listen: { host: LOOPBACK, port: 1 + at },
      target: { host: "shop.example.org", port: 80 },
      name: `Listener ${at}`,
    }));
    const text = configText(routes, NO_CONFIG);
    const wrong = text.replace(/"listen": "[^"]*"(?=[^"]*"target": [^}]*\}\s*\]\s*\}\s*$)/, '"listen": "x"')
      .replaceAll(/\n */g, " ");
    return {
      costs: [
        { what: "read", run: () => readConfig(text, "file") },
        { what: "written", run: () => configText(routes, NO_CONFIG) },
        {
          what: "a mistake told",
          run: () => {
            try {
              readConfig(wrong.replace('"name"', '"nome"'), "file");
            } catch {
              return;
            }
            throw new Error("it was read");
          },
        },
      ],
    };
  },
};

/** By characters of a filter. */
export const filters: Family = {
  by: "characters of a filter",
  sizes: [1e2, 1e3, 1e4, 1e5, 1e6],
  prepare: (size) => {
    const word = "a".repeat(size);
    const terms = "-(a or b) ".repeat(size / 10);
    const read = (text: string) => {
      const { query } = parseQuery(text);
      if (query) [marksOf(query), describe(query)];
    };
    return {
      costs: [
        { what: "one word read", run: () => read(word) },
        { what: "terms read", run: () => read(terms) },
        { what: "parentheses read", run: () => read("(".repeat(size)) },
        { what: "completed", run: () => completionsAt(`${word} sta`, size + 4) },
      ],
    };
  },
};
