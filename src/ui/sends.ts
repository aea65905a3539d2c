// What the page's server may have sent, and what comes of it. Who sends, and how, is not known here.

import type { Address, Exchange } from "../model.ts";

/** How to send. */
export interface SendSettings {
  /** What to send, turn by turn; HTTP requests, or bytes of any protocol. Null: what was recorded. */
  readonly turns: readonly Uint8Array[] | null;
  /** Whether Content-Length is put right in `turns` that are HTTP requests, and a head without an end is ended. */
  readonly fixContentLength: boolean;
  /** Whether the sending side ends with the last turn; otherwise when the answer is there. */
  readonly endAfterTurns: boolean;
  /** A turn of a protocol without messages is over when the target was quiet for so long. */
  readonly quietMs?: number;
  /** The connection is given up after so long without a byte. */
  readonly limitMs?: number;
  /** Whether it goes inside TLS. Undefined: as it was recorded, and otherwise not. */
  readonly tls?: boolean;
  /** Whether any certificate is accepted, this once. */
  readonly insecure?: boolean;
}

/** How to send an Exchange's request again. */
export interface ResendSettings extends SendSettings {
  /** "listener": as a client of the Listener that the Exchange came through. */
  readonly through: "target" | "listener";
  /** Where to instead of the recorded target; null for that one. Not with "listener". */
  readonly target: Address | null;
  /** Whether all requests that came before it on its Connection are sent before it. */
  readonly before: boolean;
  /** Whether the target's turn is waited for before the first one is sent; undefined: as it was recorded. */
  readonly targetFirst?: boolean;
}

/** What the Sender sends. */
export interface NewSend extends SendSettings {
  readonly turns: readonly Uint8Array[];
  readonly target: Address;
  /** Whether the target's turn is waited for before the first one is sent. */
  readonly targetFirst: boolean;
}

/** The new Exchange; or only its Connection, while nothing of it could be told apart as an Exchange. */
export type Sent = { readonly exchange: Exchange } | { readonly connection: string };

/** Sends. Every call resolves when the new Exchange is there, not when it has its answer. */
export interface Sends {
  /** Null where there is no such Exchange. Throws SendError. */
  resend(exchange: string, settings: ResendSettings): Promise<Sent | null>;
  /** Throws SendError. */
  send(send: NewSend): Promise<Sent>;
  /** Ends a Connection that was opened by one of these and is open; false where there is none with this id. */
  end(connection: string): boolean;
}

/** What could not be sent; `message` says why and what to do, `field` which input is wrong. */
export class SendError extends Error {
  override readonly name = "SendError";

  constructor(message: string, readonly field: string | null = null) {
    super(message);
  }
}
