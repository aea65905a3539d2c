// The domain: what the parts of tcpmon tell each other. Types only, no logic, no imports.
// One word per thing (the vocabulary is in the README); times are milliseconds since the Unix epoch, with
// fractions, unless a name ends in `Ms` (a duration in milliseconds); sizes are bytes.

/** A TCP endpoint. `host` is a name, an IPv4 address or an IPv6 address without brackets; `port` is 0 to 65535. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where to listen and where to forward, with options. Configuration only. */
export interface Route extends RouteOptions {
  readonly listen: Address;
  /** null: a forward HTTP proxy, which dials what each request names. */
  readonly target: Address | null;
}

/** What a Listener does besides forwarding; what is left out is off. */
export interface RouteOptions {
  /** The user's name for it. */
  readonly name?: string;
  /**
   * Whether the Host field of HTTP requests, and all that goes with it, is rewritten to the target's name. Unless
   * given: where the target is a DNS name other than localhost.
   */
  readonly hostHeader?: HostHeader;
  /** The HTTP proxy that the target is reached through. */
  readonly via?: UpstreamProxy;
  /** A slow link to simulate. */
  readonly slow?: SlowLink;
  /** TLS is spoken to the target from the first byte: its target was given as https:// or tls://. */
  readonly targetScheme?: TargetScheme;
  /** How the target is met wherever TLS is spoken to it. */
  readonly targetTls?: TargetTls;
  /** TLS that clients begin is ended by the monitor; left out: it is passed through as it is. */
  readonly listenTls?: ListenTls;
}

/** "https" is HTTP within TLS, "tls" any protocol within it. */
export type TargetScheme = "https" | "tls";

/** TLS to a target. Files are PEM. */
export interface TargetTls {
  /** A file with authorities that are trusted besides those of the system. */
  readonly ca?: string;
  /** Given where any certificate is accepted. */
  readonly insecure?: true;
  /** What the monitor shows to a target that asks for a certificate. */
  readonly certificate?: CertificateFiles;
}

/** TLS from clients: at the first byte, after CONNECT, and after STARTTLS and its like. Plain clients are served too. */
export interface ListenTls {
  /** What clients are shown; left out: a certificate that the monitor's own authority issues for the name. */
  readonly certificate?: CertificateFiles;
  /** Given where clients are asked for a certificate, which is recorded, not checked. */
  readonly asksClients?: true;
  /** Names whose TLS is passed through all the same: "api.example.org", or "*.example.org" with all below it. */
  readonly passthrough?: readonly string[];
}

/** A certificate chain and its private key, each a file in PEM. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

export type HostHeader = "rewrite" | "keep";

/** An HTTP proxy that is asked to CONNECT (RFC 9110, 9.3.6), or the one that the environment names. */
export type UpstreamProxy = ProxyServer | "environment";

/** An HTTP proxy, with the credentials (RFC 7617) that it wants; null where it wants none. */
export interface ProxyServer {
  readonly address: Address;
  readonly credentials: { readonly user: string; readonly password: string } | null;
}

/** A slow link, each Direction on its own. */
export interface SlowLink {
  readonly upstream: LinkLimits;
  readonly downstream: LinkLimits;
}

/** What one Direction of a slow link carries, and how late its bytes are. */
export interface LinkLimits {
  /** What all Connections of the Listener together get, as they would share a line; null: as fast as it goes. */
  readonly bytesPerSecond: number | null;
  /** Every byte is passed on so much later than it came … */
  readonly latencyMs: number;
  /** … give or take up to so much, in the order in which they came. */
  readonly jitterMs: number;
}

/** `upstream` is client to target, `downstream` is target to client. */
export type Direction = "upstream" | "downstream";

/** Who ended a Connection first. */
export type EndedBy = "client" | "target" | "monitor";

/** How one side ended: an orderly end of its stream, a reset, or another error of its socket. */
export type SideEnd = "end" | "reset" | "error";

/**
 * How a Connection ended. `refused` to `error` without a dialled target belong to a failed Connection;
 * `stopped` means that the monitor ended it (its Listener was closed, or the program ended); `unseen`, that a capture
 * which another program made does not tell how it ended.
 */
