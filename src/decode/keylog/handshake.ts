// What of the handshake the keys depend on: messages put together from records (RFC 8446, 4; RFC 5246, 7.4), and of
// some of them a few fields. It judges nothing else, and takes what is damaged for what is not there.

export const CLIENT_HELLO = 1,
  SERVER_HELLO = 2,
  ENCRYPTED_EXTENSIONS = 8,
  CERTIFICATE = 11,
  FINISHED = 20,
  KEY_UPDATE = 24;

const ALPN = 16, ENCRYPT_THEN_MAC = 22, EARLY_DATA = 42, SUPPORTED_VERSIONS = 43;
/** Longer messages are not put together: certificates are far shorter. */
const LONGEST = 1 << 20;

/** A handshake message. */
export interface HandshakeMessage {
  readonly type: number;
  readonly body: Uint8Array;
}

/** Puts the handshake messages of one Direction together. */
export class HandshakeReader {
  /** What has come of a message that is not whole, and room for more. */
  #bytes = new Uint8Array(0);
  #used = 0;

  /** Takes the content of the next handshake record; gives the messages that are whole with it. */
  *receive(content: Uint8Array): Generator<HandshakeMessage, void> {
    this.#append(content);
    const bytes = this.#bytes;
    let at = 0;
    while (at + 4 <= this.#used) {
      const length = (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
      const end = at + 4 + length;
      if (length > LONGEST) at = this.#used;
      else if (end > this.#used) break;
      else {
        yield { type: bytes[at], body: bytes.slice(at + 4, end) };
        at = end;
      }
    }
    if (at === 0) return;
    bytes.copyWithin(0, at, this.#used);
    this.#used -= at;
  }

  /** Room grows by doubling: a message may come in as many records as it has bytes. */
  #append(content: Uint8Array): void {
    const needed = this.#used + content.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = grown;
    }
    this.#bytes.set(content, this.#used);
    this.#used = needed;
  }
}

/** Of a ClientHello. */
export interface ClientHello {
  readonly random: Uint8Array;
  /** Whether data may follow at once, before the server has answered (0-RTT). */
  readonly earlyData: boolean;
}

/** Of a ServerHello. */
export interface ServerHello {
  readonly random: Uint8Array;
  /** As negotiated: 0x0304 is TLS 1.3. */
  readonly version: number;
  readonly suite: number;
  readonly compression: number;
  readonly encryptThenMac: boolean;
  /** It asks for another ClientHello instead (RFC 8446, 4.1.3). */
  readonly retry: boolean;
}

/** The random of a ServerHello that is a HelloRetryRequest: SHA-256 of that word. */
const RETRY = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";

/** Reads a ClientHello (RFC 8446, 4.1.2); null where it is damaged. */
export function readClientHello(body: Uint8Array): ClientHello | null {
  const fields = new Fields(body);
  fields.take(2);
  const random = fields.take(32);
  fields.take(fields.number(1)); // session id
  fields.take(fields.number(2)); // cipher suites
  fields.take(fields.number(1)); // compression methods
  const extensions = readExtensions(fields);
  return fields.short ? null : { random, earlyData: extensions.has(EARLY_DATA) };
}

/** Reads a ServerHello (RFC 8446, 4.1.3); null where it is damaged. */
export function readServerHello(body: Uint8Array): ServerHello | null {
  const fields = new Fields(body);
  const version = fields.number(2);
  const random = fields.take(32);
  fields.take(fields.number(1)); // session id
  const suite = fields.number(2);
  const compression = fields.number(1);
  const extensions = readExtensions(fields);
  if (fields.short) return null;
  const selected = extensions.get(SUPPORTED_VERSIONS);
  return {
    random,
    version: selected?.length === 2 ? (selected[0] << 8) | selected[1] : version,
    suite,
    compression,
    encryptThenMac: extensions.has(ENCRYPT_THEN_MAC),
    retry: random.every((byte, at) => byte === parseInt(RETRY.slice(2 * at, 2 * at + 2), 16)),
  };
}

/** The protocol in EncryptedExtensions (RFC 8446, 4.3.1; RFC 7301, 3.1), one character a byte; null without one. */
export function readAlpn(body: Uint8Array): string | null {
  const list = readExtensions(new Fields(body)).get(ALPN);
  if (list === undefined || list.length < 3) return null;
  return String.fromCharCode(...list.subarray(3, 3 + list[2]));
}

/** The first certificate of a Certificate message of TLS 1.3 (RFC 8446, 4.4.2), in DER; null without one. */
export function readFirstCertificate(body: Uint8Array): Uint8Array | null {
  const fields = new Fields(body);
  fields.take(fields.number(1)); // request context
  fields.take(3); // length of the list
  const der = fields.take(fields.number(3));
  return fields.short || der.length === 0 ? null : der;
}

function readExtensions(fields: Fields): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  // A hello without any has not even their length (RFC 5246, 7.4.1.2).
  if (fields.left === 0) return found;
  const extensions = new Fields(fields.take(fields.number(2)));
  while (extensions.left > 0 && !extensions.short) {
    const type = extensions.number(2);
    found.set(type, extensions.take(extensions.number(2)));
  }
  return found;
}

/** Takes fields from the front; where there are too few bytes, what is there, and `short` says so. */
class Fields {
  #at = 0;
  short = false;

  constructor(private readonly bytes: Uint8Array) {}

  get left(): number {
    return this.bytes.length - this.#at;
  }

  take(length: number): Uint8Array {
    if (length > this.left) this.short = true;
    const taken = this.bytes.subarray(this.#at, this.#at + length);
    this.#at = Math.min(this.bytes.length, this.#at + length);
    return taken;
  }

  number(size: number): number {
    return this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
  }
}
