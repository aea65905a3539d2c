// Asking a proxy for a tunnel: what it is asked, that exactly its answer is read however it comes, and every refusal in
// words. The proxies are made for the test; tinyproxy and Squid are in tests/upstream_proxy_program_test.ts.

import assert from "node:assert/strict";
import type { ProxyServer } from "../../src/model.ts";
import { DialError } from "../../src/relay/dial.ts";
import { openTunnel } from "../../src/relay/tunnel.ts";

const TARGET = { host: "shop.example.org", port: 80 };
const PLAIN: ProxyServer = { address: { host: "proxy.example.org", port: 3128 }, credentials: null };
const KNOWN: ProxyServer = { ...PLAIN, credentials: { user: "ann", password: "geheim:é" } };

/** A leg to a proxy that answers with these reads, and keeps what it was asked. */
function leg(...reads: readonly (string | Error)[]) {
  const rest = [...reads];
  const written: Uint8Array[] = [];
  return {
    get asked() {
      return new TextDecoder().decode(Uint8Array.from(written.flatMap((bytes) => [...bytes])));
    },
    /** What has not been read. */
    get left() {
      return rest.join("");
    },
    write(bytes: Uint8Array) {
      written.push(bytes.slice(0, 7));
      return Promise.resolve(Math.min(bytes.length, 7));
    },
    read(buffer: Uint8Array) {
      const next = rest.shift();
      if (next === undefined) return Promise.resolve(null);
      if (next instanceof Error) return Promise.reject(next);
      const count = Math.min(buffer.length, next.length);
      for (let i = 0; i < count; i++) buffer[i] = next.charCodeAt(i);
      if (count < next.length) rest.unshift(next.slice(count));
      return Promise.resolve(count);
    },
  };
}

async function refused(proxy: ProxyServer, target = TARGET, ...reads: readonly (string | Error)[]) {
  const error = await openTunnel(leg(...reads), proxy, target).then(() => null, (error) => error);
  assert.ok(error instanceof DialError, String(error));
  assert.doesNotMatch(error.message, /geheim|YW5u/);
  return [error.how, error.message];
}

Deno.test("openTunnel asks for the target by its name, with credentials where there are some", async () => {
  const OK = "HTTP/1.1 200 OK\r\n\r\n";
  const plain = leg(OK);
  await openTunnel(plain, PLAIN, TARGET);
  assert.equal(plain.asked, "CONNECT shop.example.org:80 HTTP/1.1\r\nHost: shop.example.org:80\r\n\r\n");
  const known = leg(OK);
  await openTunnel(known, KNOWN, { host: "2001:db8::7", port: 5432 });
  const credentials = btoa(String.fromCharCode(...new TextEncoder().encode("ann:geheim:é")));
  assert.equal(
    known.asked,
    "CONNECT [2001:db8::7]:5432 HTTP/1.1\r\nHost: [2001:db8::7]:5432\r\n" +
      `Proxy-Authorization: Basic ${credentials}\r\n\r\n`,
  );
});

Deno.test("openTunnel reads the proxy's answer and not one byte of the target's, however they come", async () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0];
  console.log(`seed ${seed}`);
  const random = randomNumbers(seed);
  const heads = [
    "HTTP/1.1 200 Connection established\r\n\r\n",
    "HTTP/1.0 200 Connection established\r\nProxy-agent: tinyproxy/1.11.1\r\n\r\n",
    "HTTP/1.1 200\r\n\r\n",
    "HTTP/1.1 200\n\n",
    "HTTP/1.1 200 OK\nA: b\r\n\n",
    "HTTP/1.1 299 \r\nContent-Length: 5\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
  ];
  for (const head of heads) {
    for (const spoken of ["220 mail.example.org ready\r\n", "\r\n\r\n\n\n", "HTTP/1.1 200 OK\r\n\r\n", ""]) {
      const all = head + spoken;
      const pieces = [];
      for (let at = 0; at < all.length;) {
        const to = at + 1 + Math.floor(random() * 12);
        pieces.push(all.slice(at, to));
        at = to;
      }
      for (const reads of [[all], [...all], pieces]) {
        const conn = leg(...reads);
        await openTunnel(conn, PLAIN, TARGET);
        assert.equal(conn.left, spoken, JSON.stringify([head, reads]));
      }
    }
  }
});

