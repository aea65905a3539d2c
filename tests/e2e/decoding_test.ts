// What is decoded for display, with the real program: content codings are removed and said, the exact bytes one click
// away; characters stay whole wherever chunks and reads cut them.

import assert from "node:assert/strict";
import zlib from "node:zlib";
import type { Locator } from "playwright-core";
import { joined } from "../../src/decode/octets.ts";
import { until } from "./harness.ts";
import { body, clipboard, facts, format, hasFact, panes, response, select, shown } from "./panes.ts";

const encoder = new TextEncoder();

const TEXT = `<?xml version="1.0"?><quotes>${"<name>Börse é€😀</name>".repeat(4)}</quotes>`;
const LAID_OUT = [
  '<?xml version="1.0"?>',
  "<quotes>",
  ...Array.from({ length: 4 }, () => "  <name>Börse é€😀</name>"),
  "</quotes>",
];

/** TEXT in zstd, which not every node:zlib has. */
const ZSTD = Uint8Array.from(
  atob(
    "KLUv/QBYRQIA1AM8P3htbCB2ZXJzaW9uPSIxLjAiPz48cXVvdGVzPjxuYW1lPkLDtnJzZSDDqeKCrPCfmIA8Ly9xdW90ZXM+AgAF1IDSdkIB",
  ),
  (char) => char.charCodeAt(0),
);
const CAN_ZSTD = "createZstdDecompress" in zlib;

/** What Content-Encoding says, and TEXT so coded. */
const CODED: Readonly<Record<string, readonly [coding: string, bytes: Uint8Array]>> = {
  "br": ["br", zlib.brotliCompressSync(TEXT)],
  "deflate": ["deflate", zlib.deflateSync(TEXT)],
  "deflate-bare": ["deflate", zlib.deflateRawSync(TEXT)],
  "gzip-then-br": ["gzip, br", zlib.brotliCompressSync(zlib.gzipSync(TEXT))],
  "zstd": ["zstd", ZSTD],
};

/** In chunks of so many bytes. */
function chunked(bytes: Uint8Array, size: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = bytes.subarray(at, at + size);
    parts.push(encoder.encode(`${chunk.length.toString(16)}\r\n`), chunk, encoder.encode("\r\n"));
  }
  return joined([...parts, encoder.encode("0\r\n\r\n")]);
}

/** Waits until these lines, and no others, are shown. */
async function shows(pane: Locator, lines: readonly string[], what: string): Promise<void> {
  await until(
    () => shown(pane),
    (all) => JSON.stringify(all.map((line) => line.trimEnd())) === JSON.stringify(lines),
    what,
  );
}

/** Each two bytes the other way round. */
function swapped(bytes: Uint8Array): Uint8Array {
  return bytes.map((_, at) => bytes[at ^ 1]);
}

/** `<a><b>…</b><c>…</c></a>` */
function around(text: Uint8Array): Uint8Array {
  return joined([
    encoder.encode("<a><b>"),
    text,
    encoder.encode("</b><c>"),
    text,
    encoder.encode("</c></a>"),
  ]);
}

const utf16 = (text: string) =>
  new Uint8Array(Uint16Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)).buffer);
const bytes = (...values: number[]) => Uint8Array.from(values);

/** A text, and `<a><b>text</b><c>text</c></a>` in that charset; the second byte of ソ and 表 is that of \\. */
const CUT: Readonly<Record<string, readonly [text: string, bytes: Uint8Array]>> = {
  "utf-8": ["é€😀", around(encoder.encode("é€😀"))],
  "utf-16le": ["é€😀", utf16("<a><b>é€😀</b><c>é€😀</c></a>")],
  "utf-16be": ["é€😀", swapped(utf16("<a><b>é€😀</b><c>é€😀</c></a>"))],
  "shift_jis": ["ソ表日本ｱ", around(bytes(0x83, 0x5c, 0x95, 0x5c, 0x93, 0xfa, 0x96, 0x7b, 0xb1))],
  "windows-1252": ["é€Œ", around(bytes(0xe9, 0x80, 0x8c))],
};

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

