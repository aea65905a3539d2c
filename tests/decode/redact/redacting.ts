// Redacts what a test gives, in one line.

import assert from "node:assert/strict";
import { joined } from "../../../src/decode/octets.ts";
import { parseRules, Redactor } from "../../../src/decode/redact/mod.ts";
import type { BodyFacts, RedactedMessage } from "../../../src/decode/redact/mod.ts";

const utf8 = new TextEncoder();

export function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? utf8.encode(text) : text;
}

/** Pieces joined. */
export function whole(pieces: readonly Uint8Array[]): Uint8Array {
  return joined(pieces).slice();
}

/** What the list says: "JSON password 2", with "-" for what was left out. */
export function listed(redactor: Pick<Redactor, "masked">): string[] {
  return redactor.masked.map(({ where, name, count, omitted }) =>
    `${omitted ? "-" : ""}${where} ${name} ${count}`
  );
}

export interface Body extends BodyFacts {
  readonly text: string | Uint8Array;
  readonly rules: readonly string[];
}

/** A body redacted in these pieces. */
export function redactBody(body: Body, cuts: readonly number[] = []): { bytes: Uint8Array; list: string[] } {
  const redactor = new Redactor(parseRules(body.rules));
  const redaction = redactor.body(body);
  const bytes = bytesOf(body.text);
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    pieces.push(redaction.receive(bytes.subarray(from, to)).slice());
    from = to;
  }
  pieces.push(redaction.end());
  assert.equal(redaction.changed, Buffer.compare(whole(pieces), bytes) !== 0 || redactor.masked.length > 0);
  return { bytes: whole(pieces), list: listed(redactor) };
}

/** A Message redacted by these rules. */
export function redactMessage(
  rules: readonly string[],
  startLine: string | null,
  headers: readonly string[],
  body: string | Uint8Array = "",
): RedactedMessage {
  return new Redactor(parseRules(rules)).message({
    startLine,
    headers: headers.map((line) => {
      const colon = line.indexOf(":");
      return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
    }),
    trailers: [],
    isTurn: startLine === null,
    body: bytesOf(body),
  });
}
