// The monitor's own authority: a key and the certificate that clients are made to trust. It issues certificates of
// servers, and nothing else: none for an authority below it, none for programs, mail or clients. Its key is told nobody.
// It knows no files: they are kept in keeping.ts.

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import {
  authorityExtensions,
  distinguishedName,
  issueCertificate,
  readAuthority,
  serverExtensions,
} from "./certificate.ts";
import { elements } from "./der.ts";
import { pem, pemBlocks } from "./pem.ts";
import { isWithin, type Limit, parseLimit, type ServerName, serverName } from "./server_name.ts";

const DAY_MS = 86_400_000;
/** Trust that was given lasts so long; programs accept far longer, people forget. */
const AUTHORITY_DAYS = 5 * 365;
/** Fewer than the 398 that Apple's systems and browsers accept, from the day before, for clocks differ. */
const SERVER_DAYS = 396;
const ORGANISATION = "tcpmon, a local authority to look into TLS";
/** What every certificate is also for, and every authority may issue for: this machine's own names. */
const LOCAL_NAMES = ["localhost", "127.0.0.1", "::1"];
const LOCAL_LIMITS = ["localhost", "127.0.0.0/8", "::1"];

/** A pair of keys of a server: SubjectPublicKeyInfo in DER, and the private key in PEM. */
export interface ServerKey {
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly pem: string;
}

/** What can be known of an authority; nothing here is secret. Times are ms since 1970. */
export interface AuthorityParts {
  readonly name: string;
  readonly certificate: string;
  readonly der: Uint8Array<ArrayBuffer>;
  readonly fingerprint: string;
  readonly sha1: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** As texts, without this machine's own; null: any name. */
  readonly only: readonly string[] | null;
}

/** An authority that can issue. */
export class Authority {
  readonly parts: AuthorityParts;
  readonly #key: KeyObject;
  readonly #subject: Uint8Array<ArrayBuffer>;
  readonly #publicKey: Uint8Array<ArrayBuffer>;
  readonly #only: readonly Limit[] | null;

  private constructor(der: Uint8Array<ArrayBuffer>, key: KeyObject) {
    const { subject, publicKey, commonName, only } = readAuthority(der);
    const { notBefore, notAfter } = validity(der);
    this.#key = key;
    this.#subject = subject;
    this.#publicKey = publicKey;
    this.#only = only;
    const local = LOCAL_LIMITS.map((limit) => parseLimit(limit).text);
    this.parts = {
      name: commonName,
      certificate: pem("CERTIFICATE", der),
      der,
      fingerprint: fingerprint("sha256", der),
      sha1: fingerprint("sha1", der),
      notBefore,
      notAfter,
      only: only === null ? null : only.map(({ text }) => text).filter((text) => !local.includes(text)),
    };
  }

  /**
   * Makes a new one, valid from `now`. `madeFor` is whom and where people recognise it by, "ann@laptop"; `only` are
   * the names and networks that it is limited to, besides this machine's own. Throws SyntaxError for a bad limit.
   */
  static create(madeFor: string, now: number, only: readonly string[] = []): Authority {
    const { privateKey, publicKey } = keyPair();
    const subject = distinguishedName(ORGANISATION, authorityName(madeFor, now));
    const limits = only.length === 0 ? null : [...only, ...LOCAL_LIMITS].map(parseLimit);
    const der = issueCertificate({
      issuer: subject,
      subject,
      notBefore: now - DAY_MS,
      notAfter: now + AUTHORITY_DAYS * DAY_MS,
      publicKey,
      extensions: authorityExtensions(publicKey, limits),
    }, privateKey);
    return new Authority(der, privateKey);
  }

