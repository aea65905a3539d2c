// Selecting with the mouse in a body that grows: nothing moves under the mouse, what is selected stays selected, and what
// has come is there once the button is let go.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { server, write } from "../relay/transcript.ts";
import { Running } from "../running.ts";
import { browserTest, drawn, inPage, until } from "./harness.ts";
import { body, format, request, scroller, select } from "./panes.ts";

/** So many lines, numbered from `from` on. */
function lines(from: number, count: number): string {
  return Array.from({ length: count }, (_, at) => `line ${from + at}\n`).join("");
}

/** What is selected, and where each of the lines on the screen is, px. */
function look(page: Page): Promise<{ selected: string; seen: Record<string, number> }> {
  return scroller(request(page)).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const seen = [...element.querySelectorAll(".cm-line")]
      .map((line) => [line.textContent!, line.getBoundingClientRect()] as const)
      .filter(([, place]) => place.top >= top + 18 && place.bottom <= bottom - 18)
      .map(([text, place]) => [text, place.top]);
    return { selected: getSelection()!.toString(), seen: Object.fromEntries(seen) };
  });
}

/** Waits until this line is on the screen, and the text stays where it is. */
async function seenAtRest(page: Page, line: string): Promise<Awaited<ReturnType<typeof look>>> {
  let before = "";
  return await until(() => look(page), (now) => {
    const isSame = JSON.stringify(now) === before;
    before = JSON.stringify(now);
    return isSame && line in now.seen;
  }, `${line}, at rest`);
}

/** Sends so many lines, and waits until the page has been answered with the last of them and is drawn. */
async function grow(page: Page, client: Deno.Conn, from: number, count: number): Promise<void> {
  const last = `line ${from + count - 1}`;
  const answered = page.waitForResponse(async (answer) =>
    /\/view\?/.test(answer.url()) && (await answer.text()).includes(last)
  );
  await write(client, lines(from, count));
  await answered;
  await drawn(page);
}

/** The middle of a line's beginning. */
async function begin(page: Page, line: string): Promise<readonly [x: number, y: number]> {
  const box = (await request(page).locator(".cm-line").getByText(line, { exact: true }).boundingBox())!;
  return [box.x + 1, box.y + box.height / 2];
}

/** A client that has sent `text` as the beginning of a body, which the page shows. */
function growingTest(
  name: string,
  text: string,
  look: (page: Page, client: Deno.TcpConn) => Promise<void>,
): void {
  browserTest(name, async (browser) => {
    const target = server(async (conn) => {
      while (await conn.read(new Uint8Array(65_536)) !== null);
    });
    const running = await Running.start(["-l", "0", "-t", `${target.address.host}:${target.address.port}`]);
    const client = await Deno.connect({ hostname: "127.0.0.1", port: running.port() });
    try {
      await write(
        client,
        `POST /log HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 1000000\r\n\r\n${text}`,
      );
      await inPage(browser, running.ready.ui, {}, async (page) => {
        await select(page, /\/log/);
        await body(request(page)).getByText(text.split("\n")[0], { exact: true }).waitFor();
        await look(page, client);
      });
    } finally {
      client.close();
      await running.stop();
      await target.close();
    }
  });
}

growingTest(
  "the last lines of a body that grows are selected with the mouse as they are",
  lines(0, 300),
  async (page, client) => {
    await body(request(page)).press("Control+End");
    await seenAtRest(page, "line 297");
    const [x, y] = await begin(page, "line 293");
    const [, below] = await begin(page, "line 295");
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, (y + below) / 2);
    await page.mouse.move(x, below);
    const wanted = "line 293\nline 294\n";
    await until(() => look(page), ({ selected }) => selected === wanted, "what is selected");
    const before = await look(page);
    for (const from of [300, 320, 340]) {
      await grow(page, client, from, 20);
      assert.deepEqual(await look(page), before);
    }
    // What is told at the end takes another line above the text.
    client.closeWrite();
    await request(page).getByText(/Content-Length says 1000000/).waitFor();
    await drawn(page);
    const after = await look(page);
    assert.equal(after.selected, wanted);
    for (const line of ["line 293", "line 297"]) assert.equal(after.seen[line], before.seen[line], line);
    await page.mouse.up();
    assert.equal((await seenAtRest(page, "line 357")).selected, wanted);
  },
);

growingTest(
  "what is selected in half a line stays so when the line becomes whole",
  "half a",
  async (page, client) => {
    await body(request(page)).getByText("half a").dblclick({ position: { x: 4, y: 8 } });
    await until(() => look(page), ({ selected }) => selected === "half", "the word");
    await write(client, " line\n");
    await body(request(page)).getByText("half a line").waitFor();
    assert.equal((await look(page)).selected, "half");
  },
);

growingTest(
  "what is selected in the last row of hex stays so when the row becomes longer",
  "half a",
  async (page, client) => {
    await format(request(page)).selectOption("hex");
    const row = body(request(page)).locator(".cm-line").last();
    await row.getByText("68 61").waitFor();
    const bytes = request(page).getByText(/0x[0-9a-f]+–0x[0-9a-f]+/).first();
    await body(request(page)).focus();
    await page.keyboard.press("Control+Home");
    for (let press = 0; press < 10; press++) await page.keyboard.press("ArrowRight");
    for (let press = 0; press < 4; press++) await page.keyboard.press("Shift+ArrowRight");
    await bytes.waitFor();
    const selected = () => request(page).locator(".hex-selected").allInnerTexts();
    const before = [await selected(), await bytes.innerText()];
    assert.ok(before[0].length > 0);
    await write(client, " line\n");
    await row.getByText("half a line").waitFor();
    assert.deepEqual([await selected(), await bytes.innerText()], before);
  },
);
