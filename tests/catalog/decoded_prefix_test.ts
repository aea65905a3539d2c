import assert from "node:assert/strict";
import zlib from "node:zlib";
import { decode } from "../../src/decode/mod.ts";
import { BODY_PREFIX, type Message } from "../../src/decode/types.ts";
import { decodedPrefix } from "../../src/catalog/decoded_prefix.ts";

const TEXT = new TextEncoder().encode(
  JSON.stringify(Array.from({ length: 3000 }, (_, id) => ({ id, number: id * 7919 % 1009 }))),
);

/** A request with that body and Content-Encoding, as a decoder gives it. */
function message(body: Uint8Array, coding: string): Message {
  const decoder = decode();
  const head = `POST / HTTP/1.1\r\nContent-Length: ${body.length}\r\nContent-Encoding: ${coding}\r\n\r\n`;
  const { changed } = decoder.receive("upstream", new TextEncoder().encode(head), 0);
  decoder.receive("upstream", body, 0);
  return changed[0].request!;
}

const CODED: Readonly<Record<string, readonly [string, (bytes: Uint8Array) => Uint8Array]>> = {
  "gzip": ["gzip", zlib.gzipSync],
  "gzip in capitals": ["GZIP", zlib.gzipSync],
  "x-gzip": ["x-gzip", zlib.gzipSync],
  "deflate": ["deflate", zlib.deflateSync],
  "deflate without the zlib header": ["deflate", zlib.deflateRawSync],
};

for (const [name, [coding, encode]] of Object.entries(CODED)) {
  Deno.test(`decodedPrefix: ${name}, whole and cut off`, () => {
    const short = TEXT.subarray(0, 500);
    assert.deepEqual(Buffer.from(decodedPrefix(message(encode(short), coding))!), Buffer.from(short));
    const prefix = decodedPrefix(message(encode(TEXT), coding));
    assert.deepEqual(Buffer.from(prefix!), Buffer.from(TEXT.subarray(0, BODY_PREFIX)));
  });
}

Deno.test("decodedPrefix: Brotli where the runtime can stop it, otherwise nothing", () => {
  const prefix = decodedPrefix(message(zlib.brotliCompressSync(TEXT), "br"));
  if ("createZstdDecompress" in zlib) {
    assert.deepEqual(Buffer.from(prefix!), Buffer.from(TEXT.subarray(0, BODY_PREFIX)));
  } else {
    assert.equal(prefix, undefined);
  }
});

const NOTHING: Readonly<Record<string, readonly [string, Uint8Array]>> = {
  "no coding": ["identity", TEXT],
  "an unknown coding": ["pack200", TEXT],
  "two codings": ["deflate, gzip", zlib.gzipSync(zlib.deflateSync(TEXT))],
  "data that is not in its coding": ["gzip", TEXT],
  "no body": ["gzip", new Uint8Array(0)],
};

for (const [name, [coding, body]] of Object.entries(NOTHING)) {
  Deno.test(`decodedPrefix: nothing for ${name}`, () => {
    assert.equal(decodedPrefix(message(body, coding)), undefined);
  });
}
