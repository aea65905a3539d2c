// The Sender with the real program: what is typed is what its targets hear, byte for byte, and what they answer is shown;
// several at once, cancelled, refused, pasted from curl and copied for it, and still there when the page is loaded again.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { shell } from "../decode/curl/heard.ts";
import { curl } from "../needs.ts";
import { Running } from "../running.ts";
import { httpTarget, lineTarget } from "./heard.ts";
import { asksToLeave, browserTest, hasFocus, inContext, opened, until } from "./harness.ts";
import { Target } from "./target.ts";

interface Scene {
  readonly running: Running;
  readonly http: ReturnType<typeof httpTarget>;
  readonly lines: ReturnType<typeof lineTarget>;
  /** Answers `/wait` when it is told to. */
  readonly slow: Target;
}

type Step = (page: Page, scene: Scene) => Promise<void>;

const endpoint = (page: Page) => page.getByLabel("Endpoint", { exact: true });
const headOf = (page: Page) => page.getByRole("textbox", { name: "Head of the draft" });
const bodyOf = (page: Page) => page.getByRole("textbox", { name: "Body of the draft" });
const response = (page: Page) => page.getByRole("region", { name: "Response" });
const send = (page: Page) => page.getByRole("button", { name: /^Send/ }).click();
const newest = (page: Page, name: RegExp) => page.getByRole("row", { name }).first().waitFor();

/** What a target has heard on its newest connection, once that is whole. */
function heard(target: { readonly heard: readonly string[] }, before: number, end: string): Promise<string> {
  return until(
    () => Promise.resolve(target.heard.length > before ? octets(target.heard[target.heard.length - 1]) : ""),
    (text) => text !== "" && text.endsWith(end),
    "what the target heard",
  );
}

/** A text in UTF-8, as the targets note what they hear. */
const wire = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));

/** TextDecoder gives some bytes of "latin1" as windows-1252 has them; of those, only this one is sent here. */
const octets = (text: string) => text.replaceAll("\u201a", "\x82");

/** The body of a Draft typed, whatever its editor is. */
async function typeBody(page: Page, text: string): Promise<void> {
  await bodyOf(page).fill(text);
}

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await endpoint(page).focus();
  await page.keyboard.press("ControlOrMeta+v");
}

