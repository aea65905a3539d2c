// What passes over a Connection, as a list of steps, and what a Decoder makes of it, as text. Feeds the steps whole, in
// pieces or skipping what may be skipped, and checks at every call what must hold for any bytes.

import { NO_HOST } from "../../src/decode/host.ts";
import assert from "node:assert/strict";
import { summarise } from "../../src/decode/summary.ts";
import { decode } from "../../src/decode/mod.ts";
import type { Changes, DecodedExchange, Direction, Message, SideEnd } from "../../src/decode/mod.ts";

/** Bytes of one Direction, or its end. */
export type Step =
  | { readonly direction: Direction; readonly bytes: Uint8Array }
  | { readonly direction: Direction; readonly how: SideEnd };

/** What passes over a Connection, and the Exchanges that it has in the end, as `describeAll` writes them. */
export interface Case {
  readonly name: string;
  readonly steps: readonly Step[];
  /** True when HTTP could go on after it: another exchange, without a gap, would be one. */
  readonly goesOn?: boolean;
  readonly exchanges: string;
}

/** A step: what the client sends, one character a byte. */
export function client(text: string): Step {
  return { direction: "upstream", bytes: octets(text) };
}

/** A step: what the target sends. */
export function target(text: string): Step {
  return { direction: "downstream", bytes: octets(text) };
}

/** A step: one side ends. */
export function ends(side: "client" | "target", how: SideEnd = "end"): Step {
  return { direction: side === "client" ? "upstream" : "downstream", how };
}

/** Both sides end in order. */
export const bothEnd: readonly Step[] = [ends("client"), ends("target")];

/** ISO-8859-1 text as bytes. */
export function octets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** How the bytes of a step are fed. */
export interface Feeding {
  /** Length of the next piece; whole steps unless given. */
  readonly piece?: () => number;
  /** How many of the bytes that may be skipped are skipped; none unless given. */
  readonly skipped?: (most: number) => number;
}

/** Feeds pieces of one byte. */
export const byteByByte: Feeding = { piece: () => 1 };

/** What came of a transcript. */
export interface Outcome {
  readonly exchanges: readonly DecodedExchange[];
  /** How often Exchanges were withdrawn. */
  readonly withdrawals: number;
}

/**
 * Feeds a new Decoder and checks what it reports. The time is the number of the step. The requests of most
 * transcripts are as short as can be: that they have no Host is left out (host_test.ts is about that).
 */
export function run(steps: readonly Step[], { piece = () => Infinity, skipped }: Feeding = {}): Outcome {
  const decoder = decode();
  const told = new Map<DecodedExchange, string>();
  let withdrawals = 0;
  const take = ({ changed, withdrawn }: Changes): void => {
    if (withdrawn.length > 0) withdrawals++;
    for (const exchange of withdrawn) assert.ok(told.delete(exchange), "withdrawn what was never told");
    assert.equal(new Set(changed).size, changed.length, "the same Exchange twice in one call");
    for (const exchange of changed) told.set(exchange, describe(exchange));
  };
  steps.forEach((step, at) => {
    if ("how" in step) {
      take(decoder.end(step.direction, step.how, at));
      return;
    }
    for (let i = 0; i < step.bytes.length;) {
      const most = Math.min(decoder.skippable(step.direction), step.bytes.length - i);
      const skip = skipped && most > 0 ? Math.min(most, skipped(most)) : 0;
      if (skip > 0) take(decoder.skip(step.direction, skip, at));
      const bytes = step.bytes.slice(i + skip, i + skip + piece());
      if (bytes.length > 0) {
        take(decoder.receive(step.direction, bytes, at));
        bytes.fill(0xff); // a Decoder must not keep what it was given
      }
      i += skip + bytes.length;
    }
  });
  const exchanges = [...told.keys()].sort((a, b) => a.ordinal - b.ordinal);
  if (new Set(steps.filter((step) => "how" in step).map(({ direction }) => direction)).size === 2) {
    for (const direction of ["upstream", "downstream"] as const) assertAllShown(direction, steps, exchanges);
    for (const { state } of exchanges) {
      assert.notEqual(state, "open", "an Exchange is open when both sides have ended");
    }
  }
  for (const exchange of exchanges) {
    assert.equal(told.get(exchange), describe(exchange), "an Exchange has changed without being told");
    const faults = exchange.request?.faults ?? [];
    const noHost = faults.findIndex(({ text }) => text === NO_HOST);
    if (noHost >= 0) faults.splice(noHost, 1);
  }
  assert.deepEqual(exchanges.map(({ ordinal }) => ordinal), exchanges.map((_, i) => i));
  return { exchanges, withdrawals };
}

