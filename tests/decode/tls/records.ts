// Records and messages of TLS for tests, made field by field. Text has one character a byte.

/** A number of so many bytes, big end first. */
export function number(value: number, bytes: number): string {
  let text = "";
  for (let i = bytes - 1; i >= 0; i--) text += String.fromCharCode(Math.floor(value / 256 ** i) % 256);
  return text;
}

/** What begins with its length, a number of so many bytes. */
export function vector(contents: string, bytes: number): string {
  return number(contents.length, bytes) + contents;
}

/** A record; of TLS 1.2 unless `version` says otherwise. */
export function record(type: number, contents: string, version = 0x0303): string {
  return number(type, 1) + number(version, 2) + vector(contents, 2);
}

/** A handshake message. */
export function handshake(type: number, contents: string): string {
  return number(type, 1) + vector(contents, 3);
}

/** A handshake message in a record of its own. */
export function handshakeRecord(type: number, contents: string, version = 0x0303): string {
  return record(22, handshake(type, contents), version);
}

/** A record that nobody can read, of `length` bytes. */
export function encrypted(length: number, type = 23): string {
  return record(type, "\xee".repeat(length));
}

/** change_cipher_spec. */
export const CIPHER_CHANGE = record(20, "\x01");

/** An alert in the clear. */
export function alert(level: number, description: number): string {
  return record(21, number(level, 1) + number(description, 1));
}

/** An extension. */
export function extension(type: number, contents: string): string {
  return number(type, 2) + vector(contents, 2);
}

/** server_name. */
export function serverName(name: string): string {
  return extension(0, vector("\0" + vector(name, 2), 2));
}

/** ALPN. */
export function protocols(...names: string[]): string {
  return extension(16, vector(names.map((name) => vector(name, 1)).join(""), 2));
}

/** supported_versions of a client. */
export function versions(...offered: number[]): string {
  return extension(43, vector(offered.map((version) => number(version, 2)).join(""), 1));
}

/** signature_algorithms. */
export function schemes(...offered: number[]): string {
  return extension(13, vector(offered.map((scheme) => number(scheme, 2)).join(""), 2));
}

/** What a ClientHello has besides its fixed fields. */
export interface HelloParts {
  readonly version?: number;
  readonly suites?: readonly number[];
  readonly extensions?: readonly string[];
}

/** The contents of a ClientHello. */
export function clientHello(
  { version = 0x0303, suites = [0x1301, 0xc02f], extensions = [] }: HelloParts,
): string {
  const list = suites.map((suite) => number(suite, 2)).join("");
  return number(version, 2) + "r".repeat(32) + vector("", 1) + vector(list, 2) + vector("\0", 1) +
    (extensions.length === 0 ? "" : vector(extensions.join(""), 2));
}

/** A ClientHello up to TLS 1.3 for `name` in a record, offering h2 and http/1.1. */
export function hello13(name: string): string {
  return handshakeRecord(
    1,
    clientHello({ extensions: [serverName(name), protocols("h2", "http/1.1"), versions(0x0304, 0x0303)] }),
    0x0301,
  );
}

/** The contents of a ServerHello. */
export function serverHello(
  suite: number,
  extensions: readonly string[] = [],
  random = "s".repeat(32),
): string {
  return number(0x0303, 2) + random + vector("", 1) + number(suite, 2) + "\0" +
    (extensions.length === 0 ? "" : vector(extensions.join(""), 2));
}

/** A ServerHello of TLS 1.3 in a record. */
export const SERVER_13 = handshakeRecord(2, serverHello(0x1301, [extension(43, number(0x0304, 2))]));

/** A ServerHello of TLS 1.2 in a record, which chooses http/1.1. */
export const SERVER_12 = handshakeRecord(2, serverHello(0xc02f, [protocols("http/1.1")]));
