// ClientHello and ServerHello, line by line: every field and every extension with its offset.

import { Cursor, DecodeError, hexNumber, hexOf } from "./cursor.ts";
import {
  type ClientHello,
  type Extension,
  highestVersion,
  readNumbers,
  readProtocols,
  readServerName,
  type ServerHello,
} from "./hello.ts";
import { readHello2, suite2Name } from "./hello2.ts";
import { ja4, ja4Raw } from "./ja4.ts";
import { EXTENSION, extensionName, groupName, schemeName, suiteName, versionName } from "./names.ts";
import { counted, plural, shown, type TextLines } from "./text_lines.ts";

/** Where byte `at` of the message lies. */
type Place = (at: number) => number;

/** Bytes as the reader sees them: how many, and the first of them. */
export function bytesText(bytes: Uint8Array): string {
  if (bytes.length === 0) return "0 B";
  const first = hexOf(bytes.subarray(0, 32));
  return `${counted(bytes.length)} B: ${first}${bytes.length > 32 ? "…" : ""}`;
}

/** The fields that come before the suites have these positions: version 4, random 6, session 38. */
function addStart(lines: TextLines, hello: ClientHello | ServerHello, place: Place): number {
  const { legacyVersion, random, legacySession } = hello;
  const isLegacy = hello.extensions.some(({ type }) => type === EXTENSION.versions);
  lines.add(
    place(4),
    2,
    `version: ${versionName(legacyVersion)}${isLegacy ? ", see supported_versions" : ""}`,
  );
  if (random.length === 0) return 6;
  lines.add(place(6), 2, `random: ${hexOf(random)}`);
  lines.add(place(38), 2, `session id: ${bytesText(legacySession)}`);
  return 39 + legacySession.length;
}

/** A ClientHello. */
export function addClientHello(lines: TextLines, hello: ClientHello, place: Place): void {
  lines.add(null, 2, `in short: ${inShort(hello)}`);
  lines.add(null, 2, `JA4: ${ja4(hello)}`);
  const at = addStart(lines, hello, place);
  lines.add(place(at), 2, `cipher suites: ${hello.suites.length}`);
  hello.suites.forEach((suite, i) =>
    lines.add(place(at + 2 + 2 * i), 3, `${suiteName(suite)} (${hexNumber(suite)})`)
  );
  const compressions = hello.compressions.map((method) =>
    method === 0 ? "none" : method === 1 ? "deflate" : `${method}`
  );
  lines.add(place(at + 2 + 2 * hello.suites.length), 2, `compression: ${compressions.join(", ")}`);
  addExtensions(lines, hello.extensions, place, true);
  addFaults(lines, hello, place);
  lines.add(null, 2, `JA4 before its digests: ${ja4Raw(hello)}`);
}

/** What most readers look for, before all that is in between. */
function inShort(hello: ClientHello): string {
  const { serverName, protocols } = hello;
  const highest = highestVersion(hello);
  return [
    serverName === null ? "no server by name" : shown(serverName),
    highest === null ? "no version" : `up to ${versionName(highest)}`,
    ...protocols.length > 0 ? [`offers ${protocols.map((name) => shown(name)).join(", ")}`] : [],
    ...hello.hasEch ? ["encrypted ClientHello"] : [],
  ].join("; ");
}

/** A ServerHello, or a HelloRetryRequest. */
export function addServerHello(lines: TextLines, hello: ServerHello, place: Place): void {
  const at = addStart(lines, hello, place);
  if (hello.isRetry) {
    lines.add(null, 2, "this random makes it a HelloRetryRequest: another ClientHello is asked for");
  }
  lines.add(place(at), 2, `cipher suite: ${suiteName(hello.suite)} (${hexNumber(hello.suite)})`);
  lines.add(place(at + 2), 2, `compression: ${hello.compression === 0 ? "none" : hello.compression}`);
  addExtensions(lines, hello.extensions, place, false);
  addFaults(lines, hello, place);
}

/** A ClientHello of SSL 2.0. */
export function addHello2(lines: TextLines, bytes: Uint8Array, offset: number): void {
  lines.add(offset, 0, `ClientHello of SSL 2.0, ${bytes.length} B`);
  const hello = readHello2(bytes);
  if (hello === null) {
    lines.add(offset, 1, "fault: its lengths do not fit");
    return;
  }
  lines.add(offset + 3, 1, `version: ${versionName(hello.version)} at most`);
  lines.add(offset + 11, 1, `cipher suites: ${hello.suites.length}`);
  hello.suites.forEach((suite, i) => {
    const name = suite < 0x10000 ? suiteName(suite) : suite2Name(suite);
    lines.add(offset + 11 + 3 * i, 2, `${name ?? "unknown"} (${hexNumber(suite, 6)})`);
  });
  lines.add(offset + bytes.length - hello.challenge.length, 1, `challenge: ${bytesText(hello.challenge)}`);
}

function addFaults(lines: TextLines, { faults }: ClientHello | ServerHello, place: Place): void {
  for (const { at, text } of faults) lines.add(place(at), 2, `fault: ${text}`);
}

