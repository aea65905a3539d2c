// Listeners as a command line: a real shell and the program's own reader give the same listeners back.

import assert from "node:assert/strict";
import { parseOptions } from "../../src/options.ts";
import { shownRoute } from "../../src/route.ts";
import { commandLine } from "../../src/ui/page/command_line.ts";
import type { NewListener } from "../../src/ui/types.ts";

const noTls = { targetScheme: null, targetTls: null, listenTls: null };
const none = { name: null, hostHeader: null, via: null, slow: null, ...noTls };
const limits = { bytesPerSecond: 1500, latencyMs: 20.5, jitterMs: 5 };
const unlimited = { bytesPerSecond: null, latencyMs: 0, jitterMs: 0 };

const LISTENERS: readonly NewListener[] = [
  { ...none, listen: "127.0.0.1:8081", target: "localhost:80" },
  { ...none, listen: "[::1]:8082", target: "[2001:db8::7]:80", name: 'it\'s $HOME `x` \\ "y" é *' },
  { ...none, listen: "0.0.0.0:8083", target: null, name: "-l", via: "environment" },
  {
    listen: "127.0.0.1:0",
    target: "shop.example.org:80",
    name: "shop",
    hostHeader: "keep",
    via: "http://a%40b@proxy:3128",
    slow: { upstream: limits, downstream: unlimited },
    ...noTls,
  },
  {
    ...none,
    listen: "127.0.0.1:8443",
    target: "api.example.org:443",
    targetScheme: "https",
    targetTls: { ca: "/etc/my ca.pem", insecure: false, cert: "-c.pem", key: "/k.pem" },
    listenTls: { cert: "/both.pem", key: "/both.pem", asksClients: true, passthrough: ["a.org", "*.b.org"] },
  },
  {
    ...none,
    listen: "127.0.0.1:8444",
    target: "[::1]:5432",
    targetScheme: "tls",
    targetTls: { ca: null, insecure: true, cert: null, key: null },
  },
  {
    ...none,
    listen: "127.0.0.1:8085",
    target: null,
    listenTls: { cert: null, key: null, asksClients: false, passthrough: [] },
  },
  { ...none, listen: "127.0.0.1:8084", target: "a:1", slow: { upstream: limits, downstream: limits } },
];

Deno.test("commandLine leaves out what is usual", () => {
  assert.deepEqual(commandLine([LISTENERS[0]]), { text: "tcpmon -l 8081 -t localhost:80", notes: [] });
  assert.equal(commandLine([]).text, "tcpmon");
});

Deno.test("commandLine says TLS to a target as a URL", () => {
  const https = {
    ...none,
    listen: "127.0.0.1:8081",
    target: "api.example.org:443",
    targetScheme: "https" as const,
  };
  assert.equal(commandLine([https]).text, "tcpmon -l 8081 -t https://api.example.org");
});

Deno.test("commandLine has no password, and says so", () => {
  const { text, notes } = commandLine([{ ...LISTENERS[3], via: "http://a%40b:s3cret@proxy:3128" }]);
  assert.match(text, / --via http:\/\/a%40b@proxy:3128 /);
  assert.doesNotMatch(text, /s3cret/);
  assert.match(notes.join(), /password .* TCPMON_PROXY_PASSWORD/);
});

Deno.test({
  name: "commandLine is read by a shell, and then by the program, as the same listeners",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const { text } = commandLine(LISTENERS);
    const script = `tcpmon() { printf '%s\\0' "$@"; }\n${text}\n`;
    const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
    const words = new TextDecoder().decode(stdout).split("\0").slice(0, -1);
    const routes = parseOptions(words).routes.map(shownRoute);
    assert.deepEqual(routes.map(({ rewritesHost: _, ...route }) => route), LISTENERS);
  },
});
