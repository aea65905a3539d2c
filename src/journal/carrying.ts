// What was recorded of a Connection besides its bytes, kept while it is open, so that a new segment of the capture can
// begin with it. It costs a Connection no more than the bytes of its comments; they are read when a segment begins.

import type { Connected, Opened, Secured, SideEnded } from "../model.ts";
import { Kind } from "./batch.ts";
import { commentFor, eventOf } from "./comment.ts";
import type { CarriedRecord, CarriedTls } from "./records.ts";

/** The longest comment of a packet. */
const LONGEST = 65_000;
/** Room for the comments of most Connections, bytes, and how much of it is kept for the next one. */
const COMMENTS = 512;
const MOST_COMMENTS = 4_096;

/** Where the streams of a Connection were at some time. */
export interface Counts {
  readonly upstreamBytes: number;
  readonly downstreamBytes: number;
}

/** An event other than the opening, and where its comment lies. */
interface Told extends Counts {
  readonly kind: Kind;
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** What was told of one Connection. Its memory is used again for another: making it costs more than filling it. */
export class Carried {
  /** The comments, one behind the other; that of the opening first. */
  #comments = new Uint8Array(COMMENTS);
  #length = 0;
  #at = 0;
  #opened = 0;
  #told: Told[] = [];
  /** Where recording was cut; null where it was not. */
  upstreamCut: number | null = null;
  downstreamCut: number | null = null;

  /** Begins with another Connection; `opened` is its comment, which is copied. */
  begin(at: number, opened: Uint8Array): void {
    if (this.#comments.length > MOST_COMMENTS) this.#comments = new Uint8Array(COMMENTS);
    this.#at = at;
    this.#length = 0;
    this.#opened = this.#append(opened);
    if (this.#told.length > 0) this.#told = [];
    this.upstreamCut = this.downstreamCut = null;
  }

  /** An event other than the opening; `comment` is copied. */
  tell(kind: Kind, at: number, comment: Uint8Array, { upstreamBytes, downstreamBytes }: Counts): void {
    const from = this.#length;
    this.#told.push({ kind, at, from, to: this.#append(comment), upstreamBytes, downstreamBytes });
  }

  /** The comment that says all of it. */
  comment(counts: Counts): Uint8Array {
    const whole = this.#record(counts);
    const comment = commentFor(whole);
    if (comment.length <= LONGEST) return comment;
    // What is long are certificates and links; both stand in the segment before.
    const { resendOf: _, secured, ...short } = whole;
    return commentFor({ ...short, secured: secured?.map((tls) => ({ ...tls, peer: [] })) });
  }

  /** Returns where it ends. */
  #append(comment: Uint8Array): number {
    const from = this.#length;
    const length = from + comment.length;
    if (length > this.#comments.length) {
      const more = new Uint8Array(length * 2);
      more.set(this.#comments.subarray(0, from));
      this.#comments = more;
    }
    this.#comments.set(comment, from);
    return this.#length = length;
  }

  #event(from: number, to: number) {
    return eventOf(this.#comments.subarray(from, to));
  }

  #record({ upstreamBytes, downstreamBytes }: Counts) {
    const { event: _, ...opened } = this.#event(0, this.#opened) as { readonly event: "opened" } & Opened;
    let connected: Omit<Connected, "connection"> | undefined;
    const secured: CarriedTls[] = [];
    const ended: Omit<SideEnded, "connection">[] = [];
    for (const told of this.#told) {
      const { event: _, connection: __, ...members } = told.from === told.to
        ? plainEnd(told.kind)
        : this.#event(told.from, told.to) as { readonly event: string; readonly connection: number };
      if (told.kind === Kind.connected) connected = members as Omit<Connected, "connection">;
      else if (told.kind === Kind.clientEnded || told.kind === Kind.targetEnded) {
        ended.push(members as Omit<SideEnded, "connection">);
      } else {
        secured.push({
          ...members as Omit<Secured, "connection">,
          at: told.at,
          upstreamFrom: told.upstreamBytes,
          downstreamFrom: told.downstreamBytes,
        });
      }
    }
    const { upstreamCut, downstreamCut } = this;
    const record: Omit<CarriedRecord, "kind" | "at"> = {
      ...opened,
      openedAt: this.#at,
      upstreamBytes,
      downstreamBytes,
      ...connected && { connected },
      ...secured.length > 0 && { secured },
      ...ended.length > 0 && { ended },
      ...(upstreamCut ?? downstreamCut) !== null && {
        cut: {
          ...upstreamCut !== null && { upstream: upstreamCut },
          ...downstreamCut !== null && { downstream: downstreamCut },
        },
      },
    };
    return { event: "carried", ...record } as const;
  }
}

/** A FIN without a comment says this. */
function plainEnd(kind: Kind) {
  const by = kind === Kind.clientEnded ? "client" : "target";
  return { event: "ended", connection: 0, by, how: "end", passedOn: "end" } as const;
}
