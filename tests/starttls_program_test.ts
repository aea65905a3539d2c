// STARTTLS and its like through the whole program: real clients, and servers that go over to TLS within the connection.
// The monitor is an end of TLS on both sides then, and what it records is what they said.

import assert from "node:assert/strict";
import { once } from "node:events";
import { Duplex } from "node:stream";
import { connect } from "node:tls";
import { MYSQL_REQUEST } from "./decode/starttls/talks.ts";
import { makeCertificates } from "./certificates.ts";
import { Monitor } from "./monitor.ts";
import { openssl, python } from "./needs.ts";
import type { Connection, Exchange, RouteOptions } from "../src/model.ts";
import { type Protocol, PROTOCOLS, starttlsServer } from "./starttls_server.ts";

const made = openssl === null ? null : await makeCertificates();
Deno.test.afterAll(async () => await made?.[Symbol.asyncDispose]());

/** TLS is ended on both sides; clients are shown another certificate than the target's. */
const BOTH: RouteOptions = made === null ? {} : {
  listenTls: { certificate: { cert: made.ecdsa.certFile, key: made.ecdsa.keyFile } },
  targetTls: { ca: made.root.certFile },
};

/** A server's protocol, what the listener before it does, and a client that is given the listener's port. */
type Talk = readonly [protocol: Protocol, route: RouteOptions, talk: (port: number) => Promise<string>];

/** One monitor before a server for each: what each client was told, and what was recorded of its connection. */
async function allThrough(talks: readonly Talk[]) {
  await using stack = new AsyncDisposableStack();
  const servers = await Promise.all(talks.map(([protocol]) => starttlsServer(protocol, made!.rsa)));
  for (const server of servers) stack.use(server);
  const routes = talks.map(([, route], at) => ({ target: servers[at].address, ...route }));
  await using monitor = await Monitor.withRoutes(routes);
  return await Promise.all(talks.map(async ([, , talk], at) => {
    const { port } = monitor.listen(at);
    const said = await talk(port);
    const { id } = await monitor.line(({ event, state, listen }) =>
      event === "connection" && state === "closed" && listen === `127.0.0.1:${port}`
    ) as unknown as Connection;
    const recorded = await monitor.recorded(id);
    const { exchanges } = await monitor.json<{ exchanges: Exchange[] }>("GET", "/exchanges?limit=200");
    const own = exchanges.filter(({ connection }) => connection === id);
    return { said, ...recorded, exchanges: own, heard: servers[at].heard };
  }));
}

async function through(...talk: Talk) {
  return (await allThrough([talk]))[0];
}

/** Runs a program to its end; what it has printed. */
async function run(program: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args], stdin: "null" })
    .output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.ok(success, errors);
  return out.trim();
}

/** A client in Python that trusts the test's root alone; `context` checks names, `port` is the monitor's. */
function pythonClient(imports: string, ...statements: readonly string[]) {
  const begin = [
    `import ssl, sys, ${imports}`,
    "port, context = int(sys.argv[1]), ssl.create_default_context(cafile=sys.argv[2])",
  ];
  return (port: number) =>
    run(python!, ["-c", [...begin, ...statements].join("\n"), `${port}`, made!.root.certFile]);
}

const PYTHON:
  readonly (readonly [name: string, protocol: Protocol, talk: (port: number) => Promise<string>])[] = [
    [
      "smtplib",
      PROTOCOLS.smtp,
      pythonClient(
        "smtplib",
        "s = smtplib.SMTP('localhost', port, 'me.test')",
        "s.starttls(context=context)",
        "s.ehlo()",
        "print(s.noop(), s.sock.version())",
        "s.quit()",
      ),
    ],
    [
      "imaplib",
      PROTOCOLS.imap,
      pythonClient(
        "imaplib",
        "s = imaplib.IMAP4('localhost', port)",
        "s.starttls(context)",
        "print(s.noop(), s.sock.version())",
        "s.logout()",
      ),
    ],
    [
      "poplib",
      PROTOCOLS.pop3,
      pythonClient(
        "poplib",
        "s = poplib.POP3('localhost', port)",
        "s.stls(context)",
        "print(s.noop(), s.sock.version())",
        "s.quit()",
      ),
    ],
    [
      "ftplib",
      PROTOCOLS.ftp,
      pythonClient(
        "ftplib",
        "s = ftplib.FTP_TLS(context=context)",
        "s.connect('localhost', port)",
        "s.auth()",
        "s.login('me', 'secret')",
        "print(s.sendcmd('NOOP'), s.sock.version())",
        "s.quit()",
      ),
    ],
  ];

