// Configurations: what is read, what is told about all that is wrong, and that what is written is read again.

import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import schema from "../docs/config.schema.json" with { type: "json" };
import { ConfigError, configText, NO_CONFIG, readConfig } from "../src/config.ts";
import { MOST_BYTES_PER_SECOND, MOST_DELAY_MS, MOST_NAME, ROUTE_MEMBERS } from "../src/route_json.ts";
import { LISTEN_TLS_MEMBERS, MOST_PASSTHROUGH, TARGET_TLS_MEMBERS } from "../src/tls_json.ts";

const isValid = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

const WHOLE = {
  $schema: "tcpmon.schema.json",
  listeners: [
    { listen: 8081, target: "localhost:80" },
    {
      name: "shop",
      listen: "[::1]:8082",
      target: "shop.example.org:80",
      hostHeader: "keep",
      via: "http://ann:s3cret@proxy:3128",
      slow: {
        upstream: { bytesPerSecond: 1000 },
        downstream: { bytesPerSecond: null, latencyMs: 40.5, jitterMs: 10 },
      },
    },
    { listen: "0.0.0.0:0", target: null, name: null, hostHeader: null, via: "environment", slow: null },
    { listen: 0, slow: { upstream: null } },
    {
      listen: 8443,
      target: "https://api.example.org",
      targetTls: { ca: "ca.pem", cert: "both.pem" },
      listenTls: {},
    },
    {
      listen: 8444,
      target: "db:5432",
      targetScheme: "tls",
      targetTls: { insecure: true, ca: null },
      listenTls: { cert: "c.pem", key: "k.pem", asksClients: true, passthrough: ["*.Example.org"] },
    },
    { listen: 8445, target: "http://db", targetScheme: null, targetTls: null, listenTls: null },
  ],
};

const mistakes = (json: unknown): string[] => {
  try {
    readConfig(typeof json === "string" ? json : JSON.stringify(json), "x.json");
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.message.split("\n");
  }
  return [];
};

Deno.test("readConfig reads all that the schema allows, and configText writes it for readConfig and the schema", () => {
  assert.ok(isValid(WHOLE), JSON.stringify(isValid.errors));
  const config = readConfig(JSON.stringify(WHOLE), "x.json");
  assert.deepEqual([config.schema, config.routes.length], ["tcpmon.schema.json", 7]);
  const text = configText(config.routes, config);
  assert.deepEqual(readConfig(text, "y.json"), config);
  assert.ok(isValid(JSON.parse(text)), JSON.stringify(isValid.errors));
  assert.equal(configText(readConfig(text, "y.json").routes, config), text);
  assert.deepEqual(JSON.parse(text).listeners, [
    { listen: "127.0.0.1:8081", target: "localhost:80" },
    {
      name: "shop",
      listen: "[::1]:8082",
      target: "shop.example.org:80",
      hostHeader: "keep",
      via: "http://ann:s3cret@proxy:3128",
      slow: { upstream: { bytesPerSecond: 1000 }, downstream: { latencyMs: 40.5, jitterMs: 10 } },
    },
    { listen: "0.0.0.0:0", target: null, via: "environment" },
    { listen: "127.0.0.1:0", target: null },
    {
      listen: "127.0.0.1:8443",
      target: "https://api.example.org",
      targetTls: { ca: "ca.pem", cert: "both.pem" },
      listenTls: {},
    },
    {
      listen: "127.0.0.1:8444",
      target: "tls://db:5432",
      targetTls: { insecure: true },
      listenTls: { cert: "c.pem", key: "k.pem", asksClients: true, passthrough: ["*.example.org"] },
    },
    { listen: "127.0.0.1:8445", target: "db:80" },
  ]);
  for (const empty of ["{}", '\uFEFF{ "listeners": [] }']) {
    assert.deepEqual(readConfig(empty, "x.json"), NO_CONFIG);
  }
});

Deno.test("configText writes a proxy's password only where the file that it replaces has it", () => {
  const { routes } = readConfig(JSON.stringify(WHOLE), "x.json");
  const text = configText(routes, NO_CONFIG);
  assert.match(text, /"http:\/\/ann@proxy:3128"/);
  assert.doesNotMatch(text, /s3cret/);
  const without = readConfig(text, "x.json");
  assert.doesNotMatch(configText(routes, without), /s3cret/, "a file with the user only gets no password");
});

