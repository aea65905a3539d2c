// XMPP's <starttls/> and <proceed/> (RFC 6120, 5): elements right below the stream, both in a namespace of their own. No
// more of XML is read than where tags begin and end; XMPP has no comments and no DTD (RFC 6120, 11.1).

import type { Direction } from "../types.ts";
import type { ProtocolWatch, Upgrade, WatchState } from "./types.ts";

const NAMESPACE = /\sxmlns(?::[^\s=]+)?\s*=\s*(["'])urn:ietf:params:xml:ns:xmpp-tls\1/;
/** No tag is longer, characters. */
const MAX_TAG = 8 * 1024;
const [LESS, GREATER] = [0x3c, 0x3e];

/** Watches XMPP. */
export class Xmpp implements ProtocolWatch {
  state: WatchState = "open";
  asked: Upgrade | null = null;
  readonly #tags: Readonly<Record<Direction, TagReader>> = {
    upstream: new TagReader(),
    downstream: new TagReader(),
  };
  /** The server's element that agrees has begun. */
  #isAgreeing = false;

  receive(direction: Direction, bytes: Uint8Array): number {
    const tags = this.#tags[direction];
    let at = 0;
    while (at < bytes.length && this.state === "open") {
      if (direction === "upstream" && this.asked !== null) return at;
      const tag = tags.read(bytes[at++]);
      if (tags.isWrong) this.state = "never";
      else if (tag !== null && direction === "upstream") this.#request(tag);
      else if (tag !== null) this.#answer(tag);
    }
    return this.state === "never" ? bytes.length : at;
  }

  #request({ name, depth, ends }: Tag): void {
    if (depth === 0) {
      if (name !== "stream") this.state = "never";
    } else if (depth > 1 || name !== "starttls") {
      // Anything else, such as <auth/>, does without.
      this.state = "never";
    } else if (ends) this.asked = { protocol: "XMPP", command: "<starttls/>" };
  }

  #answer({ name, text, depth, ends }: Tag): void {
    if (this.asked === null || depth !== 1) return;
    if (name === "proceed" && (this.#isAgreeing || NAMESPACE.test(text))) {
      if (ends) this.state = "begun";
      this.#isAgreeing = true;
    } else if (name === "failure" && NAMESPACE.test(text)) this.state = "never";
  }
}

/** A tag, with how many elements are open around its element. */
interface Tag {
  /** Without its prefix. */
  readonly name: string;
  readonly text: string;
  readonly depth: number;
  /** With it the element is over. */
  readonly ends: boolean;
}

/** Divides one Direction into tags. */
class TagReader {
  /** This is no XML of XMPP. */
  isWrong = false;
  /** The tag that is read; null between tags. */
  #tag: string | null = null;
  #quote = 0;
  #depth = 0;

  /** The tag that ends with this byte; null where none does. */
  read(byte: number): Tag | null {
    if (this.#tag === null) {
      if (byte === LESS) this.#tag = "";
      return null;
    }
    if (byte === GREATER && this.#quote === 0) return this.#whole(this.#tag);
    if (this.#quote !== 0) this.#quote = byte === this.#quote ? 0 : this.#quote;
    // Within a tag's name there are no quotes: the XML declaration has them, too.
    else if (byte === 0x22 || byte === 0x27) this.#quote = byte;
    this.#tag += String.fromCharCode(byte);
    if (this.#tag.length > MAX_TAG || this.#tag.startsWith("!")) this.isWrong = true;
    return null;
  }

  #whole(text: string): Tag | null {
    this.#tag = null;
    if (text.startsWith("?")) return null;
    const closes = text.startsWith("/");
    const ends = closes || text.endsWith("/");
    const [, name = ""] = /^\/?(?:[^\s:/]+:)?([^\s:/]+)/.exec(text) ?? [];
    if (closes) this.#depth--;
    const tag = { name, text, depth: this.#depth, ends };
    if (!ends) this.#depth++;
    if (name === "" || this.#depth < 0) this.isWrong = true;
    return tag;
  }
}
