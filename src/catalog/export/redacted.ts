// The Exchanges of an export with what its rules name masked, in the place of those of the index: formats read these
// and know nothing of it. A Message in which something is masked has no codings any more, and its bytes are what is
// left; one in which nothing is stays as it came. All are read twice: first for the values alone, so that one is also
// masked where it stands before the field that says that it is secret.

import { headBytes, type Masked, type RedactableHead, Redactor, reframed } from "../../decode/redact/mod.ts";
import type { RedactRule } from "../../decode/redact/mod.ts";
import type { Exchange } from "../../model.ts";
import type { BodySource } from "../body.ts";
import type { OpenedMessage } from "../details.ts";
import { exchangeOf, type StoredExchange } from "../rows.ts";
import type { Slices } from "../slices.ts";
import { Spool } from "../spool.ts";
import type { ExchangeDetail, HeaderLine, MessageDetail } from "../types.ts";
import type { Side } from "../wire_of_row.ts";
import type { Choice, Chosen } from "./choice.ts";

/** So much of a body is redacted at once. */
const PIECE = 256 * 1024;
const SIDES = ["request", "response"] as const;

/** What is read from, and where bodies are kept that are too large for memory. */
export interface RedactFrom {
  readonly choice: Choice;
  readonly folder: string;
  readonly slices: Slices;
}

/** See above. */
export class RedactedChoice implements Choice {
  #redactor: Redactor;
  #first: Redactor | null = null;

  constructor(private readonly from: RedactFrom, private readonly rules: readonly RedactRule[]) {
    this.#redactor = new Redactor(rules);
  }

  get count(): number {
    return this.from.choice.count;
  }

  /** What was masked in what has been given so far. */
  get masked(): Masked[] {
    return this.#redactor.masked;
  }

  /** What the first pass over all has found to mask, but for values that stand elsewhere too. */
  get masks(): readonly Masked[] {
    return this.#first?.masked ?? [];
  }

  /** None: it would name the file, and its path may be what is masked. */
  only(): null {
    return null;
  }

  async *exchanges(): AsyncGenerator<Chosen, void, void> {
    if (this.#first === null) {
      const first = new Redactor(this.rules);
      for await (const chosen of this.from.choice.exchanges()) {
        (await RedactedExchange.read(chosen, first, this.from)).close();
      }
      this.#first = first;
    }
    this.#redactor = new Redactor(this.rules, this.#first);
    for await (const chosen of this.from.choice.exchanges()) {
      const redacted = await RedactedExchange.read(chosen, this.#redactor, this.from);
      try {
        yield redacted;
      } finally {
        redacted.close();
      }
    }
  }

  /** What would be masked in the first `most` Exchanges. */
  async preview(most: number): Promise<{ readonly exchanges: number; readonly masked: Masked[] }> {
    const redactor = new Redactor(this.rules);
    let exchanges = 0;
    for await (const chosen of this.from.choice.exchanges()) {
      (await RedactedExchange.read(chosen, redactor, this.from)).close();
      if (++exchanges >= most) break;
    }
    return { exchanges, masked: redactor.masked };
  }
}

/** One Message in which something is masked. */
interface RedactedSide {
  readonly detail: MessageDetail;
  readonly head: Uint8Array;
  readonly body: Spool;
  readonly notes: readonly string[];
}

/** An Exchange of which both sides have been redacted. To be closed. */
class RedactedExchange implements Chosen {
  readonly row: StoredExchange;
  readonly connection: Chosen["connection"];
  readonly #sides: Partial<Record<Side, RedactedSide>> = {};
  #detail: ExchangeDetail | null = null;

  private constructor(
    private readonly chosen: Chosen,
    private readonly redactor: Redactor,
    private readonly from: RedactFrom,
  ) {
    this.row = chosen.row;
    this.connection = chosen.connection;
  }

  static async read(chosen: Chosen, redactor: Redactor, from: RedactFrom): Promise<RedactedExchange> {
    const redacted = new RedactedExchange(chosen, redactor, from);
    try {
      await redacted.#read();
      return redacted;
    } catch (error) {
      redacted.close();
      throw error;
    }
  }