export type How = SideEnd | "refused" | "name-not-found" | "timeout" | "unreachable" | "stopped" | "unseen";

/** A TargetTls as the API and the page show it: paths of files, never what is in them. */
export interface ShownTargetTls {
  readonly ca: string | null;
  readonly insecure: boolean;
  readonly cert: string | null;
  readonly key: string | null;
}

/** A ListenTls as the API and the page show it. `cert` null: one of the monitor's own authority. */
export interface ShownListenTls {
  readonly cert: string | null;
  readonly key: string | null;
  readonly asksClients: boolean;
  readonly passthrough: readonly string[];
}

/**
 * What a Listener is doing; `failed` means that its port could not be bound, and `error` says why. `capture`: it is one
 * of an opened capture and listens nowhere here.
 */
export type ListenerState = "listening" | "stopped" | "failed" | "capture";

/** A bound Route, as the API and the page show it. `listen` and `target` are `host:port`, IPv6 in brackets. */
export interface Listener {
  readonly id: string;
  /** The user's name for it; null where it has none. */
  readonly name: string | null;
  readonly listen: string;
  /** null for a forward HTTP proxy. */
  readonly target: string | null;
  /** As configured; null: by the target. */
  readonly hostHeader: HostHeader | null;
  /** What that comes to: whether the Host field of requests is rewritten. */
  readonly rewritesHost: boolean;
  /** "http://user@host:port", without the password, or "environment"; null for none. */
  readonly via: string | null;
  readonly slow: SlowLink | null;
  /** What is spoken to the target from the first byte: "https" and "tls" are TLS, null is as clients speak. */
  readonly targetScheme: TargetScheme | null;
  /** How the target is met wherever TLS is spoken to it; null: its certificate is checked against the system's trust. */
  readonly targetTls: ShownTargetTls | null;
  /** null: TLS that clients begin is passed through as it is. */
  readonly listenTls: ShownListenTls | null;
  readonly state: ListenerState;
  /** Why it could not be bound, in words; null unless `state` is "failed". */
  readonly error: string | null;
  /** Where its port was taken: `host:port` with the next one that was free then; otherwise null. */
  readonly suggestion: string | null;
  /** ISO 8601, UTC: since when it has been in this state. */
  readonly since: string;
  /** The opened capture that it is of; left out for what tcpmon listens on itself. */
  readonly capture?: { readonly id: string; readonly file: string };
}

/** What the API shows of a Listener's Route. */
export type ShownRoute = Omit<Listener, "id" | "state" | "error" | "suggestion" | "since" | "capture">;

/** A capture that is open to be read, beside what is recorded now. */
export interface OpenedCapture {
  /** "k1": its listeners' ids begin with it, or are "k1" alone where the file tells of none. */
  readonly id: string;
  /** The file's name, without its folder. */
  readonly file: string;
  /** "tcpmon": tcpmon has written it; "pcapng" and "pcap": another program; "har": an HTTP Archive. */
  readonly kind: "tcpmon" | "pcapng" | "pcap" | "har";
  /** How much of it has been read, of how much, bytes. */
  readonly reading: Reading;
  /** Why it was not read to its end, in words; null where nothing is wrong with it. */
  readonly error: string | null;
  /** What else is to be known of it, in words: what was passed over, where it is damaged. */
  readonly notes: readonly string[];
}

/** How much of a capture has been read, bytes. */
export interface Reading {
  readonly done: number;
  readonly total: number;
}

// ── What the relay tells its observer ──────────────────────────────────────────────────────────────────────

