// Reads as much of a TLS ClientHello as deciding needs: the name that the client asks for and the protocols that it
// offers, and the newest version (RFC 8446, 4.1.2). Sans-io: it is given all bytes so far, and says what they are or that more are needed.

/** The type of a record that holds a handshake (RFC 8446, 5.1): with it TLS begins. */
export const HANDSHAKE = 0x16;
const CLIENT_HELLO = 1;
/** A longer one is taken for no ClientHello, bytes. Those with post-quantum keys have 2 KiB. */
const MOST = 64 * 1024;

/** What a client asks for. */
export interface ClientHello {
  /** SNI (RFC 6066, 3); null where the client names nobody. */
  readonly serverName: string | null;
  /** The protocols that it offers (ALPN, RFC 7301), in its order; empty where it offers none. */
  readonly alpn: readonly string[];
  /** The newest version that it speaks, as TLS writes it: 0x0303 is TLS 1.2 (RFC 8446, 4.2.1). */
  readonly newest: number;
}

/** The ClientHello that `bytes` begin with; "more" where it has not come whole, null where it is none. */
export function readClientHello(bytes: Uint8Array): ClientHello | "more" | null {
  // What each record holds. Nothing is copied before all has come: it may come byte by byte.
  const parts: Uint8Array[] = [];
  let come = 0;
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] !== HANDSHAKE || (at + 1 < bytes.length && bytes[at + 1] !== 3)) return null;
    if (at + 5 > bytes.length) return "more";
    const length = bytes[at + 3] << 8 | bytes[at + 4];
    if (length === 0 || length > 16_384 + 256) return null;
    const part = bytes.subarray(at + 5, at + 5 + length);
    if (come === 0 && part.length > 0 && part[0] !== CLIENT_HELLO) return null;
    parts.push(part);
    come += part.length;
    if (come >= 4) {
      const [, high, middle, low] = start(parts);
      const whole = 4 + (high << 16 | middle << 8 | low);
      if (whole > MOST) return null;
      if (come >= whole) return helloOf(joined(parts, come).subarray(4, whole));
    }
    at += 5 + length;
  }
  return "more";
}

/** The first four bytes of what the parts hold. */
function start(parts: readonly Uint8Array[]): Uint8Array {
  return parts[0].length >= 4 ? parts[0] : joined(parts.slice(0, 4), 4);
}

/** The first `length` bytes of the parts. */
function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part.subarray(0, length - at), at);
    at += Math.min(part.length, length - at);
  }
  return all;
}

/** Reads the body of the message; null where it is not one. */
function helloOf(body: Uint8Array): ClientHello | null {
  const reader = new Reader(body);
  // Clients of TLS 1.3 write the version before it here, and all that they speak in an extension.
  let newest = reader.number(2);
  // The random number.
  reader.skip(32);
  reader.skip(reader.number(1));
  reader.skip(reader.number(2));
  reader.skip(reader.number(1));
  let serverName: string | null = null;
  let alpn: readonly string[] = [];
  // Clients without any extension end here.
  const extensions = reader.isAtEnd
    ? new Reader(new Uint8Array(0))
    : new Reader(reader.take(reader.number(2)));
  while (!extensions.isAtEnd && !extensions.isBroken) {
    const type = extensions.number(2);
    const data = new Reader(extensions.take(extensions.number(2)));
    if (type === 0) serverName = serverNameOf(data);
    else if (type === 16) alpn = protocolsOf(data);
    else if (type === 43) newest = newestOf(data);
  }
  return reader.isBroken || extensions.isBroken ? null : { serverName, alpn, newest };
}

function serverNameOf(data: Reader): string | null {
  const names = new Reader(data.take(data.number(2)));
  while (!names.isAtEnd && !names.isBroken) {
    const type = names.number(1);
    const name = textOf(names.take(names.number(2)));
    if (type === 0) return /^[\w.*-]+$/.test(name) ? name.replace(/\.$/, "").toLowerCase() : null;
  }
  return null;
}

/** The newest of the versions that there are; clients mix in others, which mean nothing (RFC 8701). */
function newestOf(data: Reader): number {
  const versions = new Reader(data.take(data.number(1)));
  let newest = 0;
  while (!versions.isAtEnd && !versions.isBroken) {
    const version = versions.number(2);
    if (version >> 8 === 3 && version > newest) newest = version;
  }
  return newest;
}

function protocolsOf(data: Reader): readonly string[] {
  const names = new Reader(data.take(data.number(2)));
  const protocols: string[] = [];
  while (!names.isAtEnd && !names.isBroken) protocols.push(textOf(names.take(names.number(1))));
  return protocols.filter((name) => name !== "");
}

/** Bytes one after another; what is read behind their end is 0 or nothing, and they are broken then. */
class Reader {
  isBroken = false;
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.#at >= this.bytes.length;
  }

  number(size: number): number {
    let value = 0;
    for (const byte of this.take(size)) value = value << 8 | byte;
    return value;
  }

  skip(count: number): void {
    this.take(count);
  }

  take(count: number): Uint8Array {
    if (this.#at + count > this.bytes.length) {
      this.isBroken = true;
      this.#at = this.bytes.length;
      return this.bytes.subarray(0, 0);
    }
    this.#at += count;
    return this.bytes.subarray(this.#at - count, this.#at);
  }
}

function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
