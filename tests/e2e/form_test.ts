// Listeners in a browser: the form that adds one, tabs, stopping, starting, closing, and tables without rows.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { hasFocus, NARROW, pageTest, until, WIDE } from "./harness.ts";

const addTab = (page: Page) => page.getByRole("tab", { name: "Add listener" });
const add = (page: Page) => page.getByRole("button", { name: "Add", exact: true });

async function fill(page: Page, port: string, host: string, targetPort: string): Promise<void> {
  await page.getByLabel("Listen port").fill(port);
  await page.getByLabel("Target host").fill(host);
  await page.getByLabel("Target port").fill(targetPort);
}

/** Words of the tab strip that stand over others; what is scrolled away or not drawn counts as nowhere. */
function overlaps(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const strip = document.querySelector(".listeners")!.getBoundingClientRect();
    const boxes = [
      ...document.querySelectorAll(
        ".tab b, .tab .target, .tab .aside, .tab.plain .label, .tab .sign, .tab.plain .icon",
      ),
    ].map((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      const scrolls = element.closest(".listeners") !== null;
      return {
        text: element.textContent ?? "",
        left: scrolls ? Math.max(left, strip.left) : left,
        right: scrolls ? Math.min(right, strip.right) : right,
        isDrawn: width > 1,
      };
    }).filter(({ left, right, isDrawn }) => isDrawn && right > left);
    return boxes.flatMap((a, i) =>
      boxes.slice(i + 1).filter((b) => a.left < b.right - 1 && b.left < a.right - 1)
        .map((b) => `${a.text} and ${b.text}`)
    );
  });
}

