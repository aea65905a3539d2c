// Certificates that the monitor's own authority issues: one a name, made when a client first asks for it, kept in
// memory, all with one key of this run. The authority itself is made at the first need. What is asked for is what
// clients send, so what is kept is bounded.

import type { AuthorityFacts } from "../model.ts";
import { Authority, makeServerKey, type ServerKey } from "./authority.ts";
import type { AuthorityKeeping } from "./keeping.ts";

/** So many names' certificates are kept, of about 1 kB each; the one that was asked for longest ago goes first. */
const KEPT = 1_000;
/** Names have 253 characters at most (RFC 1035, 2.3.4), and something of the root's dot, or brackets. */
const LONGEST_NAME = 260;
/** A certificate is issued again when it has less than this left, ms. */
const LEAST_LEFT_MS = 86_400_000;
/** … and none is kept for longer, ms: it is good for a year, but an authority that ends sooner ends it. */
const KEPT_MS = 30 * 86_400_000;

/** It is looked at most this often whether the authority is still the one that is kept, ms. */
const LOOK_MS = 2_000;

/** A certificate with its private key, both in PEM. */
export interface IssuedCertificate {
  readonly cert: string;
  readonly key: string;
  readonly isOwn: true;
}

/** What to do with the authority's making, and what time it is. */
export interface OwnCertificatesOptions {
  /** Whom and where a new authority is recognised by: "ann@laptop". */
  readonly madeFor: string;
  /** Called once where a new authority was made. */
  readonly onMade: (facts: AuthorityFacts) => void;
  /** ms since 1970. */
  readonly now?: () => number;
}

/** What is kept of a certificate: until when, ms since 1970, and who has issued it. */
interface Issued {
  readonly certificate: IssuedCertificate;
  readonly until: number;
  readonly by: Authority;
}

/** Issues certificates for names. */
export class OwnCertificates {
  readonly #keeping: AuthorityKeeping;
  readonly #options: OwnCertificatesOptions;
  readonly #now: () => number;
  /** By the names that it is for, the least lately asked for first. */
  readonly #issued = new Map<string, Issued>();
  #authority: Promise<Authority> | null = null;
  #looking: Promise<void> | null = null;
  /** Of the file that it was read from, and when that was last looked at. */
  #stamp: { readonly text: string; readonly at: number } | null = null;
  #key: ServerKey | null = null;

  constructor(keeping: AuthorityKeeping, options: OwnCertificatesOptions) {
    this.#keeping = keeping;
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /**
   * One for `name`, which is a DNS name or an IP address, for as many of `also` as can be, and for localhost. Rejects
   * with an Error in words: the authority cannot be read or made, has ended, or is limited to other names.
   */
  async forName(name: string, also: readonly string[] = []): Promise<IssuedCertificate> {
    const authority = await this.authority();
    const now = this.#now();
    // A name that is too long for any certificate gets the one for no name, and shall not fill the memory.
    const asked = [name.length > LONGEST_NAME ? "" : name, ...also].join("\n").toLowerCase();
    const known = this.#issued.get(asked);
    this.#issued.delete(asked);
    if (known !== undefined && known.until > now && known.by === authority) {
      this.#issued.set(asked, known);
      return known.certificate;
    }
    this.#key ??= makeServerKey();
    const cert = authority.issue(name, also, this.#key, now);
    const certificate: IssuedCertificate = { cert, key: this.#key.pem, isOwn: true };
    this.#issued.set(asked, {
      certificate,
      by: authority,
      until: Math.min(now + KEPT_MS, authority.parts.notAfter - LEAST_LEFT_MS),
    });
    if (this.#issued.size > KEPT) this.#issued.delete(this.#issued.keys().next().value!);
    return certificate;
  }

  /** What is known of the authority, which is made unless it is there. Rejects with an Error in words. */
  async facts(): Promise<AuthorityFacts> {
    return authorityFacts(await this.authority(), this.#keeping);
  }

  /** The authority's certificate, in PEM. Rejects as `facts`. */
  async certificate(): Promise<string> {
    return (await this.authority()).parts.certificate;
  }

  /**
   * Read or made once; again where it was removed or replaced meanwhile, for what a user has removed must not be issued
   * from; and after a failure, for the user may have mended it.
   */
  async authority(): Promise<Authority> {
    const now = this.#now();
    await this.#look(now);
    this.#authority ??= this.#readOrCreate(now);
    try {
      const authority = await this.#authority;
      refuseEnded(authority, now);
      return authority;
    } catch (error) {
      this.#authority = null;
      throw error;
    }
  }

  async #look(now: number): Promise<void> {
    // A clock that was set back must not keep it from looking.
    if (this.#stamp !== null && Math.abs(now - this.#stamp.at) >= LOOK_MS) {
      this.#looking ??= this.#lookAt(this.#stamp.text, now).finally(() => this.#looking = null);
    }
    await this.#looking;
  }

  async #lookAt(before: string, now: number): Promise<void> {
    const text = await this.#keeping.stamp();
    this.#stamp = text === before ? { text, at: now } : null;
    if (this.#stamp !== null) return;
    this.#authority = null;
    this.#issued.clear();
  }

  async #readOrCreate(now: number): Promise<Authority> {
    const { authority, made } = await this.#keeping.readOrCreate(() =>
      Authority.create(this.#options.madeFor, now)
    );
    this.#stamp = { text: await this.#keeping.stamp(), at: now };
    if (made) this.#options.onMade(authorityFacts(authority, this.#keeping));
    return authority;
  }
}

/** What the page and the command line tell of an authority. */
export function authorityFacts({ parts }: Authority, keeping: AuthorityKeeping): AuthorityFacts {
  return {
    name: parts.name,
    fingerprint: parts.fingerprint,
    sha1: parts.sha1,
    notBefore: new Date(parts.notBefore).toISOString(),
    notAfter: new Date(parts.notAfter).toISOString(),
    file: keeping.certificateFile,
    only: parts.only,
  };
}

function refuseEnded({ parts: { notBefore, notAfter } }: Authority, now: number): void {
  const anew = "Make a new one, and trust that: tcpmon ca remove, then tcpmon ca create.";
  if (now >= notAfter) {
    throw new Error(`Cannot use tcpmon's authority: it ended on ${day(notAfter)}. ${anew}`);
  }
  if (now < notBefore) {
    throw new Error(
      `Cannot use tcpmon's authority: it begins on ${
        day(notBefore)
      }, which this machine's clock has not reached. ` +
        "Set the clock.",
    );
  }
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
