// Exchanges as a script for a shell (bash, zsh, ksh): a curl command for each HTTP request, and a comment on what it was.

import { toCurl } from "../../decode/curl/to_curl.ts";
import { PlainBytes } from "../body.ts";
import type { Slices } from "../slices.ts";
import type { ExchangeDetail } from "../types.ts";
import type { Choice, Chosen } from "./choice.ts";
import { bytesOf } from "./json_text.ts";
import type { Written } from "./pieces.ts";

/** A longer request is no command, bytes. */
const LONGEST = 8 * 1024 * 1024;

/** The script. `note` says what else is to be known; null for nothing. */
export async function* curl(
  choice: Choice,
  application: string,
  slices: Slices,
  note: () => string | null,
): Written {
  yield `#!/usr/bin/env bash\n${
    commented(
      `${application}: ${
        choice.count === 1 ? "the request of 1 exchange" : `the requests of ${choice.count} exchanges`
      }`,
    )
  }`;
  for await (const chosen of choice.exchanges()) {
    const exchange = await chosen.detail();
    const { id, started, method, protocol, url, status } = exchange;
    const said = [id, started, method ?? protocol, url ?? "", ...(status === null ? [] : [`→ ${status}`])];
    yield `\n${commented(said.join(" "))}${await command(chosen, exchange, slices)}`;
    if (slices.due()) await slices.pause();
  }
  const said = note();
  if (said !== null) yield `\n${commented(said)}`;
}

async function command(chosen: Chosen, exchange: ExchangeDetail, slices: Slices): Promise<string> {
  const { protocol, target, tls, method, request } = exchange;
  const message = await chosen.message("request", (request?.edits.length ?? 0) > 0);
  if (protocol !== "http" || !message || request?.startLine === null) return commented("not an HTTP request");
  if (method === "CONNECT") return commented("a tunnel, which curl opens by itself where it is told a proxy");
  const { length, complete } = message.wire.extent();
  if (length > LONGEST) {
    return commented(`a request of ${length} bytes, too long for a command; save its bytes instead`);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for await (const piece of bytesOf(new PlainBytes(message.wire, 0), slices)) {
    bytes.set(piece.subarray(0, length - at), at);
    at += piece.length;
  }
  const isInTls = tls === "target" || tls === "both" || tls === "decrypted";
  try {
    const { command, notes } = toCurl(bytes, { target, tls: isInTls });
    const all = [...notes, ...(complete ? [] : ["the request was not complete"])];
    return `${all.map(commented).join("")}${command}\n`;
  } catch (error) {
    if (error instanceof RangeError) return commented("not an HTTP request");
    throw error;
  }
}

/** A comment of one line, whatever is in the text: nothing of it may be taken for a command. */
function commented(text: string): string {
  // deno-lint-ignore no-control-regex -- these are what is not wanted
  return `# ${text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, "·")}\n`;
}
