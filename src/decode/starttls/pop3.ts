// POP3's STLS (RFC 2595, 4), which is there before the client has logged in (RFC 1939; SASL: RFC 5034).

import { LineWatch } from "./line_watch.ts";

/** What a command's answer means: TLS, that the client has logged in, that lines follow, nothing more. */
type Kind = "tls" | "login" | "lines" | "plain";

const KINDS: Readonly<Record<string, Kind>> = {
  STLS: "tls",
  PASS: "login",
  APOP: "login",
  AUTH: "login",
  CAPA: "lines",
  USER: "plain",
  QUIT: "plain",
  UTF8: "plain",
};

/** More commands than this are not sent ahead of their answers. */
const MOST_OPEN = 32;

/** Watches POP3. */
export class Pop3 extends LineWatch {
  #greeted = false;
  readonly #open: Kind[] = [];
  /** The answer's lines go on until one that is a dot. */
  #within = false;
  /** The client's next line is what the server asked for to log it in, not a command. */
  #wantsData = false;

  protected command(line: string): void {
    if (this.#wantsData) {
      this.#wantsData = false;
      return;
    }
    const [, name, rest] = /^([A-Za-z0-9]*)(.*)$/.exec(line) ?? [];
    const kind = name === undefined ? undefined : KINDS[name.toUpperCase()];
    if (kind === undefined || this.#open.length === MOST_OPEN) {
      this.state = "never";
      return;
    }
    // AUTH alone lists what there is.
    this.#open.push(kind === "login" && /^AUTH$/i.test(name) && rest.trim() === "" ? "lines" : kind);
    if (kind === "tls") this.asked = { protocol: "POP3", command: "STLS" };
  }

  protected reply(line: string): void {
    if (this.#within) {
      this.#within = line !== ".";
      return;
    }
    const agrees = /^\+OK\b/i.test(line);
    if (!this.#greeted) {
      this.#greeted = true;
      if (!agrees) this.state = "never";
    } else if (/^\+(?: |$)/.test(line)) {
      this.#wantsData = true;
    } else if (agrees || /^-ERR\b/i.test(line)) {
      this.#replied(this.#open.shift(), agrees);
    } else this.state = "never";
  }

  #replied(kind: Kind | undefined, agrees: boolean): void {
    if (kind === undefined || (kind === "login" && agrees)) this.state = "never";
    else if (kind === "lines") this.#within = agrees;
    else if (kind === "tls") this.settle(agrees);
  }
}
