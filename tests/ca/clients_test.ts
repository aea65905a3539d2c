// The lines of `tcpmon ca trust`, as they are printed, tried by the programs that they are for: with them a listener that
// ends TLS is trusted, after those that stop it no more. Nothing of this machine is changed: HOME,
// Java's trust store and the system's folders are others.

import assert from "node:assert/strict";
import { Authority } from "../../src/ca/authority.ts";
import { AuthorityKeeping } from "../../src/ca/keeping.ts";
import { authorityFacts } from "../../src/ca/own_certificates.ts";
import { trustWays } from "../../src/trust_lines.ts";
import { Monitor } from "../monitor.ts";
import {
  certutil,
  chromium,
  curl,
  git,
  java,
  keytool,
  node,
  openssl,
  python,
  updateCaCertificates,
} from "../needs.ts";

const ANSWER = "trusted\n";
/** A name with a space, an apostrophe and a dollar, for shells to stumble over. */
const FOLDER = "Ann's $HOME ca";

/** An authority, and tcpmon with a listener that shows clients certificates of it, before a server without TLS. */
class Trusting implements AsyncDisposable {
  private constructor(
    readonly folder: string,
    readonly authority: Authority,
    private readonly keeping: AuthorityKeeping,
    private readonly server: Deno.HttpServer<Deno.NetAddr>,
    private readonly monitor: Monitor,
  ) {}

  static async start(only: readonly string[] = []): Promise<Trusting> {
    const folder = await Deno.makeTempDir();
    const keeping = new AuthorityKeeping(`${folder}/${FOLDER}`);
    const { authority } = await keeping.readOrCreate(() => Authority.create("ann@laptop", Date.now(), only));
    const listening = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    const server = Deno.serve(listening, () => new Response(ANSWER));
    const target = { host: "127.0.0.1", port: server.addr.port };
    const variables: Record<string, string> = { TCPMON_CA: keeping.folder };
    const monitor = await Monitor.withRoutes(
      [{ target, listenTls: {} }],
      null,
      undefined,
      (name) => variables[name],
    );
    return new Trusting(folder, authority, keeping, server, monitor);
  }

  get url(): string {
    return `https://localhost:${this.monitor.listen().port}/`;
  }

  /** What a shell prints that is given these lines, in a home of its own. */
  async shell(lines: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const { stdout, stderr } = await new Deno.Command("bash", {
      args: ["-c", lines.join("\n")],
      env: { HOME: this.folder, URL: this.url, ...env },
      stdin: "null",
    }).output();
    return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  }

  /** The lines of a way on Linux. */
  way(id: string) {
    const found = trustWays(authorityFacts(this.authority, this.keeping), "linux").find((way) =>
      way.id === id
    );
    assert.ok(found, id);
    return found;
  }

