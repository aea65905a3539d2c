// What the page says of TLS: at every listener, of each connection, and how clients come to trust tcpmon's authority.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { aConnection } from "../ui/fakes.ts";
import { ABOVE, aCertificate, someTls } from "../ui/tls_facts.ts";
import { violations } from "./axe.ts";
import type { Fixture } from "./fixture.ts";
import { NARROW, pageTest, WIDE } from "./harness.ts";
import { request, response } from "./panes.ts";

const OWN = { cert: null, key: null, asksClients: false, passthrough: [] };
const REFUSED =
  "the client does not trust the certificate that it was shown for pay.example.org: unknown CA. " +
  "Run tcpmon ca to see how to make it trust tcpmon's authority";

const NOTE = "the client ended without saying so inside TLS (no close_notify)";

function prepare(fixture: Fixture): void {
  fixture.addListener("8443", 0, {
    target: "pay.example.org:443",
    targetScheme: "https",
    targetTls: { ca: null, insecure: true, cert: null, key: null },
    listenTls: OWN,
  });
}

const EXPIRED = aCertificate({ notAfter: "2026-02-20T00:00:00.000Z" });

/** An exchange over TLS on both legs, the certificate of its target expired. */
function come(fixture: Fixture): void {
  const target = someTls({ trust: "nothing", untrusted: "it has expired", peer: [EXPIRED, ...ABOVE] });
  const tls = { client: someTls({ peer: [], trust: "own-ca", alpn: "h2" }), target };
  fixture.connections.set("c40000", aConnection({ id: "c40000", tls, endedBy: "client", note: NOTE }));
  fixture.come("8443", 1, { tls: "both", connection: "c40000", url: "/pay" });
}

const line = (page: Page) => page.getByRole("group", { name: "TLS of this listener" });
const open = (page: Page) => page.getByRole("tab", { name: /8443/ }).click();

pageTest("TLS of a listener", {
  "is told by a word and an icon for each leg, in the tab too": [{ prepare }, async (page) => {
    assert.match(
      await line(page).innerText(),
      /^clients\s+as it comes\s+8081\s+as it comes\s+shop\.example\.org:80$/,
    );
    assert.equal(await line(page).locator("svg.icon").count(), 2);
    await open(page);
    assert.match(
      await line(page).innerText(),
      /^clients\s+TLS or plain\s+8443\s+TLS\s+pay\.example\.org:443\s+any certificate accepted\s+clients are shown/,
    );
    const loud = line(page).getByText("any certificate accepted");
    assert.equal(await loud.evaluate((element) => getComputedStyle(element).color), "rgb(138, 80, 0)");
    const tab = page.getByRole("tab", { name: /8443/ });
    await tab.getByText("TLS or plain from clients", { exact: true }).waitFor({ state: "attached" });
    await tab.getByText("TLS to the target, any certificate accepted").waitFor({ state: "attached" });
  }],

  "is not cut where there is no room": [{ prepare, context: { viewport: NARROW } }, async (page) => {
    await open(page);
    const outside = await line(page).evaluate((element) =>
      [...element.querySelectorAll("*")].filter((part) => {
        const { right } = part.getBoundingClientRect();
        return right > innerWidth || part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0;
      }).map(({ className }) => String(className))
    );
    assert.deepEqual(outside, []);
  }],

  "shows how its authority is trusted, and gives its certificate": [{ prepare }, async (page, fixture) => {
    await open(page);
    await page.getByRole("button", { name: "Trust it" }).click();
    const dialog = page.getByRole("dialog", { name: "Trust tcpmon's authority" });
    const { authority, ways } = fixture.authority;
    for (const text of [authority!.name, authority!.fingerprint, authority!.file]) {
      await dialog.getByText(text, { exact: true }).waitFor();
    }
    assert.equal(
      await dialog.getByRole("link", { name: "Save certificate" }).getAttribute("href"),
      "/api/ca.pem",
    );
    const node = ways.find(({ id }) => id === "node")!;
    assert.equal(await dialog.getByLabel("Trust it in").inputValue(), "curl");
    await dialog.getByLabel("Trust it in").selectOption({ label: node.title });
    for (const text of [...node.trust, ...node.stop, node.note!]) {
      await dialog.getByText(text, { exact: true }).waitFor();
    }
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  }],

  "has its authority made, and says why it cannot be": [{ prepare }, async (page, fixture) => {
    const made = fixture.authority;
    fixture.authority = { authority: null, ways: [] };
    let refusal: string | null = "Cannot make an authority in /x/ca: no permission.";
    await page.route("**/api/ca.pem", (route) => {
      if (refusal !== null) return route.fulfill({ status: 409, json: { error: refusal } });
      fixture.authority = made;
      return route.fulfill({ contentType: "application/x-pem-file", body: "-----BEGIN CERTIFICATE-----" });
    });
    await open(page);
    const dialog = page.getByRole("dialog", { name: "Trust tcpmon's authority" });
    const make = async () => {
      await page.getByRole("button", { name: "Trust it" }).click();
      await dialog.getByRole("button", { name: "Make it" }).click();
    };
    await make();
    await dialog.getByRole("alert").getByText(refusal, { exact: true }).waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    refusal = null;
    await make();
    await dialog.getByText(made.authority!.name, { exact: true }).waitFor();
  }],
});