/** Every byte belongs to one Message, except those of empty lines between messages of HTTP. */
function assertAllShown(
  direction: Direction,
  steps: readonly Step[],
  exchanges: readonly DecodedExchange[],
): void {
  const bytes = bytesOf(direction, steps);
  const messages = exchanges.flatMap(({ request, interim, response }) => [request, ...interim, response])
    .filter((message) => message !== null).filter((message) => message.direction === direction);
  let shown = 0;
  for (const { start, end } of new Set(messages.sort((a, b) => a.start - b.start || a.end - b.end))) {
    assert.match(
      latin1(bytes.subarray(shown, start)),
      /^[\r\n]*$/,
      `${direction}: bytes before ${start} are not shown`,
    );
    assert.ok(start >= shown, `${direction}: bytes from ${start} on are shown twice`);
    shown = end;
  }
  assert.match(
    latin1(bytes.subarray(shown)),
    /^[\r\n]*$/,
    `${direction}: bytes from ${shown} on are not shown`,
  );
}

/** All bytes of one Direction. */
export function bytesOf(direction: Direction, steps: readonly Step[]): Uint8Array {
  const pieces = steps.flatMap((step) => "bytes" in step && step.direction === direction ? [step.bytes] : []);
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

/** Bytes as text, one character a byte. */
export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** All that is known of Exchanges, as text to compare. */
export function describeAll(exchanges: readonly DecodedExchange[]): string {
  return exchanges.map(describe).join("\n");
}

/**
 * An Exchange as lines: protocol and state, and the tunnel that it passed in; ">" the request, "~" interim responses, "<" the response, each with
 * [start, bodyStart, end], framing and body; "!" its faults, each with its offset; header lines where asked for. Of TLS also the server's name and the summary.
 */
export function describe(exchange: DecodedExchange): string {
  const { protocol, state, tunnel, request, response, interim } = exchange;
  const lines = [`${protocol} ${state}${tunnel === null ? "" : ` ${tunnel}`}`];
  if (exchange.seen !== null) lines[0] += ` | ${exchange.seen.serverName} | ${summarise(exchange)}`;
  if (request !== null) lines.push(...describeMessage(">", request));
  for (const message of interim) lines.push(...describeMessage("~", message));
  if (response !== null && !interim.includes(response)) lines.push(...describeMessage("<", response));
  return lines.join("\n");
}

function describeMessage(mark: string, message: Message): string[] {
  const { start, bodyStart, end, state, http, bodyBytes, bodyPrefix, chunks, faults } = message;
  const words = [mark];
  if (http === null) words.push("raw");
  else if (http.method !== null) words.push(http.method, `${http.target}`, http.version);
  else words.push(http.version, `${http.status}`, ...(http.reason ? [http.reason] : []));
  words.push(`[${start} ${bodyStart} ${end}]`);
  if (http !== null) words.push(http.framing + (http.contentLength === null ? "" : ` ${http.contentLength}`));
  if (state !== "done") words.push(state);
  if (chunks > 0) words.push(`${chunks} chunks`);
  if (bodyBytes > 0) words.push(quote(bodyPrefix));
  if (bodyBytes > bodyPrefix.length) words.push(`of ${bodyBytes} B`);
  const trailers = http?.trailers.map(({ name, value }) => `  +${name}: ${value}`) ?? [];
  return [words.join(" "), ...trailers, ...faults.map(({ offset, text }) => `  !${offset} ${text}`)];
}

/** Bytes in quotes, long ones shortened, control bytes escaped. */
function quote(bytes: Uint8Array): string {
  const text = JSON.stringify(String.fromCharCode(...bytes));
  return text.length <= 60 ? text : `${text.slice(0, 20)}…${text.slice(-20)}`;
}

/** Numbers from 0 up to `below`, the same for the same seed: a linear congruential generator. */
export function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

/** The seed of random tests: TCPMON_SEED, or a new one each time. It stands in the message of whatever fails. */
export const seed = Number(Deno.env.get("TCPMON_SEED") ?? Math.floor(Math.random() * 2 ** 31));

/** Pieces of random lengths, mostly short. */
export function randomPieces(roll: (below: number) => number): Feeding {
  return { piece: () => 1 + roll(roll(4) === 0 ? 200 : 8) };
}

/** Random pieces, with random parts skipped of what may be skipped. */
export function randomSkips(roll: (below: number) => number): Feeding {
  return { piece: () => 1 + roll(5000), skipped: (most) => roll(3) === 0 ? roll(5000) : most };
}