  /** Tries a call without the lines, with them, and after those that stop it. */
  async tryWay(id: string, call: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
    const { trust, stop } = this.way(id);
    const refused = await this.shell([call], env);
    assert.doesNotMatch(refused, /^trusted$/m, `${id}: it trusts everybody`);
    assert.match(await this.shell([...trust, call], env), /^trusted$/m, id);
    assert.doesNotMatch(
      await this.shell([...trust, ...stop, call], env),
      /^trusted$/m,
      `${id}, after it stopped`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.monitor[Symbol.asyncDispose]();
    await this.server.shutdown();
    await Deno.remove(this.folder, { recursive: true });
  }
}

Deno.test({
  name: "curl trusts the authority by its lines, with a limit too",
  ignore: curl === null,
  async fn() {
    for (const only of [[], ["example.org"]]) {
      await using trusting = await Trusting.start(only);
      await trusting.tryWay("curl", `curl -sS "$URL"`);
      await trusting.tryWay("curl", `curl -sS "$\{URL/localhost/127.0.0.1}"`);
    }
  },
});

Deno.test({
  name: "OpenSSL and what uses its defaults trust the authority by the lines",
  ignore: openssl === null,
  async fn() {
    await using trusting = await Trusting.start();
    const at = '"${URL:8:-1}"';
    const call =
      `openssl s_client -connect ${at} -verify_return_error -verify_hostname localhost </dev/null 2>&1 |
      grep -q 'Verification: OK' && echo trusted`;
    await trusting.tryWay("openssl", call);
  },
});

Deno.test({
  name: "git, with GnuTLS or OpenSSL, trusts the authority by the lines, with a limit too",
  ignore: git === null,
  async fn() {
    for (const only of [[], ["example.org"]]) {
      await using trusting = await Trusting.start(only);
      // What answers is no repository, which git only says of a server that it trusts.
      const call = `git ls-remote "$URL" 2>&1 | grep -q 'is this a git repository' && echo trusted`;
      await trusting.tryWay("openssl", call, { LC_ALL: "C" });
    }
  },
});

Deno.test({
  name: "Node trusts the authority by its lines",
  ignore: node === null,
  async fn() {
    await using trusting = await Trusting.start();
    await trusting.tryWay(
      "node",
      `node -e 'fetch(process.env.URL).then(async (a) => console.log(await a.text()))'`,
    );
  },
});

Deno.test("Deno trusts the authority by its lines", async () => {
  await using trusting = await Trusting.start();
  const code = "console.log(await (await fetch(Deno.env.get('URL'))).text())";
  await trusting.tryWay("deno", `"$DENO" eval --no-lock "${code}"`, { DENO: Deno.execPath() });
});

Deno.test({
  name: "Python trusts the authority by its lines",
  ignore: python === null,
  async fn() {
    await using trusting = await Trusting.start();
    const code = "import os, urllib.request as r; print(r.urlopen(os.environ['URL']).read().decode())";
    await trusting.tryWay("python", `"$PYTHON" -c "${code}"`, { PYTHON: python! });
  },
});

Deno.test({
  name: "Java trusts the authority by its lines, and one that is limited too",
  ignore: java === null || keytool === null,
  async fn() {
    const source = new URL("./GetPage.java", import.meta.url).pathname;
    for (const only of [[], ["example.org"]]) {
      await using trusting = await Trusting.start(only);
      // Java's own trust store belongs to the machine: here it is a file of this test.
      const store = `${trusting.folder}/store`;
      const own = (lines: readonly string[]) =>
        lines.map((line) => line.replace("-cacerts", `-keystore '${store}' -storetype JKS`));
      const { trust, stop } = trusting.way("java");
      const call = `"$JAVA" -Djavax.net.ssl.trustStore='${store}' '${source}' "$URL"`;
      const env = { JAVA: java! };
      assert.match(await trusting.shell([...own(trust), call], env), /^trusted$/m);
      if (only.length > 0) continue;
      assert.doesNotMatch(await trusting.shell([...own(stop), call], env), /^trusted$/m);
    }
  },
});

Deno.test({
  name: "Debian's bundle has the authority by the lines, and after those that stop it no more",
  ignore: updateCaCertificates === null || curl === null,
  async fn() {
    await using trusting = await Trusting.start();
    const { folder, authority: { parts } } = trusting;
    const [local, etc, hooks] = ["local", "etc", "hooks"].map((name) => `${folder}/${name}`);
    for (const path of [local, etc, hooks]) await Deno.mkdir(path);
    const here = (lines: readonly string[]) =>
      lines.map((line) =>
        line.replace("sudo ", "").replace("/usr/local/share/ca-certificates", local).replace(
          /^update-ca-certificates/,
          `'${updateCaCertificates}' --localcertsdir '${local}' --etccertsdir '${etc}' --hooksdir '${hooks}'`,
        )
      );
    const { trust, stop } = trusting.way("debian");
    const bundle = () => Deno.readTextFile(`${etc}/ca-certificates.crt`);
    const said = await trusting.shell([
      ...here(trust),
      `curl -sS --cacert '${etc}/ca-certificates.crt' "$URL"`,
    ]);
    assert.match(said, /^trusted$/m);
    assert.ok((await bundle()).includes(parts.certificate));
    await trusting.shell(here(stop));
    assert.ok(!(await bundle()).includes(parts.certificate));
  },
});

Deno.test({
  name: "Firefox's profiles have the authority by the lines, and after those that stop it no more",
  ignore: certutil === null,
  async fn() {
    await using trusting = await Trusting.start();
    const profile = `${trusting.folder}/.mozilla/firefox/abc.default-release`;
    await Deno.mkdir(profile, { recursive: true });
    await trusting.shell([`certutil -N --empty-password -d sql:'${profile}'`]);
    const list = `certutil -L -d sql:'${profile}'`;
    const { trust, stop } = trusting.way("firefox");
    assert.match(await trusting.shell([...trust, list]), /^tcpmon CA ann@laptop .* C,,\s*$/m);
    assert.doesNotMatch(await trusting.shell([...stop, list]), /tcpmon/);
  },
});

Deno.test({
  name: "Chromium trusts the authority by its lines, with a limit too",
  ignore: certutil === null || chromium === null,
  async fn() {
    for (const only of [[], ["example.org"]]) {
      await using trusting = await Trusting.start(only);
      const flags = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking";
      const call =
        `"$CHROMIUM" ${flags} --user-data-dir="$HOME/profile$RANDOM" --dump-dom "$URL" 2>/dev/null |
        sed 's/<[^>]*>//g'`;
      const { trust, stop } = trusting.way("chromium");
      const env = { CHROMIUM: chromium! };
      assert.match(await trusting.shell([...trust, call], env), /^trusted$/m);
      if (only.length === 0) assert.doesNotMatch(await trusting.shell([...stop, call], env), /^trusted$/m);
    }
  },
});
