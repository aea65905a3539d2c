// The ClientHello of SSL 2.0 (RFC 5246, E.2; RFC 6101, E), which programs from before 2010 begin with, also to come to
// TLS 1.0. Servers of today do not answer it.

import { Cursor, DecodeError } from "./cursor.ts";

/** What it offers. */
export interface Hello2 {
  /** The highest version that the client speaks. */
  readonly version: number;
  /** Three bytes each; a suite of TLS has 0 as the first. */
  readonly suites: readonly number[];
  readonly challenge: Uint8Array;
}

/** Reads it with its header of two bytes; null where it is malformed. */
export function readHello2(bytes: Uint8Array): Hello2 | null {
  try {
    const cursor = new Cursor(bytes, 3);
    const version = cursor.u16();
    const [suites, session, challenge] = [cursor.u16(), cursor.u16(), cursor.u16()];
    const list = cursor.within(suites);
    const found: number[] = [];
    while (list.left > 0) found.push(list.u24());
    cursor.take(session);
    return { version, suites: found, challenge: cursor.take(challenge) };
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

const SUITES: Readonly<Record<number, string>> = {
  0x010080: "SSL_CK_RC4_128_WITH_MD5",
  0x020080: "SSL_CK_RC4_128_EXPORT40_WITH_MD5",
  0x030080: "SSL_CK_RC2_128_CBC_WITH_MD5",
  0x040080: "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5",
  0x050080: "SSL_CK_IDEA_128_CBC_WITH_MD5",
  0x060040: "SSL_CK_DES_64_CBC_WITH_MD5",
  0x0700c0: "SSL_CK_DES_192_EDE3_CBC_WITH_MD5",
};

/** The name of a suite of SSL 2.0; null where it is none of those that are known. */
export function suite2Name(suite: number): string | null {
  return SUITES[suite] ?? null;
}
