// The headers that every answer has, whatever route gave it.

import { randomBytes } from "node:crypto";
import type { MiddlewareHandler } from "hono";

/** For answers whose bytes came from the network: no script, no style, no plugin, an origin of their own. */
export const CAPTURED_CSP = "sandbox; default-src 'none'";

/** For answers that are not documents. */
const CLOSED_CSP = "default-src 'none'; frame-ancestors 'none'";

// `no-transform` keeps the server from compressing: on loopback that would only take time from the relay.
const DEFAULTS: readonly (readonly [name: string, value: string])[] = [
  ["Content-Security-Policy", CLOSED_CSP],
  ["X-Content-Type-Options", "nosniff"],
  ["X-Frame-Options", "DENY"],
  ["Referrer-Policy", "no-referrer"],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["Cache-Control", "no-store, no-transform"],
];

/** Adds the headers that the route has not set itself. */
export const defaultHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of DEFAULTS) {
    if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  }
};

/** A fresh nonce for one load of the page. */
export function createNonce(): string {
  return randomBytes(16).toString("base64url");
}

/**
 * What the page may do: its own script, and styles that are its own or carry the nonce (the editor makes
 * style elements). Nothing inline, nothing evaluated, nothing from elsewhere.
 */
export function pageCsp(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
