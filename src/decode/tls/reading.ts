// One Direction of TLS, laid out for reading: lines as its bytes come. What is encrypted is counted, in one line for
// records that follow one another. All that is remembered is plain data.

import { alertMeaning, alertName, levelName, type Side } from "./alerts.ts";
import { latin1 } from "../octets.ts";
import { heartbeatWords } from "./heartbeat.ts";
import { readClientHello, readServerHello } from "./hello.ts";
import { addClientHello, addHello2, addServerHello } from "./hello_lines.ts";
import { addMessage } from "./message_lines.ts";
import { HANDSHAKE, handshakeName, RECORD, recordName, versionName } from "./names.ts";
import {
  type HandshakeMessage,
  offsetIn,
  type RecordHead,
  type TlsEvent,
  TlsStream,
  type TlsStreamState,
} from "./stream.ts";
import { counted, plural, TextLines } from "./text_lines.ts";

/** Encrypted records that follow one another. */
interface Run {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
  readonly bytes: number;
  /** The lengths of the first of them, and of the last. */
  readonly first: readonly number[];
  readonly last: number;
}

/** The lengths of so many records are told one by one. */
const TOLD = 8;
/** See tls.ts. */
const ALERT_LENGTH = 19;

/** All that is remembered. */
export interface TlsReadingState {
  readonly stream: TlsStreamState;
  readonly side: Side | null;
  readonly version: number | null;
  readonly suite: number | null;
  readonly run: Run | null;
}

/** See above. */
export class TlsReading {
  readonly #stream: TlsStream;
  readonly #lines = new TextLines();
  #side: Side | null;
  #version: number | null;
  #suite: number | null;
  #run: Run | null;

  /** `state` is what `snapshot` gave. */
  constructor(state?: TlsReadingState) {
    this.#stream = new TlsStream(state?.stream);
    this.#side = state?.side ?? null;
    this.#version = state?.version ?? null;
    this.#suite = state?.suite ?? null;
    this.#run = state?.run ?? null;
  }

  /** All that is needed to go on from here, as plain data. */
  snapshot(): TlsReadingState {
    return {
      stream: this.#stream.snapshot(),
      side: this.#side,
      version: this.#version,
      suite: this.#suite,
      run: this.#run,
    };
  }

  /** The lines that these bytes, which come next, make complete; each with its end. */
  receive(bytes: Uint8Array): string {
    for (const event of this.#stream.receive(bytes)) this.#add(event);
    return this.#lines.take();
  }

  /** The rest. */
  end(): string {
    for (const event of this.#stream.end()) this.#add(event);
    this.#endRun();
    return this.#lines.take();
  }

  #add(event: TlsEvent): void {
    if (event.kind === "encrypted") {
      this.#encrypted(event.head);
      return;
    }
    this.#endRun();
    const lines = this.#lines;
    switch (event.kind) {
      case "record": {
        const { offset, type, version, length } = event.head;
        lines.add(offset, 0, `${recordName(type)} record, ${versionName(version)}, ${counted(length)} B`);
        break;
      }
      case "handshake":
        this.#handshake(event.message);
        break;
      case "alert": {
        lines.add(event.offset, 1, `${levelName(event)} alert: ${alertName(event)} (${event.description})`);
        const meaning = alertMeaning(event, this.#side);
        if (meaning !== "") lines.add(null, 2, meaning);
        break;
      }
      case "cipher-change":
        lines.add(event.offset, 2, cipherChangeWords(this.#version));
        break;
      case "heartbeat": {
        const { text, fault } = heartbeatWords(event.bytes);
        lines.add(event.offset, 1, text);
        if (fault !== null) lines.add(event.offset, 1, `fault: ${fault}`);
        break;
      }
      case "hello2":
        this.#side = "client";
        addHello2(lines, event.bytes, event.offset);
        break;
      case "fault":
        lines.add(event.offset, 0, `fault: ${event.text}`);
        break;
      case "foreign":
        lines.add(
          event.offset,
          0,
          `fault: this is no record of TLS${foreignText(event.start)}; nothing more is read`,
        );
    }
  }

  #handshake(message: HandshakeMessage): void {
    const lines = this.#lines;
    const { type, bytes } = message;
    const place = (at: number) => offsetIn(message, at);
    lines.add(place(0), 1, `${handshakeName(type)}, ${counted(bytes.length)} B`);
    if (type === HANDSHAKE.clientHello) {
      this.#side = "client";
      addClientHello(lines, readClientHello(bytes), place);
    } else if (type === HANDSHAKE.serverHello) {
      const hello = readServerHello(bytes);
      this.#side = "target";
      this.#version = hello.version;
      this.#suite = hello.suite;
      addServerHello(lines, hello, place);
    } else addMessage(lines, type, bytes, { version: this.#version, suite: this.#suite }, place);
  }

  #encrypted({ type, length, offset }: RecordHead): void {
    if (this.#run !== null && this.#run.type !== type) this.#endRun();
    const run = this.#run ?? { type, offset, count: 0, bytes: 0, first: [] };
    this.#run = {
      ...run,
      count: run.count + 1,
      bytes: run.bytes + length,
      first: run.first.length < TOLD ? [...run.first, length] : run.first,
      last: length,
    };
  }

  #endRun(): void {
    if (this.#run === null) return;
    const { type, offset, count, bytes, first, last } = this.#run;
    this.#run = null;
    const lengths = count === 1
      ? ""
      : `: ${first.map(counted).join(", ")}${count > first.length ? ", …" : ""}`;
    this.#lines.add(
      offset,
      0,
      `${plural(count, "encrypted record")} (${recordName(type)}), ${counted(bytes)} B${lengths}`,
    );
    if (type === RECORD.data && last === ALERT_LENGTH) {
      this.#lines.add(
        null,
        2,
        `${
          count === 1 ? "it has" : "the last has"
        } the length of an alert in TLS 1.3, most often close_notify`,
      );
    }
  }
}

/** A message that TLS 1.3 keeps for what stands between and knows TLS 1.2 only (RFC 8446, D.4). */
function cipherChangeWords(version: number | null): string {
  if (version === null) return "what follows is encrypted; in TLS 1.3 this means nothing";
  return version >= 0x0304 ? "this means nothing in TLS 1.3" : "what follows is encrypted";
}

function foreignText(start: Uint8Array): string {
  const text = latin1(start, 0, start.length);
  return /^[\x20-\x7e]+$/.test(text) ? ` but “${text}…”` : "";
}
