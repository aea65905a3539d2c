// What is masked is nowhere in an export, whatever its format: the whole file is searched for it in all its forms.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import { EXPORT_FORMATS } from "../../../src/catalog/export/formats.ts";
import type { ExportFormat } from "../../../src/catalog/types.ts";
import { WorkerCatalog } from "../../../src/catalog/catalog.ts";
import { conversation, ipPacket, pcap } from "../../journal/foreign/made.ts";
import { Capture } from "../capture.ts";
import { exported, exportedText, withCatalog } from "./exporting.ts";

const RULES = ["secrets", "xml:Password", "json:user.card", "text:/[0-9]{4}( [0-9]{4}){2}/"];

/** Each stands in the traffic below, in places that the rules name, and elsewhere. */
const SECRETS = {
  basic: "opensesame-77",
  bearer: "eyJhbGciOi.J9qQzWx.c1gn",
  cookie: "c00kie-mOnster",
  query: "tok/en+9 8=7",
  json: 'p"a\\s/ßword',
  xml: "x<m>l&4711-geheim",
  card: "4111-2222-3333",
  turn: "9876 5432 1098",
  trailer: "tr4iler-secret",
  multipart: "mu1tip4rt-pass",
  interim: "1nterim-cookie",
};

function message(startLine: string, headers: readonly string[], body: string | Uint8Array = ""): Uint8Array {
  const bytes = Buffer.from(body);
  const length = headers.some((line) => /^transfer/i.test(line)) ? [] : [`Content-Length: ${bytes.length}`];
  return Buffer.concat([Buffer.from([startLine, ...headers, ...length, "", ""].join("\r\n")), bytes]);
}

function chunked(body: Uint8Array, trailers: string): Uint8Array {
  const half = body.length >> 1;
  const chunk = (
    part: Uint8Array,
  ) => [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")];
  return Buffer.concat([
    ...chunk(body.subarray(0, half)),
    ...chunk(body.subarray(half)),
    Buffer.from(`0\r\n${trailers}\r\n`),
  ]);
}

function xmlEscaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Traffic with all secrets in it, echoed where no rule names them. */
function record(capture: Capture): void {
  const S = SECRETS;
  const token = encodeURIComponent(S.query);
  const json = JSON.stringify({
    user: { password: S.json, card: S.card, name: "bob" },
    access_token: S.bearer,
  });
  const gzipped = gzipSync(
    JSON.stringify({ echo: `it was ${S.json} and ${S.cookie}`, basic: btoa(`bob:${S.basic}`) }),
  );
  capture.connection(1, [
    [
      message(`POST /login?token=${token}&x=1 HTTP/1.1`, [
        "Host: h",
        `Authorization: Basic ${btoa(`bob:${S.basic}`)}`,
        `Cookie: theme=dark; sid=${S.cookie}`,
        `Referer: https://h/?access_token=${token}`,
        "Content-Type: application/json",
      ], json),
      Buffer.concat([
        Buffer.from(`HTTP/1.1 103 Early Hints\r\nSet-Cookie: sid=${S.interim}\r\n\r\n`),
        message("HTTP/1.1 302 Found", [
          `Location: https://other/?token=${token}`,
          `Set-Cookie: sid=${S.cookie}; Path=/`,
          "Content-Type: application/json",
          "Content-Encoding: gzip",
          "Transfer-Encoding: chunked",
          "Trailer: X-Auth-Token",
        ], chunked(gzipped, `X-Auth-Token: ${S.trailer}\r\n`)),
      ]),
    ],
    [
      message("POST /soap HTTP/1.1", [
        "Host: h",
        `Authorization: Bearer ${S.bearer}`,
        "Content-Type: text/xml; charset=utf-8",
      ], `<s:Envelope xmlns:s="u"><w:Password>${xmlEscaped(S.xml)}</w:Password><getQuote/></s:Envelope>`),
      message(
        "HTTP/1.1 500 no",
        ["Content-Type: text/plain"],
        `hex ${Buffer.from(S.bearer).toString("hex")}, ${S.xml}`,
      ),
    ],
    [
      message(
        "POST /upload HTTP/1.1",
        ["Host: h", "Content-Type: multipart/form-data; boundary=b"],
        `--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n${S.multipart}\r\n--b--\r\n`,
      ),
      message(
        "HTTP/1.1 200 OK",
        ["Content-Type: image/png"],
        Buffer.concat([
          Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 255]),
          Buffer.from(S.multipart),
        ]),
      ),
    ],
  ]);
  capture.connection(2, [[`CARD ${S.turn}\n`, `no ${S.turn}\n`]]);
}

