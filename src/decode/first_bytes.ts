// The first bytes of a turn as one line of text, for the table. What could not be seen is "·"; CR LF stays as
// "\r\n" (and a lone CR or LF as it is), for the page to show it as it likes.

import { isUtf8 } from "./charset.ts";
import type { DecodedExchange, Message } from "./types.ts";

/** At most so many characters are shown. */
const SHOWN = 120;

/** What cannot be seen, bar CR and LF: control characters, and marks that change the direction of writing. */
const INVISIBLE =
  /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]/g;

/** No name of a server is longer (RFC 1035, 2.3.4). */
const LONGEST_NAME = 255;

const latin = new TextDecoder("windows-1252");

/** The first bytes of a Message: as UTF-8 if they are that, otherwise as ASCII with "·" for every other byte. */
export function firstBytes(message: Message): string {
  const bytes = message.bodyPrefix.subarray(0, SHOWN * 4);
  const text = isUtf8(bytes)
    ? new TextDecoder().decode(bytes, { stream: true })
    : latin.decode(bytes).replace(/[^\0-\x7f]/g, "·");
  return [...text.replace(INVISIBLE, "·")].slice(0, SHOWN).join("");
}

/**
 * What is shown in the place of a path: the server's name of TLS, "" where none is named; of a turn the first bytes of the
 * request, or of the response after "← " where the target began. "" while there is neither.
 */
export function firstBytesOf(exchange: DecodedExchange): string {
  if (exchange.seen !== null) {
    return (exchange.seen.serverName ?? "").replace(INVISIBLE, "·").replace(/[\r\n]/g, "·").slice(
      0,
      LONGEST_NAME,
    );
  }
  if (exchange.request) return firstBytes(exchange.request);
  return exchange.response ? `← ${firstBytes(exchange.response)}` : "";
}