  /**
   * Reads what `toPem` gave. Throws SyntaxError, with a reason that has nothing of the text in it, where it is
   * something else.
   */
  static fromPem(text: string): Authority {
    const blocks = pemBlocks(text);
    const key = blocks.find(({ label }) => label === "PRIVATE KEY");
    const certificate = blocks.find(({ label }) => label === "CERTIFICATE");
    if (key === undefined || !certificate?.bytes) {
      throw new SyntaxError("it does not hold a certificate and a private key");
    }
    try {
      const authority = new Authority(certificate.bytes, createPrivateKey(key.text));
      if (fits(authority.#key, authority.#publicKey)) return authority;
    } catch {
      // The reason of whatever reads keys might quote them.
      throw new SyntaxError("its certificate or its key cannot be read");
    }
    throw new SyntaxError("its key does not belong to its certificate");
  }

  /** Key and certificate. The one place where the key leaves this object: for the file that it is kept in. */
  toPem(): string {
    return String(this.#key.export({ type: "pkcs8", format: "pem" })) + this.parts.certificate;
  }

  /**
   * A certificate for `name` and as many of `also` as can be, and for this machine's own names, in PEM. A name that no
   * certificate can have is left out: a client that does not check names can be served all the same. Throws Error in
   * words where the authority is limited to others.
   */
  issue(name: string, also: readonly string[], { publicKey }: ServerKey, now: number): string {
    const first = serverName(name);
    if (first !== null && !this.#allows(first)) {
      throw new Error(
        `Cannot issue a certificate for ${first.text}: tcpmon's authority was made for ${
          this.parts.only!.join(", ")
        } only. Pass it through with --passthrough ${first.text}, or make another authority: ` +
          "tcpmon ca remove, then tcpmon ca create.",
      );
    }
    const others = [...also, ...LOCAL_NAMES].map(serverName)
      .filter((other) => other !== null && this.#allows(other)) as ServerName[];
    const names = [...first === null ? [] : [first], ...others];
    const distinct = names.filter((one, index) => index === names.findIndex(({ text }) => text === one.text));
    const der = issueCertificate({
      issuer: this.#subject,
      subject: distinguishedName("tcpmon", distinct[0].text),
      notBefore: Math.max(now - DAY_MS, this.parts.notBefore),
      notAfter: Math.min(now + (SERVER_DAYS - 1) * DAY_MS, this.parts.notAfter),
      publicKey,
      extensions: serverExtensions(publicKey, this.#publicKey, distinct),
    }, this.#key);
    return pem("CERTIFICATE", der);
  }

  #allows(name: ServerName): boolean {
    return this.#only === null || this.#only.some((limit) => isWithin(name, limit));
  }
}

/** A new pair of keys for servers. */
export function makeServerKey(): ServerKey {
  const { privateKey, publicKey } = keyPair();
  return { publicKey, pem: String(privateKey.export({ type: "pkcs8", format: "pem" })) };
}

function keyPair(): { readonly privateKey: KeyObject; readonly publicKey: Uint8Array<ArrayBuffer> } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { privateKey, publicKey: new Uint8Array(publicKey.export({ type: "spki", format: "der" })) };
}

/**
 * "tcpmon CA ann@laptop 2026-11-27 14.03", at most 64 characters (RFC 5280, A.1). No colon: NSS's
 * certutil takes what stands before one for the name of a token, and then cannot remove it.
 */
function authorityName(madeFor: string, now: number): string {
  const at = new Date(now).toISOString().slice(0, 16).replace("T", " ").replace(":", ".");
  const plain = madeFor.replaceAll(/[^\p{L}\p{N}@._-]+/gu, "-");
  return `tcpmon CA ${[...plain].slice(0, 64 - 11 - at.length).join("")} ${at}`;
}

function validity(der: Uint8Array<ArrayBuffer>): { readonly notBefore: number; readonly notAfter: number } {
  const [signed] = elements(elements(der)[0].contents);
  const [notBefore, notAfter] = elements(elements(signed.contents)[4].contents).map(({ contents }) => {
    const digits = new TextDecoder().decode(contents);
    // UTCTime has two digits of the year (RFC 5280, 4.1.2.5.1).
    const full = digits.length > 13 ? digits : `${digits < "50" ? "20" : "19"}${digits}`;
    return Date.parse(full.replace(/^(....)(..)(..)(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  });
  return { notBefore, notAfter };
}

function fingerprint(hash: "sha256" | "sha1", der: Uint8Array): string {
  const hex = createHash(hash).update(der).digest("hex").toUpperCase();
  return hex.match(/../g)!.join(":");
}

function fits(key: KeyObject, publicKey: Uint8Array): boolean {
  const own = createPublicKey(key.export({ type: "pkcs8", format: "pem" })).export({
    type: "spki",
    format: "der",
  });
  return own.byteLength === publicKey.byteLength && own.every((byte, index) => byte === publicKey[index]);
}
