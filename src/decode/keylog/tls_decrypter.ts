// Decrypts the records of one TLS connection that passed through, with the secrets that a key log has of it. Records
// are taken in the order in which they came; where a secret is missing that the next one needs, all wait for it.
// What does not prove right is not given, and nothing after it. Sans-io.

import type { Direction } from "../types.ts";
import { DecodeError } from "../tls/cursor.ts";
import { readCertificate } from "../tls/certificate.ts";
import {
  CERTIFICATE,
  CLIENT_HELLO,
  ENCRYPTED_EXTENSIONS,
  FINISHED,
  type HandshakeMessage,
  HandshakeReader,
  KEY_UPDATE,
  readAlpn,
  readClientHello,
  readFirstCertificate,
  readServerHello,
  SERVER_HELLO,
  type ServerHello,
} from "./handshake.ts";
import { hexOf, LABEL_OF, type SecretName, type Secrets } from "./key_log.ts";
import { type Inner, isAvailable, type Protection, Tls12Protection, Tls13Protection } from "./protection.ts";
import {
  ALERT,
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  HANDSHAKE,
  RecordReader,
  type TlsRecord,
} from "./records.ts";
import { keyBlock, nextSecret, trafficKeys } from "./schedule.ts";
import { type Suite, suiteOf } from "./suites.ts";

/** Some application data. */
export interface Plain {
  readonly direction: Direction;
  readonly bytes: Uint8Array;
  /** When the last byte of its record came, ms since the epoch. */
  readonly at: number;
}

/** What a record that waits takes besides its bytes: even those without any must not wait in any number. */
const RECORD_COST = 256;

const TLS_1_2 = 0x0303, TLS_1_3 = 0x0304;

/** Of each Direction, what protects the end of its handshake and what the data after it. */
const TRAFFIC: Readonly<Record<Direction, readonly [SecretName, SecretName]>> = {
  upstream: ["clientHandshake", "clientTraffic"],
  downstream: ["serverHandshake", "serverTraffic"],
};

/** What became of trying a record. */
type Tried = "done" | "needs hello" | "needs secret";

interface Side {
  readonly records: RecordReader;
  readonly handshake: HandshakeReader;
  readonly queue: (TlsRecord & { readonly number: number })[];
  protection: Protection | null;
  /** TLS 1.3: the secret that `protection` is made of, to be followed by another at a key update. */
  secret: Uint8Array | null;
  /** TLS 1.2: a ChangeCipherSpec came, and records are encrypted from here on. */
  changed: boolean;
  /** Its handshake is over, and other keys hold. */
  finished: boolean;
}

/** One TLS connection. */
export class TlsDecrypter {
  readonly #sides: Readonly<Record<Direction, Side>> = { upstream: newSide(), downstream: newSide() };
  #random: Uint8Array | null = null;
  #hello: ServerHello | null = null;
  #suite: Suite | null = null;
  /** The client sends data before the server has answered, under `#early` where its secret is known. */
  #earlyData = false;
  #early: Protection | null = null;
  #skippedEarly = 0;
  #missing: SecretName | null = null;
  #failure: string | null = null;
  #alpn: string | null = null;
  /** Whose certificate the server has shown, in TLS 1.3, where that is encrypted. */
  #shown: string | null = null;
  #plain: Plain[] = [];
  #number = 0;
  #held = 0;

  /** `secretsOf` gives what is known of the Connection with a client random, now. */
  constructor(private readonly secretsOf: (random: string) => Secrets | null) {}

  /** The client random, hexadecimal in lower case; null until a ClientHello has come. */
  get random(): string | null {
    return this.#random && hexOf(this.#random);
  }

  /** The label of the secret that is waited for; null while none is. */
  get missing(): string | null {
    return this.#missing && LABEL_OF[this.#missing];
  }

  /** Why nothing more is decrypted, in words; null while it may be. */
  get failure(): string | null {
    return this.#failure;
  }

  /** How many bytes records that wait take up; 0 where none waits. */
  get held(): number {
    return this.#held;
  }

