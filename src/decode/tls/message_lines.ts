// The other handshake messages that can be read without keys, line by line: those of TLS 1.2 and before.

import { readCertificate, readName } from "./certificate.ts";
import { certificatesIn } from "./certificate_faults.ts";
import { Cursor, DecodeError } from "./cursor.ts";
import { bytesText } from "./hello_lines.ts";
import { groupName, HANDSHAKE, schemeName, suiteName } from "./names.ts";
import { counted, shown, type TextLines } from "./text_lines.ts";

/** What was agreed on before, as far as the same side has said it. */
export interface Agreed {
  readonly version: number | null;
  readonly suite: number | null;
}

/** Adds the lines of a message; `place` says where its bytes lie. Malformed, it is a fault. */
export function addMessage(
  lines: TextLines,
  type: number,
  message: Uint8Array,
  agreed: Agreed,
  place: (at: number) => number,
): void {
  try {
    read(lines, type, message, agreed, place);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    lines.add(place(Math.min(error.offset, message.length - 1)), 2, `fault: ${error.message}`);
  }
}

function read(
  lines: TextLines,
  type: number,
  message: Uint8Array,
  agreed: Agreed,
  place: (at: number) => number,
): void {
  const cursor = new Cursor(message, 4);
  switch (type) {
    case HANDSHAKE.certificate:
      addCertificates(lines, message, place);
      break;
    case HANDSHAKE.serverKeyExchange:
      addKeyExchange(lines, cursor, agreed, place);
      break;
    case HANDSHAKE.certificateRequest:
      addRequest(lines, cursor, agreed, place);
      break;
    case HANDSHAKE.certificateVerify:
      lines.add(
        place(4),
        2,
        hasScheme(cursor, message) ? `signature: ${schemeName(cursor.u16())}` : "signature",
      );
      break;
    case HANDSHAKE.sessionTicket:
      lines.add(place(4), 2, `lifetime: ${counted(cursor.u32())} s`);
      lines.add(place(8), 2, `ticket: ${counted(cursor.vector(2).left)} B`);
      break;
    case HANDSHAKE.certificateStatus:
      lines.add(
        place(4),
        2,
        cursor.u8() === 1 ? `OCSP answer: ${counted(cursor.vector(3).left)} B` : "unknown kind",
      );
      break;
    default:
      if (cursor.left > 0) lines.add(place(4), 2, `contents: ${bytesText(cursor.rest())}`);
  }
}

/** Before TLS 1.2 a signature stands alone, with a length of two bytes that fits. */
function hasScheme({ left }: Cursor, message: Uint8Array): boolean {
  return left > 2 && message[4] * 256 + message[5] !== left - 2;
}

function addCertificates(lines: TextLines, message: Uint8Array, place: (at: number) => number): void {
  const chain = certificatesIn(message);
  if (chain.length === 0) lines.add(place(4), 2, "no certificate");
  chain.forEach(({ at, der }, i) => {
    lines.add(place(at), 2, `certificate ${i + 1} of ${chain.length}, ${counted(der.length)} B`);
    try {
      addCertificate(lines, der);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      lines.add(
        place(at + Math.min(error.offset, Math.max(0, der.length - 1))),
        3,
        `fault: ${error.message}`,
      );
    }
  });
}

function addCertificate(lines: TextLines, der: Uint8Array): void {
  const certificate = readCertificate(der);
  const say = (text: string) => lines.add(null, 3, text);
  say(`subject: ${shown(certificate.subject)}`);
  say(`issuer: ${shown(certificate.issuer)}${certificate.isSelfIssued ? " (itself)" : ""}`);
  if (certificate.names.length > 0) say(`names: ${shown(certificate.names.join(", "), 2000)}`);
  say(`valid: ${timeText(certificate.validFrom)} to ${timeText(certificate.validTo)}`);
  say(`key: ${certificate.key}${certificate.isCa ? "; an authority" : ""}`);
  say(`signature: ${certificate.signature}`);
  say(`serial: ${shown(certificate.serial)}`);
  say(`SHA-256: ${certificate.fingerprint}`);
}

/** "2026-11-27 12:00:00 UTC". */
function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** RFC 8422, 5.4 and RFC 5246, 7.4.3: a curve and a point, or a prime, a generator and a value. */
function addKeyExchange(
  lines: TextLines,
  cursor: Cursor,
  { suite, version }: Agreed,
  place: (at: number) => number,
): void {
  const name = suite === null ? "" : suiteName(suite);
  if (/^TLS_ECDHE?_(?!PSK)/.test(name)) {
    const kind = cursor.u8();
    if (kind !== 3) {
      lines.add(place(4), 2, "curve with parameters of its own");
      return;
    }
    lines.add(place(5), 2, `group: ${groupName(cursor.u16())}`);
    lines.add(place(7), 2, `public key: ${counted(cursor.vector(1).left)} B`);
  } else if (/^TLS_DHE?_(?!PSK)/.test(name)) {
    lines.add(place(cursor.at), 2, `prime: ${counted(cursor.vector(2).left * 8)} bits`);
    cursor.vector(2);
    lines.add(place(cursor.at), 2, `public key: ${counted(cursor.vector(2).left)} B`);
  } else {
    lines.add(place(4), 2, bytesText(cursor.rest()));
    return;
  }
  if (cursor.left > 2 && version === 0x0303) {
    lines.add(place(cursor.at), 2, `signature: ${schemeName(cursor.u16())}`);
  }
}

const CERTIFICATE_TYPES: Readonly<Record<number, string>> = {
  1: "rsa_sign",
  2: "dss_sign",
  3: "rsa_fixed_dh",
  4: "dss_fixed_dh",
  64: "ecdsa_sign",
  65: "rsa_fixed_ecdh",
  66: "ecdsa_fixed_ecdh",
};

/** RFC 5246, 7.4.4: which client certificates are accepted. */
function addRequest(
  lines: TextLines,
  cursor: Cursor,
  { version }: Agreed,
  place: (at: number) => number,
): void {
  const types = [...cursor.vector(1).rest()].map((type) => CERTIFICATE_TYPES[type] ?? `type ${type}`);
  lines.add(place(4), 2, `kinds: ${types.join(", ")}`);
  if (version === 0x0303) {
    lines.add(
      place(cursor.at),
      2,
      `signatures: ${[...cursor.vector(2).numbers()].map(schemeName).join(", ")}`,
    );
  }
  const { at } = cursor;
  const issuers = cursor.vector(2);
  lines.add(
    place(at),
    2,
    issuers.left === 0 ? "issuers: any" : `issuers: ${counted(issuers.left)} B`,
  );
  while (issuers.left > 0) {
    const name = issuers.vector(2);
    lines.add(place(name.at), 3, shown(readName(name.rest())));
  }
}
