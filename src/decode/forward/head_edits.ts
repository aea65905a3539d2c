// What a proxy changes in the head of a request before it passes it on: the request target to origin-form, Host to what
// the target says (RFC 9112, 3.2.2), and the fields that are for the proxy alone are left out. Everything else passes as
// it came, byte by byte: the connection to the target has the same life as the client's, and so has what is said of it.

import { latin1 } from "../octets.ts";
import type { Edit } from "../rewrite/mod.ts";
import type { Header, HttpHead } from "../types.ts";
import type { Destination } from "./target.ts";

/** Fields between a client and its proxy (RFC 9110, 11.7.1; Proxy-Connection is an invention that some clients send). */
const FOR_THE_PROXY = /^proxy-(?:connection|authorization)$/i;

/**
 * The edits of `head`, whose bytes are those of `bytes` from `from` on; its first byte is at `offset` of the stream.
 */
export function headEdits(
  bytes: Uint8Array,
  from: number,
  offset: number,
  head: HttpHead,
  destination: Destination,
): Edit[] {
  const text = latin1(bytes, from, bytes.length);
  const edits: Edit[] = [];
  const edit = (at: number, removed: number, inserted: string) => {
    edits.push({ offset: offset + at, removed, inserted: octets(inserted) });
  };
  const received = head.target ?? "";
  // Only what differs is changed: the scheme and the authority are taken away, and a "/" may take their place.
  const kept = received.endsWith(destination.target) ? destination.target.length : 0;
  const targetStart = text.indexOf(received, head.method?.length ?? 0);
  edit(targetStart, received.length - kept, kept > 0 ? "" : destination.target);

  const end = fieldsEnd(text);
  let hasHost = false;
  for (const [index, header] of head.headers.entries()) {
    const start = header.offset - offset;
    const next = index + 1 < head.headers.length ? head.headers[index + 1].offset - offset : end;
    if (FOR_THE_PROXY.test(header.name)) edit(start, next - start, "");
    else if (header.name.toLowerCase() === "host") {
      if (hasHost) edit(start, next - start, "");
      else if (!saysSame(header, destination)) {
        edit(start, next - start, `${header.name}: ${destination.authority}${lineEnd(text)}`);
      }
      hasHost = true;
    }
  }
  if (!hasHost) edit(end, 0, `Host: ${destination.authority}${lineEnd(text)}`);
  return edits;
}

/** Where the empty line begins that ends the head. */
function fieldsEnd(text: string): number {
  return text.length - (text.endsWith("\r\n") ? 2 : 1);
}

function lineEnd(text: string): string {
  return text.endsWith("\r\n") ? "\r\n" : "\n";
}

/** Whether Host is what the target says, with or without the port that is the default one. */
function saysSame({ value }: Header, { authority }: Destination): boolean {
  const plain = (host: string) => host.toLowerCase().replace(/:(?:80)?$/, "");
  return plain(value) === plain(authority);
}

/** Text of one character a byte. */
function octets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
