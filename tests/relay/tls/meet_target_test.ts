import assert from "node:assert/strict";
import type { TargetTls } from "../../../src/model.ts";
import { Dialer } from "../../../src/relay/dial.ts";
import { type Certificates, type Made, makeCertificates } from "../../certificates.ts";
import { StaleAuthorities, TargetMeeter } from "../../../src/relay/tls/meet_target.ts";
import { openssl } from "../../needs.ts";
import { readSome, relayTo, server, write } from "../transcript.ts";
import { opensslServer } from "./peers.ts";

const ignore = openssl === null;

/** How openssl's server is told to show a certificate, and what comes behind it in its file. */
function shown({ certFile, keyFile, cert }: Made, made: Certificates): string[] {
  const hasChain = cert.split("BEGIN CERTIFICATE").length > 2;
  return [
    "-cert",
    certFile,
    ...(hasChain ? ["-cert_chain", made.intermediate.certFile] : []),
    "-key",
    keyFile,
  ];
}

/** Finds every name on this machine. */
const dialer = new Dialer({ lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]) });

/** What is told of a Connection to an openssl server that was started with `args`. */
async function meet(args: readonly string[], targetTls: TargetTls, host = "localhost") {
  const target = await opensslServer(args);
  const address = { host, port: target.address.port };
  const relay = relayTo(address, { dialer, route: { targetScheme: "tls", targetTls } });
  const client = await relay.connect();
  try {
    await write(client, "hello\n");
    const ended = await Promise.race([relay.transcript.until("failed"), relay.transcript.until("secured")]);
    if (ended.event === "failed") {
      return { failed: ended.error.replace(`${host}:${address.port}`, "TARGET"), how: ended.how };
    }
    const answer = await readSome(client, 6).catch(() => null);
    const closed = answer === null ? await relay.transcript.until("closed") : null;
    return { secured: ended, answer, closed };
  } finally {
    client.close();
    await relay.close();
    await target.close();
  }
}

Deno.test({
  name: "a target that speaks TLS is met with what is told: version, cipher, chain, trust",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const kinds = [["RSA 2048", made.rsa], ["EC P-256", made.ecdsa]] as const;
    for (const [key, leaf] of kinds) {
      for (const version of ["TLSv1.2", "TLSv1.3"]) {
        const args = [...shown(leaf, made), version === "TLSv1.2" ? "-tls1_2" : "-tls1_3"];
        const { secured, answer } = await meet(args, { ca: made.root.certFile });
        assert.equal(answer, "olleh\n");
        assert.ok(secured);
        assert.equal(secured.leg, "target");
        assert.equal(secured.version, version);
        assert.match(secured.cipher ?? "", /GCM|CHACHA20/);
        assert.equal(secured.serverName, "localhost");
        assert.equal(secured.alpn, null);
        assert.deepEqual([secured.trust, secured.untrusted], ["system-and-file", null]);
        assert.equal(secured.peer[0].publicKey, key);
        assert.deepEqual(secured.peer[0].names.slice(0, 2), ["localhost", "shop.test"]);
        assert.deepEqual(secured.peer.map(({ subject }) => subject), [
          "CN=localhost",
          "CN=Test Intermediate",
        ]);
        assert.match(secured.peer[0].notAfter, /^20\d\d-\d\d-\d\dT/);
      }
    }
  },
});

interface Case {
  readonly what:
    | "expired"
    | "notYetValid"
    | "wrongName"
    | "selfSigned"
    | "selfSignedLeaf"
    | "untrusted"
    | "incomplete";
  readonly fault: RegExp;
  readonly advice: RegExp;
}

