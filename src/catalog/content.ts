// What a Message's header says about its body: media type and codings, read from the header lines as they
// came. Decides nothing about how the body is shown, and reads no bytes.

import type { HeaderLine } from "./types.ts";

/** What is known about a Message's body before looking at it. */
export interface MessageFacts {
  /** True where there is no head: all of the Message is its body. */
  readonly isTurn: boolean;
  /** From Content-Type, without parameters, in lower case: "text/xml"; null where there is none. */
  readonly mediaType: string | null;
  /** The Content-Type that it is from, as it came; null where there is none. */
  readonly contentType: string | null;
  /** Content codings in the order they were applied, in lower case, without "identity": ["gzip"]. */
  readonly contentCoding: readonly string[];
  /** Transfer codings other than chunked, in the order they were applied; nearly always none. */
  readonly transferCoding: readonly string[];
}

/** A turn says nothing about its bytes. */
export const TURN_FACTS: MessageFacts = {
  isTurn: true,
  mediaType: null,
  contentType: null,
  contentCoding: [],
  transferCoding: [],
};

/**
 * The facts of a Message with these header lines. Of several Content-Type lines the last valid one counts.
 */
export function messageFacts(headers: readonly HeaderLine[]): MessageFacts {
  const contentType =
    headers.findLast(({ name, value }) =>
      name.toLowerCase() === "content-type" && mediaTypeOf(value) !== null
    )?.value ?? null;
  return {
    isTurn: false,
    mediaType: contentType === null ? null : mediaTypeOf(contentType),
    contentType,
    contentCoding: codings(headers, "content-encoding").filter((coding) => coding !== "identity"),
    transferCoding: codings(headers, "transfer-encoding").filter((coding) => coding !== "chunked"),
  };
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const MEDIA_TYPE = new RegExp(`^[ \\t]*(${TOKEN}/${TOKEN})[ \\t]*(?:;|$)`);

/**
 * The media type of a Content-Type field's value (RFC 9110, 8.3.1), in lower case; null where it has none.
 */
export function mediaTypeOf(value: string): string | null {
  return MEDIA_TYPE.exec(value)?.[1].toLowerCase() ?? null;
}

/**
 * The members of a list of codings (RFC 9110, 8.4), in lower case and without parameters, over all its lines.
 */
function codings(headers: readonly HeaderLine[], field: string): string[] {
  return headers
    .filter(({ name }) => name.toLowerCase() === field)
    .flatMap(({ value }) => value.split(","))
    .map((coding) => coding.split(";")[0].trim().toLowerCase())
    .filter((coding) => coding !== "");
}
