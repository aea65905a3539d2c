// The command line: what it means, and for a wrong one the sentence that says how to mend it.

import assert from "node:assert/strict";
import { formatAddress } from "../src/address.ts";
import { OPTIONS_ELSEWHERE } from "../src/elsewhere.ts";
import { isTailOfListeners, parseOptions, UsageError } from "../src/options.ts";

const words = (line: string) => line.split(" ").filter((word) => word !== "");

/** The command line and the routes it asks for. */
const ROUTES: readonly [line: string, routes: readonly string[]][] = [
  ["", []],
  ["8081 localhost 80", ["127.0.0.1:8081 localhost:80"]],
  ["8081 localhost:80", ["127.0.0.1:8081 localhost:80"]],
  ["8081 ::1 80", ["127.0.0.1:8081 [::1]:80"]],
  ["8081 [::1] 80", ["127.0.0.1:8081 [::1]:80"]],
  ["[::1]:8081 [::1]:80", ["[::1]:8081 [::1]:80"]],
  ["-l 8081 -t localhost:80", ["127.0.0.1:8081 localhost:80"]],
  ["-l8081 -tlocalhost:80", ["127.0.0.1:8081 localhost:80"]],
  ["--listen=8081 --target=localhost:80", ["127.0.0.1:8081 localhost:80"]],
  ["-l 0.0.0.0:8081 -t db:5432 -l 0 -t a:1 -l 0 -t b:2", [
    "0.0.0.0:8081 db:5432",
    "127.0.0.1:0 a:1",
    "127.0.0.1:0 b:2",
  ]],
  ["-l 8081 --json -t localhost:80", ["127.0.0.1:8081 localhost:80"]],
  ["8081 localhost 80 -l 8082 -t db:5432", ["127.0.0.1:8081 localhost:80", "127.0.0.1:8082 db:5432"]],
  ["--no-open -- 8081 localhost 80", ["127.0.0.1:8081 localhost:80"]],
  ["8081", ["127.0.0.1:8081 null"]],
  ["-l 8081", ["127.0.0.1:8081 null"]],
  ["-l 8081 -l [::1]:8082 -t a:1", ["127.0.0.1:8081 null", "[::1]:8082 a:1"]],
  ["8080 -l 8081 -t a:1", ["127.0.0.1:8080 null", "127.0.0.1:8081 a:1"]],
  ["--json 8081 search 80", ["127.0.0.1:8081 search:80"]],
];

Deno.test("parseOptions pairs every --target with the --listen before it, and reads Apache TCPMon's order", () => {
  for (const [line, routes] of ROUTES) {
    const texts = parseOptions(words(line)).routes.map((route) =>
      `${formatAddress(route.listen)} ${route.target && formatAddress(route.target)}`
    );
    assert.deepEqual(texts, routes, line);
  }
});

Deno.test("parseOptions takes what has a port for where to listen, whatever command it is near to", () => {
  assert.deepEqual(parseOptions(words("opne:8081 a:1")).routes, [
    { listen: at("opne", 8081), target: at("a", 1) },
  ]);
});

Deno.test("parseOptions gives every option of a listener to the --listen before it", () => {
  const line = "--name first 8081 localhost 80 -l 1 --name shop --host-header keep -t a:1 " +
    "--slow-down rate=64kB/s,latency=200ms --slow 8kbit/s -l 2 --via http://ann:s3cret@proxy:3128 --name other -l 3 --via=environment -t c:3";
  const [first, one, two, three] = parseOptions(words(line)).routes;
  assert.deepEqual(first, { listen: at("127.0.0.1", 8081), target: at("localhost", 80), name: "first" });
  assert.deepEqual(one, {
    listen: at("127.0.0.1", 1),
    target: at("a", 1),
    name: "shop",
    hostHeader: "keep",
    slow: {
      upstream: { bytesPerSecond: 1000, latencyMs: 0, jitterMs: 0 },
      downstream: { bytesPerSecond: 64_000, latencyMs: 200, jitterMs: 0 },
    },
  });
  assert.deepEqual(two, {
    listen: at("127.0.0.1", 2),
    target: null,
    name: "other",
    via: { address: at("proxy", 3128), credentials: { user: "ann", password: "s3cret" } },
  });
  assert.deepEqual(three, { listen: at("127.0.0.1", 3), target: at("c", 3), via: "environment" });
});

