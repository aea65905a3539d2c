// HAR exports in Chromium's network panel: its own importer, the code of its developer tools, reads them.

import assert from "node:assert/strict";
import { answer, Capture, get } from "../catalog/capture.ts";
import { exportedText, withCatalog } from "../catalog/export/exporting.ts";
import { chromium } from "../needs.ts";
import { browserTest } from "./harness.ts";

/** What the panel has of a request. */
interface Shown {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly failed: boolean;
  readonly headers: string[];
  readonly ms: number;
  readonly text: string;
  readonly form: string | null;
}

browserTest("Chromium's network panel opens a HAR export", async (browser) => {
  using capture = new Capture();
  capture.opened(1);
  capture.connected(1);
  const form = "name=J%C3%B6rg&x=1";
  capture.chunk(
    1,
    "upstream",
    "POST /orders HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
      `Content-Length: ${form.length}\r\n\r\n${form}`,
  );
  capture.now += 40;
  capture.chunk(1, "downstream", answer('{"größe":"M"}', "201 Created"));
  capture.chunk(1, "upstream", get("/binary"));
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff, 0);
  capture.chunk(1, "downstream", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 6\r\n\r\n");
  capture.chunk(1, "downstream", png);
  capture.chunk(1, "upstream", get("/failed"));
  capture.ended(1, "target", "reset");
  capture.closed(1, "reset", "The target reset the connection");
  let text = "";
  await withCatalog(capture, async (catalog) => {
    text = await exportedText(catalog, { format: "har" });
  });
  const page = await browser.newPage();
  await page.goto("devtools://devtools/bundled/devtools_app.html");
  // deno-lint-ignore no-explicit-any -- modules of the developer tools
  const shown: Shown[] = await page.evaluate(async (text): Promise<any> => {
    const { HARFormat, Importer } = await import("devtools://devtools/bundled/models/har/har.js" as string);
    const requests = Importer.Importer.requestsFromHARLog(new HARFormat.HARRoot(JSON.parse(text)).log);
    // deno-lint-ignore no-explicit-any -- as above
    return await Promise.all(requests.map(async (request: any) => {
      const content = await request.requestContentData();
      return {
        method: request.requestMethod,
        url: request.url(),
        status: request.statusCode,
        failed: request.failed === true || request.statusCode === 0,
        headers: request.responseHeaders.map(({ name }: { name: string }) => name),
        ms: Math.round(request.duration * 1000),
        text: content.isTextContent ? content.text : content.base64,
        form: await request.requestFormData(),
      };
    }));
  }, text);
  await page.close();
  assert.deepEqual(shown.map(({ method, url, status }) => [method, url, status]), [
    ["POST", "http://shop.example/orders", 201],
    ["GET", "http://localhost/binary", 200],
    ["GET", "http://localhost/failed", 0],
  ]);
  assert.equal(shown[0].text, '{"größe":"M"}');
  assert.equal(shown[0].form, form);
  assert.deepEqual(shown[0].headers, ["Content-Type", "Content-Length"]);
  assert.ok(shown[0].ms >= 40);
  assert.equal(shown[1].text, btoa(String.fromCharCode(...png)));
}, { path: chromium });