const REFUSED: readonly Case[] = [
  { what: "expired", fault: /^its certificate expired on 2020-02-01$/, advice: /Have it renewed/ },
  {
    what: "notYetValid",
    fault: /^its certificate is not valid before 2040-01-01$/,
    advice: /check the clock/,
  },
  {
    what: "wrongName",
    fault: /^its certificate is for other\.test, not for localhost$/,
    advice: /by a name/,
  },
  {
    what: "selfSigned",
    fault:
      /^its certificate is signed by itself \("CN=localhost"\), which neither this system nor \S+ trusts$/,
    advice: /trust it with --target-ca FILE/,
  },
  { what: "selfSignedLeaf", fault: /signed by itself/, advice: /trust it with --target-ca FILE/ },
  {
    what: "untrusted",
    fault: /leads to "CN=Other Test Root", which neither this system nor \S+\/\S+ trusts/,
    advice: /--target-ca FILE/,
  },
  {
    what: "incomplete",
    fault: /leads to "CN=Test Intermediate".*a chain that is incomplete$/,
    advice: /Have the target send its whole chain/,
  },
];

Deno.test({
  name: "a target whose certificate is not good gets not one byte, and it is said why and what to do",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    for (const { what, fault, advice } of REFUSED) {
      const { failed = "", how } = await meet(shown(made[what], made), { ca: made.root.certFile });
      const [, told, rest] =
        /^TARGET is not trusted: (.*?)\. ([A-Z].* --insecure accepts .*)$/.exec(failed) ?? [];
      assert.match(told ?? failed, fault);
      assert.match(rest, advice);
      assert.equal(how, "error");
    }
  },
});

Deno.test({
  name: "--insecure takes any certificate, and what is wrong with it is told",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    for (const { what, fault } of REFUSED) {
      const { secured, answer } = await meet(shown(made[what], made), {
        ca: made.root.certFile,
        insecure: true,
      });
      assert.equal(answer, "olleh\n", what);
      assert.equal(secured?.trust, "nothing");
      assert.match(secured?.untrusted ?? "", fault);
    }
    const good = await meet(shown(made.ecdsa, made), { ca: made.root.certFile, insecure: true });
    assert.deepEqual([good.secured?.trust, good.secured?.untrusted], ["nothing", null]);
  },
});

Deno.test({
  name: "a certificate that the file lists itself is trusted, an authority or not, but only for its names",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    for (const leaf of [made.selfSigned, made.selfSignedLeaf, made.incomplete]) {
      const ca = leaf === made.incomplete ? made.incomplete.certFile : leaf.certFile;
      const { secured, answer, failed } = await meet(shown(leaf, made), { ca });
      assert.equal(failed, undefined);
      assert.equal(answer, "olleh\n");
      assert.deepEqual([secured?.trust, secured?.untrusted], ["system-and-file", null]);
    }
    const other = await made.server("elsewhere.test");
    const { failed } = await meet(shown(other, made), { ca: other.certFile });
    assert.match(failed ?? "", /its certificate is for elsewhere\.test, not for localhost/);
    const late = await meet(shown(made.expired, made), { ca: made.expired.certFile });
    assert.match(late.failed ?? "", /its certificate expired on 2020-02-01/);
    // The root's dot is of the name, and of no certificate.
    const dotted = await meet(shown(made.ecdsa, made), { ca: made.root.certFile }, "localhost.");
    assert.deepEqual([dotted.answer, dotted.secured?.serverName], ["olleh\n", "localhost"]);
  },
});

Deno.test({
  name: "a target that is an address is asked for no name, and its certificate must be for the address",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const { secured, answer } = await meet(shown(made.ecdsa, made), { ca: made.root.certFile }, "127.0.0.1");
    assert.equal(answer, "olleh\n");
    assert.equal(secured?.serverName, null);
    const { failed } = await meet(shown(made.wrongName, made), { ca: made.root.certFile }, "127.0.0.1");
    assert.match(failed ?? "", /is for other\.test, not for 127\.0\.0\.1/);
  },
});

Deno.test({
  name: "a target that wants a client certificate gets the one that is given, and it is said where none is",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const wants = ["-Verify", "2", "-CAfile", made.root.certFile, "-verify_return_error"];
    const ca = made.root.certFile;
    for (const version of ["-tls1_2", "-tls1_3"]) {
      const args = [...shown(made.ecdsa, made), ...wants, version];
      const certificate = { cert: made.client.certFile, key: made.client.keyFile };
      assert.equal((await meet(args, { ca, certificate })).answer, "olleh\n");

      const none = await meet(args, { ca });
      assert.match(
        none.failed ?? none.closed?.error ?? "",
        /wants a client certificate.*--target-cert FILE/s,
      );
      const other = { cert: made.otherClient.certFile, key: made.otherClient.keyFile };
      const refused = await meet(args, { ca, certificate: other });
      assert.match(
        refused.failed ?? refused.closed?.error ?? "",
        /does not accept the client certificate \(alert unknown_ca\)/,
      );
    }
  },
});

