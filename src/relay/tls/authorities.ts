// Whom a target's certificate may come from: the authorities of the system, those that come with the runtime, and those
// of the user's file. Having all of them ready costs milliseconds for each connection, thirty where the user has a file, so
// that those that a target was found to come from are tried first; of a new one, those that the target before came from,
// the system's or the file's: a proxy meets many targets.

import { X509Certificate } from "node:crypto";
import tls from "node:tls";
import type { CertificateFacts } from "../../model.ts";
import { factsOf } from "./certificate_facts.ts";
import type { TargetTrust } from "./route_tls.ts";

/** What newer runtimes have besides, and the types not yet. */
const stores = tls as typeof tls & { setDefaultCACertificates(certificates: readonly string[]): void };

/** Of so many names at most it is remembered where they come from. */
const MOST_HOSTS = 1_000;

let system: readonly string[] | null = null;

/** What is trusted unless a Route says otherwise, each in PEM. From the first call on, TLS checks against these. */
function systemAuthorities(): readonly string[] {
  if (system !== null) return system;
  const known = new Set(tls.rootCertificates);
  for (const store of ["system", "extra", "default"] as const) {
    for (const pem of tls.getCACertificates(store)) known.add(pem);
  }
  system = [...known];
  // The runtime keeps those that it has read in its own form, so that no connection reads them again.
  stores.setDefaultCACertificates(system);
  return system;
}

/** Those that one Route's targets are checked against. */
export class Authorities {
  /** Those of the file that are no authorities but the very certificate of a target. */
  readonly #pinned: ReadonlySet<string>;
  /** Where targets were found to come from, by the name that they were asked for under. */
  readonly #found = new Map<string, Set<string>>();
  /** Whether the latest target that was good came from the file alone, and the names with which that guess was wrong. */
  #wasOfFile = true;
  readonly #unguessed = new Map<string, true>();
  /** What was accepted although it is not trusted: the target's certificate, and what is wrong with it. */
  readonly #accepted = new Map<string, { readonly fingerprint: string; readonly fault: string }>();

  constructor(private readonly trust: Pick<TargetTrust, "ca" | "isInsecure">) {
    this.#pinned = new Set((trust.ca ?? []).map((pem) => factsOf(pem).fingerprint));
    systemAuthorities();
  }

  /** What a target was checked against. */
  get name(): "system" | "system-and-file" | "nothing" {
    if (this.trust.isInsecure) return "nothing";
    return this.trust.ca === null ? "system" : "system-and-file";
  }

  /** Whether the user has listed this very certificate. */
  isPinned(fingerprint: string): boolean {
    return this.#pinned.has(fingerprint);
  }

  /** Those to check `host` against; undefined for the system's. With `isAll` no shortcut is taken, and nothing guessed. */
  forHost(host: string, isAll: boolean): string[] | undefined {
    const { ca } = this.trust;
    const found = isAll ? undefined : this.#found.get(host);
    if (found) return [...found];
    // Whatever it shows is accepted, and is compared with what was looked into before.
    if (!isAll && this.#accepted.has(host)) return [tls.rootCertificates[0]];
    if (ca === null) return undefined;
    if (isAll || !this.#isGuessed(host)) return [...ca, ...systemAuthorities()];
    return this.#wasOfFile ? [...ca] : undefined;
  }

  /** Whether `forHost` gives fewer than all. */
  hasShortcut(host: string): boolean {
    return this.#isGuessed(host) || this.#found.has(host) || this.#accepted.has(host);
  }

  /** What is wrong with a certificate that was accepted from `host` before; undefined where it was not. */
  faultOf(host: string, fingerprint: string): string | undefined {
    const accepted = this.#accepted.get(host);
    return accepted?.fingerprint === fingerprint ? accepted.fault : undefined;
  }

  /** A chain was found good: its like is checked faster from now on. */
  wasGood(host: string, chain: readonly CertificateFacts[]): void {
    if (this.#found.has(host) || chain.length === 0) return;
    const issuers = new Set(chain.map(({ issuer }) => issuer));
    const anchors = systemAuthorities().filter((pem) => issuers.has(subjectOf(pem)));
    this.#unguessed.delete(host);
    this.#wasOfFile = anchors.length === 0;
    const found = new Set([...this.trust.ca ?? [], ...anchors]);
    if (found.size > 0) this.#remember(this.#found, host, found);
  }

  /** A certificate was accepted although `fault` is wrong with it. */
  wasAccepted(host: string, fingerprint: string, fault: string): void {
    this.#remember(this.#accepted, host, { fingerprint, fault });
  }

  /** A target comes from elsewhere now. */
  forget(host: string): void {
    this.#found.delete(host);
    this.#accepted.delete(host);
    this.#remember(this.#unguessed, host, true);
  }

  #isGuessed(host: string): boolean {
    return this.trust.ca !== null && !this.trust.isInsecure && !this.#unguessed.has(host);
  }

  #remember<T>(known: Map<string, T>, host: string, what: T): void {
    if (known.size >= MOST_HOSTS) known.delete(known.keys().next().value!);
    known.set(host, what);
  }
}

const subjects = new Map<string, string>();

/** The subject of an authority, which is read once. */
function subjectOf(pem: string): string {
  let subject = subjects.get(pem);
  if (subject === undefined) {
    subject = new X509Certificate(pem).subject.split("\n").reverse().join(", ");
    subjects.set(pem, subject);
  }
  return subject;
}
