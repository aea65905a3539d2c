// TLS that passes through and is decrypted with a key log: by the program as it runs, and by tshark with nothing but the
// capture. The secrets are in the capture's blocks for them, and nowhere else.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Connection, Exchange } from "../src/model.ts";
import type { ExchangeDetail, ExchangeList } from "../src/ui/types.ts";
import { type Certificates, makeCertificates } from "./certificates.ts";
import { curl, editcap, openssl, tshark } from "./needs.ts";
import { Running, runToEnd } from "./running.ts";

const BODY = "Plain words, once encrypted. ".repeat(2000);

/** More records than the index keeps in one run. */
const LARGE = Uint8Array.from({ length: 6_000_000 }, (_, at) => (at * at) >> 8);

async function output(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command(program, { args: [...args], env }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** An HTTPS server that answers with BODY, and what was posted to it. */
function httpsServer({ ecdsa }: Certificates) {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert: ecdsa.cert, key: ecdsa.key, onListen: () => {} },
    async (request) => {
      if (request.method === "POST") return new Response(await request.text());
      return new Response(request.url.endsWith("/large") ? LARGE : BODY);
    },
  );
}

/** What tshark finds of HTTP in a capture, with the secrets that are in it. */
async function httpIn(file: string, port: number): Promise<string[]> {
  const fields = ["http.request.method", "http.request.uri", "http.response.code", "http.file_data"];
  const text = await output(tshark!, [
    ...["-r", file, "-d", `tcp.port==${port},tls`, "-Y", "http", "-T", "fields"],
    ...fields.flatMap((field) => ["-e", field]),
  ]);
  return text.trimEnd().split("\n").map((line) => line.trim());
}

async function latin1(path: string): Promise<string> {
  return new TextDecoder("latin1").decode(await Deno.readFile(path));
}

function* filesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* filesBelow(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}

/** A capture without its Decryption Secrets Blocks. */
function withoutSecrets(capture: Uint8Array): string {
  const view = new DataView(capture.buffer);
  let text = "";
  for (let at = 0; at < capture.length; at += view.getUint32(at + 4, true)) {
    const block = capture.subarray(at, at + view.getUint32(at + 4, true));
    if (view.getUint32(at, true) !== 10) text += new TextDecoder("latin1").decode(block);
  }
  return text;
}

