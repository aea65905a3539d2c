// Who looks at the page while the relay is measured: a browser on the tab, and one for whom 100 MB of XML are laid out.

import { type Browser, chromium } from "playwright-core";
import { FLAGS } from "../e2e/harness.ts";
import { chromium as path } from "../needs.ts";
import type { Look } from "./contestants.ts";

/** Bytes of an XML body, and how many there are: laying one out takes longer than a turn. */
const XML_BYTES = 100 * 1024 * 1024;
const XML_TIMES = 3;

/** Opens the page, as the program itself does. */
export const pageOpen: Look = async ({ url, port }) => {
  const browser = await open(url, port);
  return { stop: () => browser.close() };
};

/** Opens the page and has large XML bodies laid out, one after another, to their ends. */
export const formatting: Look = async ({ url, api, token, port }) => {
  const headers = { Authorization: `Bearer ${token}` };
  await relayXml(api, headers);
  const { exchanges } = await (await fetch(`${api}/exchanges?q=path:/quotes.xml`, { headers })).json();
  const browser = await open(url, port);
  const over = new AbortController();
  const { signal } = over;
  const laying = (async () => {
    for (let turn = 0; !signal.aborted; turn++) {
      const { id } = exchanges[turn % exchanges.length];
      const view = `${api}/exchanges/${id}/response/view?as=xml&from=1000000000&lines=10`;
      await (await fetch(view, { headers, signal })).arrayBuffer();
    }
  })().catch((error) => {
    if (!signal.aborted) throw error;
  });
  return {
    stop: async () => {
      over.abort();
      await laying;
      await browser.close();
    },
  };
};

/** Has XML_TIMES large bodies relayed, by a listener of its own. */
async function relayXml(api: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const body = largeXml();
  const answer = () => new Response(body, { headers: { "Content-Type": "text/xml" } });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  try {
    const route = { listen: "127.0.0.1:0", target: `127.0.0.1:${server.addr.port}` };
    const added = await fetch(`${api}/listeners`, { method: "POST", headers, body: JSON.stringify(route) });
    const { listen } = await added.json();
    for (let time = 0; time < XML_TIMES; time++) {
      const { byteLength } = await (await fetch(`http://${listen}/quotes.xml`)).arrayBuffer();
      if (byteLength !== XML_BYTES) throw new Error(`Cannot lay out the XML: only ${byteLength} bytes came.`);
    }
  } finally {
    await server.shutdown();
  }
}

function largeXml(): Uint8Array<ArrayBuffer> {
  const quote = '<quote symbol="ABC"><price currency="EUR">12.50</price><volume>1000</volume></quote>';
  const [begin, end] = ["<quotes>", "</quotes>"];
  const times = Math.floor((XML_BYTES - begin.length - end.length) / quote.length);
  return new TextEncoder().encode((begin + quote.repeat(times)).padEnd(XML_BYTES - end.length) + end);
}

/** Whether there is a browser to look with. */
export const canLook = path !== null;

async function open(url: string, port: number): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: path ?? undefined, args: FLAGS });
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByRole("tab", { name: `${port}` }).click();
  return browser;
}
