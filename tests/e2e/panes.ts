// The scene of the panes' tests: the real program between a target and a client, its page, and what is in the panes.

import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { Running } from "../running.ts";
import { browserTest, inContext, opened, until } from "./harness.ts";
import { Target } from "./target.ts";

/** One thing to see: the page, and how to let something through the listener first. */
export type Step = (page: Page, through: Through) => Promise<void>;

/** A client of the listener. */
export interface Through {
  readonly target: Target;
  /** Sends a request for `path` and reads the answer to its end; gives what was sent. */
  ask(path: string, body?: string): Promise<string>;
  /** Sends this, and reads what is answered first, or leaves it. */
  send(text: string, answer: "read" | "leave"): Promise<void>;
  /** Sends this; what is answered is there to be read. The connection is closed at the end. */
  open(text: string): Promise<Deno.TcpConn>;
}

/** What a context needs for the clipboard to be read and written. */
export const CLIPBOARD: BrowserContextOptions = { permissions: ["clipboard-read", "clipboard-write"] };

/**
 * Defines a test whose steps share a program, a target and a tab, in which the page is opened anew for each. A second
 * listener, whose target refuses connections, is there too.
 */
export function panes(
  name: string,
  steps: Readonly<Record<string, Step>>,
  context: BrowserContextOptions = {},
): void {
  browserTest(name, async (browser, t) => {
    const target = new Target();
    const running = await Running.start(["-l", "0", "-t", target.address, "-l", "0", "-t", "127.0.0.1:1"]);
    const client = new Client(running.port());
    const through: Through = { target, ask: client.ask, send: client.send, open: client.open };
    try {
      await inContext(browser, { ...CLIPBOARD, ...context }, async (page) => {
        for (const [what, step] of Object.entries(steps)) {
          await t.step(what, () => opened(page, running.ready.ui, (page) => step(page, through)));
        }
      });
    } finally {
      client.close();
      await running.stop();
      await target.end();
    }
  });
}

class Client {
  readonly #open: Deno.TcpConn[] = [];

  constructor(private readonly port: number) {}

  readonly send = async (text: string, answer: "read" | "leave"): Promise<void> => {
    const conn = await this.open(text);
    if (answer === "read") await conn.read(new Uint8Array(65_536));
  };

  readonly ask = async (path: string, body = ""): Promise<string> => {
    const length = new TextEncoder().encode(body).length;
    const about = body === "" ? "" : `Content-Type: text/xml\r\nContent-Length: ${length}\r\n`;
    const sent = `${
      body === "" ? "GET" : "POST"
    } ${path} HTTP/1.1\r\nHost: shop.example.org\r\n${about}\r\n${body}`;
    const conn = await this.open(sent);
    const buffer = new Uint8Array(1 << 20);
    while (await conn.read(buffer) !== null);
    return sent;
  };

  readonly open = async (text: string): Promise<Deno.TcpConn> => {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: this.port });
    this.#open.push(conn);
    await conn.write(new TextEncoder().encode(text));
    return conn;
  };

  close(): void {
    for (const conn of this.#open) conn.close();
  }
}

/** The Request pane. */
export const request = (page: Page) => page.getByRole("region", { name: "Request" });
/** The Response pane. */
export const response = (page: Page) => page.getByRole("region", { name: "Response" });
/** What chooses the Format of a pane. */
export const format = (pane: Locator) => pane.getByRole("combobox", { name: "Format" });
/** The text of a pane's body. */
export const body = (pane: Locator) => pane.locator(".cm-content");
/** The lines of it that are drawn. */
export const shown = (pane: Locator) => pane.locator(".cm-line").allInnerTexts();
/** What scrolls it. */
export const scroller = (pane: Locator) => pane.locator(".cm-scroller");

/** Selects the newest exchange whose row matches. */
export async function select(page: Page, row: RegExp): Promise<void> {
  await page.getByRole("row", { name: row }).first().click();
}

/** The statements of a pane's body line. */
export async function facts(pane: Locator): Promise<string[]> {
  return await pane.locator(".pane-body-line strong, .pane-body-line .pane-fact").allInnerTexts();
}

/** Waits until the body line says so. */
export async function hasFact(pane: Locator, fact: string | RegExp): Promise<void> {
  const matches = (one: string) => typeof fact === "string" ? one === fact : fact.test(one);
  await until(() => facts(pane), (all) => all.some(matches), `body line with ${fact}`);
}

/** What the clipboard holds. */
export function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Opens Find in a pane and types; waits for the count. */
export async function find(pane: Locator, text: string, count: string | RegExp): Promise<void> {
  if (await pane.getByLabel("Find", { exact: true }).and(pane.locator("input")).count() === 0) {
    await pane.getByRole("button", { name: "Find", exact: true }).click();
  }
  await pane.locator(".pane-find-text").fill(text);
  await pane.getByText(count, { exact: true }).waitFor();
}
