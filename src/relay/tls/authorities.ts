// Whom a target's certificate may come from: the authorities of the system, those that come with the runtime, and those
// of the user's file. Checking against all of them costs thirty milliseconds where the user has a file, so that those that
// a target was found to come from are tried first.

import { X509Certificate } from "node:crypto";
import tls from "node:tls";
import type { CertificateFacts } from "../../model.ts";
import { factsOf } from "./certificate_facts.ts";
import type { TargetTrust } from "./route_tls.ts";

/** What newer runtimes have besides, and the types not yet. */
const stores = tls as typeof tls & { setDefaultCACertificates(certificates: readonly string[]): void };

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

  /** Those to check `host` against; undefined for the system's. With `isAll` no shortcut is taken. */
  forHost(host: string, isAll: boolean): string[] | undefined {
    const { ca } = this.trust;
    if (ca === null) return undefined;
    const found = isAll ? undefined : this.#found.get(host);
    return found ? [...found] : [...ca, ...systemAuthorities()];
  }

  /** Whether `forHost` has a shortcut. */
  hasShortcut(host: string): boolean {
    return this.#found.has(host);
  }

  /** A chain was found good: its like is checked faster from now on. */
  wasGood(host: string, chain: readonly CertificateFacts[]): void {
    const { ca } = this.trust;
    if (ca === null || this.#found.has(host) || chain.length === 0) return;
    const issuers = new Set(chain.map(({ issuer }) => issuer));
    const anchors = systemAuthorities().filter((pem) => issuers.has(subjectOf(pem)));
    this.#found.set(host, new Set([...ca, ...anchors]));
  }

  /** A target comes from elsewhere now. */
  forget(host: string): void {
    this.#found.delete(host);
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
