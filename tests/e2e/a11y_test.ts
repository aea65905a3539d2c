// axe-core finds no violation, on any screen, wide and narrow, light and dark. Screens that follow from one another share
// a page, because opening one takes as long as a look with axe-core.

import type { Page } from "playwright-core";
import { aConnection } from "../ui/fakes.ts";
import { ABOVE, aCertificate, someTls } from "../ui/tls_facts.ts";
import { violations } from "./axe.ts";
import { Fixture } from "./fixture.ts";
import { browserTest, inContext, NARROW, opened, until, WIDE } from "./harness.ts";

type Show = (page: Page, fixture: Fixture) => Promise<void>;

/** The screens, and how to come to each from the one before in its group. */
const SCREENS: readonly Readonly<Record<string, Show>>[] = [
  {
    "the table, following": async (page) => {
      await page.getByRole("region", { name: "Request" }).getByText("758").first().waitFor();
    },
    "a chosen row": async (page) => {
      await page.getByRole("row", { name: /getQuote, fault/ }).click();
      await page.getByRole("region", { name: "Response" }).getByText("742 B").waitFor();
    },
    "several chosen rows, the table in focus": async (page) => {
      await page.getByRole("row").nth(2).click();
      await page.keyboard.press("Shift+ArrowDown");
    },
    "a failed row": async (page) => {
      await page.getByRole("row", { name: /refused/ }).click();
    },
    "a wrong filter": async (page) => {
      await page.getByRole("searchbox").fill("status:>=");
      await page.getByRole("alert").waitFor();
    },
    "a filter without hits": async (page) => {
      await page.getByRole("searchbox").fill("nothing-like-this");
      await page.getByText("No exchange matches the filter").waitFor();
    },
  },
  {
    "a question": async (page) => {
      await page.getByRole("button", { name: "Remove all" }).click();
    },
    "what can be saved": async (page) => {
      await page.keyboard.press("Escape");
      await page.getByRole("alertdialog").waitFor({ state: "detached" });
      await page.keyboard.press("s");
      await page.getByRole("menu", { name: "Save" }).waitFor();
    },
    "the list of keys": async (page) => {
      await page.keyboard.press("Escape");
      await page.getByRole("menu", { name: "Save" }).waitFor({ state: "detached" });
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
    "a sorted table, the columns to choose": async (page) => {
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await page.getByRole("columnheader", { name: "Status" }).getByRole("button").click();
      await page.getByRole("button", { name: "Columns" }).click();
      await page.getByRole("checkbox", { name: "Target" }).check();
    },
  },
  {
    "banners": async (page, fixture) => {
      fixture.tell({
        recording: { ...fixture.recording, stopped: "the disk is full", behindMs: 9_000 },
        notice: "Look.",
      });
      await page.getByText("Look.").waitFor();
    },
    "the program gone": async (page, fixture) => {
      fixture.leave();
      await until(() => page.getByRole("status").innerText(), (text) => text.startsWith("ended"), "status");
    },
  },
  {
    "TLS of a listener and of a connection": async (page, fixture) => {
      secured(fixture);
      await page.getByRole("row", { name: /\/secured/ }).click();
      await page.getByRole("button", { name: "Show TLS with the target" }).click();
      await page.getByText("any certificate accepted", { exact: true }).waitFor();
    },
    "how an authority is trusted": async (page) => {
      await page.getByRole("button", { name: "Trust it" }).click();
      await page.getByText("And to stop").waitFor();
    },
  },
  {
    "a slow link, and its form with an error": async (page, fixture) => {
      const limits = { bytesPerSecond: 64_000, latencyMs: 200, jitterMs: 50 };
      const slow = { upstream: limits, downstream: { ...limits, latencyMs: 300 } };
      fixture.listeners = fixture.listeners.map((listener) => ({ ...listener, slow }));
      fixture.tell({ listeners: fixture.listeners });
      await page.getByRole("button", { name: "Slow link: ↑ 64 kB/s, 200 ms ↓ 64 kB/s, 300 ms" }).click();
      await page.getByLabel("Bandwidth to the target").fill("64 kb/s");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").waitFor();
    },
  },
  {
    "a listener being changed": async (page) => {
      await page.getByRole("button", { name: "Options", exact: true }).click();
      await page.getByRole("form", { name: "Options of port 8081" }).waitFor();
    },
    "a table without rows": async (page) => {
      await page.getByRole("tab", { name: /8082/ }).click();
    },
    "a listener that cannot listen": async (page) => {
      await page.getByRole("tab", { name: /443/ }).click();
    },
    "a stopped listener being changed": async (page) => {
      await page.getByRole("tab", { name: /5432/ }).click();
      await page.getByRole("button", { name: "Options", exact: true }).click();
      await page.getByRole("form", { name: "Options of port 5432" }).waitFor();
    },
  },
  {
    "the form": async (page) => {
      await page.getByRole("tab", { name: "Add listener" }).click();
    },
    "the form with an error": async (page) => {
      await page.getByLabel("Listen port").fill("8081");
      await page.getByLabel("Target host").fill("localhost");
      await page.getByLabel("Target port").fill("80");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").waitFor();
    },
  },
  {
    "the form of a proxy": async (page) => {
      await page.getByRole("tab", { name: "Add listener" }).click();
      await page.getByLabel("Proxy for whatever requests name").check();
    },
    "the form with its options open": async (page) => {
      await page.getByLabel("Listener for one target").check();
      for (const group of await page.locator("summary").all()) await group.click();
      await page.getByRole("radio", { name: "HTTPS HTTP within TLS" }).check();
      await page.getByRole("radio", { name: "Any certificate" }).check();
      await page.getByRole("radio", { name: "End it here" }).check();
      await page.getByRole("radio", { name: "From files" }).check();
      await page.getByLabel("This one").check();
      await page.getByLabel("Slow the link down").check();
    },
  },
  {
    "Sender": async (page) => {
      await page.getByRole("tab", { name: "Sender" }).click();
      await page.getByLabel("Endpoint", { exact: true }).waitFor();
    },
    "Sender, filled in": async (page) => {
      await page.getByLabel("Endpoint", { exact: true }).fill("http://shop.example.org/stock");
      await page.getByLabel("SOAP", { exact: true }).selectOption("1.1");
      await page.getByRole("button", { name: "Sample envelope" }).click();
      await page.getByRole("textbox", { name: "Body of the draft" }).getByText("Envelope").first().waitFor();
    },
    "Sender, raw TCP and what is wrong": async (page) => {
      await page.getByLabel("Endpoint", { exact: true }).fill("tcp://shop.example.org");
      await page.getByRole("button", { name: /^Send/ }).click();
      await page.getByRole("alert").first().waitFor();
    },
  },
];

/** The first listener speaks TLS on both legs, and an exchange over it comes. */
function secured(fixture: Fixture): void {
  const [first, ...others] = fixture.listeners;
  fixture.listeners = [{
    ...first,
    targetScheme: "https",
    targetTls: { ca: null, insecure: true, cert: null, key: null },
    listenTls: { cert: null, key: null, asksClients: true, passthrough: ["a.example"] },
  }, ...others];
  fixture.tell({ listeners: fixture.listeners });
  const old = aCertificate({ notAfter: "2026-02-20T00:00:00.000Z" });
  const target = someTls({ trust: "nothing", untrusted: "it has expired", peer: [old, ...ABOVE] });
  const tls = { client: someTls({ peer: [], trust: "own-ca" }), target };
  fixture.connections.set("c1", aConnection({ tls }));
  fixture.come("8081", 1, { tls: "both", connection: "c1", url: "/secured" });
}

const LOOKS = [
  { name: "wide, light", context: { viewport: WIDE, colorScheme: "light" } },
  { name: "narrow, dark", context: { viewport: NARROW, colorScheme: "dark" } },
] as const;

browserTest("axe-core finds no violation", async (browser, t) => {
  for (const { name, context } of LOOKS) {
    await inContext(browser, context, async (page) => {
      for (const screens of SCREENS) {
        const fixture = new Fixture();
        fixture.addListener("8082", 0, { target: "localhost:8000" });
        fixture.addListener("5432", 40, { target: "db:5432", state: "stopped" });
        fixture.addListener("443", 0, { state: "failed", error: "Port 443 needs a permission." });
        try {
          await opened(page, fixture.url, async () => {
            for (const [screen, show] of Object.entries(screens)) {
              await t.step(`${screen}, ${name}`, async () => {
                await show(page, fixture);
                const found = await violations(page);
                if (found.length > 0) throw new Error(found.join("\n"));
              });
            }
          });
        } finally {
          await fixture.end();
        }
      }
    });
  }
});
