// `deno task screenshots`: takes the README's pictures of the real program in front of the demo's back end.

import { chromium } from "playwright-core";
import { chromium as path } from "../needs.ts";
import { startBackend } from "../../src/demo/backend.ts";
import { nextFreePort } from "../../src/demo/ports.ts";
import { startTraffic } from "../../src/demo/traffic.ts";
import { startProgram } from "../../src/program.ts";
import { FLAGS } from "./harness.ts";

const FOLDER = new URL("../../docs/", import.meta.url).pathname;
const PICTURES = [
  { name: "page-light.png", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "page-dark.png", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "page-narrow.png", colorScheme: "light", viewport: { width: 760, height: 900 } },
] as const;

if (path === null) {
  console.error("Cannot take pictures: Chromium is missing. Install it: apt-get install chromium");
  Deno.exit(1);
}
const backend = startBackend();
const entrances = {
  http: { host: "127.0.0.1", port: nextFreePort(8081) },
  mail: { host: "127.0.0.1", port: nextFreePort(2525) },
};
const program = await startProgram({
  version: "0",
  routes: [{ listen: entrances.http, target: backend.http }, {
    listen: entrances.mail,
    target: backend.mail,
  }],
  ui: { host: "127.0.0.1", port: 0 },
  capture: null,
  jsonLine: null,
  notice: console.error,
});
const traffic = startTraffic(entrances);
await traffic.firstRound;

const browser = await chromium.launch({ executablePath: path, args: FLAGS });
for (const { name, ...look } of PICTURES) {
  const page = await browser.newPage(look);
  await page.goto(program.page.url);
  await page.getByRole("row", { name: /StockQuote getQuote 200/ }).click();
  await page.getByRole("region", { name: "Response" }).getByText("getQuoteResponse").first().waitFor();
  await page.screenshot({ path: FOLDER + name });
  await page.close();
  console.log(`docs/${name}`);
}
await browser.close();
await traffic.stop();
await program.stop();
await backend.stop();
Deno.exit(0);
