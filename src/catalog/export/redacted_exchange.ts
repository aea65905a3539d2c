// One Exchange of an export with what the rules name masked, in the place of the one of the index. A Message in which
// nothing is masked is given as it came.

import type { Redactor } from "../../decode/redact/mod.ts";
import type { Exchange } from "../../model.ts";
import type { BodySource } from "../body.ts";
import type { OpenedMessage } from "../details.ts";
import { exchangeOf, type StoredExchange } from "../rows.ts";
import type { ExchangeDetail, MessageDetail } from "../types.ts";
import type { Side } from "../wire_of_row.ts";
import type { Chosen } from "./choice.ts";
import { type RedactedSide, type RedactInto, redactSide } from "./redacted_side.ts";

const SIDES = ["request", "response"] as const;

/** An Exchange of which both sides have been redacted. To be closed. */
export class RedactedExchange implements Chosen {
  readonly row: StoredExchange;
  readonly connection: Chosen["connection"];
  readonly #sides: Partial<Record<Side, RedactedSide>> = {};
  #detail: ExchangeDetail | null = null;

  private constructor(
    private readonly chosen: Chosen,
    private readonly redactor: Redactor,
    private readonly into: RedactInto,
  ) {
    this.row = chosen.row;
    this.connection = chosen.connection;
  }

  static async read(chosen: Chosen, redactor: Redactor, into: RedactInto): Promise<RedactedExchange> {
    const redacted = new RedactedExchange(chosen, redactor, into);
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
      if (message === null) continue;
      const { told, masked } = await redactSide(this.chosen, side, message, this.redactor, this.into);
      messages[side] = told;
      if (masked !== null) this.#sides[side] = masked;
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

  #sizeOf(side: Side, bytes: number): number {
    return this.#sides[side]?.detail.bytes ?? bytes;
  }
}