const WRONG: readonly [json: unknown, line: RegExp][] = [
  [
    { listener: [] },
    /^ {2}listener, line 1, column \d+: Cannot use "listener": a configuration has no such member\. Write "listeners"\.$/,
  ],
  [{ listeners: {} }, /^ {2}listeners, line 1, column \d+: .*not a list/],
  [{ $schema: 1 }, /^ {2}\$schema, line 1, column \d+: .*not a text/],
  [
    { listeners: [1] },
    /^ {2}listeners\[0\], line 1, column \d+: Cannot use it as a listener: it is not an object/,
  ],
  [
    { listeners: [{}] },
    /^ {2}listeners\[0\]\.listen, line 1, column \d+: Cannot add the listener: listen is missing/,
  ],
  [
    { listeners: [{ listen: 1, tagret: "a:1" }] },
    /^ {2}listeners\[0\]\.tagret, line 1, column \d+: .*Write "target"\.$/,
  ],
  [
    { listeners: [{ listen: 1 }, { listen: 2, slow: { upstream: { latencyMs: "5" } } }] },
    /^ {2}listeners\[1\]\.slow\.upstream\.latencyMs, line 1, column \d+: Cannot use "5": it is not a number from 0 to 600000/,
  ],
  [
    { listeners: [{ listen: 1 }, { listen: "127.0.0.1:1" }] },
    /^ {2}listeners\[1\]\.listen, line 1, column \d+: Cannot listen on 127\.0\.0\.1:1 twice: listeners\[0\] does already/,
  ],
  [{ listeners: [{ listen: 1, targetTls: { insecure: true } }] }, /targetTls, .*no TLS is spoken/],
  [{ listeners: [{ listen: 1, target: "https://a/b" }] }, /target, .*a target has no path/],
  [{ listeners: [{ listen: 1, listenTls: { key: "k" } }] }, /listenTls\.key, .*its certificate is missing/],
  [[], /^ {2}line 1, column 1: Cannot use it as a configuration: it is not an object/],
];

Deno.test("readConfig names the place of what is wrong, and the schema refuses the same", () => {
  for (const [json, line] of WRONG) {
    const [first, ...lines] = mistakes(json);
    assert.equal(first, "Cannot use the configuration x.json: it has a mistake.");
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.match(lines[0], line);
    // That no two are the same, what goes together, and what URLs are like is more than the schema says.
    if (!/twice|targetTls|listenTls|has no path/.test(lines[0])) {
      assert.ok(!isValid(json), JSON.stringify(json));
    }
  }
  const missing = { listeners: [{ listen: 0 }, { listen: 0 }] };
  assert.deepEqual(mistakes(missing), [], "port 0 is another one each time");
});

Deno.test("readConfig tells several mistakes at once", () => {
  const lines = mistakes({ listen: 1, listeners: [{ target: 5 }, { listen: "x", hostHeader: "no" }] });
  assert.deepEqual(lines.map((line) => line.replace(/(, line .*)?: .*/, "").trim()), [
    "Cannot use the configuration x.json",
    "listen",
    "listeners[0].target",
    "listeners[0].listen",
    "listeners[1].listen",
    "listeners[1].hostHeader",
  ]);
  assert.match(lines[0], /it has 5 mistakes\.$/);
});

Deno.test("readConfig says line and column of what is not JSON", () => {
  const table: readonly [text: string, place: string][] = [
    ['{\n  "listeners": [\n    { "listen": 8081, }\n  ]\n}', "line 3, column 23"],
    ["{\n  listeners: []\n}", "line 2, column 3"],
    ['{ "listeners": [] ', "line 1, column 19"],
    ["", "line 1, column 1"],
    ['{ "listeners": [] }\n}', "line 2, column 1"],
    ["{ 'listeners': [] }", "line 1, column 3"],
    ['{ "listeners": [{ "listen": 08081 }] }', "line 1, column 29"],
    ['{\n  // ours\n  "listeners": [] }', "line 2, column 3"],
  ];
  for (const [text, place] of table) {
    const [line, ...more] = mistakes(text);
    assert.match(line ?? "", /^Cannot read x\.json as JSON: /, text);
    assert.ok(line.endsWith(` at ${place}. Mend it there.`), `${JSON.stringify(text)}: ${line}`);
    assert.deepEqual(more, []);
  }
});

Deno.test("readConfig says line and column of what is wrong, and of what it is missing in", () => {
  const text = `{
  "$schema": "{[,]}\\"x",
  "listeners": [
    { "listen": 1, "via": "https://p:1",
      "a b": [{}, 1, "x"] },
    { "target": "b:1" }
  ]
}`;
  assert.deepEqual(mistakes(text).slice(1).map((line) => line.replace(/: .*/, "").trim()), [
    'listeners[0]."a b", line 5, column 7',
    "listeners[0].via, line 4, column 20",
    "listeners[1].listen, line 6, column 5",
  ]);
});

Deno.test("the schema says what the program checks", () => {
  const { listener, linkLimits, targetTls, listenTls } = schema.$defs;
  assert.deepEqual(Object.keys(listener.properties).sort(), [...ROUTE_MEMBERS].sort());
  assert.deepEqual(Object.keys(targetTls.properties), TARGET_TLS_MEMBERS);
  assert.deepEqual(Object.keys(listenTls.properties), LISTEN_TLS_MEMBERS);
  assert.equal(listenTls.properties.passthrough.maxItems, MOST_PASSTHROUGH);
  assert.equal(listener.properties.name.maxLength, MOST_NAME);
  assert.equal(linkLimits.properties.bytesPerSecond.maximum, MOST_BYTES_PER_SECOND);
  assert.equal(linkLimits.properties.latencyMs.maximum, MOST_DELAY_MS);
  assert.equal(linkLimits.properties.jitterMs.maximum, MOST_DELAY_MS);
});
