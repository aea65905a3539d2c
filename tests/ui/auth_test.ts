// Who may call: names, origins, tokens, cookies.

import assert from "node:assert/strict";
import { Access } from "../../src/ui/auth.ts";

const access = new Access({ host: "127.0.0.1", port: 4040 });
const cookie = access.setCookie.split(";")[0];

const HOSTS: readonly [host: string, origin: string | null, allowed: boolean][] = [
  ["127.0.0.1:4040", null, true],
  ["localhost:4040", null, true],
  ["LOCALHOST:4040", null, true],
  ["[::1]:4040", null, true],
  ["127.0.0.2:4040", null, true],
  ["127.0.0.1:4040", "http://127.0.0.1:4040", true],
  ["localhost:4040", "http://localhost:4040", true],
  ["[::1]:4040", "http://[::1]:4040", true],
  ["127.0.0.1", null, false],
  ["127.0.0.1:4041", null, false],
  ["127.0.0.1:04040", null, true],
  ["evil.example:4040", null, false],
  ["localhost.evil.example:4040", null, false],
  ["127.0.0.1.evil.example:4040", null, false],
  ["127.0.0.1:4040@evil.example", null, false],
  ["user@127.0.0.1:4040", null, false],
  ["0.0.0.0:4040", null, false],
  ["[::]:4040", null, false],
  ["", null, false],
  ["127.0.0.1:4040", "http://evil.example", false],
  ["127.0.0.1:4040", "http://127.0.0.1:4041", false],
  ["127.0.0.1:4040", "http://localhost:4040", false],
  ["127.0.0.1:4040", "https://127.0.0.1:4040", false],
  ["127.0.0.1:4040", "http://127.0.0.1:4040.evil.example", false],
  ["127.0.0.1:4040", "null", false],
  ["127.0.0.1:4040", "", false],
];

Deno.test("Access.checkOrigin knows our own names and origins only", () => {
  for (const [host, origin, allowed] of HOSTS) {
    const headers = new Headers(origin === null ? {} : { Origin: origin });
    const check = () => access.checkOrigin(host, headers);
    if (allowed) check();
    else assert.throws(check, { name: "Refusal", status: 403 }, `${host} ${origin}`);
  }
});

Deno.test("Access.checkOrigin takes a host without a port for port 80", () => {
  new Access({ host: "127.0.0.1", port: 80 }).checkOrigin("localhost", new Headers());
});

Deno.test("Access.checkOrigin knows the address it is bound to, whatever it is", () => {
  new Access({ host: "monitor.example", port: 4040 }).checkOrigin("Monitor.Example:4040", new Headers());
});

const CALLS: readonly [headers: Record<string, string>, status: number | null][] = [
  [{}, 401],
  [{ Authorization: `Bearer ${access.token}` }, null],
  [{ Authorization: `bearer  ${access.token}` }, null],
  [{ Authorization: `Bearer ${access.token}x` }, 401],
  [{ Authorization: `Bearer ${access.token.slice(1)}` }, 401],
  [{ Authorization: "Bearer " }, 401],
  [{ Authorization: `Basic ${access.token}` }, 401],
  [{ Authorization: access.token }, 401],
  [{ Cookie: cookie }, null],
  [{ Cookie: `a=b; ${cookie}; c=d` }, null],
  [{ Cookie: `${access.cookieName}=stale; ${cookie}` }, null],
  [{ Cookie: `${cookie}x` }, 401],
  [{ Cookie: `${access.cookieName}=` }, 401],
  [{ Cookie: `${access.cookieName}=${access.token}` }, 401],
  [{ Cookie: cookie.replace("4040", "4041") }, 401],
  [{ Cookie: cookie, Authorization: "Bearer wrong" }, 401],
  [{ Cookie: cookie, "Sec-Fetch-Site": "same-origin" }, null],
  [{ Cookie: cookie, "Sec-Fetch-Site": "none" }, null],
  [{ Cookie: cookie, "Sec-Fetch-Site": "same-site" }, 403],
  [{ Cookie: cookie, "Sec-Fetch-Site": "cross-site" }, 403],
  [{ Authorization: `Bearer ${access.token}`, "Sec-Fetch-Site": "cross-site" }, null],
];

Deno.test("Access.checkCall needs the token or the cookie, and with the cookie our own page", () => {
  for (const [headers, status] of CALLS) {
    const check = () => access.checkCall(new Headers(headers));
    if (status === null) check();
    else assert.throws(check, { name: "Refusal", status }, JSON.stringify(headers));
  }
});

Deno.test("Access has secrets of its own: 32 bytes, not the same twice, the cookie's not the token", () => {
  const other = new Access({ host: "127.0.0.1", port: 4041 });
  assert.match(access.token, /^[\w-]{43}$/);
  assert.match(cookie, /^tcpmon-4040=[\w-]{43}$/);
  assert.notEqual(other.token, access.token);
  assert.notEqual(other.setCookie.split(/[=;]/)[1], cookie.split("=")[1]);
  assert(!access.setCookie.includes(access.token));
});

Deno.test("Access.setCookie is kept from scripts and from other sites", () => {
  assert.deepEqual(access.setCookie.split("; ").slice(1), ["Path=/", "HttpOnly", "SameSite=Strict"]);
});

Deno.test("Access.openUrl is the address to open", () => {
  assert.equal(access.openUrl, `http://127.0.0.1:4040/?token=${access.token}`);
  assert.match(new Access({ host: "::1", port: 1 }).openUrl, /^http:\/\/\[::1\]:1\/\?token=/);
});