Deno.test("parseOptions reads how TLS is spoken to targets and from clients", () => {
  const [one, two, three, four, five] = parseOptions(words(
    "-l 1 --insecure -t https://api.example.org --via proxy:3128 -l 2 -t tls://db:5432 --target-ca ca.pem " +
      "--target-cert c.pem --target-key k.pem -l 3 --listen-tls --ask-client-cert --passthrough API.example.org " +
      "--passthrough *.a,b:8443 --insecure -l 4 -t http://a --listen-tls --cert both.pem -l 5 -t wss://a",
  )).routes;
  const listen = (port: number) => at("127.0.0.1", port);
  assert.deepEqual(one, {
    listen: listen(1),
    target: at("api.example.org", 443),
    via: { address: at("proxy", 3128), credentials: null },
    targetScheme: "https",
    targetTls: { insecure: true },
  });
  assert.deepEqual(two, {
    listen: listen(2),
    target: at("db", 5432),
    targetScheme: "tls",
    targetTls: { ca: "ca.pem", certificate: { cert: "c.pem", key: "k.pem" } },
  });
  assert.deepEqual(three, {
    listen: listen(3),
    target: null,
    targetTls: { insecure: true },
    listenTls: { asksClients: true, passthrough: ["api.example.org", "*.a", "b:8443"] },
  });
  assert.deepEqual(four, {
    listen: listen(4),
    target: at("a", 80),
    listenTls: { certificate: { cert: "both.pem", key: "both.pem" } },
  });
  assert.deepEqual(five, { listen: listen(5), target: at("a", 443), targetScheme: "https" });
  assert.deepEqual(parseOptions(words("--listen-tls 8081 https://a:8443/")).routes, [
    { listen: listen(8081), target: at("a", 8443), targetScheme: "https", listenTls: {} },
  ]);
});

Deno.test("parseOptions reads every flag, and has its defaults", () => {
  assert.deepEqual(parseOptions([]), {
    answer: null,
    routes: [],
    ui: null,
    open: true,
    json: false,
    jsonBodies: false,
    tail: null,
    capture: null,
    keyLog: null,
    config: null,
  });
  assert.deepEqual(
    parseOptions(
      words("--ui 4041 --no-open --json --capture today.pcapng --keylog keys.log --config kept.json"),
    ),
    {
      answer: null,
      routes: [],
      ui: { host: "127.0.0.1", port: 4041 },
      open: false,
      json: true,
      jsonBodies: false,
      tail: null,
      capture: "today.pcapng",
      keyLog: "keys.log",
      config: "kept.json",
    },
  );
  assert.deepEqual(parseOptions(["--ui", "[::1]:0"]).ui, { host: "::1", port: 0 });
  assert.equal(parseOptions(["--capture=-odd name.pcapng"]).capture, "-odd name.pcapng");
});

Deno.test("parseOptions: --json-bodies is --json with more", () => {
  const { json, jsonBodies } = parseOptions(["--json-bodies"]);
  assert.deepEqual([json, jsonBodies], [true, true]);
});

Deno.test("parseOptions reads tail's own options after tail alone, and opens no page there", () => {
  const line = words("-l 8081 -t a:1 -f status:500 --bodies");
  const { tail, open, routes } = parseOptions(line, true);
  assert.deepEqual(tail, { filter: "status:500", heads: true, bodies: true });
  assert.deepEqual([open, routes.length], [false, 1]);
  assert.deepEqual(parseOptions(["-l", "8081"], true).tail, { filter: "", heads: false, bodies: false });
  assert.throws(() => parseOptions(line), /^UsageError: Cannot use --filter without tail: /);
  assert.throws(() => parseOptions(words("-l 1 --json"), true), /^UsageError: Cannot use --json with tail: /);
});

Deno.test("isTailOfListeners: where there is something to listen on", () => {
  for (const line of ["-l 8081", "--heads --listen=1", "--config x", "-l8081"]) {
    assert.equal(isTailOfListeners(words(line)), true, line);
  }
  for (const line of ["a.pcapng", "a -n 5 --last 3", ""]) {
    assert.equal(isTailOfListeners(words(line)), false, line);
  }
});

