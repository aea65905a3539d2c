// A Decoder for Connections whose TLS may be decrypted with a key log. What comes goes to the ordinary Decoder, as ever;
// the data in it, once it is decrypted, goes to another one besides, as if it had come like that. TLS is looked for at
// the beginning of each Chunk, so that it is found behind CONNECT and STARTTLS, too. It knows neither files nor where
// secrets come from.

import type { Changes, Decoder, Direction, SideEnd } from "../types.ts";
import { joined } from "../octets.ts";
import { NOTHING } from "../report.ts";
import type { KeyLog } from "./key_log.ts";
import { TlsDecrypter } from "./tls_decrypter.ts";

interface Side {
  /** How many bytes have come. */
  offset: number;
  /** Where its TLS begins; null while it has not. */
  from: number | null;
  /** What may be the beginning of TLS: fewer bytes than tell. */
  beginning: Uint8Array;
  /** How it ended, to be told to the inner Decoder once all that came before was decrypted. */
  end: { readonly how: SideEnd; readonly at: number } | null;
}

/** So many bytes tell whether TLS begins: the header of a record, and the type of the handshake message in it. */
const TELLING = 6;
const NO_BYTES = new Uint8Array(0);

/** Decodes one Connection. */
export class Decrypting implements Decoder {
  readonly #sides: Readonly<Record<Direction, Side>> = { upstream: newSide(), downstream: newSide() };
  readonly #tls: TlsDecrypter;
  #inner: Decoder | null = null;
  /** What CONNECT asked for, where that came first. */
  #tunnel: string | null = null;

  /** `within` makes the Decoder of what was encrypted; `tunnel` is what CONNECT asked for, null without one. */
  constructor(
    private readonly outer: Decoder,
    private readonly within: (tunnel: string | null) => Decoder,
    keyLog: KeyLog,
  ) {
    this.#tls = new TlsDecrypter((random) => keyLog.of(random));
  }

  /** The client random by which secrets are found; null until TLS has begun. */
  get random(): string | null {
    return this.#tls.random;
  }

  /** How many bytes records take up that wait for something to come; 0 where none does. */
  get held(): number {
    return this.#tls.held;
  }

  /** What became of decrypting, in words for the user; null where there is no TLS. */
  get words(): string | null {
    const { random, agreed, failure, missing, skippedEarly } = this.#tls;
    if (random === null) return null;
    if (failure !== null) {
      const reached = this.#inner === null ? "Not decrypted" : "Not decrypted to the end";
      return `${reached}: ${failure}.`;
    }
    if (missing !== null) return `Not decrypted: the key log has no ${missing} for this connection.`;
    if (this.#inner === null) return null;
    const early = skippedEarly === 0
      ? ""
      : ` ${skippedEarly} records of early data (0-RTT) are left out: the key log has no secret for them.`;
    return `Decrypted with the key log: ${agreed}.${early}`;
  }

  receive(direction: Direction, bytes: Uint8Array, at: number): Changes {
    const side = this.#sides[direction];
    side.offset += bytes.length;
    if (side.from !== null) this.#tls.receive(direction, bytes, at);
    else this.#look(direction, side, bytes, at);
    return this.#changes(this.outer.receive(direction, bytes, at));
  }

  skippable(direction: Direction): number {
    const { from } = this.#sides[direction];
    return from === null || this.#tls.failure !== null ? this.outer.skippable(direction) : 0;
  }

  skip(direction: Direction, length: number, at: number): Changes {
    const side = this.#sides[direction];
    side.offset += length;
    side.beginning = NO_BYTES;
    return this.outer.skip(direction, length, at);
  }

  gap(direction: Direction, length: number, at: number): Changes {
    const side = this.#sides[direction];
    side.offset += length;
    side.beginning = NO_BYTES;
    if (side.from !== null) this.#tls.giveUp("bytes of it are missing in the capture");
    return this.#changes(this.outer.gap(direction, length, at));
  }

  end(direction: Direction, how: SideEnd, at: number): Changes {
    this.#sides[direction].end = { how, at };
    return this.#changes(this.outer.end(direction, how, at));
  }

  /** More secrets are known. */
  secretsCame(): Changes {
    this.#tls.retry();
    return this.#changes(NOTHING);
  }

  /** Nothing more is decrypted, for this reason in words; unless given, because secrets did not come. */
  giveUp(reason?: string): void {
    if (reason !== undefined) return this.#tls.giveUp(reason);
    const { missing } = this.#tls;
    const lacks = missing === null
      ? "the server did not answer"
      : `the key log has no ${missing} for this connection`;
    this.#tls.giveUp(
      `${lacks}, and it was not waited for any longer. Should it come, open the capture again`,
    );
  }

  /** Looks for TLS where a Chunk begins. */
  #look(direction: Direction, side: Side, bytes: Uint8Array, at: number): void {
    if (direction === "downstream" && this.#sides.upstream.from === null) return;
    const begun = side.beginning.length === 0 ? bytes : joined([side.beginning, bytes]);
    const begins = beginsTls(direction, begun);
    side.beginning = begins === null ? begun.slice() : NO_BYTES;
    if (!begins) return;
    side.from = side.offset - begun.length;
    this.#tls.receive(direction, begun, at);
  }

  #changes(outer: Changes): Changes {
    this.#tunnel ??= outer.changed.find(({ tunnel }) => tunnel !== null)?.tunnel ?? null;
    const plain = this.#tls.take();
    const parts: Changes[] = [];
    for (const { direction, bytes, at } of plain) {
      this.#inner ??= this.within(this.#tunnel);
      parts.push(this.#inner.receive(direction, bytes, at));
    }
    if (this.#inner !== null && this.#tls.held === 0) {
      for (const [direction, side] of Object.entries(this.#sides) as [Direction, Side][]) {
        if (side.end === null) continue;
        parts.push(this.#inner.end(direction, side.end.how, side.end.at));
        side.end = null;
      }
    }
    if (parts.length === 0) return outer;
    return { ...outer, decrypted: { plain, parts } };
  }
}

/** Whether bytes begin a ClientHello, or what a server answers to one; null where there are too few to tell. */
function beginsTls(direction: Direction, bytes: Uint8Array): boolean | null {
  const [type, major] = bytes;
  const [handshake, alert] = [22, 21];
  if (type !== handshake && !(type === alert && direction === "downstream")) return false;
  if (bytes.length > 1 && major !== 3) return false;
  if (bytes.length < TELLING) return null;
  return type === alert || bytes[5] === (direction === "upstream" ? 1 : 2);
}

function newSide(): Side {
  return { offset: 0, from: null, beginning: NO_BYTES, end: null };
}
