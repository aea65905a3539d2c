// A request as a `curl …` command for a shell (bash, zsh, ksh): it sends the same method, target, headers and body bytes.
// What no shell can hand to a program, a byte 0, goes through printf. Pure.

import { draftOf } from "../draft/draft.ts";
import { headBytes } from "../draft/octet_text.ts";
import { latin1 } from "../octets.ts";
import { shownOf } from "./shell.ts";

/** A command, and what it does not do, in words. */
export interface CurlCommand {
  readonly command: string;
  readonly notes: readonly string[];
}

/** Where the request goes. */
export interface CurlTarget {
  /** HOST:PORT, IPv6 in brackets. */
  readonly target: string;
  readonly tls: boolean;
  /** Whom to trust inside TLS, and what to show, as files; the system's authorities and nothing where left out. */
  readonly trust?: CurlTrust;
}

/** See CurlTarget. */
export interface CurlTrust {
  readonly insecure: boolean;
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

/** An argument of a program may have 128 KiB on Linux; printf is a part of the shell and has no such limit. */
const LONGEST_ARGUMENT = 100_000;
/** From about here on some versions of curl ask with Expect: 100-continue first. */
const EXPECTS_FROM = 1_000;

/** What may stand in the URL as it is, for curl changes none of it (RFC 3986, 2.2 and 2.3). */
const PLAIN_TARGET = /^\/[A-Za-z0-9\-._~:/?@!$&'()*+,;=%]*$/;
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^]*)$/;

/** The command for the bytes of a request. Throws RangeError where they are none of HTTP. */
export function toCurl(bytes: Uint8Array, { target: host, tls, trust }: CurlTarget): CurlCommand {
  const draft = draftOf(bytes);
  if (draft.protocol === "tcp" || draft.source === null) {
    throw new RangeError(
      "Cannot copy it as a curl command: it is not an HTTP request. Copy its bytes instead.",
    );
  }
  const lines = textOf(headBytes(draft.head, draft.source.headCharset)).split("\n");
  const [method, ...words] = lines[0].trim().split(/[ \t]+/);
  const version = words.pop() ?? "";
  const target = words.join(" ");
  const notes: string[] = [];
  const body = textOf(draft.body);
  const headers = headersOf(lines.slice(1), notes);
  const isChunked = headers.some(({ name, value }) =>
    name === "transfer-encoding" && /\bchunked\b/i.test(value)
  );
  const hasBody = body !== "" || (isChunked && draft.source.chunks === "taken off");
  const piped = body.includes("\0") || body.length > LONGEST_ARGUMENT;

  const options = [
    ...(tls && trust ? trustOptions(trust, notes) : []),
    ...versionOptions(version, tls, notes),
    ...methodOptions(method, hasBody, notes),
    ...urlOptions(`${tls ? "https" : "http"}://${host}`, target),
    ...headerOptions(headers, { host, tls, body, hasBody }),
    ...(hasBody ? [piped ? "--data-binary @-" : `--data-raw ${quoted(body)}`] : []),
  ];
  const command = `curl ${options.join(" \\\n  ")}`;
  return { command: piped && hasBody ? `printf ${printable(body)} | ${command}` : command, notes };
}

interface Field {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  readonly line: string;
}

function headersOf(lines: readonly string[], notes: string[]): Field[] {
  const fields: Field[] = [];
  for (const line of lines) {
    const found = FIELD.exec(line);
    const before = fields.at(-1);
    if (found) fields.push({ name: found[1].toLowerCase(), value: found[2].trim(), line });
    else if (/^[ \t]/.test(line) && before) {
      const folded = `${before.line.trimEnd()} ${line.trim()}`;
      fields[fields.length - 1] = { ...before, value: `${before.value} ${line.trim()}`, line: folded };
      notes.push(`the folded header ${before.name} is sent in one line`);
    } else notes.push(`curl cannot send the header line "${shownOf(line)}"`);
  }
  return fields;
}

