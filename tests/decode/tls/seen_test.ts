import assert from "node:assert/strict";
import { nothingSeen, seeClientHello, seeServerHello, tlsSummary } from "../../../src/decode/tls/seen.ts";
import { octets } from "../transcript.ts";
import {
  clientHello,
  extension,
  handshake,
  protocols,
  serverHello,
  serverName,
  versions,
} from "./records.ts";

function seen(hello: readonly string[], server?: string) {
  const found = nothingSeen();
  seeClientHello(found, octets(handshake(1, clientHello({ extensions: hello }))));
  if (server !== undefined) seeServerHello(found, octets(handshake(2, server)));
  return found;
}

Deno.test("tlsSummary says what is spoken, as far as it can be seen", () => {
  const hello = [serverName("a.test"), protocols("h2", "http/1.1"), versions(0x3a3a, 0x0304, 0x0303)];
  const version13 = "\x03\x04";
  const cases: readonly (readonly [ReturnType<typeof seen>, string])[] = [
    [nothingSeen(), "ClientHello"],
    [seen(hello), "ClientHello up to TLS 1.3, offers h2 and http/1.1"],
    [seen([]), "ClientHello up to TLS 1.2"],
    [seen([protocols("a", "b", "c", "d")]), "ClientHello up to TLS 1.2, offers a, b and 2 more"],
    [
      seen(hello, serverHello(0x1303, [extension(43, version13)])),
      "TLS 1.3, offers h2 and http/1.1, TLS_CHACHA20_POLY1305_SHA256",
    ],
    [
      seen(hello, serverHello(0xc02c, [protocols("h2")])),
      "TLS 1.2, h2, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    ],
    [
      seen([...hello, extension(65037, "")]),
      "ClientHello up to TLS 1.3, offers h2 and http/1.1, encrypted ClientHello",
    ],
  ];
  for (const [found, expected] of cases) assert.equal(tlsSummary(found, false), expected);
  assert.equal(tlsSummary(seen(hello), true), "ClientHello up to TLS 1.3");
});

Deno.test("seeClientHello and seeServerHello tell what is wrong, and keep what came before it", () => {
  const found = nothingSeen();
  const hello = handshake(1, clientHello({ extensions: [serverName("a.test"), extension(16, "\0\x05abc")] }));
  assert.deepEqual(seeClientHello(found, octets(hello)), [{
    at: hello.length - 3,
    text: "5 B are needed and 3 are left",
  }]);
  assert.deepEqual([found.serverName, found.protocols], ["a.test", []]);
  assert.equal(seeServerHello(found, octets(handshake(2, "\x03\x03short")))[0].at, 6);
});