/** Mulberry32: numbers from 0 to 1 that a seed gives again. */
function randomNumbers(seed: number): () => number {
  return () => {
    seed = seed + 0x6d2b79f5 | 0;
    let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
}

Deno.test("openTunnel says in words why there is no tunnel, and what to do", async () => {
  assert.deepEqual(await refused(PLAIN, TARGET, "HTTP/1.1 403 Forbidden\r\nX: y\r\n\r\n<html>"), [
    "refused",
    "proxy.example.org:3128 refused to connect to shop.example.org:80: 403 Forbidden. Allow CONNECT to port 80 " +
    "there: most proxies allow only 443 unless told otherwise (Squid: SSL_ports; tinyproxy: ConnectPort).",
  ]);
  assert.deepEqual(await refused(PLAIN, { ...TARGET, port: 443 }, "HTTP/1.1 403 Forbidden\r\n\r\n"), [
    "refused",
    "proxy.example.org:3128 refused to connect to shop.example.org:443: 403 Forbidden. " +
    "Ask who runs that proxy why.",
  ]);
  assert.deepEqual(await refused(PLAIN, TARGET, "HTTP/1.1 503 Service Unavailable\r\n\r\n"), [
    "unreachable",
    "proxy.example.org:3128 cannot reach shop.example.org:80: 503 Service Unavailable. " +
    "Check the target as that proxy knows it.",
  ]);
  assert.equal((await refused(PLAIN, TARGET, "HTTP/1.1 504 Gateway Timeout\r\n\r\n"))[0], "timeout");
});

Deno.test("openTunnel says what becomes of credentials", async () => {
  const wants = (scheme: string) =>
    `HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: ${scheme}\r\n\r\n`;
  const begin = "proxy.example.org:3128 refused to connect to shop.example.org:80: " +
    "407 Proxy Authentication Required. ";
  assert.deepEqual(await refused(PLAIN, TARGET, wants('Basic realm="x"')), [
    "refused",
    `${begin}Give it a user and a password, as http://USER:PASSWORD@proxy.example.org:3128.`,
  ]);
  assert.deepEqual(await refused(KNOWN, TARGET, wants('Basic realm="x"')), [
    "refused",
    `${begin}It does not take the password of the user "ann": check both.`,
  ]);
  assert.match(
    (await refused(KNOWN, TARGET, "HTTP/1.0 401 Unauthorized\r\n\r\n"))[1],
    /401 Unauthorized\. It does not take the password of the user "ann"/,
  );
  assert.deepEqual(await refused(KNOWN, TARGET, wants("Negotiate")), [
    "refused",
    `${begin}It wants Negotiate, and only Basic is understood here: let it take Basic as well.`,
  ]);
});

Deno.test("openTunnel says what is no HTTP proxy, and what has gone", async () => {
  for (const text of ["SSH-2.0-OpenSSH_9.2\r\n", "220 mail ready\r\n", "HTTP/2 200\r\n\r\n"]) {
    const [how, message] = await refused(PLAIN, TARGET, text);
    assert.equal(how, "error");
    assert.match(
      message,
      /^proxy\.example\.org:3128 is not an HTTP proxy: it answered ".+"\. Give the address/,
    );
  }
  assert.match((await refused(PLAIN, TARGET, "\x15\x03\x01\x00\x02"))[1], /it answered "·····"/);
  for (const reads of [[], ["HTTP/1.1 2"]]) {
    const [how, message] = await refused(PLAIN, TARGET, ...reads);
    assert.equal(how, "error");
    assert.match(
      message,
      reads.length === 0 ? /closed the connection when it was asked/ : /not an HTTP proxy/,
    );
  }
  assert.deepEqual(await refused(PLAIN, TARGET, new Deno.errors.ConnectionReset()), [
    "reset",
    "proxy.example.org:3128 reset the connection when it was asked to connect to shop.example.org:80",
  ]);
});

Deno.test("openTunnel bounds an answer that does not end", async () => {
  const line = `X: ${"y".repeat(1000)}\r\n`;
  const [how, message] = await refused(PLAIN, TARGET, "HTTP/1.1 403 No\r\n" + line.repeat(70));
  assert.deepEqual([how, message], [
    "error",
    "proxy.example.org:3128 answered CONNECT with a head of more than 64 KiB",
  ]);
  assert.equal((await refused(PLAIN, TARGET, "HTTP/1.1 200 Yes\r\n" + line.repeat(70)))[1], message);
});
