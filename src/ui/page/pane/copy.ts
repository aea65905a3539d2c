// Copying a Message or a part of it: what goes to the clipboard, and when nothing can. What was done is returned as
// words, so that it can be said on the screen. Bytes are only copied as text where the text gives the same bytes back.

import type { Exchange, MessageDetail } from "../../types.ts";
import { bytesUrl, fetchBytes, fetchView, type Side } from "./api.ts";
import { exactText, hexDigits } from "./exact_text.ts";
import type { Format } from "./format.ts";
import type { Place } from "./lines.ts";
import { counted, size } from "./words.ts";

/** More than this is not put into the clipboard. */
const MOST_CHARS = 20_000_000;
/** More than this is not offered as hex digits. */
const MOST_HEX = 1_000_000;
const LINES_AT_ONCE = 5_000;
const ASK_AGAIN_MS = 200;

/** What was done, or why nothing was, and what can be done instead. */
export interface Copied {
  readonly text: string;
  readonly isDone: boolean;
  /** The address of the bytes, to save them. */
  readonly save: string | null;
  /** Puts the bytes into the clipboard as hex digits. */
  readonly asHex: (() => Promise<Copied>) | null;
}

/** While it is fetched what is to be copied. */
export const UNDER_WAY: Copied = { text: "Copying …", isDone: true, save: null, asHex: null };

/** Copies a Message as it came, or (`sent`) as it was passed on; given up by `signal`. */
export async function copyExact(
  exchange: Exchange,
  side: Side,
  message: MessageDetail,
  sent: boolean,
  signal: AbortSignal,
): Promise<Copied> {
  const url = bytesUrl(exchange.id, side, sent ? "sent" : "wire");
  const save = `${url}?download`;
  if (message.bytes > MOST_CHARS) {
    return notDone(`${size(message.bytes)} is too much for the clipboard, so nothing was copied.`, save);
  }
  const bytes = await fetchBytes(url, signal);
  const text = exactText(bytes);
  if (text === null) {
    const asHex = bytes.length > MOST_HEX
      ? null
      : () => toClipboard(hexDigits(bytes), `${size(bytes.length)} as hex digits`);
    return { ...notDone(`These ${size(bytes.length)} are not text, so nothing was copied.`, save), asHex };
  }
  const lineEnds = text.includes("\r\n") ? ", line ends CR LF kept" : "";
  const soFar = message.state === "open" ? ", what has come so far" : "";
  return await toClipboard(
    text,
    `${size(bytes.length)} as ${sent ? "sent" : "on the wire"}${lineEnds}${soFar}`,
  );
}

/** Copies the whole view as it is laid out; given up by `signal`. */
export async function copyFormatted(
  exchange: Exchange,
  side: Side,
  format: Format,
  sent: boolean,
  signal: AbortSignal,
): Promise<Copied> {
  const save = `${bytesUrl(exchange.id, side, "body")}?download`;
  const lines = await viewText(exchange.id, side, format, 0, Infinity, sent, signal);
  if (lines === null) {
    return notDone("The formatted text is too long for the clipboard, so nothing was copied.", save);
  }
  return await toClipboard(lines.text, `${counted(lines.count, "line")} as formatted`);
}

/** Copies a part of the view that is not all on the page; given up by `signal`. */
export async function copyPart(
  exchange: Exchange,
  side: Side,
  format: Format,
  from: Place,
  to: Place,
  sent: boolean,
  signal: AbortSignal,
): Promise<Copied> {
  const lines = await viewText(exchange.id, side, format, from.line, to.line + 1, sent, signal);
  if (lines === null) {
    return notDone(
      `The selection is longer than the clipboard may be (${
        counted(MOST_CHARS, "character")
      }), so nothing was ` +
        "copied. All of the body can be saved.",
      `${bytesUrl(exchange.id, side, "body")}?download`,
    );
  }
  const rest = lines.lastLength - to.at;
  const text = lines.text.slice(from.at, lines.text.length - Math.max(0, rest));
  return await toClipboard(text, counted(lines.count, "line"));
}

interface ViewText {
  readonly text: string;
  /** How many lines it has, lines that were cut for display counting as one. */
  readonly count: number;
  /** The length of the last line of the view in it. */
  readonly lastLength: number;
}

/** Lines `from` up to `to` of a view, whole again where they were cut for display; null when they are too long. */
async function viewText(
  id: string,
  side: Side,
  format: Format,
  from: number,
  to: number,
  sent: boolean,
  signal: AbortSignal,
): Promise<ViewText | null> {
  const pieces: string[] = [];
  let chars = 0;
  let count = 0;
  let lastLength = 0;
  for (let at = from; at < to;) {
    const part = await fetchView(id, side, format, at, Math.min(LINES_AT_ONCE, to - at), signal, sent);
    const lines = part.lines === 0 ? [] : part.text.split("\n");
    lines.forEach((line, n) => {
      const goesOn = part.continued?.[n] === true && pieces.length > 0;
      if (!goesOn) count++;
      if (!goesOn && pieces.length > 0) pieces.push("\n");
      pieces.push(line);
      lastLength = line.length;
    });
    chars += part.text.length;
    at += lines.length;
    if (chars > MOST_CHARS) return null;
    if (at >= part.total && (part.complete || part.doneBytes >= part.bytes)) break;
    if (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  return { text: pieces.join(""), count, lastLength };
}

/** Puts a text into the clipboard; `what` says what it was. */
export async function toClipboard(text: string, what: string): Promise<Copied> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    return notDone(
      "The browser does not let the page write to the clipboard. Allow it for this address.",
      null,
    );
  }
  return { text: `Copied ${what}`, isDone: true, save: null, asHex: null };
}

/** Nothing was copied, for this reason. `save`: the address of the bytes, where they can be saved instead. */
export function notDone(text: string, save: string | null): Copied {
  return { text, isDone: false, save, asHex: null };
}
