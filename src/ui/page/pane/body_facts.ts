// What the body line says: the size of the body, how it was coded, and what the reader must know of it. Pure.

import type { Exchange, MessageDetail, ViewPart } from "../../types.ts";
import type { Side } from "./api.ts";
import type { Format, Shown } from "./format.ts";
import { count, counted, seconds, size } from "./words.ts";

/** One statement; a warning is coloured as one. */
export interface Fact {
  readonly text: string;
  readonly isWarning: boolean;
}

/** Everything the body line is made from. */
export interface BodyKnown {
  readonly side: Side;
  readonly exchange: Exchange;
  readonly message: MessageDetail;
  readonly shown: Shown;
  readonly view: Omit<ViewPart, "text" | "continued"> | null;
  /** ms since the epoch. */
  readonly now: number;
  /** Width and height in pixels; null where no image is shown. */
  readonly image: readonly [number, number] | null;
}

/** True for the formats that show a whole Message as it was on the wire. */
export function isWhole(shown: Shown | Format): boolean {
  return shown === "hex" || shown === "raw" || shown === "tls";
}

/** True where a Message cannot have a body: then there is nothing to show but its head. */
export function hasNoBody(message: MessageDetail): boolean {
  return message.startLine !== null && message.bodyBytes === 0 && message.state !== "open" &&
    (message.framing === "none" || message.contentLength === 0 || message.framing === "chunked");
}

/** What the line begins with. */
export function bodyLabel(message: MessageDetail, shown: Shown): "Body" | "Message" | "Bytes" {
  if (message.startLine === null) return "Bytes";
  return isWhole(shown) ? "Message" : "Body";
}

/** The statements, in order. */
export function bodyFacts(known: BodyKnown): Fact[] {
  const { exchange, message, shown, view, image } = known;
  const facts = [
    ...sizeFacts(known),
    ...(hasNoBody(message) && !isWhole(shown) ? [plain(reasonForNone(known))] : codingFacts(known)),
  ];
  if (message.state === "open") facts.push(plain(`still arriving, ${seconds(age(known))}`));
  if (image !== null) facts.push(plain(`${count(image[0])} × ${count(image[1])} pixels`));
  const isLaidOut = view !== null && shown !== "image" && !(hasNoBody(message) && !isWhole(shown));
  if (isLaidOut && view.charset !== null) {
    facts.push(plain(view.charsetFrom === null ? view.charset : `${view.charset}, ${view.charsetFrom}`));
  }
  if (isAsSent(known)) facts.push(plain("not coded"));
  if (isLaidOut) facts.push(...viewFacts(view, message));
  const faults = message.faults.filter(({ offset }) => offset >= message.headBytes || isWhole(shown));
  facts.push(...faults.map(({ text }) => warning(text)));
  if (message.state === "cut" && faults.length === 0) {
    facts.push(warning(`cut: ${exchange.fault ?? "it ended before it was complete"}`));
  }
  return facts.filter(({ text }) => text !== "");
}

function sizeFacts({ side, exchange, message, shown, view }: BodyKnown): Fact[] {
  if (message.startLine === null) {
    if (exchange.protocol !== "tls") return [plain("no protocol recognised, shown as a turn")];
    if (message.notes.length === 0) return [plain("TLS, passed through undecrypted")];
    return [plain("TLS, as it passed"), ...message.notes.map(noted)];
  }
  if (side === "request" && message.framing === "none" && !isWhole(shown)) return [];
  if (isWhole(shown)) {
    return [plain(`${size(message.bytes)} as on the wire`), plain(`head ${size(message.headBytes)}`)];
  }
  const isCoded = message.contentCoding.length > 0;
  if (message.state === "open") {
    const { bodyBytes, contentLength } = message;
    return [
      plain(
        contentLength === null ? `${size(bodyBytes)} so far` : `${size(bodyBytes)} of ${size(contentLength)}`,
      ),
    ];
  }
  if (!isCoded) return [plain(size(message.bodyBytes))];
  return [plain(view === null || shown === "image" ? "" : size(view.bytes))];
}

/** What became of decrypting it. */
function noted(note: string): Fact {
  const text = note.replace(/\.$/, "");
  return note.startsWith("Not decrypted") ? warning(text) : plain(text);
}

function codingFacts({ message, shown }: BodyKnown): Fact[] {
  if (message.startLine === null) return [];
  const { contentCoding, framing, chunks, bodyBytes, state } = message;
  const isCoded = contentCoding.length > 0;
  const facts: Fact[] = [];
  if (isCoded) facts.push(plain(`${contentCoding.join(", ")}, ${size(bodyBytes)} on the wire`));
  if (framing === "chunked") facts.push(plain(`chunked, ${counted(chunks, "chunk")}`));
  if (framing === "until-close") {
    facts.push(plain(`until the connection ${state === "open" ? "ends" : "ended"}`));
  }
  if (shown === "image" && message.mediaType !== null) facts.push(plain(message.mediaType));
  return facts;
}

function isAsSent({ message, shown }: BodyKnown): boolean {
  return message.startLine !== null && message.framing === "length" && message.contentCoding.length === 0 &&
    message.bodyBytes > 0 &&
    shown !== "image" && !isWhole(shown);
}

function viewFacts(view: NonNullable<BodyKnown["view"]>, message: MessageDetail): Fact[] {
  const facts: Fact[] = [];
  if (!view.complete && message.state !== "open" && view.bytes > 0 && view.doneBytes < view.bytes) {
    facts.push(plain(`laying out, ${Math.floor(view.doneBytes / view.bytes * 100)} %`));
  }
  if (view.fault !== null) {
    const { line, column, text } = view.fault;
    facts.push(warning(`not well-formed at line ${count(line)}, column ${count(column)}: ${text}`));
  }
  facts.push(...view.notes.map(warning));
  return facts;
}

function reasonForNone({ side, exchange, message }: BodyKnown): string {
  if (message.framing !== "none") return "";
  if (side === "request") return "none";
  if (exchange.method === "HEAD") return "none: the answer to HEAD has no body";
  if (exchange.method === "CONNECT") return "none: a tunnel begins after it";
  if (exchange.status === 204 || exchange.status === 304) return `none: ${exchange.status} has no body`;
  return "none";
}

function age({ side, exchange, message, now }: BodyKnown): number {
  return now - Date.parse(side === "request" ? exchange.started : message.started);
}

function plain(text: string): Fact {
  return { text, isWarning: false };
}

function warning(text: string): Fact {
  return { text, isWarning: true };
}
