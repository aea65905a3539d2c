// The body of a recorded request without its content coding, for a Draft. Only a coding that comes off whole is taken off:
// a damaged body is edited as it is.

import { bytesUrl, fetchBytes } from "../pane/api.ts";

/** What the browser can remove itself, and notices when it is damaged. */
const FORMATS: Readonly<Record<string, CompressionFormat>> = {
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
};

/** The body of the request of an Exchange without `coding`; null where that does not come off. `coded` is the body with it. */
export async function decodedBody(
  exchange: string,
  coding: string,
  coded: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const format = FORMATS[coding.toLowerCase()];
  if (format !== undefined) return await inflated(coded, format);
  const decoded = await fetchBytes(bytesUrl(exchange, "request", "body"), signal);
  // Where the program cannot remove it either, it gives the body with it.
  return decoded.length === coded.length && decoded.every((byte, at) => byte === coded[at]) ? null : decoded;
}

/** Null where it is damaged, or something follows it. */
export async function inflated(coded: Uint8Array, format: CompressionFormat): Promise<Uint8Array | null> {
  const stream = new Blob([new Uint8Array(coded)]).stream().pipeThrough(new DecompressionStream(format));
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return null;
  }
}