Deno.test({
  name: "Python's smtplib, imaplib, poplib and ftplib go over to TLS, and what they said is recorded",
  ignore: !openssl || !python,
  fn: async () => {
    const results = await allThrough(PYTHON.map(([, protocol, talk]) => [protocol, BOTH, talk]));
    for (const [at, result] of results.entries()) {
      const [name] = PYTHON[at];
      const { said, connection, upstream, downstream, heard, exchanges } = result;
      assert.match(said, /TLSv1\.3$/, name);
      assert.match(said, /fine|OK/, name);
      assert.equal(upstream, heard.clear + heard.inside, name);
      assert.match(heard.clear, /(STARTTLS|STLS|AUTH TLS)\r\n$/i, name);
      assert.match(heard.inside, /NOOP\r\n/i, name);
      assert.match(downstream, /^(220|\* OK|\+OK) /, name);
      // Python closes its socket without a word inside TLS, and may not have read the server's: both are told.
      assert.match(connection.error ?? "", /^$|^the client reset the connection$/, name);
      assert.match(connection.note ?? "no close_notify", /no close_notify/, name);
      const { client, target } = connection.tls;
      const both = [client?.version, target?.version, target?.serverName, target?.untrusted];
      assert.deepEqual(both, ["TLSv1.3", "TLSv1.3", "localhost", null], name);
      const from = [client?.upstreamFrom, target?.upstreamFrom];
      assert.deepEqual(from, [heard.clear.length, heard.clear.length], name);
      // The turns go on as before, and say which of them were inside TLS.
      const turn = (words: RegExp) => exchanges.find(({ url }) => words.test(url ?? ""));
      assert.deepEqual([turn(/NOOP/i)?.protocol, turn(/NOOP/i)?.tls], ["tcp", "both"], name);
      assert.equal(turn(/STARTTLS|STLS|AUTH TLS/i)?.tls, null, name);
    }
  },
});

