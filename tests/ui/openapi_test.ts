// The description of the API: it names every call and no other, and real answers are as it says.

import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ConnectionList, ExchangeDetail, ViewPart } from "../../src/catalog/types.ts";
import type {
  BeingSent,
  Connection,
  Delta,
  Exchange,
  Recording,
  Resend,
  Send,
  SendOptions,
} from "../../src/ui/types.ts";
import { describeApi } from "../../src/ui/openapi.ts";
import { SCHEMAS } from "../../src/ui/openapi_schemas.ts";
import { aCapture, aConnection, aMessage, anExchange, aViewPart, FakePage } from "./fakes.ts";
import { aCertificate, someTls } from "./tls_facts.ts";

interface Operation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
}

type Content = Readonly<Record<string, { readonly schema: { readonly $ref?: string } }>>;

interface Description {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, Operation>> & { parameters?: readonly Parameter[] }>
  >;
}

const described = JSON.parse(JSON.stringify(describeApi("1.2.3"))) as Description;

/** "GET /api/listeners/{id}" → its description. */
const operations = new Map<string, Operation>();
for (const [path, item] of Object.entries(described.paths)) {
  for (const [method, operation] of Object.entries(item)) {
    if (method !== "parameters") operations.set(`${method.toUpperCase()} ${path}`, operation as Operation);
  }
}

Deno.test("describeApi names every call of the app, and no other", () => {
  using page = new FakePage();
  const calls = page.app.routes
    .filter(({ method, path }) => method !== "ALL" && path.startsWith("/api"))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  assert.deepEqual([...operations.keys()].sort(), [...new Set(calls)].sort());
  assert(calls.length > 20);
});

