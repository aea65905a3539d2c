// Watches both Directions of a Connection for the place where client and server go over to TLS. Which protocol it is, is
// told by who speaks first and how:
//
//   the server  "220 …"     SMTP, FTP          the client  "0" (a BER sequence)   LDAP
//               "+OK …"     POP3                           "<" (an XML stream)    XMPP
//               "* OK …"    IMAP                           eight certain bytes    PostgreSQL
//               a packet    MySQL
//
// and for anything else the first bytes are enough to say: never. It keeps a line or a message at most, in each Direction.
//
// Behind the client's question nothing passes until the server has answered. So what a client has sent ahead in the clear
// is never mistaken for what came through TLS (CVE-2011-0411): it stands behind the place where TLS begins, and is no TLS.

import type { Direction } from "../types.ts";
import { latin1, NO_BYTES } from "../octets.ts";
import { Imap } from "./imap.ts";
import { Ldap } from "./ldap.ts";
import { MySql } from "./mysql.ts";
import { NumberedReplies } from "./numbered_replies.ts";
import { Pop3 } from "./pop3.ts";
import { PostgreSql } from "./postgresql.ts";
import type { ProtocolWatch, Upgrade, WatchState } from "./types.ts";
import { Xmpp } from "./xmpp.ts";

/** In each Direction so many bytes are watched, and who has not asked for TLS by then does without. */
const MOST_WATCHED = 64 * 1024;
/** From so many bytes of a server one can tell what it speaks. */
const TELLING = 5;

/** Where TLS begins: behind so many bytes of each Direction, from the Connection's first. */
export interface Begun extends Upgrade {
  readonly upstream: number;
  readonly downstream: number;
}

/** Watches one Connection, from its first byte. */
export class StartTlsWatch {
  /** Given once the state is "begun". */
  begun: Begun | null = null;
  #state: WatchState = "open";
  #protocol: ProtocolWatch | null = null;
  /** What a server has said before it was known what it speaks. */
  #first: Uint8Array = NO_BYTES;
  readonly #passed: Record<Direction, number> = { upstream: 0, downstream: 0 };

  get state(): WatchState {
    return this.#state;
  }

  /** What the client has asked for and the server has not answered; null where there is no such thing. */
  get asked(): Upgrade | null {
    return this.#state === "open" ? this.#protocol?.asked ?? null : null;
  }

  /**
   * Bytes of one Direction; gives how many of them, from the first, go on as they are. The others are to be given again
   * once the other Direction has gone on and the state is still "open"; when it has become "begun", they are TLS, or what
   * a side has sent ahead in the clear and must not have.
   */
  receive(direction: Direction, bytes: Uint8Array): number {
    if (bytes.length === 0 || this.#state === "begun") return 0;
    if (this.#state === "never") return bytes.length;
    const passed = this.#protocol === null
      ? this.#begin(direction, bytes)
      : this.#protocol.receive(direction, bytes);
    this.#passed[direction] += passed;
    this.#judge();
    return passed;
  }

  /** Bytes that are among the first: they tell which protocol it is. */
  #begin(direction: Direction, bytes: Uint8Array): number {
    if (direction === "upstream") {
      // A server that has begun to speak speaks first.
      this.#protocol = this.#first.length > 0 ? NONE : clientsProtocol(bytes[0]);
      return this.#protocol.receive(direction, bytes);
    }
    this.#first = new Uint8Array([...this.#first, ...bytes.subarray(0, MOST_WATCHED)]);
    if (this.#first.length < TELLING) return bytes.length;
    this.#protocol = serversProtocol(this.#first);
    this.#protocol.receive(direction, this.#first);
    this.#first = NO_BYTES;
    return bytes.length;
  }

  #judge(): void {
    const { upstream, downstream } = this.#passed;
    const { state = "open", asked = null } = this.#protocol ?? {};
    this.#state = state;
    if (state === "begun") this.begun = { ...asked!, upstream, downstream };
    else if (asked === null && Math.max(upstream, downstream) > MOST_WATCHED) this.#state = "never";
  }
}

/** What does not go over to TLS. */
const NONE: ProtocolWatch = { state: "never", asked: null, receive: (_, bytes) => bytes.length };

/** By the first byte of a client that speaks first. */
function clientsProtocol(first: number): ProtocolWatch {
  if (first === 0x30) return new Ldap();
  if (first === 0x3c) return new Xmpp();
  return first === 0 ? new PostgreSql() : NONE;
}

/** By the first five bytes of a server that speaks first. */
function serversProtocol(first: Uint8Array): ProtocolWatch {
  // Before the others, because the length of a packet may look like any of them.
  if (first[3] === 0 && first[4] === 10) return new MySql();
  const text = latin1(first, 0, TELLING);
  if (text.startsWith("220")) return new NumberedReplies();
  if (text.startsWith("+OK")) return new Pop3();
  return text.startsWith("* OK") ? new Imap() : NONE;
}