pageTest("the form for a listener", {
  "adds one, and opens its tab": async (page, fixture) => {
    await addTab(page).click();
    await fill(page, "9090", "localhost", "8000");
    await add(page).click();
    await page.getByRole("tab", { name: /9090.*localhost:8000/, selected: true }).waitFor();
    assert.deepEqual(fixture.calls, [
      'POST /api/listeners {"listen":"127.0.0.1:9090","target":"localhost:8000","name":null,"hostHeader":null,' +
      '"via":null,"slow":null,"targetScheme":null,"targetTls":null,"listenTls":null}',
    ]);
    await addTab(page).click();
    assert.equal(await page.getByLabel("Listen port").inputValue(), "", "the form is empty again");
  },

  "adds with Enter": async (page) => {
    await addTab(page).click();
    await page.keyboard.type("9090");
    await page.getByLabel("Target host").fill("localhost");
    await page.getByLabel("Target port").fill("8000");
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: /9090/, selected: true }).waitFor();
  },

  "says beside the input what the program refuses, and offers another port": async (page) => {
    await addTab(page).click();
    await fill(page, "8081", "localhost", "80");
    await add(page).click();
    await page.getByRole("alert").getByText(/Port 8081 is already used/).waitFor();
    const port = page.getByLabel("Listen port");
    assert.equal(await port.getAttribute("aria-invalid"), "true");
    const told = await port.getAttribute("aria-describedby");
    assert.match(await page.locator(`#${told}`).innerText(), /already used/);
    await page.getByRole("button", { name: "Use 8082" }).click();
    assert.equal(await port.inputValue(), "8082");
    assert.equal(await page.getByRole("alert").count(), 0);
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: /8082/, selected: true }).waitFor();
  },

  "finds what is wrong before it asks": async (page, fixture) => {
    await addTab(page).click();
    await fill(page, "80900", "localhost", "80");
    await add(page).click();
    await page.getByRole("alert").getByText(/A port is a number from 0 to 65535/).waitFor();
    await fill(page, "8090", "", "80");
    await add(page).click();
    await page.getByRole("alert").getByText(/The target is missing/).waitFor();
    await hasFocus(page.locator("#target-host"));
    assert.deepEqual(fixture.calls, []);
  },

  "takes a target with its port apart when it is left, not while it is typed": async (page) => {
    await addTab(page).click();
    await page.getByLabel("Target host").focus();
    await page.keyboard.type("localhost:8080");
    assert.equal(await page.getByLabel("Target host").inputValue(), "localhost:8080");
    await page.keyboard.press("Tab");
    assert.equal(await page.getByLabel("Target host").inputValue(), "localhost");
    assert.equal(await page.getByLabel("Target port").inputValue(), "8080");
    await page.getByLabel("Target port").fill("443");
    await page.getByText(/Port 443 is where HTTPS is spoken/).waitFor();
  },

  "understands https:// as a target, and asks for TLS as it is chosen": async (page, fixture) => {
    await addTab(page).click();
    await page.getByLabel("Listen port").fill("9443");
    await page.getByLabel("Target host").fill("https://api.example.org/v1");
    await page.getByLabel("Listen port").focus();
    assert.equal(await page.getByLabel("Target host").inputValue(), "api.example.org");
    assert.equal(await page.getByLabel("Target port").inputValue(), "443");
    await page.getByText("“/v1” was left out: clients ask for it.").waitFor();
    await page.getByText("tcpmon -l 9443 -t https://api.example.org", { exact: true }).waitFor();
    await page.getByText("TLS to the target", { exact: true }).click();
    assert.ok(await page.getByRole("radio", { name: "HTTPS" }).isChecked());
    await page.getByRole("radio", { name: "That, and authorities in a file" }).check();
    await page.getByText("TLS from clients", { exact: true }).click();
    await page.getByRole("radio", { name: "End it here" }).check();
    await page.getByRole("textbox", { name: "Leave alone" }).fill("*.bank.example, https://x");
    await add(page).click();
    await until(() => page.getByRole("alert").count(), (count) => count === 2, "alerts");
    await hasFocus(page.locator("#target-ca"));
    assert.deepEqual(fixture.calls, []);
    await page.getByRole("radio", { name: "Any certificate" }).check();
    await page.getByText(/Nobody checks who answers/).waitFor();
    await page.getByRole("textbox", { name: "Leave alone" }).fill("*.bank.example, a.org");
    await add(page).click();
    await page.getByRole("tab", { name: /9443/, selected: true }).waitFor();
    assert.match(
      fixture.calls.join(),
      /"target":"api.example.org:443",.*"targetScheme":"https","targetTls":{"ca":null,"insecure":true,"cert":null,"key":null},"listenTls":{"cert":null,"key":null,"asksClients":false,"passthrough":\["\*\.bank\.example","a\.org"\]}/,
    );
  },

  "says why a program that is too old offers no TLS": [
    { prepare: (fixture) => fixture.tlsLack = "TLS needs tcpmon on Deno 2.9 or later; this is 2.4.2" },
    async (page) => {
      await addTab(page).click();
      await page.getByText("TLS to the target", { exact: true }).click();
      await page.getByText("TLS needs tcpmon on Deno 2.9 or later; this is 2.4.2.").first().waitFor();
      assert.ok(await page.getByRole("radio", { name: "HTTPS" }).isDisabled());
      assert.ok(await page.getByRole("radio", { name: "None the target gets" }).isEnabled());
    },
  ],

  "shows TLS of a listener that is there, and changes it while it is stopped": [
    {
      prepare: (fixture) => {
        fixture.addListener("9443", 0, {
          target: "api.example.org:443",
          targetScheme: "https",
          targetTls: { ca: null, insecure: true, cert: "/c.pem", key: "/c.pem" },
          listenTls: { cert: null, key: null, asksClients: true, passthrough: ["*.bank.example"] },
          state: "stopped",
        });
      },
    },
    async (page, fixture) => {
      await page.getByRole("tab", { name: /9443/ }).click();
      await page.getByRole("button", { name: "Change it" }).click();
      await page.getByText("HTTPS, any certificate accepted, with a certificate").waitFor();
      await page.getByText("ended here, clients are asked for one, 1 left alone").click();
      assert.equal(await page.getByRole("textbox", { name: "Leave alone" }).inputValue(), "*.bank.example");
      await page.getByText("TLS to the target", { exact: true }).click();
      assert.equal(await page.getByRole("textbox", { name: "Key for the target" }).inputValue(), "");
      await page.getByRole("radio", { name: "What the system trusts" }).check();
      await page.getByRole("button", { name: "Save changes" }).click();
      await page.getByRole("heading", { name: "Listener 9443" }).waitFor({ state: "detached" });
      assert.match(
        fixture.calls.join(),
        /^PATCH .*"targetScheme":"https","targetTls":\{"ca":null,"insecure":false,"cert":"\/c\.pem","key":"\/c\.pem"\}/,
      );
    },
  ],

  "names everything that is wrong at once": async (page) => {
    await addTab(page).click();
    await add(page).click();
    await until(() => page.getByRole("alert").count(), (count) => count === 3, "alerts");
    await hasFocus(page.locator("#listen-port"));
  },

  "says what will happen, and gives the command line": async (page) => {
    await addTab(page).click();
    await page.getByLabel("Listen port").fill("8090");
    await page.getByLabel("Target host").fill("http://shop.example.org/orders");
    await page.getByText("tcpmon -l 8090 -t shop.example.org:80").waitFor();
    await page.getByText("client→127.0.0.1:8090→shop.example.org:80").waitFor();
    await page.getByLabel("on address").fill("0.0.0.0");
    await page.getByText(/Other machines can connect too/).waitFor();
    await page.getByText("tcpmon -l 0.0.0.0:8090 -t shop.example.org:80").waitFor();
  },

  "keeps what was typed while another tab is looked at": async (page) => {
    await addTab(page).click();
    await fill(page, "8090", "localhost", "80");
    await page.getByRole("tab", { name: /8081/ }).click();
    await addTab(page).click();
    assert.equal(await page.getByLabel("Target host").inputValue(), "localhost");
  },

  "is what stands there without a listener": [{ rows: {} }, async (page) => {
    await page.getByRole("tab", { name: "Add listener", selected: true }).waitFor();
    await page.getByText(/There is no listener yet/).waitFor();
    await hasFocus(page.locator("#listen-port"));
  }],
});

