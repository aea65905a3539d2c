import assert from "node:assert/strict";
import type { Connection, Listener } from "../../src/ui/types.ts";
import { MOST_ENDPOINTS, withLatest } from "../../src/ui/page/sender/endpoints.ts";
import { listensThere, trustedAsBy } from "../../src/ui/page/sender/through.ts";
import { timingWords } from "../../src/ui/page/sender/timing.ts";
import { exchange } from "./made.ts";

const at = (ms: number) => new Date(1_000_000 + ms).toISOString();
const connection = (changes: Partial<Connection>) =>
  ({
    opened: at(0),
    dialMs: 3,
    target: "localhost:80",
    targetAddress: "127.0.0.1:80",
    ...changes,
  }) as Connection;

Deno.test("timingWords say dial, first byte, the whole answer, and all of it", () => {
  const done = exchange(0, { started: at(3), firstByteMs: 34, elapsedMs: 36 });
  assert.deepEqual(timingWords(done, connection({})), [
    "dialled in 3 ms",
    "at 127.0.0.1:80",
    "first byte after 34 ms",
    "complete after 36 ms",
    "39 ms in all",
  ]);
  assert.deepEqual(timingWords(done, null), ["first byte after 34 ms", "complete after 36 ms"]);
  const slow = exchange(0, { started: at(250), firstByteMs: 800, elapsedMs: 900 });
  const late = connection({ dialMs: 700, targetAddress: "localhost:80" });
  assert.equal(timingWords(slow, late).at(-1), "1.15 s in all", "it was recorded before it was dialled");
  const open = exchange(0, { state: "open", firstByteMs: null, responseBytes: 0 });
  assert.deepEqual(timingWords(open, connection({ dialMs: null, targetAddress: null })), []);
  const refused = exchange(0, { state: "failed", firstByteMs: null, responseBytes: 0 });
  assert.deepEqual(timingWords(refused, connection({ dialMs: null, targetAddress: null })), [
    "not connected",
  ]);
});

Deno.test("endpoints are remembered without secrets, the latest first, and not for ever", () => {
  assert.deepEqual(withLatest(["http://b/", "http://a/"], " http://me:secret@a/?token=1 "), [
    "http://a/",
    "http://b/",
  ]);
  assert.deepEqual(withLatest([], ""), []);
  assert.deepEqual(withLatest([], `http://a/${"x".repeat(500)}`), []);
  let known: readonly string[] = [];
  for (let i = 0; i < 50; i++) known = withLatest(known, `http://a/${i}`);
  assert.deepEqual([known.length, known[0]], [MOST_ENDPOINTS, "http://a/49"]);
});

Deno.test("a listener's own port is known as such", () => {
  const listening = (listen: string, state = "listening") => ({ listen, state }) as Listener;
  const cases: readonly [Listener, host: string, port: number, there: boolean][] = [
    [listening("127.0.0.1:8081"), "localhost", 8081, true],
    [listening("127.0.0.1:8081"), "127.0.0.1", 8081, true],
    [listening("127.0.0.1:8081"), "127.0.0.1", 8082, false],
    [listening("127.0.0.1:8081", "stopped"), "127.0.0.1", 8081, false],
    [listening("0.0.0.0:8081"), "localhost", 8081, true],
    [listening("0.0.0.0:8081"), "shop.example.org", 8081, false],
    [listening("10.0.0.1:8081"), "10.0.0.1", 8081, true],
    [listening("[::1]:8081"), "::1", 8081, true],
  ];
  for (const [listener, host, port, there] of cases) {
    const found = listensThere([listener], { host, port });
    assert.equal(found !== null, there, `${listener.listen} ${host}:${port}`);
  }
});

Deno.test("trustedAsBy tells what a listener with the same target trusts", () => {
  const listener = (changes: Partial<Listener>) => {
    const tls = { ca: null, insecure: false, cert: null, key: null };
    const one = { listen: "127.0.0.1:9443", target: "a.example:443", targetScheme: "https" };
    return { ...one, targetTls: tls, ...changes } as Listener;
  };
  const loud = listener({ targetTls: { ca: null, insecure: true, cert: null, key: null } });
  const of = (one: Listener) => trustedAsBy([one], { host: "a.example", port: 443 });
  assert.deepEqual(of(loud), {
    text: "any is accepted even so, as for the listener on port 9443",
    isLoud: true,
  });
  const file = of(listener({ targetTls: { ca: "/x/corp.pem", insecure: false, cert: null, key: null } }));
  assert.deepEqual(file, {
    text: "corp.pem is trusted too, as for the listener on port 9443",
    isLoud: false,
  });
  assert.equal(of(listener({})), null);
  assert.equal(of({ ...loud, target: "b.example:443" }), null);
  assert.equal(of({ ...loud, targetScheme: null }), null);
});