/** The forms in which a secret could still be in a file. */
function forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const cores = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64").replace(/=+$/, "");
    return text.slice(before === 0 ? 0 : before + 1, -2);
  });
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret)).slice(3, -3),
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    xmlEscaped(secret),
    xmlEscaped(secret).replaceAll('"', "&quot;"),
    bytes.toString("hex"),
    ...cores,
  ];
}

/** A file, and what is packed in it or written in another form. */
function unpacked(file: Uint8Array): string[] {
  const text = Buffer.from(file).toString("latin1");
  const utf8 = Buffer.from(file).toString("utf8");
  const inside = [...text.matchAll(/[A-Za-z0-9+/]{24,}={0,2}/g)].map(([part]) => {
    const bytes = Buffer.from(part, "base64");
    try {
      return gunzipSync(bytes).toString("utf8");
    } catch {
      return bytes.toString("utf8");
    }
  });
  const packed: string[] = [];
  for (let at = text.indexOf("\x1f\x8b\x08"); at >= 0; at = text.indexOf("\x1f\x8b\x08", at + 1)) {
    try {
      packed.push(gunzipSync(file.subarray(at)).toString("utf8"));
    } catch {
      // Not gzip, or not the whole of it.
    }
  }
  return [text, utf8, ...inside, ...packed];
}

for (const format of Object.keys(EXPORT_FORMATS) as ExportFormat[]) {
  Deno.test(`${format}: nothing that is masked is in it, in any form`, async () => {
    using capture = new Capture();
    record(capture);
    await withCatalog(capture, async (catalog) => {
      const given = unpacked(await exported(catalog, { format }));
      const kept = unpacked(await exported(catalog, { format, redact: RULES }));
      let seen = 0;
      for (const [name, secret] of Object.entries(SECRETS)) {
        for (const form of forms(secret)) {
          if (given.some((text) => text.includes(form))) seen++;
          const at = kept.find((text) => text.includes(form));
          const place = at?.indexOf(form) ?? 0;
          assert.equal(at?.slice(Math.max(0, place - 200), place + 60), undefined, `${name} as ${form}`);
        }
      }
      // Without rules they are there: this test would see them.
      assert.ok(seen >= 5, `only ${seen} forms in an export without rules`);
    });
  });
}

Deno.test("ndjson: what was masked is told in the last line, and bodies without codings have heads that say so", async () => {
  using capture = new Capture();
  record(capture);
  await withCatalog(capture, async (catalog) => {
    const text = await exportedText(catalog, { format: "ndjson", redact: RULES });
    const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
    const last = lines.at(-1);
    assert.equal(last.event, "masked");
    const named = (where: string, name: string) =>
      last.masked.find((one: { where: string; name: string }) => one.where === where && one.name === name)
        ?.count;
    assert.equal(named("header", "Authorization"), 2);
    assert.equal(named("cookie", "sid"), 3);
    assert.equal(named("JSON", "card"), 1);
    assert.equal(named("XML", "w:Password"), 1);
    assert.equal(named("text", "text rule 1"), 2);
    assert.equal(named("header", "X-Auth-Token"), 1);
    assert.ok(named("same value elsewhere", "password") >= 2);

    const [login, soap] = lines.filter(({ event }) => event === "exchange");
    const { response } = login;
    assert.deepEqual([response.framing, response.contentCoding, response.trailers], ["length", [], []]);
    const header = (name: string) =>
      response.headers.find((line: { name: string }) => line.name.toLowerCase() === name)?.value;
    assert.equal(Number(header("content-length")), Buffer.byteLength(response.body));
    assert.equal(header("content-encoding"), undefined);
    assert.equal(header("transfer-encoding"), undefined);
    assert.equal(header("location"), "https://other/?token=REDACTED");
    assert.deepEqual(JSON.parse(response.body), { echo: "it was REDACTED and REDACTED", basic: "REDACTED" });
    assert.ok(response.notes.some((note: string) => note.includes("Content-Encoding: gzip was removed")));
    assert.equal(login.url, "/login?token=REDACTED&x=1");
    assert.deepEqual(JSON.parse(login.request.body), {
      user: { password: "REDACTED", card: "REDACTED", name: "bob" },
      access_token: "REDACTED",
    });
    assert.match(soap.request.body, /<w:Password>REDACTED<\/w:Password><getQuote\/>/);
  });
});

