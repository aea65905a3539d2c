// IMAP's STARTTLS (RFC 9051, 6.2.1; RFC 3501, 6.2.1): a command as any other, before the client has logged in. Literals
// (RFC 9051, 4.3) are bytes within a command or a response that are no lines, whatever they look like.

import { LineWatch } from "./line_watch.ts";

/** What a client may say before it has logged in (RFC 9051, 6.1 and 6.2; ID: RFC 2971). Others come after that. */
const BEFORE_LOGIN = ["CAPABILITY", "NOOP", "LOGOUT", "STARTTLS", "AUTHENTICATE", "LOGIN", "ID"];

/** Watches IMAP. */
export class Imap extends LineWatch {
  #greeted = false;
  /** The tag of STARTTLS. */
  #tag = "";
  /** The client waits to be let send a literal of so many bytes; null where it does not. */
  #literal: number | null = null;
  /** The client's next line goes on with a command, or is what the server asked for. */
  #isWithin = false;

  protected command(line: string): void {
    const isWithin = this.#isWithin;
    this.#isWithin = false;
    if (!isWithin) {
      const [, tag, name] = /^(\S+) ([A-Za-z]+)/.exec(line) ?? [];
      if (name === undefined || !BEFORE_LOGIN.includes(name.toUpperCase())) {
        this.state = "never";
        return;
      }
      if (/^STARTTLS$/i.test(name)) {
        this.#tag = tag;
        this.asked = { protocol: "IMAP", command: "STARTTLS" };
        return;
      }
    }
    const [, size, plus] = /\{(\d{1,9})(\+?)\}$/.exec(line) ?? [];
    if (size === undefined) return;
    if (plus === "+") this.#pass(Number(size));
    else this.#literal = Number(size);
  }

  protected reply(line: string): void {
    if (!this.#greeted) {
      this.#greeted = true;
      // PREAUTH: there is nothing to log in for any more; BYE: there is nothing at all.
      if (!/^\* OK\b/i.test(line)) this.state = "never";
      return;
    }
    const [, size] = /\{(\d{1,9})\}$/.exec(line) ?? [];
    if (size !== undefined) this.lines.downstream.pass(Number(size));
    if (/^\+(?: |$)/.test(line)) {
      this.#pass(this.#literal ?? 0);
      return;
    }
    if (line.startsWith("* ")) return;
    // Tagged: a command has been answered, also one whose literal is not wanted.
    this.#literal = null;
    this.#isWithin = false;
    if (this.asked !== null && line.startsWith(`${this.#tag} `)) {
      this.settle(/^OK\b/i.test(line.slice(this.#tag.length + 1)));
    }
  }

  /** So many bytes of the client are a literal, and a line follows that is no command. */
  #pass(count: number): void {
    this.lines.upstream.pass(count);
    this.#literal = null;
    this.#isWithin = true;
  }
}
