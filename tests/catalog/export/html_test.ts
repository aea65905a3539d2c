// Reports: what is in them, and that what was recorded can do nothing in them.

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { Buffer } from "node:buffer";
import { durationText, escaped, sizeText } from "../../../src/catalog/export/html_text.ts";
import { answer, Capture, get } from "../capture.ts";
import { exportedText, withCatalog } from "./exporting.ts";

/** Everything in elements that is no text. */
function tags(report: string): string[] {
  return [...new Set([...report.matchAll(/<([a-z!][a-z0-9]*)/gi)].map(([, name]) => name.toLowerCase()))]
    .sort();
}

const EVIL = `</pre><script>alert(1)</script><img src=x onerror=alert(1)>'"&`;

Deno.test("html: one file with all that is known, in which what was recorded is text alone", async () => {
  using capture = new Capture();
  capture.opened(1);
  capture.connected(1);
  capture.secured(1, "client");
  capture.chunk(
    1,
    "upstream",
    `POST /${EVIL.replaceAll(" ", "")} HTTP/1.1\r\nHost: localhost\r\nX: ${EVIL}\r\n<video>: 1\r\n\r\n`,
  );
  capture.edited(1, "upstream", 0, 4, "PUT");
  capture.chunk(1, "downstream", answer(EVIL, `500 ${EVIL}`, "text/html"));
  const json = gzipSync(JSON.stringify({ a: [1, EVIL] }));
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n`;
  capture.chunk(1, "upstream", get("/json"));
  capture.chunk(1, "downstream", Buffer.from(`${head}Content-Length: ${json.length}\r\n\r\n`));
  capture.chunk(1, "downstream", json);
  capture.chunk(1, "upstream", get("/long"));
  capture.chunk(1, "downstream", answer("line\n".repeat(5_000), "200 OK", "text/plain"));
  capture.chunk(1, "upstream", get("/wide"));
  capture.chunk(1, "downstream", answer("😀".repeat(150_000), "200 OK", "text/plain"));
  capture.opened(2);
  capture.chunk(2, "upstream", Uint8Array.of(0, 1, 2, 3, 250));
  capture.ended(2, "target", "reset");
  capture.closed(2, "reset", `broken ${EVIL}`);
  await withCatalog(capture, async (catalog) => {
    const report = await exportedText(catalog, { format: "html" });
    assert.deepEqual(
      tags(report),
      ("!doctype a b body dd details dl dt h1 h2 h3 head html meta p pre section small span style summary " +
        "table tbody td th thead title tr").split(" "),
    );
    assert.match(
      report,
      /http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-/,
    );
    assert.ok(!/\b(src|href)="(?!#)/.test(report), "something is fetched");
    // Of thousands of exchanges a browser lays out only those that are on screen, and all where it prints.
    assert.match(report, /section\{[^}]*content-visibility:auto/);
    assert.match(report, /@media print[^]*section\{[^}]*content-visibility:visible/);
    assert.ok(report.includes(escaped(EVIL)));
    for (
      const said of [
        /<h1>5 exchanges<\/h1>/,
        /<dt>TLS with the client<\/dt><dd>TLSv1\.3, TLS_AES_256_GCM_SHA384/,
        /passed on as PUT \//,
        /was gzip/,
        /<pre>\{\n {2}&quot;a&quot;: \[\n/,
        /Cut here, after 2,000 lines; the body has 25 kB\./,
        /Cut here, after .* the body has 600 kB\./,
        /00000000 {2}00 01 02 03 fa/,
        /<dt>Connection<\/dt><dd>broken &lt;/,
      ]
    ) assert.ok(said.test(report), String(said));
    const one = await exportedText(catalog, { format: "html", ids: ["e2"] });
    assert.match(one, /<h1>1 exchange<\/h1>/);
    assert.ok(!one.includes("<table>"));
  });
});

Deno.test("escaped names what would not show, or would turn what follows", () => {
  const cases: [text: string, html: string][] = [
    ["<a href='x'>&\"", "&lt;a href=&#39;x&#39;&gt;&amp;&quot;"],
    ["tab\tline\nend\r", "tab\tline\nend<i>U+000D</i>"],
    ["\u202etxt.exe\u2066", "<i>U+202E</i>txt.exe<i>U+2066</i>"],
    ["\0\x85\ufeff", "<i>U+0000</i><i>U+0085</i><i>U+FEFF</i>"],
    ["é€😀", "é€😀"],
  ];
  for (const [text, html] of cases) assert.equal(escaped(text), html);
});

Deno.test("sizeText and durationText are short and true", () => {
  assert.deepEqual([0, 9_999, 12_345, 1_234_567, 5e9].map(sizeText), [
    "0 B",
    "9,999 B",
    "12.3 kB",
    "1.2 MB",
    "5 GB",
  ]);
  assert.deepEqual([0, 1.25, 123.4, 1_234].map(durationText), ["0 ms", "1.3 ms", "123 ms", "1.23 s"]);
});