panes("for display", {
  "br, deflate, zstd and chunked are removed and said, and the exact bytes are one click away": async (
    page,
    { ask, target },
  ) => {
    const pane = response(page);
    for (const [name, [coding, bytes]] of Object.entries(CODED)) {
      const head =
        `200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Encoding: ${coding}\r\nTransfer-Encoding: chunked`;
      const onWire = chunked(bytes, 30);
      target.answer(`/coded/${name}`, head, onWire);
      await ask(`/coded/${name}`);
      await select(page, new RegExp(`/coded/${name} `));
      if (name === "zstd" && !CAN_ZSTD) {
        await hasFact(pane, /^zstd cannot be decoded by this version of the runtime \(Deno [\d.]+\)/);
      } else {
        await shows(pane, LAID_OUT, name);
        const chunks = Math.ceil(bytes.length / 30);
        assert.deepEqual(await facts(pane), [
          "Body",
          `${encoder.encode(TEXT).length} B`,
          `${coding}, ${bytes.length} B on the wire`,
          `chunked, ${chunks} chunks`,
          "utf-8, declared",
        ]);
      }
      const exact = joined([encoder.encode(`HTTP/1.1 ${head}\r\n\r\n`), onWire]);
      await pane.getByRole("button", { name: "Copy exact" }).click();
      await pane.getByText(`These ${exact.length} B are not text, so nothing was copied.`).waitFor();
      await pane.getByRole("button", { name: "Copy as hex digits" }).click();
      await until(() => clipboard(page), (text) => text === hex(exact), `exact bytes of ${name}`);
      await format(pane).selectOption("hex");
      const last = hex(exact.subarray(exact.length - exact.length % 16)).replace(/^((?:.. ){8})/, "$1 ");
      await body(pane).press("Control+End");
      await body(pane).getByText(last).waitFor();
      await format(pane).selectOption("raw");
      await body(pane).getByText("Transfer-Encoding: chunked").waitFor();
      await body(pane).getByText(bytes.length < 30 ? bytes.length.toString(16) : "1e").first().waitFor();
      await format(pane).selectOption("auto");
    }
  },

  "a coding that is not known is said, and its body shown as it came": async (page, { ask, target }) => {
    const said = "the coding “secret” is not known here; the body is shown with it";
    const head = "200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: secret";
    target.answer("/coded/text", head, encoder.encode("as it came"));
    await ask("/coded/text");
    await select(page, /coded\/text/);
    await shows(response(page), ["as it came"], "the body");
    await hasFact(response(page), said);
    target.answer("/coded/bytes", head, bytes(0xff, 0, 0xfe, 1, 2, 3));
    await ask("/coded/bytes");
    await select(page, /coded\/bytes/);
    await body(response(page)).getByText("ff 00 fe 01").waitFor();
    await hasFact(response(page), said);
  },

  "characters stay whole where chunks and reads of one byte cut them": async (
    page,
    { ask, open, target },
  ) => {
    const pane = response(page);
    for (const [charset, [text, bytes]] of Object.entries(CUT)) {
      const lines = ["<a>", `  <b>${text}</b>`, `  <c>${text}</c>`, "</a>"];
      const type = `text/xml; charset=${charset}`;
      target.answer(
        `/chunks/${charset}`,
        `200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked`,
        chunked(bytes, 1),
      );
      await ask(`/chunks/${charset}`);
      await select(page, new RegExp(`/chunks/${charset} `));
      await shows(pane, lines, `${charset} in chunks`);
      const said = await facts(pane);
      assert.ok(said.includes(`chunked, ${bytes.length} chunks`), said.join());
      assert.ok(said.includes(`${charset}, declared`), said.join());

      // The next byte is sent when the one before has come through: each is a read of its own.
      target.answer(`/reads/${charset}`, `200 OK\r\nContent-Type: ${type}`, null);
      const conn = await open(`GET /reads/${charset} HTTP/1.1\r\nHost: x\r\n\r\n`);
      const one = new Uint8Array(1);
      let head = "";
      while (!head.endsWith("\r\n\r\n") && await conn.read(one)) head += String.fromCharCode(one[0]);
      for (const byte of bytes) {
        await target.send(Uint8Array.of(byte));
        await conn.read(one);
        assert.equal(one[0], byte);
      }
      target.finish();
      await select(page, new RegExp(`/reads/${charset} `));
      await shows(pane, lines, `${charset} in reads of one byte`);
      await hasFact(pane, `${charset}, declared`);
      await hasFact(pane, "until the connection ended");
    }
  },
});
