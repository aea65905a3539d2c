// Whether a record can be read or is encrypted. Nothing in its header says so; it follows from what came before, except
// for the few messages that TLS 1.3 sends in the clear after a change_cipher_spec that means nothing (RFC 8446, D.4).

import { HANDSHAKE, RECORD } from "./names.ts";
import type { RecordHead } from "./stream.ts";

/** `isProtected` says that in this Direction a change_cipher_spec or encrypted data has come. */
export function isPlain(head: RecordHead, bytes: Uint8Array, isProtected: boolean): boolean {
  switch (head.type) {
    case RECORD.cipherChange:
      return bytes.length === 1 && bytes[0] === 1;
    // Encrypted, it is longer: by what authenticates it, 8 bytes at the least.
    case RECORD.alert:
      return bytes.length === 2 || !isProtected;
    // The hellos around a HelloRetryRequest: by their type and a length that fits, which is chance once in 2^31.
    case RECORD.handshake:
      return !isProtected || isHello(bytes);
    case RECORD.heartbeat:
      return !isProtected;
    default:
      return false;
  }
}

function isHello(bytes: Uint8Array): boolean {
  if (bytes[0] !== HANDSHAKE.clientHello && bytes[0] !== HANDSHAKE.serverHello) return false;
  return bytes.length > 4 && bytes[1] * 0x10000 + bytes[2] * 0x100 + bytes[3] === bytes.length - 4;
}