Deno.test("describeApi describes each call in full", () => {
  assert.equal(described.openapi, "3.1.0");
  assert.equal(described.info.version, "1.2.3");
  const tags = described.tags.map(({ name }) => name);
  for (const [call, { summary, tags: used, parameters = [], responses }] of operations) {
    assert(summary.length > 5 && used.every((tag) => tags.includes(tag)), call);
    const shared = described.paths[call.split(" ")[1]].parameters ?? [];
    const inPath = [...parameters, ...shared].filter((parameter) => parameter.in === "path");
    const holes = [...call.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    assert.deepEqual(inPath.map(({ name }) => name), holes, call);
    assert(responses["401"] && responses["403"], call);
    for (const { description } of Object.values(responses)) assert(description.length > 3, call);
  }
});

/** The same schemas, but nothing may be there that they do not name: what is new must be described. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return "properties" in copy && typeof copy.properties === "object"
    ? { ...copy, additionalProperties: false }
    : copy;
}

const ajv = new Ajv2020({
  allErrors: true,
  allowUnionTypes: true,
  formats: { "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/ },
});
ajv.addSchema({ $id: "api", components: { schemas: closed(SCHEMAS) } });
ajv.addKeyword("components");

function assertIs(name: string, value: unknown, what: string = name): void {
  const validate = ajv.getSchema(`api#/components/schemas/${name}`);
  assert(validate !== undefined, `${name} is not a schema`);
  const valid = validate(JSON.parse(JSON.stringify(value)));
  assert(valid, `${what}: ${ajv.errorsText(validate.errors)}`);
}

/** Every call with an answer in JSON: the call, what is sent, and the status. */
const CALLS: readonly [call: string, path: string, json: unknown, status: number][] = [
  ["GET /api/listeners", "/api/listeners", undefined, 200],
  ["POST /api/listeners", "/api/listeners", { listen: 0, target: "db:5432" }, 201],
  [
    "POST /api/listeners",
    "/api/listeners",
    {
      listen: "0",
      target: null,
      name: "proxy",
      hostHeader: "keep",
      via: "environment",
      slow: { upstream: { bytesPerSecond: null, latencyMs: 1.5 }, downstream: { bytesPerSecond: 9 } },
    },
    201,
  ],
  [
    "POST /api/listeners",
    "/api/listeners",
    {
      listen: "0",
      target: "https://api.example.org",
      targetScheme: "https",
      targetTls: { ca: "ca.pem", insecure: false, cert: "c.pem", key: null },
      listenTls: { cert: "c.pem", key: "k.pem", asksClients: true, passthrough: ["*.example.org"] },
    },
    201,
  ],
  ["POST /api/listeners", "/api/listeners", { listen: "0", listenTls: {} }, 201],
  ["POST /api/listeners", "/api/listeners", { listen: "99", target: "db:5432" }, 409],
  ["POST /api/listeners", "/api/listeners", { listen: "x", target: "db:5432" }, 400],
  ["GET /api/listeners/{id}", "/api/listeners/l1", undefined, 200],
  ["GET /api/listeners/{id}", "/api/listeners/l9", undefined, 404],
  ["PATCH /api/listeners/{id}", "/api/listeners/l1", { state: "stopped" }, 200],
  [
    "PATCH /api/listeners/{id}",
    "/api/listeners/l1",
    { listen: 0, target: null, name: null, hostHeader: null, via: null, slow: null },
    200,
  ],
  ["PATCH /api/listeners/{id}", "/api/listeners/l1", { state: "paused" }, 400],
  ["DELETE /api/listeners/{id}", "/api/listeners/l9", undefined, 404],
  ["GET /api/config", "/api/config", undefined, 200],
  ["POST /api/config", "/api/config", { overwrite: false }, 200],
  ["POST /api/config", "/api/config", { overwrite: 1 }, 400],
  ["GET /api/ca", "/api/ca", undefined, 200],
  ["GET /api/captures", "/api/captures", undefined, 200],
  ["POST /api/captures", "/api/captures?name=x", new TextEncoder().encode("bytes"), 201],
  ["POST /api/captures", "/api/captures?name=x", undefined, 400],
  ["GET /api/captures/{id}", "/api/captures/k1", undefined, 200],
  ["GET /api/captures/{id}", "/api/captures/k9", undefined, 404],
  ["DELETE /api/captures/{id}", "/api/captures/k9", undefined, 404],
  ["GET /api/exchanges", "/api/exchanges", undefined, 200],
  ["GET /api/exchanges", "/api/exchanges?limit=0", undefined, 400],
  ["DELETE /api/exchanges", "/api/exchanges", { ids: ["e1"] }, 200],
  ["DELETE /api/exchanges", "/api/exchanges", { all: true, listener: "l1" }, 200],
  ["DELETE /api/exchanges", "/api/exchanges", { ids: 1 }, 400],
  ["GET /api/exchanges/{id}", "/api/exchanges/e1", undefined, 200],
  ["GET /api/exchanges/{id}", "/api/exchanges/e9", undefined, 404],
  ["GET /api/exchanges/save", "/api/exchanges/save?ids=x", undefined, 400],
  ["POST /api/exchanges/save", "/api/exchanges/save", { ids: "e1" }, 400],
  ["POST /api/exchanges/save", "/api/exchanges/save?link", { ids: ["e1"] }, 201],
  ["GET /api/export", "/api/export?format=none", undefined, 400],
  ["POST /api/export", "/api/export", { format: "har", ids: "e1" }, 400],
  ["POST /api/export/preview", "/api/export/preview", { format: "har", redact: ["secrets"] }, 200],
  ["POST /api/export/preview", "/api/export/preview", { format: "har", redact: ["?"] }, 400],
  ["GET /api/export/outcome", "/api/export/outcome", undefined, 400],
  ["POST /api/export", "/api/export?link", { format: "har", ids: ["e1"] }, 201],
  ["GET /api/exchanges/{id}/diff", "/api/exchanges/e1/diff?with=e2", undefined, 200],
  ["GET /api/exchanges/{id}/diff", "/api/exchanges/e1/diff", undefined, 400],
  ["GET /api/exchanges/{id}/diff", "/api/exchanges/e9/diff?with=e1", undefined, 404],
  ["POST /api/exchanges/{id}/resend", "/api/exchanges/e1/resend", undefined, 201],
  ["POST /api/exchanges/{id}/resend", "/api/exchanges/e1/resend", {
    request: { base64: "R0VU" },
    target: "db:5432",
    through: "target",
    before: true,
    fixContentLength: false,
    endAfterTurns: true,
    quietMs: 100,
    limitMs: 1000,
  }, 201],
  ["POST /api/exchanges/{id}/resend", "/api/exchanges/e1/resend", { through: "x" }, 400],
  ["POST /api/exchanges/{id}/resend", "/api/exchanges/e7/resend", undefined, 409],
  ["POST /api/exchanges/{id}/resend", "/api/exchanges/e9/resend", undefined, 404],
  ["POST /api/send", "/api/send", { target: "db:5432", turns: ["a", { base64: "Yg==" }], tls: false }, 201],
  ["POST /api/send", "/api/send", {}, 400],
  ["DELETE /api/connections/{id}", "/api/connections/c1", undefined, 409],
  ["DELETE /api/connections/{id}", "/api/connections/c9", undefined, 404],
  ["GET /api/connections", "/api/connections", undefined, 200],
  ["GET /api/connections/{id}", "/api/connections/c1", undefined, 200],
  ["GET /api/connections/{id}", "/api/connections/c9", undefined, 404],
  ["GET /api/recording", "/api/recording", undefined, 200],
  ["GET /api/connections/{id}/upstream", "/api/connections/c9/upstream", undefined, 404],
  ["GET /api/connections/{id}/downstream", "/api/connections/c9/downstream", undefined, 404],
  ...(["request", "response"].flatMap((side): [string, string, unknown, number][] => [
    [`GET /api/exchanges/{id}/${side}`, `/api/exchanges/e9/${side}`, undefined, 404],
    [`GET /api/exchanges/{id}/${side}/sent`, `/api/exchanges/e9/${side}/sent`, undefined, 404],
    [`GET /api/exchanges/{id}/${side}/body`, `/api/exchanges/e9/${side}/body`, undefined, 404],
    [`GET /api/exchanges/{id}/${side}/view`, `/api/exchanges/e1/${side}/view`, undefined, 200],
    [`GET /api/exchanges/{id}/${side}/view`, `/api/exchanges/e1/${side}/view?as=x`, undefined, 400],
    [
      `GET /api/exchanges/{id}/${side}/view/find`,
      `/api/exchanges/e1/${side}/view/find?text=a`,
      undefined,
      200,
    ],
    [`GET /api/exchanges/{id}/${side}/view/find`, `/api/exchanges/e1/${side}/view/find`, undefined, 400],
  ])),
];

Deno.test("describeApi describes the answers that the app gives, and the bodies that it takes", async () => {
  using page = new FakePage();
  const tried = new Set<string>();
  for (const [call, path, json, status] of CALLS) {
    const { requestBody, responses } = operations.get(call)!;
    page.control.configFile = "tcpmon.json";
    const answer = await page.call(call.split(" ")[0], path, { json });
    const body = await answer.json();
    assert.equal(answer.status, status, `${call}: ${JSON.stringify(body)}`);
    const content = responses[String(status)]?.content?.["application/json"];
    assert(content?.schema.$ref !== undefined, `${call} does not describe status ${status}`);
    assertIs(content.schema.$ref.split("/").at(-1)!, body, `${call} ${status}`);
    const sent = requestBody?.content["application/json"]?.schema.$ref?.split("/").at(-1);
    if (sent !== undefined && json !== undefined && status < 300) assertIs(sent, json, `body of ${call}`);
    tried.add(call);
  }
  const inJson = [...operations].filter(([, { responses }]) =>
    Object.values(responses).some(({ content }) => content?.["application/json"]?.schema.$ref !== undefined)
  ).map(([call]) => call);
  const untried = inJson.filter((call) => !tried.has(call));
  const others = [
    "GET /api/config.schema.json",
    "GET /api/capture",
    "GET /api/ca.pem",
    "GET /api/events",
    "GET /api/openapi.json",
  ];
  assert.deepEqual(untried, others, "these have refusals in JSON only");
});

Deno.test("describeApi describes the refusals of every call", async () => {
  using page = new FakePage();
  for (const [call, path] of CALLS) {
    const method = call.split(" ")[0];
    assertIs("Error", await (await page.request(path, {}, method)).json(), `${call} 401`);
    assertIs(
      "Error",
      await (await page.request(path, { Host: "evil.example" }, method)).json(),
      `${call} 403`,
    );
  }
});

Deno.test("describeApi describes what is unknown, failed or left out", () => {
  const unknown: Exchange = anExchange({
    state: "failed",
    firstByteMs: null,
    method: null,
    url: null,
    status: null,
    tls: "both",
    resendOf: "e0",
    fault: "db: name not found",
  });
  const turn = aMessage({
    state: "cut",
    startLine: null,
    version: null,
    reason: "OK",
    contentLength: null,
    mediaType: null,
    framing: "until-close",
  });
  const detail: ExchangeDetail = { ...unknown, request: null, response: turn, interim: [] };
  const connection: Connection = aConnection({
    state: "failed",
    targetAddress: null,
    via: null,
    ended: null,
    dialMs: null,
    endedBy: null,
    how: null,
    passedOn: null,
    error: "db: name not found",
  });
  const secured: Connection = aConnection({
    tls: {
      client: someTls({ cipher: null, alpn: null, serverName: null, peer: [], trust: "own-ca" }),
      target: someTls({
        peer: [aCertificate({ publicKey: null })],
        trust: "nothing",
        untrusted: "it has expired",
      }),
    },
  });
  const connections: ConnectionList = { connections: [connection, secured], next: null, total: 2 };
  const view: ViewPart = aViewPart({
    continued: [false, true],
    continuedBefore: 3,
    charset: null,
    charsetFrom: null,
    fault: null,
    notes: [],
  });
  const recording: Recording = {
    file: "/x",
    temporary: false,
    bytes: 0,
    stopped: "the disk is full",
    behindMs: 0.5,
  };
  const whileReading: Recording = { ...recording, reading: { done: 1, total: 2 }, isReadOnly: true };
  assertIs("Recording", whileReading);
  assertIs("CaptureList", { captures: [aCapture(), aCapture({ error: "damaged", notes: ["UDP"] })] });
  assertIs("Exchange", unknown);
  assertIs("ExchangeDetail", detail);
  assertIs("ConnectionList", connections);
  for (
    const how of ["end", "reset", "error", "refused", "name-not-found", "timeout", "unreachable", "stopped"]
  ) {
    assertIs("Connection", { ...connection, how });
  }
  assertIs("ViewPart", view);
  assertIs("Recording", recording);
});

Deno.test("describeApi describes what can be sent", () => {
  const options: Required<SendOptions> = {
    request: "GET / HTTP/1.1",
    turns: ["PING", { base64: "UElORw==" }],
    fixContentLength: false,
    endAfterTurns: true,
    quietMs: 100,
    limitMs: 1000,
    tls: true,
    insecure: true,
  };
  const resend: Required<Resend> = {
    ...options,
    through: "listener",
    target: "h:1",
    before: true,
    targetFirst: true,
  };
  const send: Required<Send> = { ...options, target: "h:1", targetFirst: false };
  const beingSent: BeingSent = { connection: "c5" };
  assertIs("Resend", resend);
  assertIs("Resend", {});
  assertIs("Send", send);
  assertIs("Sent", beingSent);
});

Deno.test("describeApi describes the events of the feed", async () => {
  using page = new FakePage();
  assertIs("Snapshot", JSON.parse((await page.feed.snapshot()).json));
  const delta: Required<Delta> = {
    listeners: page.control.list,
    counts: page.catalog.counts,
    recording: page.control.kept,
    captures: page.captures.opened,
    exchanges: [anExchange()],
    more: true,
    notice: "Accepting pauses.",
  };
  assertIs("Delta", delta);
  assertIs("Delta", {});
});

Deno.test("assertIs finds what is not as described", () => {
  const wrong: readonly [name: string, value: unknown][] = [
    ["Exchange", { ...anExchange(), extra: 1 }],
    ["Exchange", { ...anExchange(), status: "200" }],
    ["Exchange", { ...anExchange(), started: "yesterday" }],
    ["Exchange", {}],
    ["Connection", { ...aConnection(), how: "gone" }],
    ["Error", { message: "no" }],
    ["ListenerList", { listeners: [{}] }],
  ];
  for (const [name, value] of wrong) assert.throws(() => assertIs(name, value), Error, name);
});