/** A client was accepted. `connection` is a number that is unique within the Journal and grows. */
export interface Opened {
  readonly connection: number;
  /** The Listener's id; "sender" for what the Sender sends, which comes through none. */
  readonly listener: string;
  /** The Listener's address, as bound; port 0 for the Sender. */
  readonly listen: Address;
  /** The address the client reached: differs from `listen` where that is a wildcard such as 0.0.0.0. */
  readonly local: Address;
  /** The target as configured. */
  readonly target: Address;
  readonly client: Address;
  /** Given where the Host field of HTTP requests, and all that goes with it, is rewritten (see `RouteOptions`). */
  readonly rewrites?: true;
  /** Given where the Listener is a forward proxy: the target is then the one that the client has named. */
  readonly forward?: true;
  /** Given where its bytes were not recorded but made again from something else: what is to be known of them, in words. */
  readonly rebuilt?: string;
  /** Given where tcpmon itself is the client: what it sends again, or for the Sender. */
  readonly origin?: "tcpmon";
  /** In words: what is to be known of it, where another program captured it. Absent where there is nothing. */
  readonly remark?: string;
  /** The Exchanges that its requests are sent again from, in the order of the requests; null for one of its own. */
  readonly resendOf?: readonly (string | null)[];
  /** Given with the first Connection of a Listener in a run, and after a change: what it does. No secret is in it. */
  readonly route?: ShownRoute;
}

/** The target was reached. `address` is the one that answered, `dialMs` how long that took. */
export interface Connected {
  readonly connection: number;
  readonly address: Address;
  readonly dialMs: number;
  /** The HTTP proxy that it was reached through, and `address` is then this proxy's; absent where there was none. */
  readonly via?: Address;
  /**
   * So many bytes that begin the downstream Direction are the monitor's own, not the target's: its answer to CONNECT.
   * Absent where there are none.
   */
  readonly answered?: number;
}

/** TLS was begun on one leg, and the monitor is an end of it: what is recorded from here on is plaintext. */
export interface Secured {
  readonly connection: number;
  readonly leg: "client" | "target";
  /** As negotiated: "TLSv1.3", "TLS_AES_256_GCM_SHA384"; `cipher` is null where the runtime does not tell. */
  readonly version: string;
  readonly cipher: string | null;
  /** The protocol that both agreed on (RFC 7301); null where none was. */
  readonly alpn: string | null;
  /** The name that the TLS client asked for (SNI, RFC 6066, 3); null where it asked for none. */
  readonly serverName: string | null;
  /** What the peer showed, its own first; empty where it showed none. */
  readonly peer: readonly CertificateFacts[];
  /**
   * What the target's chain was checked against, and for a client what it was shown: "own-ca" a certificate of the
   * monitor's authority, "files" those that the user gave. "nothing": any certificate was accepted; `untrusted` then
   * says what is wrong with it, null where nothing is.
   */
  readonly trust: "system" | "system-and-file" | "nothing" | "own-ca" | "files";
  readonly untrusted: string | null;
}

/** The monitor's own authority, which issues the certificates that TLS clients are shown. Times are ISO 8601, UTC. */
export interface AuthorityFacts {
  /** The name that it has in a trust store: "tcpmon CA ann@laptop 2026-11-27 14.03". */
  readonly name: string;
  /** SHA-256 and SHA-1 of its certificate's DER, in upper-case hexadecimal, pairs parted by colons. */
  readonly fingerprint: string;
  readonly sha1: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** The file of its certificate, PEM, an absolute path. Its key lies elsewhere and is told nobody. */
  readonly file: string;
  /** The names and networks that it may issue certificates for, besides this machine's own; null: any. */
  readonly only: readonly string[] | null;
}

/** What is known of a certificate (RFC 5280). Times are ISO 8601, UTC. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** The names and addresses that it is for. */
  readonly names: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  /** "RSA 2048", "EC P-256"; null where it is not known. */
  readonly publicKey: string | null;
  /** SHA-256 of its DER, in hexadecimal. */
  readonly fingerprint: string;
}

/** What is known of TLS on a leg that the monitor is an end of; what was passed on before that began is plain. */
export interface TlsFacts extends Omit<Secured, "connection" | "leg"> {
  /** ISO 8601, UTC: when it was agreed on. */
  readonly at: string;
  /** How many bytes of each Direction had come before: more than 0 where TLS was begun later (STARTTLS, CONNECT). */
  readonly upstreamFrom: number;
  readonly downstreamFrom: number;
}

