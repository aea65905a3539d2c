// Small servers that go over to TLS within a connection, each in its protocol: as much of it as clients say around that.
// TLS is node:tls's over the socket; nothing of it is tcpmon's.

import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { Address } from "../src/model.ts";
import { mysqlGreeting } from "./decode/starttls/talks.ts";

/** What a server says to what it has heard, which is all of `text` that ends with it; null: it waits for more. */
interface Reply {
  readonly says: string;
  /** TLS begins behind what it says. */
  readonly upgrades?: true;
  readonly ends?: true;
}

/** How a protocol goes; texts are ISO-8859-1, one character a byte. */
export interface Protocol {
  readonly greeting?: string;
  /** In the clear, and inside TLS. */
  reply(text: string, isInside: boolean): Reply | null;
}

/** A line, without its end; null until it is whole. */
function line(text: string): string | null {
  return text.endsWith("\n") ? text.trimEnd() : null;
}

/** A protocol of lines, by what is said to which; the first that fits. What ends with "!" ends the connection. */
function lines(greeting: string, replies: readonly (readonly [RegExp, string])[], upgrade: RegExp): Protocol {
  return {
    greeting,
    reply(text, isInside) {
      const said = line(text);
      if (said === null) return null;
      const [pattern, answer] = replies.find(([pattern]) => pattern.test(said)) ?? [/.*/, "500 what?"];
      const says = said.replace(pattern, answer.replace(/!$/, "")).replaceAll("|", "\r\n") + "\r\n";
      if (!isInside && upgrade.test(said)) return { says, upgrades: true };
      return answer.endsWith("!") ? { says, ends: true } : { says };
    },
  };
}

/** A protocol in which `asks` is answered with `consent`, after `before`; inside TLS all comes back. */
function octets(
  asks: RegExp,
  consent: string,
  greeting?: string,
  before?: (text: string) => string | null,
): Protocol {
  return {
    greeting,
    reply(text, isInside) {
      if (isInside) return { says: text };
      if (asks.test(text)) return { says: consent, upgrades: true };
      const says = before?.(text) ?? null;
      return says === null ? null : { says };
    },
  };
}

const XMPP =
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>" +
  "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>";

/** The protocols. */
export const PROTOCOLS = {
  smtp: lines("220 mail.test ESMTP\r\n", [
    [/^EHLO.*/i, "250-mail.test|250 STARTTLS"],
    [/^STARTTLS/i, "220 go ahead"],
    [/^QUIT/i, "221 bye!"],
    [/.*/, "250 fine"],
  ], /^STARTTLS/i),
  refusingSmtp: lines("220 mail.test ESMTP\r\n", [
    [/^EHLO.*/i, "250 mail.test"],
    [/^STARTTLS/i, "454 TLS not available"],
    [/^QUIT/i, "221 bye!"],
    [/.*/, "250 fine"],
  ], /^never$/),
  imap: lines("* OK ready\r\n", [
    [/^(\S+) CAPABILITY/i, "* CAPABILITY IMAP4rev1 STARTTLS|$1 OK done"],
    [/^(\S+) LOGOUT/i, "* BYE|$1 OK bye!"],
    [/^(\S+) .*/, "$1 OK done"],
  ], /^\S+ STARTTLS/i),
  pop3: lines("+OK ready\r\n", [
    [/^CAPA/i, "+OK|STLS|."],
    [/^QUIT/i, "+OK bye!"],
    [/.*/, "+OK"],
  ], /^STLS/i),
  ftp: lines("220 ready\r\n", [
    [/^AUTH TLS/i, "234 go ahead"],
    [/^USER.*/i, "331 password?"],
    [/^PASS.*/i, "230 welcome"],
    [/^QUIT/i, "221 bye!"],
    [/.*/, "200 fine"],
  ], /^AUTH TLS/i),
  ldap: octets(
    /1\.3\.6\.1\.4\.1\.1466\.20037$/,
    "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00",
  ),
  xmpp: octets(
    /<starttls[^>]*>$/,
    "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    undefined,
    (text) => /<stream:stream[^>]*>$/.test(text) ? XMPP : null,
  ),
  postgres: octets(/\x04\xd2\x16\x2f$/, "S"),
  refusingPostgres: octets(
    /^never$/,
    "",
    undefined,
    (text) => text.endsWith("\x04\xd2\x16\x2f") ? "N" : null,
  ),
  mysql: octets(/^[^]{36}$/, "", mysqlGreeting(true)),
} as const satisfies Readonly<Record<string, Protocol>>;

/**
 * A server for one of them, on a free port of loopback; `heard` has what it was told inside TLS and before. `isDirect`: it
 * speaks TLS from the first byte.
 */
export async function starttlsServer(
  protocol: Protocol,
  { cert, key }: { cert: string; key: string },
  isDirect = false,
) {
  const heard = { clear: "", inside: "" };
  const sockets = new Set<Socket>();
  const secured = (below: Duplex, stream: Duplex) => {
    const inside = new TLSSocket(below as Socket, { isServer: true, cert, key });
    // A client that ends without a word inside TLS is an error there.
    for (const over of ["error", "end", "close"]) inside.on(over, () => stream.end());
    return inside;
  };
  const serve = (stream: Duplex, isInside: boolean) => {
    let text = "";
    const hear = (bytes: Uint8Array) => {
      for (const [at, byte] of bytes.entries()) {
        const character = String.fromCharCode(byte);
        text += character;
        heard[isInside ? "inside" : "clear"] += character;
        const reply = protocol.reply(text, isInside);
        if (reply === null) continue;
        text = "";
        if (reply.says !== "") stream.write(Uint8Array.from(reply.says, (c) => c.charCodeAt(0)));
        if (reply.ends) stream.end();
        if (reply.upgrades) {
          stream.off("data", hear);
          const below = behind(stream, bytes.subarray(at + 1));
          serve(secured(below, stream), true);
          return;
        }
      }
    };
    stream.on("error", () => {});
    stream.on("data", hear);
  };
  const listening = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    const stream = isDirect ? secured(behind(socket, new Uint8Array(0)), socket) : socket;
    if (protocol.greeting) stream.write(Uint8Array.from(protocol.greeting, (c) => c.charCodeAt(0)));
    serve(stream, isDirect);
  }).listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as { port: number };
  return {
    address: { host: "localhost", port } as Address,
    heard,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listening.close(resolve));
    },
  };
}

/** The same stream, whose first bytes are these. */
function behind(stream: Duplex, first: Uint8Array): Duplex {
  const below = new Duplex({
    read() {},
    write: (bytes, _encoding, done) => void stream.write(bytes, () => done()),
    final: (done) => void stream.end(() => done()),
  });
  if (first.length > 0) below.push(first);
  stream.on("data", (bytes: Uint8Array) => below.push(bytes));
  stream.on("end", () => below.push(null));
  stream.on("close", () => below.destroy());
  return below;
}
