// SMTP's STARTTLS (RFC 3207) and FTP's AUTH TLS (RFC 4217). Both greet with 220, and both answer every line of the client
// with one reply of a number and words (RFC 5321, 4.2; RFC 959, 4.2).

import { LineWatch } from "./line_watch.ts";
import type { Upgrade } from "./types.ts";

const SMTP: Upgrade = { protocol: "SMTP", command: "STARTTLS" };

/** After these there are lines that are no commands (354), or nobody asks for TLS any more: the client has logged in. */
const TOO_LATE = ["354", "235", "230", "232"];

/** Watches SMTP and FTP. */
export class NumberedReplies extends LineWatch {
  #greeted = false;
  /** Commands that have no reply yet. */
  #open = 0;
  /** The number of a reply of several lines whose last one has not come. */
  #within: string | null = null;

  protected command(line: string): void {
    this.#open++;
    if (/^STARTTLS\b/i.test(line)) this.asked = SMTP;
    else if (/^AUTH +(TLS|SSL)(-[CP])?\s*$/i.test(line)) {
      this.asked = { protocol: "FTP", command: line.trim().toUpperCase() };
    } else if (/^BDAT\b/i.test(line)) this.state = "never";
  }

  protected reply(line: string): void {
    const [, code, more] = /^(\d{3})(?:$|([ -]))/.exec(line) ?? [];
    if (this.#within !== null) {
      // Lines between the first and the last may be any text (RFC 959, 4.2).
      if (code !== this.#within || more === "-") return;
      this.#within = null;
    } else if (code === undefined) {
      this.state = "never";
      return;
    } else if (more === "-") {
      this.#within = code;
      return;
    }
    if (!code.startsWith("1")) this.#replied(code);
  }

  #replied(code: string): void {
    if (!this.#greeted) {
      this.#greeted = true;
      if (code !== "220") this.state = "never";
      return;
    }
    if (--this.#open < 0 || TOO_LATE.includes(code)) this.state = "never";
    // Nothing passes behind the question, so it is the last that is answered.
    else if (this.asked !== null && this.#open === 0) {
      this.settle(code === (this.asked === SMTP ? "220" : "234"));
    }
  }
}