pageTest("TLS of a connection", {
  "is told of each side, with the certificates, and what is wrong with them": [
    { prepare },
    async (page, fixture) => {
      await open(page);
      come(fixture);
      await page.getByRole("row", { name: /TLS\s*\/pay/ }).click();
      const [client, target] = [
        request(page).getByRole("group", { name: "TLS with the client" }),
        response(page).getByRole("group", { name: "TLS with the target", exact: true }),
      ];
      await client.getByText("h2", { exact: true }).waitFor();
      await target.getByText("any certificate was accepted: it has expired").waitFor();
      assert.equal(await client.getByText("any certificate").count(), 0);
      // What cut nothing off looks like no failure.
      await client.getByText(NOTE, { exact: true }).waitFor();
      assert.equal(await client.locator(".pane-warn").count(), 0);
      assert.equal(await target.getByText(NOTE).count(), 0);
      await target.getByRole("button", { name: "Show TLS with the target" }).click();
      for (
        const text of [
          "TLS_AES_256_GCM_SHA384",
          "The target's certificates, as shown: 2 certificates",
          "had expired 12 days before",
          "shop.example.org, *.shop.example.org",
        ]
      ) await response(page).getByText(text).last().waitFor();
      assert.deepEqual(await violations(page), []);
      await page.keyboard.press("Escape");
      await target.getByRole("button", { name: "Hide TLS with the target" }).click();
    },
  ],

  "has its failure in full, however wide": async (page, fixture) => {
    const fault = `${REFUSED}, and so the end of the response was not delivered ${
      "to anybody ".repeat(9)
    }here.`;
    fixture.come("8081", 1, { state: "failed", status: 200, url: "/long", fault });
    await page.getByRole("row", { name: /\/long/ }).click();
    const note = response(page).getByRole("note", { name: "Why it failed" });
    for (const viewport of [WIDE, NARROW]) {
      await page.setViewportSize(viewport);
      await note.getByText(fault, { exact: true }).waitFor();
      const isWhole = await note.evaluate((element) => {
        const { left, right } = element.getBoundingClientRect();
        return element.scrollWidth <= element.clientWidth && element.scrollHeight <= element.clientHeight &&
          left >= 0 && right <= innerWidth;
      });
      assert.ok(isWhole, `${viewport.width} wide`);
    }
    assert.deepEqual(await violations(page), []);
    assert.equal(await request(page).getByRole("note").count(), 0);
  },

  "is sent again straight where it came in a tunnel, and the table shows that it went inside TLS": [
    { prepare: (fixture) => fixture.addListener("3128", 0, { target: null, listenTls: OWN }) },
    async (page, fixture) => {
      await page.getByRole("tab", { name: /3128/ }).click();
      const row = { tls: "both", url: "https://pay.example.org/pay" } as const;
      fixture.come("3128", 1, row);
      fixture.come("3128", 1, { ...row, tls: "target", url: "/again", resendOf: "e1" });
      const again = page.getByRole("row", { name: /TLS\s*\/again/ });
      await again.waitFor();
      await page.getByRole("row", { name: /pay\.example\.org\/pay/ }).click();
      await page.getByRole("button", { name: "Which way to send again" }).click();
      assert.ok(await page.getByRole("radio", { name: "Straight to its target" }).isChecked());
      assert.ok(await page.getByRole("radio", { name: /^Not through port 3128/ }).isDisabled());
      await page.keyboard.press("Escape");
      await again.click();
      await page.getByRole("button", { name: "Which way to send again" }).click();
      assert.ok(await page.getByRole("radio", { name: "Through port 3128, with its options" }).isEnabled());
    },
  ],

  "says where on the page a failure of it can be mended": [{ prepare }, async (page, fixture) => {
    await open(page);
    const fault = "Cannot connect to a: its certificate expired. --insecure accepts any certificate of it.";
    const none = { method: null, url: null, status: null, requestBytes: 0, responseBytes: 0 };
    fixture.come("8443", 1, { ...none, state: "failed", fault });
    await page.getByRole("row", { name: /certificate expired/ }).click();
    await response(page).getByText(/stop the listener, and choose in its options, under TLS to the/)
      .waitFor();
    await response(page).getByRole("button", { name: "Options of the listener" }).click();
    await page.getByRole("form", { name: "Options of port 8443" }).or(
      page.getByLabel("Options of port 8443"),
    ).first().waitFor();
  }],

  "says why it is not read, and the way on": [
    {
      prepare: (fixture) =>
        fixture.addListener("3128", 0, {
          target: null,
          listenTls: { ...OWN, passthrough: ["*.bank.example"] },
        }),
    },
    async (page, fixture) => {
      await page.getByRole("tab", { name: /3128/ }).click();
      fixture.come("3128", 1, { protocol: "tls", method: null, url: "www.bank.example", status: null });
      fixture.come("3128", 1, { protocol: "tcp", method: null, url: "PRI * HTTP/2.0", status: null });
      const why = request(page).getByRole("note", { name: "Why it is not read" });
      await page.getByRole("row", { name: /www\.bank\.example/ }).click();
      await why.getByText("*.bank.example", { exact: true }).waitFor();
      await page.getByRole("row", { name: /PRI \*/ }).click();
      await why.getByText(/curl --http1\.1/).waitFor();
      assert.deepEqual(await violations(page), []);
    },
  ],

  "is not sent again where there is no request": async (page, fixture) => {
    fixture.come("8081", 1, {
      method: null,
      url: "",
      requestBytes: 0,
      protocol: "tcp",
      summary: "server spoke",
    });
    await page.getByRole("row", { name: /server spoke/ }).click();
    const button = page.getByRole("button", { name: "Resend", exact: true });
    assert.ok(await button.isDisabled());
    assert.match(await button.getAttribute("title") ?? "", /it has no request/);
  },

  "is not asked for where there was none": async (page) => {
    let asked = 0;
    await page.route("**/api/connections/**", (route) => {
      asked++;
      return route.continue();
    });
    await page.getByRole("row", { name: /StockQuote/ }).first().click();
    await response(page).getByText("getQuoteResponse").first().waitFor();
    assert.equal(asked, 0);
    assert.equal(await page.getByRole("group", { name: /^TLS with/ }).count(), 0);
  },

  "that a client refused says so in full, and shows what to do": [
    { prepare, context: { viewport: NARROW } },
    async (page, fixture) => {
      await open(page);
      const none = { method: null, url: null, status: null, requestBytes: 0, responseBytes: 0 };
      fixture.come("8443", 1, { ...none, state: "failed", fault: REFUSED });
      await page.getByRole("row", { name: /does not trust/ }).click();
      const said = response(page).getByText(/^the client does not trust .* unknown CA$/);
      await said.waitFor();
      assert.ok(await said.evaluate((element) => element.scrollWidth <= element.clientWidth), "not cut");
      await response(page).getByText("Run tcpmon ca to see how").waitFor();
      await response(page).getByRole("button", { name: "How clients trust it" }).click();
      await page.getByRole("dialog", { name: "Trust tcpmon's authority" }).waitFor();
      // What changes one program stands before what changes the whole system.
      assert.equal(await page.getByLabel("Trust it in").inputValue(), "curl");
    },
  ],
});