function trustOptions({ insecure, ca, cert, key }: CurlTrust, notes: string[]): string[] {
  if (ca !== null) notes.push(`curl trusts the authorities of ${ca} alone, without the system's`);
  return [
    ...(insecure ? ["-k"] : []),
    ...(ca === null ? [] : [`--cacert ${quoted(ca)}`]),
    ...(cert === null ? [] : [`--cert ${quoted(cert)}`]),
    ...(key === null ? [] : [`--key ${quoted(key)}`]),
  ];
}

function versionOptions(version: string, tls: boolean, notes: string[]): string[] {
  if (version === "HTTP/1.0") return ["--http1.0"];
  if (version !== "HTTP/1.1") notes.push(`curl sends HTTP/1.1, not ${shownOf(version)}`);
  return tls ? ["--http1.1"] : [];
}

function methodOptions(method: string, hasBody: boolean, notes: string[]): string[] {
  if (method === (hasBody ? "POST" : "GET")) return [];
  if (method !== "HEAD") return [`-X ${quoted(method)}`];
  if (!hasBody) return ["-I"];
  notes.push("curl waits for a body in the answer to HEAD when it sends one");
  return ["-X HEAD"];
}

function urlOptions(origin: string, target: string): string[] {
  if (!PLAIN_TARGET.test(target)) return [`--request-target ${quoted(target)}`, quoted(`${origin}/`)];
  const url = quoted(origin + target);
  return /\/\.{1,2}([/?]|$)/.test(target) ? ["--path-as-is", url] : [url];
}

interface Sent {
  readonly host: string;
  readonly tls: boolean;
  readonly body: string;
  readonly hasBody: boolean;
}

/** The headers, without those that curl makes the same, and without those of curl's own that are not there. */
function headerOptions(fields: readonly Field[], { host, tls, body, hasBody }: Sent): string[] {
  const own = tls ? host.replace(/:443$/, "") : host.replace(/:80$/, "");
  const sent = fields.filter(({ name, value }) =>
    !(name === "host" && value === own) &&
    !(name === "content-length" && hasBody && value === String(body.length))
  );
  const names = new Set(fields.map(({ name }) => name));
  const unwanted = ["Host", "User-Agent", "Accept"];
  if (hasBody) unwanted.push("Content-Type");
  if (hasBody && body.length >= EXPECTS_FROM) unwanted.push("Expect");
  return [
    ...sent.map(({ line, value }) => `-H ${quoted(value === "" ? line.replace(/:[ \t]*$/, ";") : line)}`),
    ...unwanted.filter((name) => !names.has(name.toLowerCase())).map((name) => `-H '${name}:'`),
  ];
}

// ── Quoting ────────────────────────────────────────────────────────────────────────────────────────────────────

const HARMLESS = /^[A-Za-z0-9_/:.,@%+-]+$/;

/** A word of the command, whatever it has, but a byte 0. */
function quoted(word: string): string {
  if (HARMLESS.test(word)) return word;
  const shown = shownOf(word);
  const isText = !/[\x00-\x08\x0b-\x1f\x7f]/.test(word) && textOf(new TextEncoder().encode(shown)) === word;
  if (isText) return `'${shown.replaceAll("'", "'\\''")}'`;
  return `$'${escaped(word, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).replaceAll("'", "\\'")}'`;
}

/** A format of printf that prints these bytes. */
function printable(bytes: string): string {
  const format = escaped(bytes, (byte) => `\\${byte.toString(8).padStart(3, "0")}`).replaceAll("%", "%%");
  return `'${format.replace(/^-/, "\\055").replaceAll("'", "'\\''")}'`;
}

/** Everything but printable ASCII as an escape. */
function escaped(bytes: string, escape: (byte: number) => string): string {
  return bytes.replace(/[^\x20-\x7e]|\\/g, (char) => {
    if (char === "\n") return "\\n";
    if (char === "\r") return "\\r";
    if (char === "\t") return "\\t";
    return char === "\\" ? "\\\\" : escape(char.charCodeAt(0));
  });
}

/** One character a byte. */
function textOf(bytes: Uint8Array): string {
  return latin1(bytes, 0, bytes.length);
}