Deno.test({
  name: "what the runtime cannot speak is said, with what it can",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const old = await meet([...shown(made.rsa, made), "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], {});
    assert.match(
      old.failed ?? "",
      /^TARGET speaks no version of TLS that tcpmon does \(alert protocol_version\).*pass through as it is: give the/,
    );
    const cipher = await meet([...shown(made.rsa, made), "-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0"], {});
    assert.match(cipher.failed ?? "", /no cipher in common.*TLS 1\.2 with ECDHE and AES-GCM/);
  },
});

Deno.test("a target that speaks no TLS, or ends the connection, is told so", async () => {
  const plain = server(async (conn) => {
    await conn.read(new Uint8Array(1000));
    await write(conn, "HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  const silent = server(async (conn) => void await conn.read(new Uint8Array(1000)));
  for (
    const [target, words] of [[plain, /does not speak TLS on that port\. Give/], [
      silent,
      /closed the connection/,
    ]] as const
  ) {
    const relay = relayTo(target.address, { route: { targetScheme: "tls" } });
    const client = await relay.connect();
    const { error } = await relay.transcript.until("failed");
    assert.match(error, words);
    client.close();
    const again = await relay.connect();
    await relay.transcript.until("failed", 2);
    again.close();
    // Once for a target and a reason: to a client that speaks plainly nothing can be said.
    assert.deepEqual(relay.transcript.notices.map((text) => text.replace(/^Listening on \S+: /, "")), [
      error,
    ]);
    // It was reached, and is not said to be not.
    assert.deepEqual(relay.transcript.unreached, []);
    await relay.close();
    await target.close();
  }
});

Deno.test({
  name: "what was looked into once is not looked into again, and another certificate is, all over again",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const servers = await Promise.all(
      [made.selfSigned, made.expired, made.ecdsa, made.untrusted].map((leaf) =>
        opensslServer(shown(leaf, made))
      ),
    );
    const ca = [made.root.cert];
    const [insecure, strict] = [true, false].map((isInsecure) =>
      new TargetMeeter({ ca, isInsecure, certificate: null })
    );
    /** What is untrusted, why it is refused, or "stale" where only a second look can tell. */
    const look = async (meeter: TargetMeeter, at: number, isThorough = false) => {
      const { port } = servers[at].address;
      const target = { host: "localhost", port };
      const conn = await Deno.connect({ hostname: "127.0.0.1", port });
      const limits = {
        deadline: performance.now() + 10_000,
        limitMs: 10_000,
        signal: new AbortController().signal,
      };
      try {
        const { stream, agreed } = await meeter.meet(conn, {
          target,
          name: "localhost",
          alpn: [],
          isThorough,
          ...limits,
        });
        stream.close();
        return agreed.untrusted ?? "trusted";
      } catch (error) {
        if (error instanceof StaleAuthorities) return "stale";
        return (error as Error).message;
      }
    };
    try {
      const first = await look(insecure, 0);
      assert.match(first, /signed by itself/);
      assert.equal(await look(insecure, 0), first);
      assert.equal(await look(insecure, 1), "stale");
      assert.match(await look(insecure, 1, true), /expired|was valid until/);
      assert.equal(await look(insecure, 2), "stale");
      assert.equal(await look(insecure, 2, true), "trusted");
      assert.equal(await look(insecure, 2), "trusted");

      assert.equal(await look(strict, 2), "trusted");
      assert.equal(await look(strict, 2), "trusted");
      assert.equal(await look(strict, 3), "stale");
      assert.match(await look(strict, 3, true), /is not trusted/);
      assert.match(await look(strict, 3), /is not trusted/);
    } finally {
      await Promise.all(servers.map((server) => server.close()));
    }
  },
});