Deno.test("parseOptions answers --help, --version and --config-schema whatever else is there", () => {
  for (const line of ["--help", "-h", "--nonsense --help", "-t a:1 -h"]) {
    assert.equal(parseOptions(words(line)).answer, "help", line);
  }
  assert.equal(parseOptions(words("--config-schema --nonsense")).answer, "config-schema");
  for (const line of ["--version", "8081 --version"]) {
    assert.equal(parseOptions(words(line)).answer, "version", line);
  }
});

const at = (host: string, port: number) => ({ host, port });

const WRONG: readonly [line: string, message: string][] = [
  ...([
    ["serach x a.pcapng", "search"],
    ["opne a.pcapng", "open"],
    ["exprot a.pcapng -o a.har", "export"],
    ["tial -l 8081 -t a:1", "tail"],
    ["Search x a.pcapng", "search"],
  ] as const).map(([line, meant]): [string, string] => [
    line,
    `Cannot use ${
      line.split(" ")[0]
    }: there is no such command. Write tcpmon ${meant}, or see tcpmon --help.`,
  ]),
  [
    "today.pcapng",
    "Cannot use today.pcapng: it is no port, but a capture by its name. Write tcpmon open today.pcapng.",
  ],
  [
    "a&b.har --no-open",
    "Cannot use a&b.har: it is no port, but a capture by its name. " +
    "Write tcpmon open 'a&b.har' …, or see tcpmon open --help.",
  ],
  ["hlep", "Cannot use hlep: there is no such command. Write tcpmon --help."],
  ["version", "Cannot use version: there is no such command. Write tcpmon --version."],
  ...([
    ["--no-open search status:200 a.pcapng", "search"],
    ["--ui 0 open a.pcapng", "open"],
    ["--json tail -l 8081", "tail"],
    ["-l 8081 export a.pcapng", "export"],
    ["-- ca", "ca"],
  ] as const).map(([line, command]): [string, string] => [
    line,
    `Cannot use ${line.split(" ")[0]} before ${command}: a command comes first, and its options behind it. ` +
    `Write tcpmon ${command} …, or see tcpmon ${command} --help.`,
  ]),
  ...([
    ["-l 8081:80", "8081:80", "localhost:80"],
    ["--listen=8081:db:5432 --json", "8081:db:5432", "db:5432"],
    ["8081:80", "8081:80", "localhost:80"],
  ] as const).map(([line, written, target]): [string, string] => [
    line,
    `Cannot listen on "${written}": it has two ports. The target is an option of its own. ` +
    `Write --listen 8081 --target ${target}.`,
  ]),
  [
    "start",
    "Cannot use start: there is no such command, for tcpmon starts without one. " +
    "Write tcpmon -l 8081 -t localhost:80.",
  ],
  [
    "run -l 8082 -t db:5432 --name a&b",
    "Cannot use run: there is no such command, for tcpmon starts without one. Leave it out.",
  ],
  [
    "Serve --port 8082",
    "Cannot use Serve: there is no such command, for tcpmon starts without one. Leave it out.",
  ],
  ...([
    ["view a.pcapng", "open"],
    ["grep x a.pcapng", "search"],
  ] as const).map(([line, meant]): [string, string] => [
    line,
    `Cannot use ${
      line.split(" ")[0]
    }: there is no such command. Write tcpmon ${meant}, or see tcpmon --help.`,
  ]),
  ...([
    ["--port 8080", "listen"],
    ["-p 8080", "listen"],
    ["--target-port 80", "target"],
    ["--upstream=localhost:80", "target"],
    ["--output a.pcapng", "capture"],
    ["--out a.pcapng", "capture"],
    ["-w a.pcapng", "capture"],
    ["--proxy http://proxy:3128", "via"],
    ["-k", "insecure"],
    ["--latency 80ms", "slow"],
  ] as const).map(([line, meant]): [string, string] => [
    line,
    `Cannot use ${line.split(/[ =]/)[0]}: there is no such option. Write --${meant}, or see tcpmon --help.`,
  ]),
  ["db 5432", 'Cannot listen on "db": the port is missing. Write db:8081.'],
  ["--lissten 8081", "Cannot use --lissten: there is no such option. Write --listen, or see tcpmon --help."],
  ["--hlep", "Cannot use --hlep: there is no such option. Write --help, or see tcpmon --help."],
  ["--cap x", "Cannot use --cap: there is no such option. Write --capture, or see tcpmon --help."],
  ["--frobnicate", "Cannot use --frobnicate: there is no such option. See tcpmon --help for all of them."],
  ["-x", "Cannot use -x: there is no such option. See tcpmon --help for all of them."],
  [
    "--constructor x",
    "Cannot use --constructor: there is no such option. See tcpmon --help for all of them.",
  ],
  ["--toString=x", "Cannot use --toString: there is no such option. See tcpmon --help for all of them."],
  ["--__proto__", "Cannot use --__proto__: there is no such option. See tcpmon --help for all of them."],
  ["-constructor", "Cannot use -c: there is no such option. See tcpmon --help for all of them."],
  ["-listen 8081", "Cannot use -listen: a long option has two dashes. Write --listen."],
  ["--json=yes", "Cannot use --json=yes: it takes no value. Write --json."],
  ["-l", "Cannot use -l: its value is missing. Write --listen 8081."],
  ["-l -t a:1", "Cannot use -l: its value is missing. Write --listen 8081."],
  ["--capture= x", "Cannot use --capture: its value is missing. Write --capture today.pcapng."],
  ["--ui 4040 --ui 4041", "Cannot use --ui twice: there is only one. Leave one of them out."],
  [
    "-t a:1",
    "Cannot use --target a:1: there is no --listen before it. Write --listen 8081 --target a:1.",
  ],
  [
    "-l 1 -t a:1 -t b:2",
    "Cannot use --target b:2: the --listen before it has a target already. Write a --listen for it.",
  ],
  [
    "--name shop",
    "Cannot use --name: there is no --listen before it. Write it behind one: --listen 8081 --name shop.",
  ],
  [
    "--via http://ann:s3cret@p:1 -l 1 -t a:1",
    "Cannot use --via: there is no --listen before it. " +
    "Write it behind one: --listen 8081 --via http://proxy.example.org:3128.",
  ],
  ["-l 1 --name a --name b", "Cannot use --name twice for one listener. Leave one of them out."],
  [
    "-l 1 --host-header rewrit",
    'Cannot use "rewrit" for the Host header: it is neither rewrite nor keep. Write one of them.',
  ],
  ["-l 1 --slow 5", "Cannot use 5 as a rate: its unit is missing. Write 5B/s, 5kB/s or 5kbit/s."],
  ["-l 1 --slow abc", "Cannot use abc as a rate: it is not a number with a unit. Write it as 64kB/s."],
  ...([
    ["slow", "64", "kB/s"],
    ["slow-up", "rate=64", "kB/s,latency=200ms"],
  ] as const).map(([option, before, after]): [string, string] => [
    `-l 1 --${option} ${before} ${after} -t a:1`,
    `Cannot use --${option} ${before} ${after}: a space divides it. ` +
    `Write --${option} ${before}${after}, without a space, or "${before} ${after}" in quotes.`,
  ]),
  ["-l 1 --via", "Cannot use --via: its value is missing. Write --via http://proxy.example.org:3128."],
  ...["--host localhost", "--hostname=localhost"].map((line): [string, string] => [
    line,
    `Cannot use ${line.split(/[ =]/)[0]}: there is no such option. ` +
    "Write --listen HOST:PORT, or --target HOST:PORT, or see tcpmon --help.",
  ]),
  ["--header x", "Cannot use --header: there is no such option. See tcpmon --help for all of them."],
  [
    "-l 8081 localhost:80",
    'Cannot use "localhost:80": it is not clear what it means. ' +
    "Write --target before it: --listen 127.0.0.1:8081 --target localhost:80.",
  ],
  [
    "localhost:80",
    'Cannot use "localhost:80": it is not clear what it means. ' +
    "Write a listen port, a target host and a target port, as in: tcpmon 8081 localhost 80.",
  ],
  [
    "8081 localhost 80 90",
    'Cannot use "8081 localhost 80 90": it is not clear what it means. ' +
    "Write a listen port, a target host and a target port, as in: tcpmon 8081 localhost 80.",
  ],
  ["8081 localhost", 'Cannot forward to "localhost": the port is missing. Write localhost:80.'],
  [
    "-l 8081 -t http://localhost/x",
    'Cannot forward to "http://localhost/x": a target has no path, for clients ask for it. Write http://localhost.',
  ],
  [
    "8081 https://localhost 8443",
    'Cannot use "8081 https://localhost 8443": a URL has its port in it. Write tcpmon 8081 https://localhost:8443.',
  ],
  ["-l=0 -t a:1", 'Cannot use -l=0: the value of a short option has no "=" before it. Write -l 0.'],
  ["-l= -t a:1", 'Cannot use -l=: the value of a short option has no "=" before it. Write -l 8081.'],
  ["-l 1 -t=a:1", 'Cannot use -t=a:1: the value of a short option has no "=" before it. Write -t a:1.'],
  [
    "-l 1 -t a:1 --insecure",
    "Cannot use --insecure: no TLS is spoken to that target. " +
    "Write the target as https://HOST or tls://HOST:PORT, or add --listen-tls.",
  ],
  [
    "-l 1 -t http://a --target-ca x",
    "Cannot use --target-ca: no TLS is spoken to that target. " +
    "Write the target as https://HOST or tls://HOST:PORT, or add --listen-tls.",
  ],
  [
    "-l 1 -t https://a --target-ca x --insecure",
    "Cannot use --target-ca: with --insecure any certificate is accepted. Leave one of them out.",
  ],
  [
    "-l 1 -t https://a --target-key x",
    "Cannot use --target-key: its certificate is missing. Write --target-cert FILE too.",
  ],
  [
    "-l 1 -t https://a --listen-tls --key x",
    "Cannot use --key: its certificate is missing. Write --cert FILE too.",
  ],
  ...["--cert x", "--key x", "--ask-client-cert", "--passthrough a"].map((option): [string, string] => [
    `-l 1 -t https://a ${option}`,
    `Cannot use ${option.split(" ")[0]}: TLS from clients is passed through as it is. ` +
    "Write --listen-tls as well, to end it.",
  ]),
  [
    "-l 1 --listen-tls --passthrough https://a/",
    'Cannot pass "https://a/" through: it is not a name. ' +
    "Write api.example.org, or *.example.org for all below it.",
  ],
  ["-l 1 --listen-tls --cert a --cert b", "Cannot use --cert twice for one listener. Leave one of them out."],
  ["-l 1 --listen-tls=yes", "Cannot use --listen-tls=yes: it takes no value. Write --listen-tls."],
  ["-l 1 --target-ca", "Cannot use --target-ca: its value is missing. Write --target-ca authority.pem."],
  [
    "--insecure -l 1 -t https://a",
    "Cannot use --insecure: there is no --listen before it. Write it behind one: --listen 8081 --insecure.",
  ],
  [
    "-l 1 --via enviroment",
    'Cannot go through "enviroment": it is no proxy. Write environment, or http://HOST:PORT.',
  ],
  [
    "-l 8081 -t a:1 -l 8081 -t b:2",
    "Cannot listen on 127.0.0.1:8081 twice. Take another port for one of them, or 0 for any free one.",
  ],
  [
    "-l 4040 -t a:1 --ui 4040",
    "Cannot show the page on 127.0.0.1:4040: a listener has it. Take another port, or 0 for any free one.",
  ],
];

Deno.test("parseOptions refuses a wrong command line in one line that says how to mend it", () => {
  for (const [line, message] of WRONG) {
    assert.throws(() => parseOptions(words(line)), (error) => {
      assert(error instanceof UsageError, line);
      assert.equal(error.message, message);
      assert(!error.message.includes("\n"));
      return true;
    });
  }
});

Deno.test("parseOptions knows what names of other programs lead to, and not those names", () => {
  const isKnown = (option: string) => {
    try {
      parseOptions([option]);
    } catch (error) {
      return !/there is no such option/.test(String(error));
    }
    return true;
  };
  for (const [name, here] of OPTIONS_ELSEWHERE) {
    assert.ok(isKnown(`--${here}`), here);
    assert.ok(!isKnown(name.length === 1 ? `-${name}` : `--${name}`), name);
  }
});