pageTest("tabs", {
  "name port, target, state and count": [{
    prepare: (fixture) => {
      fixture.addListener("5432", 1902, { target: "db:5432", state: "stopped" });
      fixture.addListener("443", 0, {
        target: "pay:443",
        state: "failed",
        error: "Port 443 needs a permission.",
      });
    },
  }, async (page) => {
    for (
      const name of [
        "8081 → shop.example.org:80 214 exchanges",
        "5432 → db:5432 stopped 1,902 exchanges",
        "443 → pay:443 cannot listen 0 exchanges",
        "Add listener",
        "Sender",
      ]
    ) {
      await page.getByRole("tab", { name, exact: true }).waitFor();
    }
    await page.getByRole("tab", { name: /443/ }).click();
    await page.getByText("Port 443 needs a permission.").waitFor();
  }],

  "never cover each other, and scroll where they have no room": [{
    prepare: (fixture) => {
      for (let port = 18_401; port <= 18_412; port++) {
        const state = port % 2 === 0 ? "stopped" : "listening";
        fixture.addListener(String(port), 1902, { target: "a-rather-long-name.example.org:19080", state });
      }
    },
  }, async (page) => {
    for (const width of [1440, 1000, 899, 390]) {
      await page.setViewportSize({ width, height: 800 });
      for (const name of [/^8081/, /^18406/, /^18412/]) {
        const tab = page.getByRole("tab", { name });
        await page.getByRole("tab", { selected: true }).focus();
        await tab.evaluate((element) => (element as HTMLElement).click());
        await until(() => overlaps(page), (found) => found.length === 0, `${width} px, ${name}`);
        await until(
          async () => {
            const [inner, outer] = [await tab.boundingBox(), await page.locator(".listeners").boundingBox()];
            return inner!.x >= outer!.x - 1 && inner!.x + inner!.width <= outer!.x + outer!.width + 1;
          },
          (inView) => inView,
          `${width} px, ${name} in view`,
        );
      }
      assert.ok(await page.locator(".tabs .more.before").isVisible(), `${width} px says that there are more`);
      for (const name of ["Add listener", "Sender"]) {
        const box = await page.getByRole("tab", { name }).boundingBox();
        assert.ok(box!.x + box!.width <= width, `${name} at ${width} px`);
      }
    }
  }],

  "say where they lead, and none is lost where they have no room": [{
    prepare: (fixture) => {
      for (let port = 18_401; port <= 18_420; port++) {
        const state = port % 10 === 0 ? "failed" : "listening";
        fixture.addListener(String(port), 3, { target: "shop.example.org:80", state });
      }
    },
  }, async (page) => {
    await page.setViewportSize(WIDE);
    const targets = await page.locator(".tab .target").evaluateAll((found) =>
      found.map((one) => one.getBoundingClientRect().width)
    );
    assert.ok(targets.every((width) => width >= 80), targets.join());
    const list = page.getByRole("button", { name: /^All listeners: 21\s*2\s*cannot listen$/ });
    await list.click();
    await page.getByText("Cannot listen: 18410, 18420.").waitFor();
    await page.getByRole("menuitem", { name: /^18420 → shop\.example\.org:80 cannot listen$/ }).click();
    await page.getByRole("tab", { name: /18420.*cannot listen/, selected: true }).waitFor();
    await page.setViewportSize(NARROW);
    await list.waitFor();
    await page.setViewportSize(WIDE);
  }],

  "go on where they were left": [{ rows: { "8081": 5000, "8082": 300 } }, async (page) => {
    await page.getByRole("grid").focus();
    await page.keyboard.press("End");
    await page.getByRole("row", { name: /n=0 / }).waitFor();
    await page.getByRole("tab", { name: /8082/ }).click();
    await page.getByRole("row", { name: /n=280 / }).waitFor();
    await page.getByRole("tab", { name: /8081/ }).click();
    await page.getByRole("row", { name: /n=0 /, selected: true }).waitFor();
  }],

  "are remembered": [{ rows: { "8081": 3, "8082": 3 } }, async (page) => {
    await page.getByRole("tab", { name: /8082/ }).click();
    await page.reload();
    await page.getByRole("tab", { name: /8082/, selected: true }).waitFor();
  }],
});