function addExtensions(
  lines: TextLines,
  extensions: readonly Extension[],
  place: Place,
  isClient: boolean,
): void {
  if (extensions.length === 0) return;
  lines.add(place(extensions[0].at - 6), 2, `extensions: ${extensions.length}`);
  for (const { type, at, bytes } of extensions) {
    const text = extensionText(type, bytes, isClient);
    lines.add(place(at - 4), 3, `${extensionName(type)} (${type})${text === "" ? "" : `: ${text}`}`);
  }
}

/** What an extension says; its bytes where it is not known or malformed. */
function extensionText(type: number, bytes: Uint8Array, isClient: boolean): string {
  try {
    const cursor = new Cursor(bytes);
    return readText(type, cursor, isClient) ?? (bytes.length === 0 ? "" : bytesText(bytes));
  } catch (error) {
    if (error instanceof DecodeError) return `malformed, ${bytesText(bytes)}`;
    throw error;
  }
}

function readText(type: number, cursor: Cursor, isClient: boolean): string | null {
  switch (type) {
    case EXTENSION.serverName:
      return shown(readServerName(cursor) ?? "");
    case EXTENSION.alpn:
    case EXTENSION.alps:
    case EXTENSION.alpsNew:
      return readProtocols(cursor).map((name) => shown(name)).join(", ");
    case EXTENSION.versions:
      return isClient ? list(cursor.vector(1).numbers(), versionName) : versionName(cursor.u16());
    case EXTENSION.groups:
      return list(readNumbers(cursor), groupName);
    case EXTENSION.signatures:
    case EXTENSION.signaturesOfCertificates:
      return list(readNumbers(cursor), schemeName);
    case EXTENSION.keyShare:
      return isClient
        ? sharesText(cursor.vector(2))
        : cursor.left === 2
        ? groupName(cursor.u16())
        : shareText(cursor);
    case EXTENSION.pskModes:
      return list(cursor.vector(1).rest(), (mode) => PSK_MODES[mode] ?? `mode ${mode}`);
    case EXTENSION.pointFormats:
      return list(cursor.vector(1).rest(), (format) => POINT_FORMATS[format] ?? `format ${format}`);
    case EXTENSION.compressCertificate:
      return list(cursor.vector(1).numbers(), (method) => COMPRESSIONS[method] ?? `method ${method}`);
    case EXTENSION.statusRequest:
      return cursor.left > 0 && cursor.u8() === 1 ? "OCSP" : null;
    case EXTENSION.recordSizeLimit:
      return `${counted(cursor.u16())} B`;
    case EXTENSION.maxFragmentLength:
      return fragmentText(cursor.u8());
    case EXTENSION.padding:
      return `${cursor.left} B`;
    case EXTENSION.ticket:
      return cursor.left === 0 ? "none yet" : `${cursor.left} B`;
    case EXTENSION.preSharedKey:
      return isClient ? pskText(cursor) : `the client's number ${cursor.u16() + 1}`;
    case EXTENSION.ech:
      return isClient ? echText(cursor) : null;
    case EXTENSION.renegotiation:
      return cursor.u8() === 0 ? "first handshake" : `another handshake, ${cursor.left} B`;
    default:
      return null;
  }
}

/** RFC 6066, 4: four lengths have a number. */
function fragmentText(number: number): string {
  return number >= 1 && number <= 4 ? `${counted(2 ** (8 + number))} B` : `number ${number}`;
}

const PSK_MODES = ["psk_ke", "psk_dhe_ke"];
const POINT_FORMATS = ["uncompressed", "ansiX962_compressed_prime", "ansiX962_compressed_char2"];
const COMPRESSIONS = ["none", "zlib", "brotli", "zstd"];

function list(numbers: Iterable<number>, name: (value: number) => string): string {
  return [...numbers].map(name).join(", ");
}

function sharesText(shares: Cursor): string {
  const texts: string[] = [];
  while (shares.left > 0) texts.push(shareText(shares));
  return texts.length === 0 ? "none" : texts.join(", ");
}

function shareText(cursor: Cursor): string {
  return `${groupName(cursor.u16())}, ${cursor.vector(2).left} B`;
}

/** The identities of RFC 8446, 4.2.11: a ticket of an earlier connection, as a rule. */
function pskText(cursor: Cursor): string {
  const identities = cursor.vector(2);
  const texts: string[] = [];
  while (identities.left > 0) {
    texts.push(`${identities.vector(2).left} B`);
    identities.u32();
  }
  return `${plural(texts.length, "key")} of earlier connections (${texts.join(", ")})`;
}

/** The outer ClientHello of RFC 9849, 5: what is asked for in truth is encrypted in it. */
function echText(cursor: Cursor): string {
  if (cursor.u8() !== 0) return "inner";
  cursor.u32(); // the suite for it
  const config = cursor.u8();
  cursor.vector(2);
  return `key ${config}, ${cursor.vector(2).left} B encrypted`;
}
