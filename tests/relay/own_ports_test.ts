// Which addresses are the program's own ports, by what is asked for and by where it leads.

import assert from "node:assert/strict";
import { OwnPorts } from "../../src/relay/own_ports.ts";

Deno.test("OwnPorts refuses the page and its own proxies by every loopback name, and by where a name leads", () => {
  const own = new OwnPorts();
  own.page = 4040;
  own.add(8080);
  for (const host of ["localhost", "127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::"]) {
    assert.equal(own.refusalOf({ host, port: 4040 })?.status, 403, host);
    assert.equal(own.refusalOf({ host, port: 8080 })?.status, 508, host);
    assert.equal(own.refusalOf({ host, port: 80 }), null, host);
  }
  assert.equal(own.refusalOf({ host: "shop.example.org", port: 4040 }), null);
  const reached = (local: string, remote: string, port: number) =>
    own.refusalOfReached({
      localAddr: { transport: "tcp", hostname: local, port: 50_000 },
      remoteAddr: { transport: "tcp", hostname: remote, port },
    });
  assert.equal(reached("127.0.0.1", "127.0.0.1", 4040)?.status, 403);
  // An address of this machine that is not loopback is both ends of such a connection.
  assert.equal(reached("192.0.2.7", "192.0.2.7", 8080)?.status, 508);
  assert.equal(reached("192.0.2.7", "192.0.2.8", 8080), null);
  own.remove(8080);
  assert.equal(own.refusalOf({ host: "localhost", port: 8080 }), null);
});
