// What is wrong with the certificate that a target shows, as far as it can be seen: out of date, or for another name.
// Whether anybody trusts it is not known here, and the client judges by itself.

import { type Certificate, readCertificate } from "./certificate.ts";
import { Cursor, DecodeError } from "./cursor.ts";

/** A fault and where in the message it lies. */
export interface CertificateFault {
  readonly at: number;
  readonly text: string;
}

/** The certificates of a Certificate message before TLS 1.3 (RFC 5246, 7.4.2), in DER, and where each begins. */
export function certificatesIn(message: Uint8Array): { readonly at: number; readonly der: Uint8Array }[] {
  const list = new Cursor(message, 4).vector(3);
  const found: { at: number; der: Uint8Array }[] = [];
  while (list.left > 0) {
    const der = list.vector(3);
    found.push({ at: der.at, der: der.rest() });
  }
  return found;
}

/** Judges the first certificate of a message; `at` is when it came, in ms since the epoch. */
export function certificateFaults(
  message: Uint8Array,
  serverName: string | null,
  at: number,
): readonly CertificateFault[] {
  try {
    const [first] = certificatesIn(message);
    if (first === undefined) return [];
    const certificate = readCertificate(first.der);
    const texts = [timeFault(certificate, at), nameFault(certificate, serverName)];
    return texts.filter((text) => text !== null).map((text) => ({ at: first.at, text }));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [{
      at: Math.min(error.offset, message.length),
      text: `A certificate cannot be read: ${error.message}`,
    }];
  }
}

function timeFault({ validFrom, validTo }: Certificate, at: number): string | null {
  if (at > validTo) return `The target's certificate expired on ${day(validTo)}`;
  return at < validFrom ? `The target's certificate is not valid before ${day(validFrom)}` : null;
}

function nameFault({ names, commonName }: Certificate, serverName: string | null): string | null {
  const named = names.length > 0 ? names : commonName === null ? [] : [commonName];
  if (serverName === null || named.length === 0 || named.some((name) => covers(name, serverName))) {
    return null;
  }
  const some = named.slice(0, 3).join(", ") + (named.length > 3 ? ", …" : "");
  return `The target's certificate is for ${some}, not for ${serverName}`;
}

/** A wildcard stands for one label, the first (RFC 9525, 6.3). */
function covers(pattern: string, name: string): boolean {
  const [wanted, asked] = [pattern.toLowerCase(), name.toLowerCase().replace(/\.$/, "")];
  return wanted === asked || (wanted.startsWith("*.") && wanted.slice(1) === asked.slice(asked.indexOf(".")));
}

/** "2026-11-27". */
function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
