// The Exchanges of an export with what its rules name masked, in the place of those of the index: formats read these
// and know nothing of it. A Message in which something is masked has no codings any more, and its bytes are what is
// left; one in which nothing is stays as it came. All are read twice: first for the values alone, so that one is also
// masked where it stands before the field that says that it is secret.

import { type Masked, Redactor, type RedactRule } from "../../decode/redact/mod.ts";
import type { Choice, Chosen } from "./choice.ts";
import { RedactedExchange } from "./redacted_exchange.ts";
import type { RedactInto } from "./redacted_side.ts";

/** What is read from, and where bodies are kept that are too large for memory. */
export interface RedactFrom extends RedactInto {
  readonly choice: Choice;
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
      const first = new Redactor(this.rules, undefined, "learn");
      for await (const chosen of this.from.choice.exchanges()) {
        (await RedactedExchange.read(chosen, first, this.from)).close();
        if (this.from.slices.due()) await this.from.slices.pause();
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
      if (this.from.slices.due()) await this.from.slices.pause();
    }
    return { exchanges, masked: redactor.masked };
  }
}
