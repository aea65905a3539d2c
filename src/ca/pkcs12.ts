// PKCS#12 (RFC 7292): certificates and a private key in one encrypted file, as Windows, Java and browsers export them.
// The library that opens it is loaded only here, when there is such a file. What it says goes into no error text.

import { pem } from "./pem.ts";

/** What was in the file, in PEM. */
export interface Pkcs12Contents {
  readonly certificates: readonly string[];
  readonly keys: readonly string[];
}

/** What is used of the library: it has no types of its own. Bytes are strings with a character for each. */
interface Forge {
  readonly asn1: { fromDer(bytes: string): unknown; toDer(value: unknown): { getBytes(): string } };
  readonly pkcs12: {
    pkcs12FromAsn1(value: unknown, strict: boolean, password: string): {
      readonly safeContents: readonly { readonly safeBags: readonly Bag[] }[];
    };
  };
  readonly pki: {
    readonly oids: Readonly<Record<"certBag" | "keyBag" | "pkcs8ShroudedKeyBag", string>>;
    certificateToAsn1(certificate: unknown): unknown;
    privateKeyToAsn1(key: unknown): unknown;
    wrapRsaPrivateKey(key: unknown): unknown;
  };
}

/** `asn1` is given where the library does not know the kind of key, as with elliptic curves. */
interface Bag {
  readonly type: string;
  readonly cert?: unknown;
  readonly key?: unknown;
  readonly asn1?: unknown;
}

/** Why a file could not be opened. */
export class Pkcs12Error extends Error {
  readonly reason: "password" | "damaged";

  constructor(reason: "password" | "damaged") {
    super(reason);
    this.reason = reason;
  }
}

/** Opens a file. Rejects with Pkcs12Error: the password is another, or it is not one that can be read. */
export async function openPkcs12(bytes: Uint8Array, password: string): Promise<Pkcs12Contents> {
  const { asn1, pkcs12, pki }: Forge = (await import("node-forge")).default;
  const text = (value: unknown) =>
    Uint8Array.from(asn1.toDer(value).getBytes(), (char) => char.charCodeAt(0));
  const certificates: string[] = [];
  const keys: string[] = [];
  try {
    const value = asn1.fromDer(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    const { safeContents } = pkcs12.pkcs12FromAsn1(value, true, password);
    for (const { type, cert, key, asn1: other } of safeContents.flatMap(({ safeBags }) => safeBags)) {
      if (type === pki.oids.certBag) {
        certificates.push(pem("CERTIFICATE", text(cert ? pki.certificateToAsn1(cert) : other)));
      } else if (type === pki.oids.keyBag || type === pki.oids.pkcs8ShroudedKeyBag) {
        const info = key ? pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(key)) : other;
        keys.push(pem("PRIVATE KEY", text(info)));
      }
    }
  } catch (error) {
    const wrong = error instanceof Error && /password|MAC could not be verified/i.test(error.message);
    throw new Pkcs12Error(wrong ? "password" : "damaged");
  }
  return { certificates, keys };
}
