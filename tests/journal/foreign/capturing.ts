// Real traffic, captured by dumpcap while it passes.

import assert from "node:assert/strict";
import { readerOf } from "../../../src/journal/file.ts";
import { ForeignReader } from "../../../src/journal/foreign/reader.ts";
import { dumpcap } from "../../needs.ts";

const PATIENCE_MS = 20_000;

/** Whether dumpcap is there and may capture. */
export const canCapture = dumpcap !== null &&
  new Deno.Command(dumpcap, { args: ["-i", "lo", "-L"], stdout: "null", stderr: "null" }).outputSync()
    .success;

/** Has dumpcap capture what passes a port; resolves when it does. The function given ends it. */
export async function startCapture(device: string, port: number, file: string): Promise<() => Promise<void>> {
  const capturing = new Deno.Command(dumpcap!, {
    args: ["-q", "-i", device, "-f", `tcp port ${port}`, "-w", file],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const patience = setTimeout(() => capturing.kill("SIGKILL"), PATIENCE_MS);
  const told = capturing.stderr.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; !text.includes("File:");) {
    const { value, done } = await told.read();
    assert.ok(!done, text);
    text += value;
  }
  return async () => {
    clearTimeout(patience);
    try {
      capturing.kill("SIGINT");
    } catch {
      // It has ended.
    }
    while (!(await told.read()).done);
    await capturing.status;
  };
}

/** Reads a file while it is written, until so many connections are over. */
export async function untilClosed(path: string, count: number): Promise<void> {
  using file = await Deno.open(path);
  const reader = new ForeignReader("pcapng", readerOf(file));
  using changes = Deno.watchFs(path);
  const patience = setTimeout(() => changes.close(), PATIENCE_MS);
  try {
    for (let closed = 0;;) {
      const { size } = await file.stat();
      for (let record = reader.next(size); record !== null; record = reader.next(size)) {
        if (record.kind === "closed") closed++;
      }
      if (closed >= count) return;
      const { done } = await changes[Symbol.asyncIterator]().next();
      assert.ok(!done, `${closed} of ${count} connections were over`);
    }
  } finally {
    clearTimeout(patience);
  }
}