/** The rows of a capture that was opened, newest first, once so many are there and done. */
async function indexed(running: Running, count: number): Promise<readonly Exchange[]> {
  for (;;) {
    const { exchanges } = await running.json<ExchangeList>("/exchanges");
    if (exchanges.filter(({ state }) => state === "done").length >= count) return exchanges;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The secrets in a key log. */
function secretsOf(keyLog: string): string[] {
  return keyLog.split("\n").flatMap((line) => /^[A-Z0-9_]+ [0-9a-f]{64} ([0-9a-f]+)$/.exec(line)?.[1] ?? []);
}

Deno.test({
  name: "a key log decrypts what passes, live and in the capture, and its secrets are nowhere else",
  ignore: curl === null || openssl === null || tshark === null,
  async fn() {
    await using made = await makeCertificates();
    const server = httpsServer(made);
    const folder = made.folder;
    const [keyLog, capture] = [`${folder}/keys.log`, `${folder}/passed.pcapng`];
    // The file is not there when the program starts, and has lines of others.
    const target = `127.0.0.1:${server.addr.port}`;
    const args = ["-l", "0", "-t", target, "--keylog", keyLog, "--capture", capture];
    const temporary = `${folder}/temporary`;
    await Deno.mkdir(temporary);
    const running = await Running.start(args, undefined, { TMPDIR: temporary });
    const stranger = "ab".repeat(32);
    await Deno.writeTextFile(
      keyLog,
      `# a comment\nno line of a key log\nCLIENT_RANDOM ${stranger} ${"cd".repeat(48)}\n`,
    );
    const port = running.port(0);
    const url = `https://localhost:${port}`;
    const trust = ["-sS", "--http1.1", "--cacert", made.root.certFile];
    for (const version of ["1.2", "1.3"]) {
      const only = ["--tlsv1.2", "--tls-max", version];
      const posted = ["-d", `a=1&v=${version}`, `${url}/posted/${version}`];
      const env = { SSLKEYLOGFILE: keyLog };
      assert.equal(
        await output(
          curl!,
          [...trust, ...only, `${url}/${version}`, "--next", ...trust, ...only, ...posted],
          env,
        ),
        `${BODY}a=1&v=${version}`,
      );
    }

    const large = `${folder}/large`;
    await output(curl!, [...trust, "-o", large, `${url}/large`], { SSLKEYLOGFILE: keyLog });
    const shown = (list: readonly Exchange[]) =>
      list.filter(({ tls }) => tls === "decrypted").map((
        { method, url, status, state },
      ) => [method, url, status, state]);
    const wanted = [
      ...["1.2", "1.3"].flatMap((version) => [
        ["GET", `/${version}`, 200, "done"],
        ["POST", `/posted/${version}`, 200, "done"],
      ]),
      ["GET", "/large", 200, "done"],
    ];
    let list: Exchange[] = [];
    await running.until((lines) =>
      lines.filter(({ event, tls }) => event === "exchange" && tls === "decrypted").length >= 5
    );
    list = [...(await running.json<ExchangeList>("/exchanges")).exchanges].reverse();
    assert.deepEqual(shown(list), wanted);

    const first = list.find(({ tls }) => tls === "decrypted")!;
    const body = await (await running.api(`/exchanges/${first.id}/response/body`)).text();
    assert.equal(body, BODY);
    const row = list.find(({ protocol, connection }) =>
      protocol === "tls" && connection === first.connection
    )!;
    const detail = await running.json<ExchangeDetail>(`/exchanges/${row.id}`);
    assert.match(
      detail.request!.notes.join(),
      /^Decrypted with the key log: TLS 1\.2, TLS_ECDHE_ECDSA_WITH_/,
    );
    const connection = await running.json<Connection>(`/connections/${first.connection}`);
    assert.match(connection.decryption ?? "", /^Decrypted with the key log: TLS 1\.2/);
    // The exact ciphertext stays, in a row of its own: a ClientHello is what came first.
    assert.equal(detail.requestBytes, connection.upstreamBytes);
    const cipher = new Uint8Array(
      await (await running.api(`/connections/${first.connection}/upstream`)).arrayBuffer(),
    );
    assert.equal(cipher.length, connection.upstreamBytes);
    assert.deepEqual([cipher[0], cipher[5]], [22, 1]);

    // A handshake that is over opens nothing again, and no listener begins TLS that was not told to.
    const refused = async (id: string, through: string) => {
      const answer = await running.api(`/exchanges/${id}/resend`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ through }),
      });
      const { error, field } = await answer.json();
      return `${answer.status} ${field}: ${error}`;
    };
    for (const through of ["target", "listener"]) {
      assert.match(
        await refused(row.id, through),
        /^409 undefined: Cannot send e\d+ again: it is TLS that passed through, and no server accepts a recorded hand/,
      );
    }
    assert.match(
      await refused(first.id, "listener"),
      /^409 through: Cannot send e\d+ through 127\.0\.0\.1:\d+: it passed inside TLS, which that listener does not begin\. Send it straight/,
    );

    const last = list.findLast(({ tls }) => tls === "decrypted")!;
    const bytes = new Uint8Array(
      await (await running.api(`/exchanges/${last.id}/response/body`)).arrayBuffer(),
    );
    assert.ok(Buffer.from(LARGE).equals(bytes), "a body of many records");
    const range = await running.api(`/exchanges/${last.id}/response/body`, {
      headers: { range: "bytes=5999990-" },
    });
    assert.deepEqual(new Uint8Array(await range.arrayBuffer()), LARGE.subarray(-10));

    // Nobody but the capture's blocks has a secret: neither API nor output, and of strangers not even these.
    const secrets = secretsOf(await Deno.readTextFile(keyLog)).map((secret) => secret.slice(0, 40));
    assert.ok(secrets.length >= 6);
    const told: string[] = [JSON.stringify(running.lines)];
    for (
      const path of [
        "/exchanges",
        "/connections",
        "/listeners",
        ...list.map(({ id }) => `/exchanges/${id}`),
      ]
    ) {
      told.push(await (await running.api(path)).text());
    }
    for (const path of filesBelow(temporary)) told.push(await latin1(path));
    assert.ok(told.some((text) => text.includes(BODY.slice(0, 29))), "the plaintext is there while it runs");
    const { code, errors } = await running.stop();
    assert.equal(code, 0);
    assert.deepEqual([...filesBelow(temporary)], []);
    assert.match(errors, /There is no key log \S+ yet\. .*: start that with SSLKEYLOGFILE=\//);
    assert.match(errors, /The key log .* has lines that are none of a TLS key log/);
    for (const secret of secrets) {
      for (const text of [...told, errors]) assert.ok(!text.includes(secret));
    }
    const text = await latin1(capture);
    const others = withoutSecrets(await Deno.readFile(capture));
    assert.ok(secrets.some((secret) => text.includes(secret)));
    for (const secret of secrets) assert.ok(!others.includes(secret));
    assert.ok(!text.includes(stranger), "what belongs to no connection here stays where it was");
    const comments = await output(tshark!, ["-r", capture, "-T", "fields", "-e", "frame.comment"]);
    for (const secret of secrets) assert.ok(!comments.includes(secret));

    // Another program, with the capture alone, in one pass.
    const judged = await httpIn(capture, port);
    assert.deepEqual(
      judged.map((line) => line.split("\t").slice(0, 2).join(" ").trim()).filter((line) =>
        /^[A-Z]/.test(line)
      ),
      wanted.map(([method, url]) => `${method} ${url}`),
    );
    assert.equal(judged.filter((line) => /\t?200\b/.test(line)).length, 5, judged.join("\n").slice(0, 2000));

    // Opened again without the key log it is decrypted all the same.
    await Deno.remove(keyLog);
    const again = await Running.start(["--capture", capture]);
    assert.deepEqual(shown([...await indexed(again, list.length)].reverse()), wanted);
    await again.stop();
    await server.shutdown();
  },
});

