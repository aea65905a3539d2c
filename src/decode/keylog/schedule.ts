// From secrets to keys: the parts of the key schedule of TLS 1.3 (RFC 8446, 7) that come after the traffic secrets, and
// the key block of TLS 1.2 (RFC 5246, 6.3). Pure; what it gives is secret.

import { createHash } from "node:crypto";
import type { Suite } from "./suites.ts";

/** What protects the records of one Direction. `mac` is empty except with CBC. */
export interface Keys {
  readonly key: Uint8Array;
  /** TLS 1.3 and ChaCha20: all 12 bytes of it; GCM in TLS 1.2: the 4 that stay; CBC: none. */
  readonly iv: Uint8Array;
  readonly mac: Uint8Array;
}

const encoder = new TextEncoder();
const NOTHING = new Uint8Array(0);

/** The keys of a traffic secret (RFC 8446, 7.3). */
export function trafficKeys(suite: Suite, secret: Uint8Array): Keys {
  return {
    key: expandLabel(suite.hash, secret, "key", suite.keyLength),
    iv: expandLabel(suite.hash, secret, "iv", 12),
    mac: NOTHING,
  };
}

/** The traffic secret after a key update (RFC 8446, 7.2). */
export function nextSecret(suite: Suite, secret: Uint8Array): Uint8Array {
  return expandLabel(suite.hash, secret, "traffic upd", secret.length);
}

/** HKDF-Expand-Label with an empty context (RFC 8446, 7.1). */
export function expandLabel(
  hash: Suite["hash"],
  secret: Uint8Array,
  label: string,
  length: number,
): Uint8Array {
  const name = encoder.encode(`tls13 ${label}`);
  const info = Uint8Array.of(length >> 8, length & 0xff, name.length, ...name, 0);
  const out = new Uint8Array(length);
  let block: Uint8Array = NOTHING;
  // HKDF-Expand (RFC 5869, 2.3).
  for (let done = 0, count = 1; done < length; count++) {
    block = hmac(hash, secret, block, info, Uint8Array.of(count));
    out.set(block.subarray(0, length - done), done);
    done += block.length;
  }
  return out;
}

/** The keys of both Directions from the master secret of TLS 1.2 (RFC 5246, 6.3). */
export function keyBlock(
  suite: Suite,
  master: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): { readonly upstream: Keys; readonly downstream: Keys } {
  const { keyLength, macLength } = suite;
  // AES-GCM has 4 bytes of the nonce here (RFC 5288, 3), ChaCha20 all 12 (RFC 7905, 2), CBC none since TLS 1.1.
  const ivLength = suite.mac !== null ? 0 : suite.cipher === "chacha20-poly1305" ? 12 : 4;
  const block = prf(
    suite.hash,
    master,
    "key expansion",
    [serverRandom, clientRandom],
    2 * (macLength + keyLength + ivLength),
  );
  let at = 0;
  const take = (length: number) => block.subarray(at, at += length);
  const macs = [take(macLength), take(macLength)];
  const keys = [take(keyLength), take(keyLength)];
  const ivs = [take(ivLength), take(ivLength)];
  const of = (side: number) => ({ mac: macs[side], key: keys[side], iv: ivs[side] });
  return { upstream: of(0), downstream: of(1) };
}

/** The pseudorandom function of TLS 1.2 (RFC 5246, 5). */
export function prf(
  hash: Suite["hash"],
  secret: Uint8Array,
  label: string,
  seeds: readonly Uint8Array[],
  length: number,
): Uint8Array {
  const seed = [encoder.encode(label), ...seeds];
  const out = new Uint8Array(length);
  let a = hmac(hash, secret, ...seed);
  for (let done = 0; done < length;) {
    const block = hmac(hash, secret, a, ...seed);
    out.set(block.subarray(0, length - done), done);
    done += block.length;
    a = hmac(hash, secret, a);
  }
  return out;
}

/** How long the blocks of a hash are, bytes. */
const BLOCK_LENGTH = { sha1: 64, sha256: 64, sha384: 128 } as const;

/** HMAC (RFC 2104, 2) over all parts together; keys are shorter than a block. (Deno 2.4 warns of its own createHmac.) */
export function hmac(
  hash: keyof typeof BLOCK_LENGTH,
  key: Uint8Array,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  const [inner, outer] = [0x36, 0x5c].map((pad) => {
    const block = new Uint8Array(BLOCK_LENGTH[hash]).fill(pad);
    for (let at = 0; at < key.length; at++) block[at] ^= key[at];
    return createHash(hash).update(block);
  });
  for (const part of parts) inner.update(part);
  return new Uint8Array(outer.update(inner.digest()).digest());
}
