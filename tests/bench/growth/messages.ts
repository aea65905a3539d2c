// What one Message costs: by its bytes, how deep it is nested, its header lines and its chunks.

import { brotliCompressSync, gzipSync } from "node:zlib";
import { type MessageFacts, messageFacts, TURN_FACTS } from "../../../src/catalog/content.ts";
import { Views } from "../../../src/catalog/view.ts";
import { decode } from "../../../src/decode/mod.ts";
import { headDifference } from "../../../src/decode/diff/heads.ts";
import { parseRules, Redactor } from "../../../src/decode/redact/mod.ts";
import { editHeads } from "../../../src/decode/rewrite/head_editor.ts";
import { hostRules } from "../../../src/decode/rewrite/host_rules.ts";
import type { ViewKind } from "../../../src/decode/views/types.ts";
import { GrowingWire } from "../../catalog/growing_wire.ts";
import { bytesOf, jsonRecords, pieces, request, soap } from "../pure/inputs.ts";
import type { Cost, Family } from "./types.ts";

const READ = 64 * 1024;
const PLAIN = messageFacts([]);
const RULES = parseRules(["secrets"]);
const NEVER = new AbortController().signal;

/** A Message that came, with nothing kept of it from another time. */
interface Shown {
  readonly wire: GrowingWire;
  readonly facts: MessageFacts;
}

function shown(body: Uint8Array | string, facts = PLAIN, framing: "length" | "chunked" = "length"): Shown {
  return { wire: new GrowingWire(framing).append(body).complete(), facts };
}

/** Views of their own, given up afterwards. */
async function withViews<T>(work: (views: Views) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "tcpmon-bench-" });
  const views = new Views({ folder });
  try {
    return await work(views);
  } finally {
    await views.close();
    await Deno.remove(folder, { recursive: true });
  }
}

async function allLines(views: Views, { wire, facts }: Shown, as: ViewKind): Promise<number> {
  for (let from = 0;;) {
    const { total, complete } = await views.view(wire, facts, { as, from, lines: 100 });
    if (complete) return total;
    from = total;
  }
}

function laidOut(what: string, body: Uint8Array | string, as: ViewKind, facts = PLAIN): Cost {
  return {
    what,
    run: () =>
      withViews(async (views) => {
        if (await allLines(views, shown(body, facts), as) < 1) throw new Error("there are no lines");
      }),
  };
}

function compared(what: string, before: string, after: string, as: ViewKind, structure = false): Cost {
  return {
    what,
    run: () =>
      withViews(async (views) => {
        const messages = [before, after].map((body) => ({ ...shown(body), trailers: [] }));
        const query = { as, context: 3, structure };
        const { structure: found } = await views.diff(messages[0], messages[1], query, NEVER);
        if (structure && found === undefined) throw new Error("nothing was compared");
      }),
  };
}

function redacted(what: string, body: Uint8Array, contentType: string): Cost {
  return {
    what,
    run: () => {
      const redaction = new Redactor(RULES).body({ contentType });
      for (const piece of pieces(body, READ)) redaction.receive(piece);
      redaction.end();
    },
  };
}

function decoded(what: string, answer: Uint8Array, requests = 1): Cost {
  const asked = bytesOf(request(1));
  return {
    what,
    run: () => {
      const decoder = decode();
      for (let at = 0; at < requests; at++) decoder.receive("upstream", asked, 1);
      for (const piece of pieces(answer, READ)) decoder.receive("downstream", piece, 2);
      decoder.end("upstream", "end", 3);
      decoder.end("downstream", "end", 3);
    },
  };
}