  /** "TLS 1.3, TLS_AES_128_GCM_SHA256" and what else is known; null before a ServerHello. */
  get agreed(): string | null {
    if (this.#suite === null || this.#hello === null) return null;
    const version = this.#hello.version === TLS_1_3 ? "TLS 1.3" : "TLS 1.2";
    const parts = [version, this.#suite.name];
    if (this.#alpn !== null) parts.push(`ALPN ${this.#alpn}`);
    if (this.#shown !== null) parts.push(`certificate of ${this.#shown}`);
    return parts.join(", ");
  }

  /** How many records of early data (0-RTT) could not be decrypted, because the key log has no secret for them. */
  get skippedEarly(): number {
    return this.#skippedEarly;
  }

  /** Takes bytes of one Direction, from the first of its TLS on. */
  receive(direction: Direction, bytes: Uint8Array, at: number): void {
    if (this.#failure !== null) return;
    const side = this.#sides[direction];
    for (const record of side.records.receive(bytes, at)) {
      side.queue.push({ ...record, number: this.#number++ });
      this.#held += costOf(record);
    }
    this.retry();
    if (side.records.broken && side.queue.length === 0) this.#fail("bytes came that are no TLS record");
  }

  /** Goes on, where more secrets are known. */
  retry(): void {
    this.#missing = null;
    const { upstream, downstream } = this.#sides;
    while (this.#failure === null) {
      const first = (upstream.queue[0]?.number ?? Infinity) < (downstream.queue[0]?.number ?? Infinity);
      const order: readonly Direction[] = first ? ["upstream", "downstream"] : ["downstream", "upstream"];
      const tried = this.#next(order[0]);
      if (tried === "done" || (tried === "needs hello" && this.#next(order[1]) === "done")) continue;
      return;
    }
  }

  /** What was decrypted since the last call. */
  take(): readonly Plain[] {
    if (this.#plain.length === 0) return this.#plain;
    const plain = this.#plain;
    this.#plain = [];
    return plain;
  }

  /** Nothing more is to be decrypted, for this reason in words. */
  giveUp(reason: string): void {
    this.#fail(reason);
  }

  #next(direction: Direction): Tried {
    const { queue } = this.#sides[direction];
    if (queue.length === 0) return "needs hello";
    const tried = this.#record(direction, queue[0]);
    if (tried === "done" && queue.length > 0) this.#held -= costOf(queue.shift()!);
    return tried;
  }

  #record(direction: Direction, record: TlsRecord): Tried {
    const side = this.#sides[direction];
    if (this.#hello?.version === TLS_1_3) {
      // In TLS 1.3 a ChangeCipherSpec means nothing (RFC 8446, D.4).
      if (record.type === CHANGE_CIPHER_SPEC) return "done";
      if (record.type !== APPLICATION_DATA) {
        return this.#content(direction, record, record.type, record.fragment);
      }
      return this.#protected13(direction, side, record);
    }
    if (record.type === APPLICATION_DATA && this.#hello === null) return "needs hello";
    if (side.changed) return this.#protected12(direction, side, record);
    // Before a ServerHello it means nothing: TLS 1.3 sends it with early data and around a HelloRetryRequest.
    if (record.type === CHANGE_CIPHER_SPEC) return this.#hello === null ? "done" : change12(side);
    return this.#content(direction, record, record.type, record.fragment);
  }

  #protected13(direction: Direction, side: Side, record: TlsRecord): Tried {
    const [handshake, traffic] = TRAFFIC[direction];
    side.protection ??= this.#protection13(side, side.finished ? traffic : handshake);
    if (side.protection === null) return "needs secret";
    const inner = side.protection.open(record);
    if (inner !== null) {
      if (direction === "upstream") this.#earlyData = false;
      return this.#content(direction, record, inner.type, inner.bytes);
    }
    if (direction === "upstream" && this.#earlyData) return this.#earlyRecord(record);
    return this.#refuse(direction);
  }

  /** Data that the client sent before the server's answer: it has a secret of its own, and many key logs lack it. */
  #earlyRecord(record: TlsRecord): Tried {
    const secret = this.#secrets?.clientEarly;
    if (secret && this.#suite) {
      this.#early ??= new Tls13Protection(this.#suite, trafficKeys(this.#suite, secret));
    }
    const inner = this.#early?.open(record) ?? null;
    if (inner === null) this.#skippedEarly++;
    else if (inner.type === APPLICATION_DATA) this.#give("upstream", record, inner.bytes);
    return "done";
  }

  #protected12(direction: Direction, side: Side, record: TlsRecord): Tried {
    if (record.type === CHANGE_CIPHER_SPEC) return change12(side);
    side.protection ??= this.#protection12(direction);
    if (side.protection === null) return "needs secret";
    const inner: Inner | null = side.protection.open(record);
    if (inner === null) return this.#refuse(direction);
    return this.#content(direction, record, inner.type, inner.bytes);
  }

  /** What was in a record, decrypted or never encrypted. */
  #content(direction: Direction, record: TlsRecord, type: number, bytes: Uint8Array): Tried {
    if (type === HANDSHAKE) {
      for (const message of this.#sides[direction].handshake.receive(bytes)) {
        const tried = this.#handshake(direction, message);
        if (tried !== "done") return tried;
      }
    } else if (type === APPLICATION_DATA) {
      this.#give(direction, record, bytes);
    } else if (type !== ALERT) {
      return this.#fail(`a record has the content type ${type}, which is not known`);
    }
    return "done";
  }

  #handshake(direction: Direction, { type, body }: HandshakeMessage): Tried {
    const side = this.#sides[direction];
    switch (type) {
      case CLIENT_HELLO: {
        const hello = direction === "upstream" ? readClientHello(body) : null;
        if (hello === null) return this.#fail("the ClientHello is damaged");
        this.#random = hello.random.slice();
        this.#earlyData = hello.earlyData;
        return "done";
      }
      case SERVER_HELLO:
        return this.#serverHello(readServerHello(body));
      case ENCRYPTED_EXTENSIONS:
        this.#alpn = readAlpn(body);
        return "done";
      case CERTIFICATE:
        if (direction === "downstream" && this.#hello?.version === TLS_1_3) this.#shown = nameIn(body);
        return "done";
      case FINISHED:
        side.finished = true;
        if (this.#hello?.version === TLS_1_3) side.protection = null;
        return "done";
      case KEY_UPDATE:
        if (side.secret === null || this.#suite === null) return "done";
        side.secret = nextSecret(this.#suite, side.secret);
        side.protection = new Tls13Protection(this.#suite, trafficKeys(this.#suite, side.secret));
        return "done";
      default:
        return "done";
    }
  }

  #serverHello(hello: ServerHello | null): Tried {
    if (hello === null) return this.#fail("the ServerHello is damaged");
    // Another ClientHello follows; early data, if any came, was for nothing (RFC 8446, 4.2.10), and is not asked again.
    if (hello.retry) return "done";
    const suite = suiteOf(hello.suite);
    const number = `0x${hello.suite.toString(16).padStart(4, "0")}`;
    if (hello.version !== TLS_1_2 && hello.version !== TLS_1_3) {
      return this.#fail("only TLS 1.2 and 1.3 are decrypted, and an older version was agreed on");
    }
    if (suite === null) return this.#fail(`the cipher suite ${number} is not one that is decrypted here`);
    if (!isAvailable(suite)) return this.#fail(`${suite.name} needs tcpmon on Deno 2.9 or later`);
    if (hello.compression !== 0) return this.#fail("the records are compressed");
    this.#hello = { ...hello, random: hello.random.slice() };
    this.#suite = suite;
    return "done";
  }

  get #secrets(): Secrets | null {
    return this.#random && this.secretsOf(hexOf(this.#random));
  }

  #protection13(side: Side, name: SecretName): Protection | null {
    const secret = this.#secrets?.[name];
    if (secret === undefined || this.#suite === null) {
      this.#missing = name;
      return null;
    }
    side.secret = secret;
    return new Tls13Protection(this.#suite, trafficKeys(this.#suite, secret));
  }

  #protection12(direction: Direction): Protection | null {
    const master = this.#secrets?.master;
    if (master === undefined || this.#suite === null || this.#hello === null || this.#random === null) {
      this.#missing = "master";
      return null;
    }
    const keys = keyBlock(this.#suite, master, this.#random, this.#hello.random)[direction];
    return new Tls12Protection(this.#suite, keys, this.#hello.encryptThenMac);
  }

  #give(direction: Direction, { at }: TlsRecord, bytes: Uint8Array): void {
    if (bytes.length > 0) this.#plain.push({ direction, bytes, at });
  }

  #refuse(direction: Direction): Tried {
    return this.#fail(
      `a record of the ${direction === "upstream" ? "client" : "target"} does not prove right: ` +
        "the key log has another secret for this connection, or bytes were damaged",
    );
  }

  #fail(reason: string): Tried {
    this.#failure ??= reason;
    this.#held = 0;
    for (const side of Object.values(this.#sides)) side.queue.length = 0;
    return "done";
  }
}

function costOf({ fragment }: TlsRecord): number {
  return RECORD_COST + fragment.length;
}

/** Whom the first certificate of a message is of; null where that cannot be read. */
function nameIn(body: Uint8Array): string | null {
  const der = readFirstCertificate(body);
  try {
    return der && readCertificate(der).subject;
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

/** TLS 1.2: what follows is encrypted with the keys that were agreed on last. */
function change12(side: Side): Tried {
  side.changed = true;
  side.protection = null;
  return "done";
}

function newSide(): Side {
  return {
    records: new RecordReader(),
    handshake: new HandshakeReader(),
    queue: [],
    protection: null,
    secret: null,
    changed: false,
    finished: false,
  };
}