Deno.test("a message in which nothing is masked stays as it came", async () => {
  using capture = new Capture();
  record(capture);
  await withCatalog(capture, async (catalog) => {
    const lines = async (redact?: string[]) =>
      (await exportedText(catalog, { format: "ndjson", ...(redact ? { redact } : {}) })).trimEnd().split(
        "\n",
      );
    const plain = await lines();
    const redacted = await lines(["header:x-nobody-has-it"]);
    assert.deepEqual(redacted.slice(0, -1), plain);
    assert.deepEqual(JSON.parse(redacted.at(-1)!), { event: "masked", masked: [] });
  });
});

Deno.test("a preview counts what the first exchanges would have masked", async () => {
  using capture = new Capture();
  record(capture);
  await withCatalog(capture, async (catalog) => {
    const query = { format: "ndjson", application: "test", redact: ["header:authorization"] } as const;
    assert.deepEqual(await catalog.previewExport(query, 1), {
      exchanges: 1,
      count: 4,
      masked: [
        { where: "header", name: "Authorization", count: 1, omitted: false },
        { where: "same value elsewhere", name: "Authorization", count: 1, omitted: false },
      ],
    });
    assert.equal((await catalog.previewExport(query, 100)).exchanges, 4);
    const wrong = { ...query, redact: ["nothing"] };
    await assert.rejects(catalog.previewExport(wrong, 1), /it is no rule/);
    await assert.rejects(catalog.export({ ...query, wholeConnections: true }), /whole connections/);
  });
});

Deno.test("what stands behind bytes that are missing in the capture is masked", async () => {
  const folder = await Deno.makeTempDir();
  const body = `{"list":[${"1234567,".repeat(30)}0],"password":"behind-the-gap"}`;
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const segments = conversation([
    [true, Buffer.from("GET /gap HTTP/1.1\r\nHost: x\r\n\r\n")],
    [false, Buffer.from(head + body)],
  ], { size: 100 });
  const lost = segments.findLastIndex(({ data }) => data.length === 100) - 1;
  const frames = segments.toSpliced(lost, 1)
    .map((made) => ({ at: made.at, bytes: ipPacket(made, { wide: false, client: 50_000, server: 80 }) }));
  const file = `${folder}/made.pcap`;
  await Deno.writeFile(file, pcap(101, frames));
  await Deno.utime(file, 1, 1);
  const catalog = await WorkerCatalog.open({ opens: file, folder });
  try {
    await catalog.level();
    const text = async (redact: string[]) =>
      JSON.parse((await exportedText(catalog, { format: "ndjson", redact })).split("\n")[1]).response.body;
    assert.match(await text(["header:x-none"]), /behind-the-gap/);
    const masked: string = await text(["json:password"]);
    assert.match(masked, /^\{"list":\[(?:1234567,)+[0-9,]*REDACTED$/);
  } finally {
    await catalog.close();
    await Deno.remove(folder, { recursive: true });
  }
});