  exchange(): Exchange {
    return exchangeOf(this.row);
  }

  detail(): Promise<ExchangeDetail> {
    return this.#detail === null ? this.chosen.detail() : Promise.resolve(this.#detail);
  }

  async message(side: Side, sent?: boolean): Promise<OpenedMessage | null> {
    const opened = await this.chosen.message(side, sent);
    const redacted = this.#sides[side];
    if (opened === null || redacted === undefined) return opened;
    const { head, body } = redacted;
    const length = head.length + body.length;
    return {
      trailers: [],
      facts: { ...opened.facts, contentCoding: [], transferCoding: [] },
      wire: {
        // Its own in every export, for rules differ.
        key: `${opened.wire.key}/redacted/${crypto.randomUUID()}`,
        headBytes: head.length,
        framing: redacted.detail.framing,
        extent: () => ({ length, complete: true }),
        read: (from, into) => {
          const part = head.subarray(from, from + into.length);
          into.set(part);
          return part.length + body.read(Math.max(0, from - head.length), into.subarray(part.length));
        },
      },
    };
  }

  async body(side: Side): Promise<BodySource | null> {
    const redacted = this.#sides[side];
    if (redacted === undefined) return await this.chosen.body(side);
    const { body, notes } = redacted;
    return {
      notes,
      codedAs: [],
      extent: () => ({ length: body.length, complete: true }),
      read: (from, into) => body.read(from, into),
      advance: () => Promise.resolve(),
      close() {},
    };
  }

  close(): void {
    for (const side of SIDES) this.#sides[side]?.body.close();
  }

  async #read(): Promise<void> {
    const detail = await this.chosen.detail();
    const messages: Record<Side, MessageDetail | null> = { request: null, response: null };
    for (const side of SIDES) {
      const message = detail[side];
      messages[side] = message === null ? null : await this.#readSide(side, message);
    }
    const { redactor } = this;
    const words = (text: string | null) => text === null ? null : redactor.words(text);
    const interim = detail.interim.map(({ startLine, headers }) => {
      const { headers: masked } = redactor.head({ startLine, headers, trailers: [] });
      return { startLine, headers: masked };
    });
    const sizes = {
      requestBytes: this.#sizeOf("request", detail.requestBytes),
      responseBytes: this.#sizeOf("response", detail.responseBytes),
    };
    const leadsAway = detail.leadsAway === null ? null : redactor.url(detail.leadsAway);
    const url = detail.url === null ? null : redactor.url(detail.url);
    const [summary, fault] = [redactor.words(detail.summary), words(detail.fault)];
    this.#detail = { ...detail, ...sizes, ...messages, url, leadsAway, summary, fault, interim };
    const { request_bytes, response_bytes } = this.row;
    Object.assign(this, {
      row: {
        ...this.row,
        url,
        leads_away: leadsAway,
        summary,
        fault,
        request_bytes: this.#sizeOf("request", request_bytes),
        response_bytes: this.#sizeOf("response", response_bytes),
      },
      connection: { ...this.connection, error: words(this.connection.error) },
    });
  }

