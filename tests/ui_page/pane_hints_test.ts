// What a pane says of an Exchange that tcpmon could not read, and where its failure can be mended.

import assert from "node:assert/strict";
import {
  http2Advice,
  isHttp2,
  isOfTargetTls,
  isRefusedByClient,
  leftAloneBy,
} from "../../src/ui/page/pane/hints.ts";
import { aConnection } from "../ui/fakes.ts";
import { someTls } from "../ui/tls_facts.ts";
import { exchange } from "./made.ts";

const ENDED = { cert: null, key: null, asksClients: false };

Deno.test("leftAloneBy names the pattern of passthrough that a row of TLS is left alone for", () => {
  const written = ["one.example", "*.bank.example:443", ".both.example"];
  const listener = { target: null, rewritesHost: false, listenTls: { ...ENDED, passthrough: written } };
  for (
    const [url, pattern] of [
      ["ONE.example", "one.example"],
      ["a.one.example", null],
      ["www.bank.example", "*.bank.example:443"],
      ["bank.example", null],
      ["both.example", ".both.example"],
      ["a.b.both.example", ".both.example"],
      ["notboth.example", null],
      ["", null],
      [null, null],
    ] as const
  ) {
    const row = { ...exchange(1), protocol: "tls", url } as const;
    assert.equal(leftAloneBy(row, listener), pattern, String(url));
    assert.equal(leftAloneBy({ ...row, protocol: "http" }, listener), null);
    assert.equal(leftAloneBy(row, { ...listener, listenTls: null }), null);
  }
});

Deno.test("isHttp2 knows its first words, and what was agreed on inside TLS", () => {
  const turn = { ...exchange(1), protocol: "tcp", url: "\0\0\0" } as const;
  const h2 = aConnection({ tls: { client: someTls({ alpn: "h2" }), target: null } });
  assert.equal(isHttp2({ ...turn, url: "PRI * HTTP/2.0\r\n" }, null), true);
  assert.equal(isHttp2(turn, h2), true);
  assert.equal(isHttp2(turn, null), false);
  assert.equal(isHttp2(turn, aConnection({ tls: { client: someTls({ alpn: null }), target: null } })), false);
  assert.equal(isHttp2({ ...turn, protocol: "http" }, h2), false);
});

Deno.test("http2Advice names the Host header only where that changes what is offered", () => {
  const listener = {
    target: "a.example:443",
    rewritesHost: false,
    listenTls: { ...ENDED, passthrough: [] },
  };
  assert.match(http2Advice(listener), /curl --http1\.1, or rewrite the Host header/);
  for (const other of [{ target: null }, { rewritesHost: true }, { listenTls: null }]) {
    assert.match(http2Advice({ ...listener, ...other }), /curl --http1\.1\.$/);
  }
});

Deno.test("isOfTargetTls and isRefusedByClient go by the advice that a failure has", () => {
  const failed = (fault: string | null) => ({ ...exchange(1), state: "failed", fault }) as const;
  assert.equal(isOfTargetTls(failed("x expired. --insecure accepts any certificate of this target.")), true);
  assert.equal(isOfTargetTls(failed("Trust it with --target-ca FILE.")), true);
  assert.equal(isOfTargetTls(failed("connection refused")), false);
  assert.equal(isOfTargetTls(failed(null)), false);
  assert.equal(isRefusedByClient(failed("unknown CA. Run tcpmon ca to see how")), true);
  assert.equal(isRefusedByClient(failed("connection refused")), false);
  assert.equal(isRefusedByClient(failed("It is only for a.example. Run tcpmon ca create")), false);
});