pageTest("a listener", {
  "is stopped and started": async (page, fixture) => {
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("tab", { name: /8081.*stopped/ }).waitFor();
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByRole("button", { name: "Stop" }).waitFor();
    assert.deepEqual(fixture.calls, [
      'PATCH /api/listeners/l8081 {"state":"stopped"}',
      'PATCH /api/listeners/l8081 {"state":"listening"}',
    ]);
  },

  "that cannot listen says so once, and offers the port that is free": [{
    prepare: (fixture) => {
      fixture.addListener("9000", 0, {
        state: "failed",
        error:
          "Cannot listen on 127.0.0.1:9000: the port is already used, by another program. Take another port.",
        suggestion: "127.0.0.1:9001",
      });
    },
  }, async (page, fixture) => {
    await page.getByRole("tab", { name: /9000/ }).click();
    await page.getByText("The port is already used, by another program. Take another port.").waitFor();
    const text = await page.locator("main, .foot").allInnerTexts();
    assert.equal(text.join().match(/cannot listen/gi)?.length, 1, text.join());
    await page.getByRole("button", { name: "Use port 9001" }).click();
    await page.getByRole("button", { name: "Stop" }).waitFor();
    assert.deepEqual(fixture.calls, [
      'PATCH /api/listeners/l9000 {"listen":"127.0.0.1:9001","state":"listening"}',
    ]);
  }],

  "says in the foot that the Host header is rewritten": [{
    prepare: (fixture) => void fixture.addListener("9000", 0, { rewritesHost: false }),
  }, async (page) => {
    await page.locator(".foot").getByText("Host header rewritten").waitFor();
    await page.getByRole("tab", { name: /9000/ }).click();
    await page.locator(".foot").getByText("Listening on 127.0.0.1:9000").waitFor();
    assert.equal(await page.locator(".foot").getByText("Host header rewritten").count(), 0);
  }],

  "is closed after a question that says what that means": async (page, fixture) => {
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByText(/Close port 8081\?.*1 open connection.*214 exchanges/).waitFor();
    await page.getByRole("button", { name: "Keep" }).click();
    assert.deepEqual(fixture.calls, []);
    await page.getByRole("button", { name: "Close" }).click();
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "Add listener", selected: true }).waitFor();
    assert.deepEqual(fixture.calls, ["DELETE /api/listeners/l8081"]);
  },

  "without traffic is closed at once, and says what to do until then": [
    { rows: { "8082": 0 } },
    async (page) => {
      await page.getByRole("heading", { name: "Nothing has come through port 8082 yet" }).waitFor();
      await page.getByText("curl -i http://localhost:8082/", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Close" }).click();
      await page.getByRole("tab", { name: "Add listener", selected: true }).waitFor();
    },
  ],

  "says what is rewritten for a target with a name, and that nothing is for another": async (page) => {
    await page.getByRole("tab", { name: "Add listener" }).click();
    await page.getByLabel("Listen port").fill("8083");
    await page.getByLabel("Target port").fill("80");
    for (
      const [host, words] of [["shop", /^Host, and what goes/], ["127.0.0.1", /^Every byte goes/]] as const
    ) {
      await page.getByLabel("Target host").fill(host);
      await page.getByText(words).waitFor();
    }
  },

  "shows its first exchange as it comes": [{ rows: { "8082": 0 } }, async (page, fixture) => {
    await page.getByText("Try it:").waitFor();
    fixture.come("8082", 1, { url: "/hello" });
    await page.getByRole("row", { name: /hello/ }).waitFor();
    await until(() => page.title(), (title) => title === "8082 → shop.example.org:80 · tcpmon", "title");
  }],

  "gives its command to the clipboard": [
    { rows: { "8082": 0 }, context: { permissions: ["clipboard-read", "clipboard-write"] } },
    async (page) => {
      await page.getByRole("button", { name: "Copy" }).click();
      await page.getByRole("button", { name: "Copied" }).waitFor();
      assert.equal(
        await page.evaluate(() => navigator.clipboard.readText()),
        "curl -i http://localhost:8082/",
      );
    },
  ],
});