/** One side ended its stream (or its socket failed); `passedOn` is what the other side was given. */
export interface SideEnded {
  readonly connection: number;
  readonly by: "client" | "target";
  readonly how: SideEnd;
  readonly passedOn: "end" | "reset" | "nothing";
}

/** The Connection is over in both Directions. */
export interface Closed {
  readonly connection: number;
  readonly endedBy: EndedBy;
  readonly how: How;
  /** In words, where it did not end in order; null otherwise. */
  readonly error: string | null;
  /** In words: what is to be known of an end in order that may have cut something off. Absent elsewhere. */
  readonly note?: string;
  /** In words: what else is to be known of it, where another program captured it. Absent where there is nothing. */
  readonly remark?: string;
  /** The Direction whose latest bytes could not be written on; null or absent where all were. */
  readonly undelivered?: Direction | null;
  /** How many bytes were read from the client and from the target. */
  readonly upstreamBytes: number;
  readonly downstreamBytes: number;
}

/**
 * The monitor passed on something else than it received: `removed` bytes at `offset` of what came in a Direction (from
 * the Connection's first byte, 0) were replaced by `inserted`. It is told after the Chunks that hold those bytes, and
 * edits of a Direction are told in the order of their offsets and do not overlap. What was received and the edits give
 * exactly what was sent.
 */
export interface Edited {
  readonly connection: number;
  readonly direction: Direction;
  readonly offset: number;
  readonly removed: number;
  readonly inserted: Uint8Array;
  /** Why nothing more is edited from `offset` on, in words; `removed` is then 0 and `inserted` empty. */
  readonly stopped?: string;
}

/**
 * The target could not be dialled, so the client was closed; or, after `connected`, TLS with it did not come about in a
 * tunnel, and the monitor has answered the client in its place.
 */
export interface Failed {
  readonly connection: number;
  readonly how: How;
  /** In words: "shop.example.org:80 refused the connection". */
  readonly error: string;
}

/**
 * What the relay tells about the Connections it carries. Every call is synchronous, returns at once and never
 * throws. Exactly one of `closed` and `failed` comes for each `opened`, and nothing after it.
 */
export interface Observer {
  opened(event: Opened): void;
  connected(event: Connected): void;
  /** Bytes just read, before they are written on. `bytes` is only valid during the call. */
  chunk(connection: number, direction: Direction, bytes: Uint8Array): void;
  /** Something else than what was read is passed on: told after its chunk, before it is written. */
  edited(event: Edited): void;
  /** After `connected`, for each leg whose TLS the monitor ends; later where TLS begins within the Connection. */
  secured(event: Secured): void;
  ended(event: SideEnded): void;
  closed(event: Closed): void;
  failed(event: Failed): void;
  /** When the observer is behind: a promise to wait for before the next read. Otherwise undefined. */
  behind(): Promise<void> | undefined;
}

// ── What is derived: rows, as the API and the page show them ───────────────────────────────────────────────

/** One accepted client and the target dialled for it, as the API gives it. */
export interface Connection {
  readonly id: string;
  readonly listener: string;
  /** The Listener's address, as it was bound then; null for what the Sender sent. */
  readonly listen: string | null;
  readonly state: "open" | "closed" | "failed";
  /** `host:port`, or "tcpmon" where that sent it itself. */
  readonly client: string;
  readonly target: string;
  /** The address that answered for the target; null until it has. */
  readonly targetAddress: string | null;
  /** The HTTP proxy that it was reached through, `host:port`, and `targetAddress` is then this proxy's; otherwise null. */
  readonly via: string | null;
  /** ISO 8601, UTC. */
  readonly opened: string;
  readonly ended: string | null;
  readonly dialMs: number | null;
  readonly endedBy: EndedBy | null;
  readonly how: How | null;
  /** What the other side was given when the first side ended; null while neither has. */
  readonly passedOn: "end" | "reset" | "nothing" | null;
  readonly upstreamBytes: number;
  readonly downstreamBytes: number;
  /** How many bytes of each Direction were recorded (`--capture-limit`), null for all. Absent where all of both were. */
  readonly cut?: { readonly upstream: number | null; readonly downstream: number | null };
  /** What was agreed on with each side; null where the monitor is no end of TLS there. */
  readonly tls: { readonly client: TlsFacts | null; readonly target: TlsFacts | null };
  /** What became of decrypting TLS that passed through, in words; null where there was no key log, or no such TLS. */
  readonly decryption: string | null;
  /** In words; null unless it failed or broke. */
  readonly error: string | null;
  /** In words: what is to be known of an end that cut nothing off, as far as Messages tell; null where it is nothing. */
  readonly note: string | null;
}

