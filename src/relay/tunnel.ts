// Asks an HTTP proxy for a tunnel to a target (CONNECT: RFC 9110, 9.3.6; credentials: RFC 7617), and says in words why
// there is none. It reads the proxy's answer and not one byte more: what comes behind that is the target's, which may
// speak first. Nothing that it says has the password.

import { formatAddress } from "../address.ts";
import type { Address, How, ProxyServer } from "../model.ts";
import { DialError } from "./dial.ts";
import { howOf } from "./pump.ts";

/** A proxy's answer may be so long, bytes: as long as the heads that Squid takes. */
const MAX_ANSWER = 64 * 1024;
/** No answer is shorter than this and the two line ends that end it: "HTTP/1.1 200". */
const SHORTEST = 14;
const CR = 0x0d;
const LF = 0x0a;
const TWO = 0x32;

/** What the tunnel is asked for on. */
type Leg = Pick<Deno.Conn, "read" | "write">;

/**
 * Has `proxy`, to which `conn` leads, connect to `target`. What is read from `conn` afterwards is the target's. Throws
 * DialError where it is refused.
 */
export async function openTunnel(conn: Leg, proxy: ProxyServer, target: Address): Promise<void> {
  const request = new TextEncoder().encode(connectRequest(proxy, target));
  try {
    for (let at = 0; at < request.length;) at += await conn.write(request.subarray(at));
  } catch (error) {
    throw broke(proxy, target, error);
  }
  let answer: Answer;
  do answer = await readAnswer(conn, proxy, target); while (answer.status < 200);
  if (answer.status > 299) throw refusal(proxy, target, answer);
}

/** The request, an ASCII text; a user or a password in other scripts is sent as UTF-8 (RFC 7617, 2.1). */
function connectRequest({ credentials }: ProxyServer, target: Address): string {
  const name = formatAddress(target);
  const lines = [`CONNECT ${name} HTTP/1.1`, `Host: ${name}`];
  if (credentials !== null) {
    const bytes = new TextEncoder().encode(`${credentials.user}:${credentials.password}`);
    lines.push(`Proxy-Authorization: Basic ${btoa(String.fromCharCode(...bytes))}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}

interface Answer {
  readonly status: number;
  /** "403 Forbidden" */
  readonly line: string;
  /** The schemes that Proxy-Authenticate names. */
  readonly schemes: readonly string[];
}

/** The head of one response. Of a refusal, what follows the head may have been read as well. */
async function readAnswer(conn: Leg, proxy: ProxyServer, target: Address): Promise<Answer> {
  const head = new Uint8Array(MAX_ANSWER);
  let length = 0;
  for (let most = SHORTEST; most > 0;) {
    let count: number | null;
    try {
      count = await conn.read(head.subarray(length, Math.min(length + most, MAX_ANSWER)));
    } catch (error) {
      throw broke(proxy, target, error);
    }
    if (count === null) break;
    length += count;
    if (!beginsAsHttp(head, length)) throw notHttp(proxy, head.subarray(0, length));
    if (length === MAX_ANSWER) {
      throw new DialError("error", `${nameOf(proxy)} answered CONNECT with a head of more than 64 KiB`);
    }
    most = mayRead(head, length);
  }
  const [statusLine, ...fields] = latin1(head.subarray(0, length)).split("\r\n\r\n")[0].split(/\r?\n/);
  const [, line, status] = /^HTTP\/1\.\d +((\d{3})(?: .*)?)$/.exec(statusLine.trimEnd()) ?? [];
  if (status === undefined) {
    if (length > 0) throw notHttp(proxy, head.subarray(0, length));
    throw new DialError(
      "error",
      `${nameOf(proxy)} closed the connection when it was asked to connect to ${formatAddress(target)}. ` +
        "Check that it is an HTTP proxy and lets this machine use it.",
    );
  }
  const schemes = fields.flatMap((field) => /^proxy-authenticate:\s*([\w-]+)/i.exec(field)?.[1] ?? []);
  return { status: Number(status), line: line.trimEnd().slice(0, 100), schemes };
}

/**
 * How many of the next bytes certainly belong to the head that begins with `length` bytes; 0 when it has ended. After
 * a refusal there is no tunnel, and more may be read at once.
 */
function mayRead(head: Uint8Array, length: number): number {
  const [third, before, last] = head.subarray(length - 3, length);
  const endsLine = last === LF;
  if (endsLine && (before === LF || (before === CR && third === LF))) return 0;
  // "HTTP/1.1 403": neither an interim answer nor a tunnel.
  if (length > 9 && head[9] > TWO) return endsWithin(head, length) ? 0 : MAX_ANSWER;
  return endsLine || (last === CR && before === LF) ? 1 : 2;
}

/** Whether an empty line stands anywhere in the bytes. */
function endsWithin(head: Uint8Array, length: number): boolean {
  return /\n\r?\n/.test(latin1(head.subarray(0, length)));
}

function beginsAsHttp(bytes: Uint8Array, length: number): boolean {
  const begin = "HTTP/1.";
  for (let i = 0; i < Math.min(begin.length, length); i++) if (bytes[i] !== begin.charCodeAt(i)) return false;
  return true;
}

function notHttp(proxy: ProxyServer, bytes: Uint8Array): DialError {
  const text = latin1(bytes.subarray(0, 40)).replaceAll(/[^ -~]/g, "·");
  return new DialError(
    "error",
    `${nameOf(proxy)} is not an HTTP proxy: it answered "${text}". Give the address of an HTTP proxy.`,
  );
}

function refusal(proxy: ProxyServer, target: Address, { status, line, schemes }: Answer): DialError {
  const [name, to] = [nameOf(proxy), formatAddress(target)];
  // Some, such as tinyproxy, answer 401 where a password is wrong, which is for servers (RFC 9110, 15.5.2).
  if (status === 407 || status === 401) {
    return new DialError("refused", unauthorised(proxy, to, line, schemes));
  }
  if (status >= 502 && status <= 504) {
    const how: How = status === 504 ? "timeout" : "unreachable";
    return new DialError(
      how,
      `${name} cannot reach ${to}: ${line}. Check the target as that proxy knows it.`,
    );
  }
  const advice = target.port === 443 || status >= 500
    ? "Ask who runs that proxy why."
    : `Allow CONNECT to port ${target.port} there: most proxies allow only 443 unless told otherwise ` +
      `(Squid: SSL_ports; tinyproxy: ConnectPort).`;
  return new DialError("refused", `${name} refused to connect to ${to}: ${line}. ${advice}`);
}

function unauthorised(proxy: ProxyServer, to: string, line: string, schemes: readonly string[]): string {
  const [name, { credentials }] = [nameOf(proxy), proxy];
  const begin = `${name} refused to connect to ${to}: ${line}.`;
  if (schemes.length > 0 && !schemes.some((scheme) => scheme.toLowerCase() === "basic")) {
    return `${begin} It wants ${
      schemes.join(" or ")
    }, and only Basic is understood here: let it take Basic as well.`;
  }
  if (credentials === null) {
    return `${begin} Give it a user and a password, as http://USER:PASSWORD@${name}.`;
  }
  return `${begin} It does not take the password of the user "${credentials.user}": check both.`;
}

function broke(proxy: ProxyServer, target: Address, error: unknown): DialError {
  const [name, to] = [nameOf(proxy), formatAddress(target)];
  if (howOf(error) === "reset") {
    return new DialError("reset", `${name} reset the connection when it was asked to connect to ${to}`);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new DialError("error", `${name} could not be asked to connect to ${to}: ${reason}`);
}

function nameOf({ address }: ProxyServer): string {
  return formatAddress(address);
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
