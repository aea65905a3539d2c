// Takes the protection off the records of one Direction, in their order: TLS 1.3 (RFC 8446, 5.2), and of TLS 1.2 AEAD
// (RFC 5246, 6.2.3.3) and CBC (6.2.3.2; RFC 7366 with Encrypt-then-MAC). What does not prove right is never given.

import { createDecipheriv, getCiphers } from "node:crypto";
import { hmac, type Keys } from "./schedule.ts";
import type { Suite } from "./suites.ts";

/** What was in a record: its content type (RFC 8446, 5.1) and bytes. */
export interface Inner {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** A record as it came: `header` its first 5 bytes, `fragment` the rest. */
export interface ProtectedRecord {
  readonly header: Uint8Array;
  readonly fragment: Uint8Array;
}

/** Opens the records of one Direction under one set of keys. */
export interface Protection {
  /** The record that comes next; null where it does not prove to be that. Only a success counts as a record. */
  open(record: ProtectedRecord): Inner | null;
}

const TAG = 16;
const BLOCK = 16;

/** Protection of TLS 1.3. */
export class Tls13Protection implements Protection {
  readonly #nonce = new Uint8Array(12);
  #sequence = 0;

  constructor(private readonly suite: Suite, private readonly keys: Keys) {}

  open({ header, fragment }: ProtectedRecord): Inner | null {
    xorNonce(this.#nonce, this.keys.iv, this.#sequence);
    const plain = openAead(this.suite, this.keys.key, this.#nonce, header, fragment);
    if (plain === null) return null;
    this.#sequence++;
    // The content type is the last byte that is not the padding's zero (RFC 8446, 5.4).
    let end = plain.length;
    while (end > 0 && plain[end - 1] === 0) end--;
    return end === 0 ? null : { type: plain[end - 1], bytes: plain.subarray(0, end - 1) };
  }
}

/** Protection of TLS 1.2; `encryptThenMac` where both agreed on that (RFC 7366). */
export class Tls12Protection implements Protection {
  #sequence = 0;

  constructor(
    private readonly suite: Suite,
    private readonly keys: Keys,
    private readonly encryptThenMac: boolean,
  ) {}

  open(record: ProtectedRecord): Inner | null {
    const { suite, keys } = this;
    const bytes = suite.mac === null
      ? this.#openAead(record)
      : this.encryptThenMac
      ? this.#openMacBehind(suite.mac, keys, record)
      : this.#openMacInside(suite.mac, keys, record);
    if (bytes === null) return null;
    this.#sequence++;
    return { type: record.header[0], bytes };
  }

  #openAead({ header, fragment }: ProtectedRecord): Uint8Array | null {
    const { suite, keys } = this;
    const nonce = new Uint8Array(12);
    // GCM sends 8 bytes of the nonce with each record (RFC 5288, 3); ChaCha20 makes it as TLS 1.3 does (RFC 7905, 2).
    const explicit = suite.cipher === "chacha20-poly1305" ? 0 : 8;
    if (fragment.length < explicit + TAG) return null;
    if (explicit > 0) {
      nonce.set(keys.iv);
      nonce.set(fragment.subarray(0, explicit), 4);
    } else xorNonce(nonce, keys.iv, this.#sequence);
    const data = this.#authenticated(header, fragment.length - explicit - TAG);
    return openAead(suite, keys.key, nonce, data, fragment.subarray(explicit));
  }

  #openMacInside(
    hash: NonNullable<Suite["mac"]>,
    keys: Keys,
    { header, fragment }: ProtectedRecord,
  ): Uint8Array | null {
    const plain = this.#decryptBlocks(keys, fragment);
    if (plain === null) return null;
    const length = unpadded(plain) - this.suite.macLength;
    if (length < 0) return null;
    const bytes = plain.subarray(0, length);
    const mac = hmac(hash, keys.mac, this.#authenticated(header, length), bytes);
    return isEqual(mac, plain.subarray(length, length + mac.length)) ? bytes : null;
  }

  #openMacBehind(
    hash: NonNullable<Suite["mac"]>,
    keys: Keys,
    { header, fragment }: ProtectedRecord,
  ): Uint8Array | null {
    const length = fragment.length - this.suite.macLength;
    if (length < 0) return null;
    const encrypted = fragment.subarray(0, length);
    const mac = hmac(hash, keys.mac, this.#authenticated(header, length), encrypted);
    if (!isEqual(mac, fragment.subarray(length))) return null;
    const plain = this.#decryptBlocks(keys, encrypted);
    const end = plain === null ? -1 : unpadded(plain);
    return plain === null || end < 0 ? null : plain.subarray(0, end);
  }

  /** Each record begins with its initialisation vector (RFC 5246, 6.2.3.2). */
  #decryptBlocks(keys: Keys, encrypted: Uint8Array): Uint8Array | null {
    if (encrypted.length < 2 * BLOCK || encrypted.length % BLOCK !== 0) return null;
    const decipher = createDecipheriv(this.suite.cipher, keys.key, encrypted.subarray(0, BLOCK));
    decipher.setAutoPadding(false);
    return joined(decipher.update(encrypted.subarray(BLOCK)), decipher.final());
  }

  /** Sequence number, type, version and length: what is authenticated beside the content (RFC 5246, 6.2.3). */
  #authenticated(header: Uint8Array, length: number): Uint8Array {
    const data = new Uint8Array(13);
    const view = new DataView(data.buffer);
    view.setUint32(0, Math.floor(this.#sequence / 0x1_0000_0000));
    view.setUint32(4, this.#sequence % 0x1_0000_0000);
    data.set(header.subarray(0, 3), 8);
    view.setUint16(11, length);
    return data;
  }
}

/** Whether the runtime has this suite's cipher. Deno 2.4 has no ChaCha20-Poly1305. */
export function isAvailable({ cipher }: Suite): boolean {
  return getCiphers().includes(cipher);
}

/** The nonce of a record: its number against the end of the IV (RFC 8446, 5.3). */
function xorNonce(nonce: Uint8Array, iv: Uint8Array, sequence: number): void {
  nonce.set(iv);
  let rest = sequence;
  for (let at = 11; rest > 0; at--, rest = Math.floor(rest / 256)) nonce[at] ^= rest % 256;
}

function openAead(
  suite: Suite,
  key: Uint8Array,
  nonce: Uint8Array,
  data: Uint8Array,
  fragment: Uint8Array,
): Uint8Array | null {
  const length = fragment.length - TAG;
  if (length < 0) return null;
  // The types name each cipher's options apart; they are the same for all that are used here.
  const decipher = createDecipheriv(suite.cipher as "aes-128-gcm", key, nonce, { authTagLength: TAG });
  decipher.setAAD(data);
  decipher.setAuthTag(fragment.subarray(length));
  try {
    return joined(decipher.update(fragment.subarray(0, length)), decipher.final());
  } catch {
    return null;
  }
}

/** How many bytes are left without the padding (RFC 5246, 6.2.3.2); -1 where it is none. */
function unpadded(plain: Uint8Array): number {
  const count = plain[plain.length - 1] + 1;
  if (count > plain.length) return -1;
  for (let at = plain.length - count; at < plain.length; at++) if (plain[at] !== count - 1) return -1;
  return plain.length - count;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (second.length === 0) return first;
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
