// Real servers and their own clients through the whole program, which is an end of TLS on both sides: what PostgreSQL and
// SMTP say inside TLS is recorded as they say it.

import assert from "node:assert/strict";
import { makeCertificates } from "./certificates.ts";
import { Monitor } from "./monitor.ts";
import { aiosmtpd, openssl, postgres, psql, python } from "./needs.ts";
import type { Connection } from "../src/model.ts";
import { startPostgres, startSmtp } from "./starttls_peers.ts";

/** Runs a program to its end: what it has printed, and whether it was content. */
async function run(program: string, args: readonly string[]) {
  const command = new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    env: { PGCONNECT_TIMEOUT: "20" },
  });
  const { success, stdout, stderr } = await command.output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { success, out: out.trim(), errors };
}

/** The connection that has ended as the `count`th. */
async function recorded(monitor: Monitor, count: number) {
  const ended = () =>
    monitor.lines.filter(({ event, state }) =>
      event === "connection" && state === "closed"
    ) as unknown as Connection[];
  await monitor.line(() => ended().length >= count);
  return await monitor.recorded(ended()[count - 1].id);
}

Deno.test({
  name:
    "psql talks to PostgreSQL inside TLS, checks the monitor's certificate, and every statement is recorded",
  ignore: !openssl || !postgres || !psql,
  fn: async () => {
    await using made = await makeCertificates();
    await using server = await startPostgres(made.rsa);
    await using monitor = await Monitor.withRoutes([{
      target: { host: "localhost", port: server.port },
      listenTls: { certificate: { cert: made.ecdsa.certFile, key: made.ecdsa.keyFile } },
      targetTls: { ca: made.root.certFile },
    }]);
    const ask = (mode: string, ca: string) =>
      run(psql!, [
        `host=localhost port=${
          monitor.listen(0).port
        } user=postgres dbname=postgres sslmode=${mode} sslrootcert=${ca}`,
        "-AtXc",
        "select 6 * 7, ssl, version from pg_stat_ssl where pid = pg_backend_pid()",
      ]);

    const strict = await ask("verify-full", made.root.certFile);
    assert.deepEqual([strict.out, strict.errors], ["42|t|TLSv1.3", ""]);
    const { connection, upstream, downstream } = await recorded(monitor, 1);
    assert.ok(upstream.includes("select 6 * 7, ssl"));
    assert.match(downstream, /^S[^]*TLSv1\.3/);
    const { client, target } = connection.tls;
    assert.deepEqual([client?.version, client?.upstreamFrom, client?.downstreamFrom], ["TLSv1.3", 8, 1]);
    assert.deepEqual([target?.version, target?.serverName, target?.untrusted], [
      "TLSv1.3",
      "localhost",
      null,
    ]);

    // The same port without TLS, as the client likes it.
    const plain = await ask("disable", made.root.certFile);
    assert.equal(plain.out, "42|f|");
    const second = await recorded(monitor, 2);
    assert.deepEqual(second.connection.tls, { client: null, target: null });
    assert.ok(second.upstream.includes("select 6 * 7, ssl"));

    // A client that does not trust the certificate says so, and so does the connection.
    const distrusting = await ask("verify-full", made.otherRoot.certFile);
    assert.ok(!distrusting.success);
    assert.match(distrusting.errors, /certificate verify failed/);
    const third = await recorded(monitor, 3);
    assert.match(third.connection.error ?? "", /^the client does not trust the certificate for localhost/);
  },
});

const MAIL = [
  "import smtplib, ssl, sys",
  "s = smtplib.SMTP('localhost', int(sys.argv[1]), 'me.test')",
  "s.starttls(context=ssl.create_default_context(cafile=sys.argv[2]))",
  "s.sendmail('ann@example.org', ['bob@example.org'], 'Subject: hello\\r\\n\\r\\nSTARTTLS\\r\\nis only a word here')",
  "s.quit()",
].join("\n");

Deno.test({
  name: "a mail goes inside TLS to a server that takes it no other way, and is recorded as it was said",
  ignore: !openssl || !aiosmtpd || !python,
  fn: async () => {
    await using made = await makeCertificates();
    const server = await startSmtp(made.rsa);
    await using monitor = await Monitor.withRoutes([{
      target: { host: "localhost", port: server.port },
      listenTls: { certificate: { cert: made.ecdsa.certFile, key: made.ecdsa.keyFile } },
      targetTls: { ca: made.root.certFile },
    }]);
    const sent = await run(python!, ["-c", MAIL, `${monitor.listen(0).port}`, made.root.certFile]);
    assert.equal(sent.errors, "");
    const { connection, upstream, downstream } = await recorded(monitor, 1);
    await server[Symbol.asyncDispose]();
    assert.match(
      await server.printed,
      /True \['bob@example\.org'\] Subject: hello\r?\n\r?\nSTARTTLS\r?\nis only/,
    );
    assert.match(
      upstream,
      /^ehlo me\.test\r\nSTARTTLS\r\nehlo me\.test\r\nmail FROM:[^]*rcpt TO:[^]*data\r\nSubject: hello\r\n\r\nSTARTTLS\r\nis only[^]*quit\r\n$/,
    );
    assert.match(
      downstream,
      /^220 mail\.test[^]*220 Ready to start TLS\r\n250-mail\.test[^]*250 kept\r\n221 /,
    );
    assert.deepEqual([connection.tls.client?.version, connection.tls.target?.version], [
      "TLSv1.3",
      "TLSv1.3",
    ]);
  },
});
