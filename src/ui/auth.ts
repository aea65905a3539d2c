// Who may call: whoever knows the token, or has the cookie that the page's first load was given for it.
// The token is in the address that the program prints and opens, and in no page, cookie or log.
// Reads headers only; it knows no routes. Which route needs what is decided in app.ts.

import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Address } from "../model.ts";
import { formatAddress, isLoopback } from "../address.ts";
import { Refusal } from "./refusal.ts";

/** How a caller has shown that it may call. */
export type Credential = "token" | "cookie";

/** The secrets of one run, and the checks of a request's headers. */
export class Access {
  /** 32 random bytes, base64url. */
  readonly token: string;
  /** Cookies know no ports (RFC 6265, 8.5), so each instance has a name of its own. */
  readonly cookieName: string;
  readonly #address: Address;
  // Not the token: what is read from a browser's store of cookies must not work as a bearer token.
  readonly #cookieValue = secret();

  /** `address` is where the page's server is bound: the port is the real one. */
  constructor(address: Address, token = secret()) {
    this.#address = address;
    this.token = token;
    this.cookieName = `tcpmon-${address.port}`;
  }

  /** The address to open: exchanges the token for the cookie. */
  get openUrl(): string {
    return `http://${formatAddress(this.#address)}/?token=${this.token}`;
  }

  /** The `Set-Cookie` of the page's first load. It ends with the browser's session, and with this run. */
  get setCookie(): string {
    return `${this.cookieName}=${this.#cookieValue}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /**
   * Refuses requests that did not come to one of our own names (a foreign name that resolves to loopback is
   * DNS rebinding) and those that a page of another origin has made. Throws Refusal with status 403.
   */
  checkOrigin(host: string, headers: Headers): void {
    if (!this.#isOwnHost(host)) {
      throw new Refusal(
        403,
        `Cannot answer for host ${JSON.stringify(host)}: it is not an address of this program. ` +
          `Use http://${formatAddress(this.#address)}.`,
      );
    }
    const origin = headers.get("origin");
    if (origin !== null && origin !== `http://${host}`) {
      throw new Refusal(
        403,
        `Cannot answer a page of ${
          JSON.stringify(origin)
        }: only the page of tcpmon may call from a browser. ` +
          "Call without an Origin header from a program.",
      );
    }
  }

  /**
   * How the caller may call; null where it may not. A right cookie does not make a wrong bearer token good.
   */
  credential(headers: Headers): Credential | null {
    const authorization = headers.get("authorization");
    if (authorization !== null) {
      const bearer = /^Bearer +([\w~+/.=-]+) *$/i.exec(authorization);
      return bearer !== null && this.isToken(bearer[1]) ? "token" : null;
    }
    for (const pair of (headers.get("cookie") ?? "").split(";")) {
      const equals = pair.indexOf("=");
      if (equals === -1 || pair.slice(0, equals).trim() !== this.cookieName) continue;
      if (same(pair.slice(equals + 1).trim(), this.#cookieValue)) return "cookie";
    }
    return null;
  }

  /** Compares in a time that does not depend on how much of it is right. */
  isToken(text: string): boolean {
    return same(text, this.token);
  }

  /** Lets a call of the API through, or throws Refusal with status 401 or 403. */
  checkCall(headers: Headers): void {
    const credential = this.credential(headers);
    if (credential === null) {
      throw new Refusal(
        401,
        "Cannot answer: the token is missing or wrong. " +
          "Send the one that tcpmon printed at start as: Authorization: Bearer TOKEN.",
      );
    }
    // SameSite counts every port of this machine as one site; Fetch Metadata tells them apart. "none" is a
    // call that no page has made, such as an address typed by the user. Only browsers send it, and hold
    // cookies.
    const site = headers.get("sec-fetch-site");
    if (credential === "cookie" && site !== null && site !== "same-origin" && site !== "none") {
      throw new Refusal(
        403,
        `Cannot answer a ${site} request: only the page of tcpmon may call with its cookie. ` +
          "Open the address that tcpmon printed.",
      );
    }
  }

  #isOwnHost(host: string): boolean {
    const parts = /^(\[[\da-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(host);
    if (parts === null || Number(parts[2] ?? 80) !== this.#address.port) return false;
    const name = parts[1].replace(/^\[|\]$/g, "").toLowerCase();
    return isLoopback(name) || name === this.#address.host.toLowerCase();
  }
}

function secret(): string {
  return randomBytes(32).toString("base64url");
}

function same(a: string, b: string): boolean {
  const [left, right] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
