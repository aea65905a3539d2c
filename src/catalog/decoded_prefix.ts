// The first bytes of a body without its content coding (RFC 9110, 8.4), for the summary of an Exchange. From what the
// decoder keeps of a Message; never more than that is looked at, and nothing is read from anywhere.

import zlib from "node:zlib";
import { BODY_PREFIX, type Message } from "../decode/types.ts";
import { messageFacts } from "./content.ts";

const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants;

/** Brotli can make gigabytes of some bytes, so it is only used where it can be stopped. */
const STOPS_BROTLI = "createZstdDecompress" in zlib;
const LARGEST_OUTPUT = 4 * 1024 * 1024;

/** By coding: what decodes data that may end early. Deflate makes at most 1,032 bytes of one. */
const DECODE: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  "gzip": gunzip,
  "x-gzip": gunzip,
  "deflate": (bytes) => {
    // Some senders leave out the zlib header (RFC 9110, 8.4.1.2).
    const inflate = (bytes[0] & 0x0f) === 8 ? zlib.inflateSync : zlib.inflateRawSync;
    return inflate(bytes, { finishFlush: Z_SYNC_FLUSH });
  },
  ...(STOPS_BROTLI
    ? {
      "br": (bytes) =>
        zlib.brotliDecompressSync(bytes, {
          finishFlush: BROTLI_OPERATION_FLUSH,
          maxOutputLength: LARGEST_OUTPUT,
        }),
    }
    : {}),
};

/** Undefined where the body has no content coding, or none that can be removed. */
export function decodedPrefix(message: Message): Uint8Array | undefined {
  const { http, bodyPrefix } = message;
  if (!http || bodyPrefix.length === 0) return undefined;
  // Most Messages have none, and this is done for every one.
  if (!http.headers.some(({ name }) => name.length === 16 && name.toLowerCase() === "content-encoding")) {
    return undefined;
  }
  const { contentCoding } = messageFacts(http.headers);
  if (contentCoding.length !== 1 || !Object.hasOwn(DECODE, contentCoding[0])) return undefined;
  try {
    return DECODE[contentCoding[0]](bodyPrefix).subarray(0, BODY_PREFIX);
  } catch {
    // Damaged data says nothing; the views tell what is wrong with it.
    return undefined;
  }
}

function gunzip(bytes: Uint8Array): Uint8Array {
  return zlib.gunzipSync(bytes, { finishFlush: Z_SYNC_FLUSH });
}