  /** The side as it is to be told: with its bytes in `#sides` where something is masked in it. */
  async #readSide(side: Side, detail: MessageDetail): Promise<MessageDetail> {
    const { redactor } = this;
    const [before, passed] = [headOf(detail, false), headOf(detail, true)];
    const head = redactor.head(before);
    const sent = JSON.stringify(passed) === JSON.stringify(before) ? head : redactor.head(passed);
    const { spool, changed, notes } = await this.#readBody(side, detail);
    const isSame = !changed && JSON.stringify(head) === JSON.stringify(before) &&
      JSON.stringify(sent) === JSON.stringify(passed);
    const told = {
      faults: detail.faults.map((fault) => ({ ...fault, text: redactor.words(fault.text) })),
      notes: detail.notes.map((note) => redactor.words(note)),
      reason: detail.reason === null ? null : redactor.words(detail.reason),
    };
    if (isSame) {
      spool.close();
      return { ...detail, ...told };
    }
    const isTurn = head.startLine === null;
    const whole = isTurn ? { headers: [], notes: [] } : reframed(head, spool.length, changed);
    const bytes = isTurn ? new Uint8Array(0) : headBytes(head.startLine ?? "", whole.headers);
    const { gaps: _, ...ungapped } = detail;
    const masked: MessageDetail = {
      ...ungapped,
      ...told,
      bytes: bytes.length + spool.length,
      headBytes: bytes.length,
      startLine: head.startLine,
      headers: withSent(whole.headers, sent.headers),
      trailers: [],
      framing: isTurn
        ? detail.framing
        : spool.length > 0 || detail.contentLength !== null
        ? "length"
        : "none",
      contentLength: isTurn ? null : spool.length,
      bodyBytes: spool.length,
      chunks: 0,
      contentCoding: [],
      sentStartLine: sent.startLine === head.startLine || detail.sentStartLine === null
        ? null
        : sent.startLine,
      edits: [],
      notes: [...told.notes, "Masked for this export: it is not as it came.", ...whole.notes],
    };
    this.#sides[side] = { detail: masked, head: bytes, body: spool, notes };
    return masked;
  }

  async #readBody(
    side: Side,
    detail: MessageDetail,
  ): Promise<{ readonly spool: Spool; readonly changed: boolean; readonly notes: readonly string[] }> {
    const spool = new Spool(this.from.folder);
    const body = await this.chosen.body(side);
    if (body === null) return { spool, changed: false, notes: [] };
    try {
      const contentType = (await this.chosen.message(side))?.facts.contentType ?? null;
      const isTurn = detail.startLine === null;
      const redaction = this.redactor.body({ contentType, isTurn, codedAs: body.codedAs });
      const piece = new Uint8Array(PIECE);
      const known = missingFrom(detail, body);
      // An HTTP message without its head has whatever of that was captured in its body.
      const isHeadless = isTurn && this.row.protocol === "http";
      const end = isHeadless ? 0 : this.redactor.reachesBodies ? known : Infinity;
      for (let from = 0; from < end;) {
        const length = body.read(from, piece.subarray(0, Math.min(PIECE, end - from)));
        if (length === 0) break;
        spool.append(redaction.receive(piece.slice(0, length)));
        from += length;
        if (this.from.slices.due()) await this.from.slices.pause();
      }
      // What stands behind bytes that are missing cannot be told.
      if (end < Infinity) spool.append(redaction.lost());
      spool.append(redaction.end());
      return {
        spool,
        changed: redaction.changed,
        notes: body.notes.map((note) => this.redactor.words(note)),
      };
    } catch (error) {
      spool.close();
      throw error;
    } finally {
      body.close();
    }
  }

  #sizeOf(side: Side, bytes: number): number {
    return this.#sides[side]?.detail.bytes ?? bytes;
  }
}

/** Where in the body the first bytes are missing that the capture does not have; Infinity where none are. */
function missingFrom(detail: MessageDetail, body: BodySource): number {
  const inBody = detail.gaps?.filter(({ offset, length }) => offset + length > detail.headBytes) ?? [];
  if (inBody.length === 0) return Infinity;
  // In a coded body it is not known where.
  return body.gaps === undefined ? 0 : Math.max(0, inBody[0].offset - detail.headBytes);
}

/** The head as it came, or as it was passed on. */
function headOf(detail: MessageDetail, sent: boolean): RedactableHead {
  const headers = detail.headers.map((line) => ({
    name: line.name,
    value: sent && typeof line.sent === "string" ? line.sent : line.value,
  }));
  return {
    startLine: sent && detail.sentStartLine !== null ? detail.sentStartLine : detail.startLine,
    headers,
    trailers: detail.trailers,
  };
}

/** What was passed on instead is told where it is still another value. */
function withSent(headers: readonly HeaderLine[], sent: readonly HeaderLine[]): HeaderLine[] {
  return headers.map(({ name, value }) => {
    const passed = sent.filter((line) => line.name === name);
    return passed.length !== 1 || passed[0].value === value || /^content-|^transfer-/i.test(name)
      ? { name, value }
      : { name, value, sent: passed[0].value };
  });
}
