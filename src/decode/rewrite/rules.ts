// How the heads of HTTP/1.x messages are changed on their way: what rules say, and what they are told. The stage that
// follows them is head_editor.ts, which knows where heads are; rules know what shall stand there.
//
// A rule is given one line of a head, whole, and says what to send instead, or null to leave it. Bytes are held back
// only from where a rule may change them, and only until the line's end:
//
//     const requests: HeadRules = {
//       // "GET http://shop/x HTTP/1.1" → "GET /x HTTP/1.1"; the line is held from "http://" on
//       target: { heldFrom: "scheme", change: (target) => target.replace(/^http:\/\/[^/?#]*/i, "") || "/" },
//       fields: {
//         "host": { change: () => "shop" }, // held from the colon on
//         "proxy-authorization": { drop: () => true }, // the whole line; held while it fits the name
//       },
//     };
//     const { upstream, downstream } = editHeads({ requests, responses: { fields: {} } });
//
// Text is ISO-8859-1, one character a byte, so that whatever came can be given back. A rule must not give CR or LF.

/** A request that has been asked, as far as its head has come. Rules may keep in it what they need later. */
export interface Asked {
  readonly method: string;
  /** The request target as it was received. */
  readonly target: string;
  /** The first Host field as it was received; null until it has come. */
  host: string | null;
}

/** What is done with a field line: its value is changed, or all of it is dropped. Names are in lower case. */
export type FieldRule =
  | {
    /** Gives the value to send, or null to leave it. `asked` is null in a response to nothing. */
    readonly change: (value: string, asked: Asked | null) => string | null;
  }
  | { readonly drop: (value: string, asked: Asked | null) => boolean };

/** The rule for request targets in absolute-form with the scheme http (RFC 9112, 3.2.2). */
export interface TargetRule {
  /** What of the target the rule may change: all from "http://" on, or only what follows that. */
  readonly heldFrom: "scheme" | "authority";
  /** Gives the target to send, or null to leave it. */
  readonly change: (target: string, method: string) => string | null;
}

/** The rules for the heads of one Direction. */
export interface HeadRules {
  /** Requests only. */
  readonly target?: TargetRule;
  /** By name, in lower case. A field that is folded over several lines is passed on as it is. */
  readonly fields: Readonly<Record<string, FieldRule>>;
}

/** The rules for both Directions of a Connection. */
export interface Rules {
  readonly requests: HeadRules;
  readonly responses: HeadRules;
}

/**
 * `removed` bytes at `offset` of what was received were replaced by `inserted`. Where `stopped` is given, nothing was
 * (both are empty): from `offset` on all passes as it comes, for the reason that it gives in words.
 */
export interface Edit {
  readonly offset: number;
  readonly removed: number;
  readonly inserted: Uint8Array;
  readonly stopped?: string;
}

/** Edits one Direction of a Connection as it passes. Sans-io: it never waits, and never throws for what a peer sent. */
export interface Editor {
  /**
   * Takes bytes that came and gives those to pass on now, which may be `bytes` itself, a part of it, or none. They are
   * valid until the next call.
   */
  receive(bytes: Uint8Array): Uint8Array;
  /** The Direction has ended: gives the bytes that were held back. */
  end(): Uint8Array;
  /** The edits that were made since the last call, in the order of their offsets. */
  takeEdits(): readonly Edit[];
}
