// Listeners as a command line: a real shell and the program's own reader give the same listeners back.

import assert from "node:assert/strict";
import { parseOptions } from "../../src/options.ts";
import { shownRoute } from "../../src/route.ts";
import { commandLine } from "../../src/ui/page/command_line.ts";
import type { NewListener } from "../../src/ui/types.ts";

const none = { name: null, hostHeader: null, via: null, slow: null };
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
  },
  { ...none, listen: "127.0.0.1:8084", target: "a:1", slow: { upstream: limits, downstream: limits } },
];

Deno.test("commandLine leaves out what is usual", () => {
  assert.deepEqual(commandLine([LISTENERS[0]]), { text: "tcpmon -l 8081 -t localhost:80", notes: [] });
  assert.equal(commandLine([]).text, "tcpmon");
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
    assert.deepEqual(
      routes.map(({ listen, target, name, hostHeader, via, slow }) => ({
        listen,
        target,
        name,
        hostHeader,
        via,
        slow,
      })),
      LISTENERS,
    );
  },
});