const STEPS: Readonly<Record<string, Step>> = {
  "a SOAP call has its action and type, and the answer its head and times": async (page, { http }) => {
    const before = http.heard.length;
    await endpoint(page).fill(`http://${http.address}/axis/services/StockQuote`);
    await page.getByLabel("SOAP", { exact: true }).selectOption("1.1");
    await page.getByLabel("SOAP action").fill("http://quotes.example.org/getQuote");
    const sample = page.getByRole("button", { name: "Sample envelope" });
    await sample.click();
    await page.getByText("only into an empty body").waitFor();
    assert.ok(await sample.isDisabled());
    await bodyOf(page).getByText("getQuote").first().waitFor();
    await typeBody(page, "<e>é€</e>");
    await bodyOf(page).press("ControlOrMeta+Enter");
    assert.equal(
      await heard(http, before, "</e>"),
      "POST /axis/services/StockQuote HTTP/1.1\r\n" +
        `Host: ${http.address}\r\nUser-Agent: tcpmon\r\nAccept: */*\r\n` +
        "Content-Type: text/xml; charset=utf-8\r\n" +
        'SOAPAction: "http://quotes.example.org/getQuote"\r\n' +
        `Content-Length: 12\r\n\r\n${wire("<e>é€</e>")}`,
    );
    await response(page).getByText("X-Same").waitFor();
    await response(page).getByText("Börse").first().waitFor();
    const timing = page.getByRole("note", { name: "Timing" });
    await until(
      () => timing.innerText(),
      (text) =>
        ["dialled in", "first byte after", "complete after", "in all"].every((one) => text.includes(one)),
      "timing",
    );
  },

  "JSON and a form are sent with their types, and a charset of one's own in its bytes": async (
    page,
    { http },
  ) => {
    await endpoint(page).fill(`http://${http.address}/orders`);
    await page.getByLabel("Method").selectOption("POST");
    await page.getByLabel("Content type").selectOption("application/json");
    await typeBody(page, '{"id":90071992547409931}');
    let before = http.heard.length;
    await send(page);
    const json = await heard(http, before, "}");
    assert.match(
      json,
      /Content-Type: application\/json\r\nContent-Length: 24\r\n\r\n\{"id":90071992547409931\}$/,
    );

    await page.getByLabel("Content type").selectOption("application/x-www-form-urlencoded");
    await typeBody(page, "a=1&b=2");
    before = http.heard.length;
    await send(page);
    assert.match(await heard(http, before, "b=2"), /urlencoded\r\nContent-Length: 7\r\n\r\na=1&b=2$/);

    await page.getByLabel("Content type").selectOption("text/xml");
    await page.getByLabel("Charset").selectOption("iso-8859-1");
    await typeBody(page, "<a>é€</a>");
    await page.getByText(/Cannot write "€" \(U\+20AC\) in iso-8859-1/).first().waitFor();
    await typeBody(page, "<a>é</a>");
    before = http.heard.length;
    await send(page);
    const latin = await heard(http, before, "</a>");
    assert.match(latin, /charset=iso-8859-1\r\nContent-Length: 8\r\n\r\n<a>\xe9<\/a>$/);
  },

  "any method, and Host and Content-Length as they are typed": async (page, { http }) => {
    const before = http.heard.length;
    await endpoint(page).fill(`http://${http.address}/`);
    await headOf(page).fill("BREW /pot HTTP/1.1\nHost: coffee.example\nContent-Length: 3");
    assert.equal(await endpoint(page).inputValue(), `http://${http.address}/pot`);
    await page.getByLabel("Edit as").selectOption("text");
    await typeBody(page, "milk!");
    await page.getByLabel("Leave 3 as typed").check();
    assert.ok(await page.getByLabel("Leave coffee.example as typed").isChecked());
    await send(page);
    assert.equal(
      await heard(http, before, "milk!"),
      "BREW /pot HTTP/1.1\r\nHost: coffee.example\r\nContent-Length: 3\r\n\r\nmilk!",
    );
    await page.getByLabel(`Set to ${http.address}`).check();
    await until(() => headOf(page).innerText(), (text) => text.includes(`Host: ${http.address}`), "the head");
  },

  "raw TCP goes turn by turn, after a target that speaks first": async (page, { lines }) => {
    await endpoint(page).fill(`tcp://${lines.address}`);
    await page.getByLabel("The target speaks first").check();
    await page.getByRole("textbox", { name: "Turn 1" }).fill("EHLO me\\r\\n");
    await page.getByRole("button", { name: "Add a turn" }).click();
    await page.getByRole("textbox", { name: "Turn 2" }).fill("NOOP \\xe9\\r\\n");
    const before = lines.heard.length;
    await send(page);
    assert.equal(await heard(lines, before, "\xe9\r\n"), "EHLO me\r\nNOOP \xe9\r\n");
    await page.getByRole("row", { name: /NOOP/ }).first().click();
    await response(page).getByText("250 2 NOOP").first().waitFor();

    await page.getByRole("button", { name: "Load into the draft" }).click();
    const added = page.getByRole("textbox", { name: "Turn 2" });
    await added.fill("QUIT\\r\\n");
    assert.ok(await page.getByLabel("The target speaks first").isChecked());
    const again = lines.heard.length;
    await send(page);
    assert.equal(await heard(lines, again, "QUIT\r\n"), "EHLO me\r\nQUIT\r\n");
    // Each turn is linked to the one that it was loaded from.
    const links = await until(
      () =>
        page.evaluate(async () => {
          const answer = await fetch("/api/exchanges?listener=sender&limit=10");
          const rows = (await answer.json()).exchanges as {
            url: string;
            id: string;
            resendOf: string | null;
          }[];
          const of = (url: string) => rows.filter((row) => row.url.includes(url));
          return [of("QUIT")[0]?.resendOf === of("NOOP")[0].id, of("EHLO")[0].resendOf === of("EHLO")[1]?.id];
        }),
      (links) => links.every((is) => is),
      "links",
    );
    assert.deepEqual(links, [true, true]);
  },

  "what cannot be sent is said in words, and nothing typed is lost": async (page) => {
    await endpoint(page).fill("http://127.0.0.1:1/nothing");
    await send(page);
    await response(page).getByText("127.0.0.1:1 refused the connection").waitFor();
    await endpoint(page).fill("ftp://localhost/secret");
    await send(page);
    // What was answered to something else is not there as if it were the answer to this.
    await response(page).getByText("Nothing was sent").waitFor();
    assert.equal(await response(page).getByText("refused the connection").count(), 0);
    await page.getByRole("alert").getByText("Cannot send to ftp://").waitFor();
    assert.equal(await endpoint(page).inputValue(), "ftp://localhost/secret");
    await endpoint(page).fill("");
    await send(page);
    await page.getByRole("alert").getByText("The endpoint is missing").waitFor();
    await hasFocus(endpoint(page));
  },

  "one waits for its answer while another is sent and other tabs go on; it is cancelled": async (
    page,
    scene,
  ) => {
    await endpoint(page).fill(`http://${scene.slow.address}/wait`);
    await send(page);
    await newest(page, /open.*\/wait/);
    await endpoint(page).fill(`http://${scene.http.address}/meanwhile`);
    await send(page);
    await newest(page, /done.*\/meanwhile.*200/);
    await page.getByRole("tab", { name: new RegExp(String(scene.running.port())) }).click();

    await page.getByRole("grid").waitFor();
    await page.getByRole("tab", { name: "Sender" }).click();
    assert.equal(await endpoint(page).inputValue(), `http://${scene.http.address}/meanwhile`);
    await page.getByRole("row", { name: /\/wait/ }).first().click();
    await page.getByRole("button", { name: "Draft", exact: true }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await newest(page, /failed.*\/wait/);
    await response(page).getByText("ended by the user").first().waitFor();
  },

  "what goes to a listener's own port is recorded by that too, which is said before": async (
    page,
    { running },
  ) => {
    await endpoint(page).fill(`http://127.0.0.1:${running.port()}/through`);
    await page.getByText(`through the listener on port ${running.port()}, which records it too`).waitFor();
    await send(page);
    await newest(page, /done.*\/through.*200/);
    await page.getByRole("tab", { name: new RegExp(String(running.port())) }).click();
    await newest(page, /done.*\/through.*200/);
  },

  "what was typed is asked about before the page goes, and no longer once it was sent": async (
    page,
    { http },
  ) => {
    const before = http.heard.length;
    await endpoint(page).fill(`http://${http.address}/typed`);
    await typeBody(page, "typed");
    assert.equal(await asksToLeave(page), true);
    await send(page);
    await heard(http, before, "typed");
    await newest(page, /\/typed/);
    await typeBody(page, "typed on");
    assert.equal(await asksToLeave(page), true);
    await typeBody(page, "typed");
    assert.equal(await asksToLeave(page), false, "what was changed was changed back");
    await endpoint(page).fill(`http://${http.address}/typed`);
    await typeBody(page, "replaced");
    await page.getByRole("row", { name: /\/typed/ }).first().click();
    await page.getByRole("button", { name: "Load into the draft" }).click();
    await bodyOf(page).getByText("typed").waitFor();
    assert.equal(await asksToLeave(page), true, "what was replaced can be put back");
  },
  "the history is there when the page is loaded again, and a row of it is loaded and sent again": async (
    page,
    { http },
  ) => {
    await endpoint(page).fill(`http://${http.address}/again?n=1`);
    await send(page);
    await newest(page, /done.*\/again\?n=1.*200/);
    await page.reload();
    await page.getByRole("tab", { name: "Sender", selected: true }).waitFor();
    assert.equal(await endpoint(page).inputValue(), "", "a draft is not kept");
    const remembered = page.locator(`datalist option[value="http://${http.address}/again"]`);
    assert.equal(await remembered.count(), 1, "its endpoint is, without the query");
    await page.getByRole("row", { name: /\/again\?n=1/ }).first().click();
    await page.getByText("As sent at").waitFor();
    await page.getByRole("button", { name: "Load into the draft" }).click();
    await until(() => endpoint(page).inputValue(), (text) => text.endsWith("/again?n=1"), "endpoint");
    await endpoint(page).fill(`http://${http.address}/again?n=2`);
    const before = http.heard.length;
    await send(page);
    assert.match(await heard(http, before, "\r\n\r\n"), /^GET \/again\?n=2 HTTP\/1\.1\r\nHost: /);
    await newest(page, /done.*\/again\?n=2.*200/);
    const [second, first] = await page.evaluate(async () => {
      const answer = await fetch("/api/exchanges?listener=sender&limit=2");
      return (await answer.json()).exchanges as { readonly id: string; readonly resendOf: string | null }[];
    });
    assert.deepEqual([second.resendOf, first.resendOf], [first.id, null]);
    const rows = await page.getByRole("row").count();
    await page.getByRole("row", { name: /\/again\?n=2/ }).first().click();
    await page.getByRole("button", { name: "Remove selected" }).click();
    await until(() => page.getByRole("row").count(), (count) => count === rows - 1, "rows");
  },
};

const WITH_CURL: Readonly<Record<string, Step>> = {
  "a pasted curl command is sent as curl sends it, and copied as one that curl understands": async (
    page,
    { http },
  ) => {
    const command =
      `curl -skL -X PATCH 'http://${http.address}/a%20b?c=d' \\\n  -H 'X-Own: é' -H 'Accept:' \\\n` +
      `  -A tcpmon --data-raw $'line one\\nit\\'s é€'`;
    await paste(page, "curl --insecure https://localhost/");
    assert.ok(await page.getByLabel("Accept any certificate").isChecked());
    let before = http.heard.length;
    await shell(command);
    const real = await heard(http, before, wire("é€"));

    await paste(page, command);
    await page.getByText("redirects are not followed").waitFor();
    assert.equal(await endpoint(page).inputValue(), `http://${http.address}/a%20b?c=d`);
    before = http.heard.length;
    await send(page);
    assert.equal(await heard(http, before, wire("é€")), real);

    await page.getByRole("button", { name: "Copy as cURL" }).click();
    await page.getByText("Copied a curl command").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    before = http.heard.length;
    await shell(copied.replace(/^curl/, "curl -s"));
    const again = await heard(http, before, wire("é€"));
    const lines = (request: string) => request.split("\r\n").toSorted();
    assert.deepEqual(lines(again), lines(real));

    await endpoint(page).fill("curl -F file=@photo.png http://localhost/");
    await headOf(page).focus();
    await page.getByRole("alert").getByText("Cannot read the file photo.png").waitFor();
  },
};

function senderTest(name: string, steps: Readonly<Record<string, Step>>, missing = false): void {
  browserTest(name, async (browser, t) => {
    const [http, lines, slow] = [httpTarget(), lineTarget(), new Target()];
    const running = await Running.start(["-l", "0", "-t", http.address]);
    const scene = { running, http, lines, slow };
    const permissions = ["clipboard-read", "clipboard-write"];
    try {
      await inContext(browser, { permissions }, async (page) => {
        for (const [what, step] of Object.entries(steps)) {
          await t.step(what, () =>
            opened(page, running.ready.ui, async (page) => {
              await page.getByRole("tab", { name: "Sender" }).click();
              await endpoint(page).waitFor();
              await step(page, scene);
            }));
        }
      });
    } finally {
      await running.stop();
      await Promise.all([http.end(), lines.end(), slow.end()]);
    }
  }, { missing });
}

senderTest("the Sender", STEPS);
senderTest("the Sender and curl", WITH_CURL, curl === null);