/** The `listener` of what the Sender sends: it goes through none, and no Listener has this id. */
export const SENDER = "sender";

/** A request Message and its response Message: a row of the table. */
export interface Exchange {
  readonly id: string;
  readonly listener: string;
  readonly connection: string;
  /** "http" for HTTP/1.x, "tls" for TLS that passes through, "tcp" for turns of a protocol that is not decoded. */
  readonly protocol: string;
  readonly state: "open" | "done" | "failed";
  /** ISO 8601, UTC, of the first byte. */
  readonly started: string;
  /** From the first byte of the request to the first byte of the response; null until there is one. */
  readonly firstByteMs: number | null;
  /** From the first byte to the last so far. */
  readonly elapsedMs: number;
  /** `host:port`, or "tcpmon" where that sent it itself. */
  readonly client: string;
  readonly target: string;
  readonly method: string | null;
  /**
   * The request target as it was sent. In the tunnel of a CONNECT a path has its server before it,
   * "https://shop.example.org", or "http://…" where the client began no TLS there. For a turn, its first bytes with
   * control bytes as "·"; for TLS that passes through, the server that its client names, or "".
   */
  readonly url: string | null;
  readonly status: number | null;
  readonly summary: string;
  /** Sizes on the wire. */
  readonly requestBytes: number;
  readonly responseBytes: number;
  /**
   * The legs on which it went inside TLS that the monitor is an end of; "decrypted": inside TLS that passed through,
   * decrypted with a key log. null where neither.
   */
  readonly tls: "client" | "target" | "both" | "decrypted" | null;
  /** The Exchange that this one was sent again from. */
  readonly resendOf: string | null;
  /** Where its redirect leads the client past the monitor, an absolute URL; null where it does not. */
  readonly leadsAway: string | null;
  /** Which of its Messages were not recorded to their end (`--capture-limit`). Absent where both were. */
  readonly cut?: "request" | "response" | "both";
  /** What is wrong with it, in words: the reason of a failure, or the first fault of its Messages. */
  readonly fault: string | null;
}

/** What is being kept, and how far it has got. */
export interface Recording {
  /** The pcapng file. */
  readonly file: string;
  /** True when the file is removed at exit. */
  readonly temporary: boolean;
  /** Size of the capture so far: of the file, and of its older segments beside it. */
  readonly bytes: number;
  /** How much is kept, in words: "at most 500 MB"; the oldest goes first. Absent where there is no limit. */
  readonly keeps?: string;
  /** What has gone for that limit. Absent while nothing has. */
  readonly dropped?: Dropped;
  /** How many bytes of each Direction of a Connection are recorded at most. Absent where there is no limit. */
  readonly captureLimit?: number;
  /** Why nothing more is recorded (the relay goes on); null while it is. */
  readonly stopped: string | null;
  /** How far the catalog is behind the file: the age of the oldest thing not yet decoded. 0 when it is level. */
  readonly behindMs: number;
  /** How many bytes of the file that are. Left out when it is level. */
  readonly behindBytes?: number;
  /** While what the file held before is read again: how far that has got. Left out otherwise. */
  readonly reading?: Reading;
  /** Given where captures are only read: nothing is recorded. */
  readonly isReadOnly?: true;
}

/** What of a capture has gone because no more is kept. */
export interface Dropped {
  /** How many Exchanges, and when the latest of them began, ISO 8601, UTC. */
  readonly exchanges: number;
  readonly until: string;
  /** Whether others went before they were read, and are not counted; left out where none did. */
  readonly more?: boolean;
}