/** By bytes of a body. */
export const bytes: Family = {
  by: "bytes of a message",
  sizes: [1e4, 1e5, 1e6, 1e7],
  prepare: (size) => {
    const [json, other, xml] = [jsonRecords(size), jsonRecords(size, 2), soap(size)];
    const line = "x".repeat(size);
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`;
    const coded = (coding: string) => messageFacts([{ name: "Content-Encoding", value: coding }]);
    const sought = { text: "no such word", caseSensitive: false, regex: false };
    const find = (what: string, body: string, as: ViewKind): Cost => ({
      what,
      run: () =>
        withViews(async (views) => {
          const { wire, facts } = shown(body);
          const { total } = await views.find(wire, facts, { as, ...sought }, NEVER);
          if (total > 0) throw new Error("it was found");
        }),
    });
    const screen = (what: string, body: string, as: ViewKind, from: number): Cost => ({
      what,
      run: () =>
        withViews(async (views) => {
          const { wire, facts } = shown(body);
          await views.view(wire, facts, { as, from, lines: 100 });
        }),
    });
    return {
      costs: [
        decoded("decoded", bytesOf(head + line)),
        screen("first screen of XML", xml, "xml", 0),
        screen("last screen of hex", line, "hex", Math.floor(size / 16) - 50),
        laidOut("XML, all", xml, "xml"),
        laidOut("JSON, all", json, "json"),
        laidOut("one line of text, all", line, "text"),
        laidOut("JSON in gzip, all", gzipSync(json, { level: 1 }), "json", coded("gzip")),
        laidOut("JSON in brotli, all", brotliCompressSync(json, { params: { 1: 1 } }), "json", coded("br")),
        find("found in JSON", json, "json"),
        find("found in one line", line, "text"),
        find("found in bytes", line, "hex"),
        compared("compared as JSON", json, other, "json"),
        compared("compared as bytes", json, other, "hex"),
        ...size < 8e6 ? [compared("compared by structure", json, other, "json", true)] : [],
        redacted("redacted JSON", bytesOf(json), "application/json"),
        redacted("redacted XML", bytesOf(xml), "text/xml"),
        redacted("redacted line of text", bytesOf(line), "text/plain"),
      ],
    };
  },
};

/** By how deep a document is nested. */
export const depth: Family = {
  by: "levels of nesting",
  sizes: [1e2, 1e3, 1e4, 1e5],
  prepare: (size) => {
    const json = "[".repeat(size) + "1" + "]".repeat(size);
    const members = '{"a":'.repeat(size) + "1" + "}".repeat(size);
    const xml = "<a>".repeat(size) + "1" + "</a>".repeat(size);
    return {
      costs: [
        laidOut("JSON", json, "json"),
        laidOut("XML", xml, "xml"),
        compared("compared JSON", members, members.replace("1", "2"), "json", true),
        compared("compared XML", xml, xml.replace("1", "2"), "xml", true),
        redacted("redacted JSON", bytesOf(members), "application/json"),
        redacted("redacted XML", bytesOf(xml), "text/xml"),
      ],
    };
  },
};

/** By lines of a head. */
export const headers: Family = {
  by: "header lines",
  sizes: [10, 100, 1e3, 1e4, 5e4],
  prepare: (size) => {
    const lines = Array.from({ length: size }, (_, at) => `X-${at}: value ${at % 7}`);
    const head = bytesOf(`HTTP/1.1 200 OK\r\n${lines.join("\r\n")}\r\nContent-Length: 0\r\n\r\n`);
    const asked = bytesOf(`GET / HTTP/1.1\r\nHost: a\r\n${lines.join("\r\n")}\r\n\r\n`);
    const fields = lines.map((line) => ({ name: line.split(":")[0], value: line.split(": ")[1] }));
    const address = { host: "shop.example.org", port: 80 };
    return {
      costs: [
        decoded("decoded", head),
        {
          what: "rewritten",
          run: () => {
            const local = { host: "127.0.0.1", port: 8081 };
            const legs = {
              listen: local,
              local,
              target: address,
              targetInTls: false,
              clientInTls: () => false,
            };
            const { upstream } = editHeads(hostRules(legs));
            for (const piece of pieces(asked, READ)) upstream.receive(piece);
          },
        },
        {
          what: "redacted",
          run: () => new Redactor(RULES).head({ startLine: "GET / HTTP/1.1", headers: fields, trailers: [] }),
        },
        {
          what: "compared",
          run: () => {
            const other = lines.map((line, at) => at % 2 ? line : `${line}!`).reverse();
            for (const work = headDifference(lines, other, 3, true); !work.next().done;);
          },
        },
      ],
    };
  },
};

/** By chunks of one body, of one byte each. */
export const chunks: Family = {
  by: "chunks of a body",
  sizes: [1e2, 1e3, 1e4, 1e5, 1e6],
  prepare: (size) => {
    const body = bytesOf("1\r\nx\r\n".repeat(size) + "0\r\n\r\n");
    const head = bytesOf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const answer = new Uint8Array(head.length + body.length);
    answer.set(head);
    answer.set(body, head.length);
    return {
      costs: [
        decoded("decoded", answer),
        {
          what: "read back",
          run: () =>
            withViews(async (views) => {
              const source = views.body(shown(body, PLAIN, "chunked").wire, PLAIN);
              await source.advance(Infinity);
              const into = new Uint8Array(READ);
              let length = 0;
              for (let count = source.read(0, into); count > 0; count = source.read(length, into)) {
                length += count;
              }
              source.close();
              if (length !== size) throw new Error(`${length} bytes came back`);
            }),
        },
        {
          what: "read backwards",
          run: () =>
            withViews(async (views) => {
              const source = views.body(shown(body, PLAIN, "chunked").wire, PLAIN);
              await source.advance(Infinity);
              const into = new Uint8Array(4096);
              for (let at = size; at > 0; at -= into.length) source.read(Math.max(0, at - into.length), into);
              source.close();
            }),
        },
      ],
    };
  },
};

/** By requests that are sent before any of them is answered. */
export const pipelined: Family = {
  by: "requests sent ahead",
  sizes: [10, 100, 1e3, 1e4, 1e5],
  prepare: (size) => {
    const answers = bytesOf("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx".repeat(size));
    return { costs: [decoded("decoded", answers, size)] };
  },
};

/** By turns of a protocol that is not decoded. */
export const turns: Family = {
  by: "turns of a connection",
  sizes: [1e2, 1e3, 1e4, 1e5],
  prepare: (size) => ({
    costs: [{
      what: "decoded",
      run: () => {
        const decoder = decode();
        const [asked, answered] = [bytesOf("PING\n"), bytesOf("PONG\n")];
        for (let turn = 0; turn < size; turn++) {
          decoder.receive("upstream", asked, turn);
          decoder.receive("downstream", answered, turn);
        }
      },
    }, laidOutTurn(size)],
  }),
};

/** All that went over it, as one turn. */
function laidOutTurn(size: number): Cost {
  return laidOut("shown as text", "PING\n".repeat(size), "text", TURN_FACTS);
}
