// The walk of a first user with the real program: add a listener, point a client at its port, watch a SOAP call and a
// JSON call come through live, read them formatted, save them, switch the layout. With every way to start the program
// that is there: from the sources, and compiled. In the browser that users have.

import assert from "node:assert/strict";
import { chromium, curl } from "../needs.ts";
import { programs, Running } from "../running.ts";
import { browserTest, inPage, until } from "./harness.ts";

const SOAP =
  '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><q:getQuote xmlns:q="http://quotes.example.org/">' +
  "<q:symbol>GOOG</q:symbol></q:getQuote></e:Body></e:Envelope>";
const QUOTE =
  '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><q:getQuoteResponse xmlns:q="http://quotes.example.org/">' +
  "<q:price>141.80</q:price></q:getQuoteResponse></e:Body></e:Envelope>";

/** A number that no JSON library keeps. */
const ORDER = '{"id":90071992547409931,"lines":["a","b"]}';

/** What the page has asked for. */
interface Asked {
  readonly method: string;
  readonly url: string;
}

/** Of GET /api/openapi.json, what names calls and their parameters. */
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What the description does not say of a request for the API: nothing, or it in words. */
function undocumented({ method, url }: Asked, { paths }: Description): readonly string[] {
  const { pathname, searchParams } = new URL(url);
  if (!pathname.startsWith("/api/")) return [];
  const path = Object.keys(paths).find((path) =>
    new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(pathname)
  );
  const call = path && paths[path][method.toLowerCase()] as { readonly parameters?: readonly unknown[] };
  if (!path || !call) return [`${method} ${pathname}`];
  const known = [...(paths[path].parameters as unknown[] ?? []), ...(call.parameters ?? [])]
    .map((parameter) => (parameter as { readonly name: string }).name);
  return [...searchParams.keys()].filter((name) => !known.includes(name))
    .map((name) => `${method} ${pathname}?${name}`);
}

/** The server behind the listener. */
function serve() {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    await request.body?.cancel();
    if (request.method === "POST") return new Response(QUOTE, { headers: { "content-type": "text/xml" } });
    return new Response(ORDER, { status: 409, headers: { "content-type": "application/json" } });
  });
}

async function call(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(curl!, { args: ["-sS", "-o", "/dev/null", ...args] })
    .output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

for (const program of programs) {
  browserTest(`the walk of a first user, with ${program[0]}`, async (browser) => {
    const backend = serve();
    const running = await Running.start([], program);
    const context = { acceptDownloads: true };
    try {
      const described = await running.json<Description>("/openapi.json");
      await inPage(browser, running.ready.ui, context, async (page) => {
        const asked: Asked[] = [];
        page.on("request", (request) => asked.push({ method: request.method(), url: request.url() }));
        await page.reload();
        assert.equal(new URL(page.url()).search, "", "the token is gone from the address");
        await until(() => page.getByRole("status").innerText(), (text) => text === "live", "status");

        await page.getByLabel("Listen port").fill("0");
        await page.getByLabel("Target host").fill("127.0.0.1");
        await page.getByLabel("Target port").fill(String(backend.addr.port));
        await page.getByRole("button", { name: "Add", exact: true }).click();
        const tab = page.getByRole("tab", {
          name: new RegExp(`127.0.0.1:${backend.addr.port}`),
          selected: true,
        });
        await tab.waitFor();
        const line = await page.getByText(/^curl -i http/).innerText();
        const url = line.replace("curl -i ", "");
        assert.match(await tab.innerText(), new RegExp(new URL(url).port));

        await call("-H", "content-type: text/xml", "-d", SOAP, `${url}axis/services/StockQuote`);
        await page.getByRole("row", { name: /POST \/axis\/services\/StockQuote .*200/ }).waitFor();
        await page.getByRole("region", { name: "Request" }).getByText("q:symbol").first().waitFor();
        await page.getByRole("region", { name: "Response" }).getByText("141.80").waitFor();

        await call(`${url}orders/A-20931`);
        const json = page.getByRole("row", { name: /GET \/orders\/A-20931 .*409/ });
        await json.click();
        await page.getByRole("region", { name: "Response" }).getByText("90071992547409931").first().waitFor();

        const saving = page.waitForEvent("download");
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByRole("menuitem", { name: "Selected, as text" }).click();
        const saved = await Deno.readTextFile(await (await saving).path());
        assert.match(saved, /\n==== Request ====\nGET \/orders\/A-20931 HTTP\/1\.1\r\n/);
        assert.match(saved, /\n==== Response ====\nHTTP\/1\.1 409 /);
        assert.ok(saved.endsWith(`\r\n\r\n${ORDER}\n==============\n`));

        await page.getByRole("button", { name: "Switch layout" }).click();
        const [table, pane] = await Promise.all(
          [page.getByRole("grid"), page.getByRole("region", { name: "Request" })].map((one) =>
            one.boundingBox()
          ),
        );
        assert.ok(
          table && pane && pane.x >= table.x + table.width,
          "stacked: the panes are beside the table",
        );

        await page.getByRole("searchbox", { name: "Filter" }).fill("status:>=400");
        await until(
          () => page.getByRole("grid").getAttribute("aria-rowcount"),
          (rows) => rows === "2",
          "rows",
        );
        await page.getByRole("button", { name: "Clear filter" }).click();

        await page.getByRole("button", { name: "Stop" }).click();
        await page.getByRole("tab", { name: /stopped/ }).waitFor();
        await page.getByRole("button", { name: "Remove all" }).click();
        await page.keyboard.press("Enter");
        await page.getByText(/is stopped$/).waitFor();
        await page.getByRole("button", { name: "Close" }).click();
        await page.getByRole("tab", { name: "Add listener", selected: true }).waitFor();

        assert.deepEqual(asked.flatMap((request) => undocumented(request, described)), []);
        const calls = asked.filter(({ url }) => new URL(url).pathname.startsWith("/api/"));
        for (const method of ["GET", "POST", "PATCH", "DELETE"]) {
          assert.ok(calls.some((request) => request.method === method), `no ${method} was seen`);
        }
        assert.ok(calls.some(({ url }) => url.endsWith("/api/events")), "no feed was seen");

        await running.stop();
        await page.getByRole("status").getByText("ended: tcpmon was stopped").waitFor();
      });
    } finally {
      await running.stop().catch(() => {});
      await backend.shutdown();
    }
  }, { missing: curl === null, path: chromium });
}
