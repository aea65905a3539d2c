// TLS that passes through, on the page of the real program: its row, why it failed, and what is read of both sides.

import assert from "node:assert/strict";
import { alert, clientHello, handshakeRecord, hello13, SERVER_12 } from "../decode/tls/records.ts";
import { octets } from "../decode/transcript.ts";
import { server, write } from "../relay/transcript.ts";
import { Running } from "../running.ts";
import { browserTest, inPage, until } from "./harness.ts";
import { request, response } from "./panes.ts";

browserTest("TLS that passes through is read on the page", async (browser) => {
  const target = server(async (conn) => {
    const buffer = new Uint8Array(1024);
    await conn.read(buffer);
    if (buffer[0] === 0x47) return await write(conn, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    await write(conn, octets(SERVER_12 + handshakeRecord(14, "")));
    await conn.read(buffer);
  });
  const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${target.address.port}`]);
  const ask = async (first: string, then: string) => {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: running.port() });
    await write(conn, octets(first));
    await conn.read(new Uint8Array(1024));
    if (then !== "") await write(conn, octets(then));
    conn.close();
  };
  try {
    await ask(hello13("shop.test"), alert(2, 48));
    await ask(handshakeRecord(1, clientHello({})), "");
    await ask("GET /plain HTTP/1.1\r\nHost: a\r\n\r\n", "");
    await inPage(browser, running.ready.ui, {}, async (page) => {
      const row = page.getByRole("row", {
        name: /failed.*tls shop\.test TLS 1\.2, Alert unknown_ca from the client/,
      });
      await row.click();
      await request(page).getByText("server_name").waitFor();
      await response(page).getByText("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256").waitFor();
      const format = request(page).getByRole("combobox", { name: "Format" });
      assert.match(await format.innerText(), /^Auto: TLS\nXML\nJSON\nForm\nTLS\nHex\nText\nRaw$/);
      assert.match(
        await request(page).innerText(),
        /TLS, passed through undecrypted[^]*the client does not trust the certificate; add its issuer/,
      );
      await format.selectOption("hex");
      await request(page).getByText(/00000000 {2}16 03 01 00/).waitFor();

      const resend = page.getByRole("button", { name: "Resend", exact: true });
      assert.ok(await resend.isDisabled(), "no server accepts a recorded handshake");
      assert.match(await resend.getAttribute("title") ?? "", /^Cannot send it again: it is TLS that passed/);

      await page.getByRole("row", { name: /\/plain/ }).click();
      await request(page).getByText("GET /plain").waitFor();
      assert.doesNotMatch(await format.innerText(), /TLS/);
      assert.ok(await resend.isEnabled());

      await page.getByRole("searchbox", { name: "Filter" }).fill("protocol:tls");
      const rows = page.locator(".row[data-ordinal]");
      await until(
        () => rows.allInnerTexts(),
        (texts) => texts.length === 2 && /no server name/.test(texts[0]),
        "rows",
      );
    });
  } finally {
    await running.stop();
    await target.close();
  }
});
