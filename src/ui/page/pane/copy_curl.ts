// Copies a request as a curl command, and says what the command does not do.

import type { Exchange, Listener, MessageDetail } from "../../types.ts";
import { toCurl } from "../../../decode/curl/to_curl.ts";
import { bytesUrl, fetchBytes } from "./api.ts";
import { type Copied, notDone, toClipboard } from "./copy.ts";
import { speaksTls } from "../tls/legs.ts";
import { size } from "./words.ts";

/** A longer request is no command line that a shell takes well. */
const MOST_BYTES = 5_000_000;

/** Copies the command that sends this request to the target of its Exchange, trusting whom its listener does; given up by `signal`. */
export async function copyCurl(
  exchange: Exchange,
  { bytes, state, edits }: MessageDetail,
  listener: Listener | null,
  signal: AbortSignal,
): Promise<Copied> {
  // The command goes to the target, so it has the head that the target was sent.
  const url = bytesUrl(exchange.id, "request", edits.length > 0 ? "sent" : "wire");
  const save = `${url}?download`;
  if (bytes > MOST_BYTES) {
    return notDone(`${size(bytes)} is too much for a command line, so nothing was copied.`, save);
  }
  const request = await fetchBytes(url, signal);
  // What was decrypted went to a target that the client itself had looked at.
  const trust = exchange.tls === "decrypted" ? undefined : listener?.targetTls ?? undefined;
  let made;
  try {
    made = toCurl(request, { target: exchange.target, tls: speaksTls(exchange), trust });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return notDone(error.message, save);
  }
  const notes = [...made.notes, ...(state === "done" ? [] : ["the request is not complete"])];
  const honest = notes.length === 0 ? "" : `. Not the same: ${notes.join("; ")}`;
  return await toClipboard(made.command, `a curl command to ${exchange.target}${honest}`);
}