/** Has openssl ask for TLS and say "ping" inside it; what it has been answered, until that has come back. */
function opensslClient(name: string, more: readonly string[] = []) {
  return async (port: number) => {
    const child = new Deno.Command(openssl!, {
      args: [
        ...[
          "s_client",
          "-quiet",
          "-starttls",
          name,
          "-connect",
          `localhost:${port}`,
          "-servername",
          "localhost",
        ],
        ...["-CAfile", made!.root.certFile, "-verify_return_error", ...more],
        ...(name === "xmpp" ? ["-xmpphost", "localhost"] : []),
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode("ping\n"));
    let said = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      said += text;
      if (said.endsWith("ping\n")) break;
    }
    child.kill("SIGTERM");
    await child.status;
    writer.close().catch(() => {});
    return said;
  };
}

const OPENSSL: readonly (readonly [name: string, protocol: Protocol, asks: RegExp, more: string[]])[] = [
  ["ldap", PROTOCOLS.ldap, /1\.3\.6\.1\.4\.1\.1466\.20037$/, []],
  ["xmpp", PROTOCOLS.xmpp, /<starttls xmlns=.urn:ietf:params:xml:ns:xmpp-tls.\/>$/, []],
  ["postgres", PROTOCOLS.postgres, /^\0\0\0\x08\x04\xd2\x16\x2f$/, []],
  ["mysql", PROTOCOLS.mysql, /^\x20\0\0\x01[^]{32}$/, []],
  ["postgres", PROTOCOLS.postgres, /^\0\0\0\x08\x04\xd2\x16\x2f$/, ["-tls1_2"]],
  ["mysql", PROTOCOLS.mysql, /^\x20\0\0\x01[^]{32}$/, ["-tls1_2"]],
];

Deno.test({
  name: "openssl s_client asks for TLS as LDAP, XMPP, PostgreSQL and MySQL do, and is answered inside it",
  ignore: !openssl,
  fn: async () => {
    const talks = OPENSSL.map(([name, protocol, , more]) =>
      [protocol, BOTH, opensslClient(name, more)] as const
    );
    const results = await allThrough(talks);
    for (const [at, { said, connection, upstream, downstream, heard }] of results.entries()) {
      const [name, , asks, more] = OPENSSL[at];
      assert.equal(said, "ping\n", name);
      assert.match(heard.clear, asks, name);
      assert.equal(heard.inside, "ping\n", name);
      assert.equal(upstream, `${heard.clear}ping\n`, name);
      assert.ok(downstream.endsWith("ping\n"), name);
      const { client, target } = connection.tls;
      const versions = [client?.version, target?.version];
      assert.deepEqual(versions, [more.length > 0 ? "TLSv1.2" : "TLSv1.3", "TLSv1.3"], name);
      const from = [client?.upstreamFrom, client?.downstreamFrom];
      assert.deepEqual(from, [heard.clear.length, downstream.length - "ping\n".length], name);
    }
  },
});

Deno.test({
  name:
    "STARTTLS works over a slow link and where the Host of HTTP is rewritten: all in the clear arrives before TLS",
  ignore: !openssl || !python,
  fn: async () => {
    const limits = { bytesPerSecond: 20_000, latencyMs: 30, jitterMs: 10 };
    const [, protocol, talk] = PYTHON[0];
    const route = { ...BOTH, slow: { upstream: limits, downstream: limits }, hostHeader: "rewrite" } as const;
    const { said, connection, upstream, heard } = await through(protocol, route, talk);
    assert.match(said, /TLSv1\.3$/);
    assert.equal(upstream, heard.clear + heard.inside);
    assert.deepEqual([connection.tls.client?.upstreamFrom, connection.tls.target?.upstreamFrom], [
      heard.clear.length,
      heard.clear.length,
    ]);
  },
});

Deno.test({
  name: "STARTTLS within a tunnel of a forward proxy is followed, too",
  ignore: !openssl,
  fn: async () => {
    await using server = await starttlsServer(PROTOCOLS.postgres, made!.rsa);
    await using monitor = await Monitor.withRoutes([{ target: null, ...BOTH }]);
    const proxy = `localhost:${monitor.listen(0).port}`;
    const said = await opensslClient("postgres", ["-proxy", proxy])(server.address.port);
    assert.equal(said, "ping\n");
    const { id } = await monitor.line(({ event, state }) =>
      event === "connection" && state === "closed"
    ) as unknown as Connection;
    const { connection, upstream } = await monitor.recorded(id);
    assert.equal(server.heard.inside, "ping\n");
    assert.match(
      upstream,
      /^CONNECT localhost:\d+ HTTP\/1\.[01]\r\n[^]*\r\n\r\n\0\0\0\x08\x04\xd2\x16\x2fping\n$/,
    );
    assert.deepEqual([connection.tls.client?.version, connection.tls.target?.version], [
      "TLSv1.3",
      "TLSv1.3",
    ]);
  },
});

Deno.test({
  name:
    "a protocol that is spoken inside TLS from the first byte is no STARTTLS, though its server speaks first",
  ignore: !openssl || !python,
  fn: async () => {
    const talk = pythonClient(
      "smtplib",
      "s = smtplib.SMTP_SSL('localhost', port, 'me.test', context=context)",
      "print(s.noop(), s.docmd('STARTTLS'), s.noop(), s.sock.version())",
      "s.quit()",
    );
    await using server = await starttlsServer(PROTOCOLS.smtp, made!.rsa, true);
    await using monitor = await Monitor.withRoutes([{
      target: server.address,
      targetScheme: "tls",
      ...BOTH,
    }]);
    assert.match(await talk(monitor.listen(0).port), /220.*250.*TLSv1\.3$/);
    const { id } = await monitor.line(({ event, state }) =>
      event === "connection" && state === "closed"
    ) as unknown as Connection;
    const { connection, upstream } = await monitor.recorded(id);
    assert.deepEqual([server.heard.clear, upstream], ["", server.heard.inside]);
    assert.deepEqual([connection.tls.client?.upstreamFrom, connection.tls.target?.upstreamFrom], [0, 0]);
  },
});

/** A client that sends its request for TLS and the beginning of TLS at once; TLS begins behind so many bytes. */
async function hastyClient(port: number, request: string, behind: { greeting: boolean; answer: number }) {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const buffer = new Uint8Array(16_384);
  if (behind.greeting) await conn.read(buffer);
  let isFirst = true;
  let isAnswered = behind.answer === 0;
  const socket = new Duplex({
    async read() {
      if (!isAnswered) await conn.read(buffer.subarray(0, behind.answer));
      isAnswered = true;
      const count = await conn.read(buffer).catch(() => null);
      socket.push(count === null ? null : buffer.slice(0, count));
    },
    async write(bytes: Uint8Array, _encoding, done) {
      const first = isFirst ? Array.from(request, (character) => character.charCodeAt(0)) : [];
      isFirst = false;
      const all = Uint8Array.from([...first, ...bytes]);
      for (let at = 0; at < all.length;) at += await conn.write(all.subarray(at));
      done();
    },
  });
  const inside = connect({ socket, servername: "localhost", ca: made!.root.cert });
  inside.write("ping\n");
  let said = "";
  while (!said.endsWith("\n")) said += String((await once(inside, "data"))[0]);
  inside.destroy();
  conn.close();
  return said;
}

Deno.test({
  name: "TLS that comes in one piece with the request for it is whole",
  ignore: !openssl,
  fn: async () => {
    const request = "\0\0\0\x08\x04\xd2\x16\x2f";
    const [mysql, postgres] = await allThrough([
      [PROTOCOLS.mysql, BOTH, (port) => hastyClient(port, MYSQL_REQUEST, { greeting: true, answer: 0 })],
      [PROTOCOLS.postgres, BOTH, (port) => hastyClient(port, request, { greeting: false, answer: 1 })],
    ]);
    for (
      const [{ said, connection, upstream, heard }, asked] of [[mysql, MYSQL_REQUEST], [
        postgres,
        request,
      ]] as const
    ) {
      assert.deepEqual([said, heard.inside, upstream], ["ping\n", "ping\n", `${asked}ping\n`]);
      assert.equal(connection.tls.client?.upstreamFrom, asked.length);
    }
  },
});

Deno.test({
  name: "where clients' TLS is not ended, STARTTLS passes through as it is",
  ignore: !openssl,
  fn: async () => {
    const { said, connection, upstream, heard } = await through(
      PROTOCOLS.postgres,
      {},
      opensslClient("postgres"),
    );
    assert.equal(said, "ping\n");
    assert.equal(heard.inside, "ping\n");
    assert.ok(upstream.startsWith(`${heard.clear}\x16\x03\x01`));
    assert.ok(!upstream.includes("ping"));
    assert.deepEqual(connection.tls, { client: null, target: null });
  },
});

Deno.test({
  name: "names to be left alone are left alone behind STARTTLS, too",
  ignore: !openssl,
  fn: async () => {
    // By the name of the target, whatever the client calls it.
    const route = { ...BOTH, listenTls: { ...BOTH.listenTls, passthrough: ["localhost"] } };
    const talk = opensslClient("mysql", ["-servername", "shop.test", "-verify_hostname", "localhost"]);
    const { said, connection, upstream, heard } = await through(PROTOCOLS.mysql, route, talk);
    assert.equal(said, "ping\n");
    assert.equal(heard.inside, "ping\n");
    assert.ok(upstream.startsWith(`${heard.clear}\x16\x03\x01`));
    assert.deepEqual(connection.tls, { client: null, target: null });
  },
});

/** Says things in turn, each once what it waits for has come; all that it was answered, to the end. */
function plainClient(...says: readonly (readonly [waitsFor: string, says: string])[]) {
  return async (port: number) => {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    const buffer = new Uint8Array(4096);
    let text = "";
    const read = async () => {
      const count = await conn.read(buffer).catch(() => null);
      if (count !== null) text += new TextDecoder("latin1").decode(buffer.subarray(0, count));
      return count !== null;
    };
    for (const [waitsFor, words] of says) {
      while (!text.endsWith(waitsFor) && await read());
      await conn.write(Uint8Array.from(words, (character) => character.charCodeAt(0)));
    }
    while (await read());
    conn.close();
    return text;
  };
}

Deno.test({
  name: "a server that refuses goes on in the clear, and all that was said gets there",
  ignore: !openssl,
  fn: async () => {
    const talk = plainClient(["ESMTP\r\n", "EHLO a\r\n"], ["mail.test\r\n", "STARTTLS\r\nNOOP\r\n"], [
      "250 fine\r\n",
      "QUIT\r\n",
    ]);
    const { said, connection, upstream, heard } = await through(PROTOCOLS.refusingSmtp, BOTH, talk);
    assert.equal(
      said,
      "220 mail.test ESMTP\r\n250 mail.test\r\n454 TLS not available\r\n250 fine\r\n221 bye\r\n",
    );
    assert.equal(heard.clear, "EHLO a\r\nSTARTTLS\r\nNOOP\r\nQUIT\r\n");
    assert.equal(upstream, heard.clear);
    assert.deepEqual([connection.tls, connection.error], [{ client: null, target: null }, null]);
  },
});

Deno.test({
  name: "a PostgreSQL server that refuses goes on in the clear",
  ignore: !openssl,
  fn: async () => {
    const talk = plainClient(["", "\0\0\0\x08\x04\xd2\x16\x2f"], [
      "N",
      "\0\0\0\x0bstartup\0\0\0\x08\x04\xd2\x16\x2f",
    ]);
    // What looks like a request again is one of the client's own words then.
    const ending: Protocol = {
      reply: (text) =>
        text.endsWith("\x04\xd2\x16\x2f") ? { says: "N", ...(text.length > 8 ? { ends: true } : {}) } : null,
    };
    const { said, connection, heard } = await through(ending, BOTH, talk);
    assert.deepEqual([said, connection.error], ["NN", null]);
    assert.ok(heard.clear.includes("startup"));
  },
});

Deno.test({
  name: "commands that a client sends ahead in the clear never get into TLS, and the connection says so",
  ignore: !openssl,
  fn: async () => {
    const talk = plainClient(["ESMTP\r\n", "EHLO a\r\n"], [
      "STARTTLS\r\n",
      "STARTTLS\r\nMAIL FROM:<injected@example.org>\r\n",
    ]);
    const { connection, upstream, heard, exchanges } = await through(PROTOCOLS.smtp, BOTH, talk);
    assert.deepEqual([heard.clear, heard.inside], ["EHLO a\r\nSTARTTLS\r\n", ""]);
    assert.equal(
      connection.error,
      "the client sent 34 bytes in the clear behind STARTTLS (SMTP), where TLS was to begin: not passed on, because " +
        "it would be taken for what came through TLS",
    );
    assert.equal(upstream, "EHLO a\r\nSTARTTLS\r\nMAIL FROM:<injected@example.org>\r\n");
    // The row that holds them says that they did not arrive.
    const row = exchanges.find(({ url }) => url?.includes("MAIL FROM"));
    assert.match(row?.fault ?? "", /^the client sent 34 bytes in the clear behind STARTTLS/);
  },
});

Deno.test({
  name: "a client that agrees to TLS and does not begin it is told so",
  ignore: !openssl,
  fn: async () => {
    const talk = plainClient(["ESMTP\r\n", "STARTTLS\r\n"], ["ahead\r\n", "EHLO a\r\n"]);
    const { connection, upstream, heard } = await through(PROTOCOLS.smtp, BOTH, talk);
    assert.deepEqual([heard.clear, heard.inside], ["STARTTLS\r\n", ""]);
    assert.match(connection.error ?? "", /^the client sent 8 bytes in the clear behind STARTTLS/);
    assert.equal(upstream, "STARTTLS\r\nEHLO a\r\n");
  },
});

Deno.test({
  name: "a target that is not trusted is told in words, and the client is not met",
  ignore: !openssl || !python,
  fn: async () => {
    const [, protocol, talk] = PYTHON[0];
    const route = { ...BOTH, targetTls: {} };
    const { connection, said, heard } = await through(
      protocol,
      route,
      (port) => talk(port).catch((error) => error.message),
    );
    assert.match(connection.error ?? "", /^localhost:\d+ is not trusted: /);
    assert.match(connection.error ?? "", /--target-ca/);
    assert.equal(heard.inside, "");
    assert.match(said, /Error/);
  },
});
