// Finds the client randoms of TLS connections in what clients send: where a Chunk begins, or right behind the head of a
// CONNECT that did not wait for its answer, the beginning of a ClientHello (RFC 8446, 4.1.2 and 5.1). It reads nothing
// else and judges nothing.

/** Where the random lies: behind the record's header (5 bytes), the message's (4) and a version (2). */
const RANDOM = 11;
const END = RANDOM + 32;
const CONNECT = Uint8Array.from("CONNECT ", (character) => character.charCodeAt(0));

/** Looks at the upstream Direction of all Connections. */
export class ClientRandoms {
  /** By Connection, the beginning of what may be a ClientHello and is not whole. */
  readonly #begun = new Map<number, Uint8Array>();

  /** Takes the next bytes of a Connection's client. Gives a random, hexadecimal in lower case, or null. */
  take(connection: number, bytes: Uint8Array): string | null {
    const begun = this.#begun.get(connection);
    if (begun === undefined) {
      const from = bytes[0] === CONNECT[0] ? behindConnect(bytes) : 0;
      return from < bytes.length ? this.#try(connection, bytes.slice(from, from + END)) : null;
    }
    this.#begun.delete(connection);
    const joined = new Uint8Array(Math.min(END, begun.length + bytes.length));
    joined.set(begun);
    joined.set(bytes.subarray(0, joined.length - begun.length), begun.length);
    return this.#try(connection, joined);
  }

  /** The Connection is over. */
  forget(connection: number): void {
    this.#begun.delete(connection);
  }

  #try(connection: number, bytes: Uint8Array): string | null {
    const [type, major, , , , message] = bytes;
    const [handshake, clientHello] = [22, 1];
    if (type !== handshake || (bytes.length > 1 && major !== 3)) return null;
    if (bytes.length > 5 && message !== clientHello) return null;
    if (bytes.length < END) {
      this.#begun.set(connection, bytes);
      return null;
    }
    let random = "";
    for (let at = RANDOM; at < END; at++) random += bytes[at].toString(16).padStart(2, "0");
    return random;
  }
}

/** One past the empty line that ends a CONNECT; the length of `bytes` where they are none, or it is not whole. */
function behindConnect(bytes: Uint8Array): number {
  if (!CONNECT.every((byte, at) => bytes[at] === byte)) return bytes.length;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x0a) return at + 2;
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return at + 3;
  }
  return bytes.length;
}
