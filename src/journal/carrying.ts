// What was recorded of a Connection besides its bytes, kept while it is open, so that a new segment of the capture can
// begin with it. It costs a Connection no more than the bytes of its comments; they are read when a segment begins.

import type { Connected, Opened, Secured, SideEnded } from "../model.ts";
import { Kind } from "./batch.ts";
import { commentFor, eventOf } from "./comment.ts";
import type { CarriedRecord, CarriedTls } from "./records.ts";

/** The longest comment of a packet. */
const LONGEST = 65_000;

/** Where the streams of a Connection were at some time. */
export interface Counts {
  readonly upstreamBytes: number;
  readonly downstreamBytes: number;
}

interface Told extends Counts {
  readonly kind: Kind;
  readonly at: number;
  readonly comment: Uint8Array;
}

/** What was told of one Connection. */
export class Carried {
  readonly #told: Told[] = [];
  /** Where recording was cut; null where it was not. */
  upstreamCut: number | null = null;
  downstreamCut: number | null = null;

  /** `opened` is its comment, which must not be shared memory. */
  constructor(private readonly at: number, private readonly opened: Uint8Array) {}

  /** An event other than the opening; `comment` is copied. */
  tell(kind: Kind, at: number, comment: Uint8Array, { upstreamBytes, downstreamBytes }: Counts): void {
    this.#told.push({ kind, at, comment: comment.slice(), upstreamBytes, downstreamBytes });
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

  #record({ upstreamBytes, downstreamBytes }: Counts) {
    const { event: _, ...opened } = eventOf(this.opened) as { readonly event: "opened" } & Opened;
    let connected: Omit<Connected, "connection"> | undefined;
    const secured: CarriedTls[] = [];
    const ended: Omit<SideEnded, "connection">[] = [];
    for (const told of this.#told) {
      const { event: _, connection: __, ...members } = told.comment.length === 0
        ? plainEnd(told.kind)
        : eventOf(told.comment) as { readonly event: string; readonly connection: number };
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
      openedAt: this.at,
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
