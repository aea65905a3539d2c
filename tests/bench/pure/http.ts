// HTTP decoding: of small messages, large bodies, and what a peer may send that is neither; llhttp beside it, which does
// less, for it knows neither what belongs together nor where in the stream it stands.

import { decode } from "../../../src/decode/mod.ts";
import { judge } from "../../decode/llhttp.ts";
import { bytesOf, chunked, pieces, request, response } from "./inputs.ts";
import type { PureGroup } from "./types.ts";

const READ = 64 * 1024;

/** Decodes one Connection, in turns of a request and its answer; returns how many bytes of bodies there were. */
function decoded(requests: readonly Uint8Array[], responses: readonly Uint8Array[], piece: number): number {
  const decoder = decode();
  const done = new Set<object>();
  let bytes = 0;
  const take = (direction: "upstream" | "downstream", part: Uint8Array) => {
    for (const exchange of decoder.receive(direction, part, 1).changed) {
      if (exchange.state !== "done" || done.has(exchange)) continue;
      done.add(exchange);
      bytes += exchange.response?.bodyBytes ?? 0;
    }
  };
  requests.forEach((one, at) => {
    for (const part of pieces(one, piece)) take("upstream", part);
    for (const part of pieces(responses[at], piece)) take("downstream", part);
  });
  return bytes + done.size;
}

/** What llhttp reads of the same. */
function judged(requests: readonly Uint8Array[], responses: readonly Uint8Array[]): number {
  let bytes = 0;
  let done = 0;
  const all = (parts: readonly Uint8Array[]) => {
    const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  };
  judge("request", all(requests), () => READ, []);
  const methods = requests.map(() => "GET");
  for (const { body, complete } of judge("response", all(responses), () => READ, methods).messages) {
    bytes += body.length;
    if (complete) done++;
  }
  return bytes + done;
}

interface Made {
  readonly name: string;
  readonly answers: readonly string[];
  /** Bytes of their bodies. */
  readonly bodies: number;
  readonly piece?: number;
  /** llhttp's strings are made of arguments, of which there are not so many: it is asked where bodies are small. */
  readonly hasPeer?: boolean;
}

const BODY = '{"id":17,"state":"shipped"}';
const SMALL = 1_000;
const LONG = 4_000_000;

const MADE: readonly Made[] = [
  {
    name: "small messages",
    answers: Array.from({ length: SMALL }, () => response(BODY)),
    bodies: SMALL * BODY.length,
    hasPeer: true,
  },
  {
    name: "small messages, byte by byte",
    answers: Array.from({ length: 50 }, () => response(BODY)),
    bodies: 50 * BODY.length,
    piece: 1,
  },
  { name: "a body of 4 MB", answers: [response("x".repeat(LONG), "text/plain")], bodies: LONG },
  {
    name: "1,000 header lines",
    answers: Array.from({ length: 20 }, () => response(BODY, "application/json", 1_000)),
    bodies: 20 * BODY.length,
    hasPeer: true,
  },
  {
    name: "chunks of one byte",
    answers: [chunked("x".repeat(50_000), 1)],
    bodies: 50_000,
    hasPeer: true,
  },
  { name: "chunks of 4 KB", answers: [chunked("x".repeat(LONG), 4096)], bodies: LONG },
];

/** See above. */
export const http: PureGroup = {
  group: "HTTP decode",
  cases: () => [
    ...MADE.flatMap(({ name, answers, bodies, piece = READ, hasPeer }) => {
      const requests = answers.map((_, at) => bytesOf(request(at)));
      const responses = answers.map(bytesOf);
      const bytes = [...requests, ...responses].reduce((sum, { length }) => sum + length, 0);
      const expected = bodies + answers.length;
      const own = { name, bytes, run: () => decoded(requests, responses, piece), expected };
      const peer = {
        name: `${name}: llhttp`,
        isPeer: true,
        bytes,
        run: () => judged(requests, responses),
        expected,
      };
      return hasPeer ? [own, peer] : [own];
    }),
    turns(),
  ],
};

/** No HTTP at all: turns of a few bytes. */
function turns() {
  const count = 20_000;
  const [asked, answered] = [bytesOf("*1\r\n$4\r\nPING\r\n"), bytesOf("+PONG\r\n")];
  return {
    name: "turns of another protocol",
    bytes: count * (asked.length + answered.length),
    run: () => {
      const decoder = decode();
      let last = 0;
      for (let turn = 0; turn < count; turn++) {
        for (const { ordinal } of decoder.receive("upstream", asked, turn).changed) last = ordinal;
        for (const { ordinal } of decoder.receive("downstream", answered, turn).changed) last = ordinal;
      }
      return last + 1;
    },
    expected: count,
  };
}
