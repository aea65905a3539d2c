// The bytes that a Draft is sent as. A content coding is put on again here, because the browser does that apart from the
// page; everything else is exactly what encodeDraft makes.

import { encodeDraft, type LengthChoice } from "../../../decode/draft/encode.ts";
import type { Outcome } from "./outcome.ts";

/** The bytes to send. Rejects with RangeError, in words, where a coding cannot be written. */
export async function bytesToSend(
  { draft, recode }: Pick<Outcome, "draft" | "recode">,
  length: LengthChoice,
): Promise<Uint8Array<ArrayBuffer>> {
  if (draft === null) throw new RangeError("Cannot send what cannot be read. Mend what is marked.");
  const whole = recode === null ? draft : { ...draft, body: await coded(draft.body, recode) };
  return new Uint8Array(encodeDraft(whole, length));
}

async function coded(body: Uint8Array, name: string): Promise<Uint8Array> {
  // "deflate" is zlib's format (RFC 9110, 8.4.1.2), in HTTP as for CompressionStream.
  const format = name.toLowerCase() === "deflate" ? "deflate" : "gzip";
  const stream = new Blob([new Uint8Array(body)]).stream().pipeThrough(new CompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
