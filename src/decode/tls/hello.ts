// ClientHello and ServerHello (RFC 8446, 4.1; RFC 5246, 7.4.1), read as far as they go: what is offered, and what was
// chosen. What is malformed leaves its field empty and is a fault.

import { latin1 } from "../octets.ts";
import { Cursor, DecodeError } from "./cursor.ts";
import { EXTENSION, isGrease } from "./names.ts";

/** An extension as it came; `at` is where its contents begin in the message. */
export interface Extension {
  readonly type: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Something wrong in a message; `at` is a position in it. */
export interface HelloFault {
  readonly at: number;
  readonly text: string;
}

/** What both hellos have. Positions are in the message, whose header has four bytes. */
interface Hello {
  /** The version field, which TLS 1.3 leaves at that of TLS 1.2. */
  readonly legacyVersion: number;
  readonly random: Uint8Array;
  readonly legacySession: Uint8Array;
  readonly extensions: readonly Extension[];
  readonly faults: readonly HelloFault[];
}

/** What a client offers. */
export interface ClientHello extends Hello {
  readonly suites: readonly number[];
  readonly compressions: readonly number[];
  /** Null where none is named; one character a byte. */
  readonly serverName: string | null;
  /** As of ALPN (RFC 7301), one character a byte. */
  readonly protocols: readonly string[];
  /** The versions offered, GREASE among them, as they came. */
  readonly versions: readonly number[];
  readonly groups: readonly number[];
  readonly schemes: readonly number[];
  readonly hasEch: boolean;
  readonly hasEarlyData: boolean;
}

/** What a server chose. */
export interface ServerHello extends Hello {
  readonly suite: number;
  readonly compression: number;
  /** The version that is spoken. */
  readonly version: number;
  /** By ALPN; null where it says none, which in TLS 1.3 it says encrypted. */
  readonly protocol: string | null;
  /** The group of the key share; null where there is none. */
  readonly group: number | null;
  /** It asks for another ClientHello (RFC 8446, 4.1.4). */
  readonly isRetry: boolean;
}

/** The random of a HelloRetryRequest: SHA-256 of those words. */
const RETRY = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";

/** Reads a ClientHello, a whole handshake message with its header. */
export function readClientHello(message: Uint8Array): ClientHello {
  const reading = new Reading(message);
  const common = reading.common();
  const suites = reading.part((cursor) => [...cursor.vector(2).numbers()]) ?? [];
  const compressions = reading.part((cursor) => [...cursor.vector(1).rest()]) ?? [];
  const extensions = reading.extensions();
  const of = <T>(type: number, read: (cursor: Cursor) => T): T | null => reading.extension(type, read);
  return {
    ...common,
    suites,
    compressions,
    extensions,
    serverName: of(EXTENSION.serverName, readServerName),
    protocols: of(EXTENSION.alpn, readProtocols) ?? [],
    versions: of(EXTENSION.versions, (cursor) => [...cursor.vector(1).numbers()]) ?? [common.legacyVersion],
    groups: of(EXTENSION.groups, readNumbers) ?? [],
    schemes: of(EXTENSION.signatures, readNumbers) ?? [],
    hasEch: extensions.some(({ type }) => type === EXTENSION.ech),
    hasEarlyData: extensions.some(({ type }) => type === EXTENSION.earlyData),
    faults: reading.faults,
  };
}

/** Reads a ServerHello or a HelloRetryRequest, a whole handshake message with its header. */
export function readServerHello(message: Uint8Array): ServerHello {
  const reading = new Reading(message);
  const common = reading.common();
  const suite = reading.part((cursor) => cursor.u16()) ?? 0;
  const compression = reading.part((cursor) => cursor.u8()) ?? 0;
  const extensions = reading.extensions();
  return {
    ...common,
    suite,
    compression,
    extensions,
    version: reading.extension(EXTENSION.versions, (cursor) => cursor.u16()) ?? common.legacyVersion,
    protocol: reading.extension(EXTENSION.alpn, readProtocols)?.[0] ?? null,
    group: reading.extension(EXTENSION.keyShare, (cursor) => cursor.u16()),
    isRetry: [...common.random].map((byte) => byte.toString(16).padStart(2, "0")).join("") === RETRY,
    faults: reading.faults,
  };
}

/** The highest version offered that is known to mean something; null where none is. */
export function highestVersion({ versions }: ClientHello): number | null {
  const known = versions.filter((version) => !isGrease(version));
  return known.length === 0 ? null : Math.max(...known);
}

/** The name of RFC 6066, 3, of which there is but one kind. */
export function readServerName(cursor: Cursor): string | null {
  if (cursor.left === 0) return null;
  const list = cursor.vector(2);
  while (list.left > 0) {
    const kind = list.u8();
    const name = list.vector(2).rest();
    if (kind === 0) return latin1(name, 0, name.length);
  }
  return null;
}

/** The list of RFC 7301, 3.1. */
export function readProtocols(cursor: Cursor): string[] {
  const list = cursor.vector(2);
  const protocols: string[] = [];
  while (list.left > 0) {
    const name = list.vector(1).rest();
    protocols.push(latin1(name, 0, name.length));
  }
  return protocols;
}

/** A list of numbers of two bytes. */
export function readNumbers(cursor: Cursor): number[] {
  return [...cursor.vector(2).numbers()];
}

/** Goes over a message; after the first fault nothing more of it is read, except extensions that were found before. */
class Reading {
  readonly faults: HelloFault[] = [];
  readonly #cursor: Cursor;
  #found: Extension[] = [];
  #isOver = false;

  constructor(message: Uint8Array) {
    this.#cursor = new Cursor(message, Math.min(4, message.length));
  }

  common(): Omit<Hello, "extensions" | "faults"> {
    return {
      legacyVersion: this.part((cursor) => cursor.u16()) ?? 0,
      random: this.part((cursor) => cursor.take(32)) ?? new Uint8Array(0),
      legacySession: this.part((cursor) => cursor.vector(1).rest()) ?? new Uint8Array(0),
    };
  }

  /** Reads on; null where that is not possible. */
  part<T>(read: (cursor: Cursor) => T): T | null {
    return this.#isOver ? null : this.#tried(this.#cursor, read, () => this.#isOver = true);
  }

  extensions(): readonly Extension[] {
    if (this.#isOver || this.#cursor.left === 0) return this.#found;
    this.part((cursor) => {
      const list = cursor.vector(2);
      while (list.left > 0) {
        const type = list.u16();
        const contents = list.vector(2);
        this.#found.push({ type, at: contents.at, bytes: contents.rest() });
      }
      if (cursor.left > 0) throw new DecodeError(`${cursor.left} B follow the extensions`, cursor.at);
    });
    return this.#found;
  }

  /** Reads the first extension of a type; null without one. */
  extension<T>(type: number, read: (cursor: Cursor) => T): T | null {
    const found = this.#found.find((extension) => extension.type === type);
    if (found === undefined) return null;
    const whole = this.#cursor.bytes;
    return this.#tried(new Cursor(whole, found.at, found.at + found.bytes.length), read, () => {});
  }

  #tried<T>(cursor: Cursor, read: (cursor: Cursor) => T, failed: () => void): T | null {
    try {
      return read(cursor);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.faults.push({ at: error.offset, text: error.message });
      failed();
      return null;
    }
  }
}