Deno.test({
  name:
    "a capture from before is decrypted when it is continued with the key log, or when editcap put that in",
  ignore: curl === null || openssl === null || editcap === null,
  async fn() {
    await using made = await makeCertificates();
    const server = httpsServer(made);
    const [keyLog, capture] = [`${made.folder}/keys.log`, `${made.folder}/passed.pcapng`];
    const running = await Running.start([
      "-l",
      "0",
      "-t",
      `127.0.0.1:${server.addr.port}`,
      "--capture",
      capture,
    ]);
    const url = `https://localhost:${running.port(0)}/before`;
    const got = await output(curl!, ["-sS", "--http1.1", "--cacert", made.root.certFile, url], {
      SSLKEYLOGFILE: keyLog,
    });
    assert.equal(got, BODY);
    await running.line(({ event, state }) => event === "connection" && state === "closed");
    await running.stop();
    const injected = `${made.folder}/injected.pcapng`;
    await output(editcap!, ["--inject-secrets", `tls,${keyLog}`, capture, injected]);
    for (const args of [["--capture", injected], ["--capture", capture, "--keylog", keyLog]]) {
      const again = await Running.start(args);
      const shown = await indexed(again, 2);
      assert.deepEqual(
        shown.map(({ protocol, tls, url, status }) => [protocol, tls, url, status]),
        [["http", "decrypted", "/before", 200], ["tls", null, "localhost", null]],
        args.join(" "),
      );
      await again.stop();
    }
    await server.shutdown();
  },
});

Deno.test("a key log that cannot be followed is told before anything is started", async () => {
  const folder = await Deno.makeTempDir();
  const { code, errors } = await runToEnd(["--no-open", "--ui", "0", "--keylog", folder]);
  assert.equal(code, 1);
  assert.match(errors, /Cannot follow the key log .*: it is a folder\. Give another file with --keylog\./);
  await Deno.remove(folder);
});
