import assert from "node:assert/strict";
import { type OwnClient, OwnClients } from "../../src/relay/own_clients.ts";

/** Two ends of a connection that are not there. */
function ends(clientPort: number): { dialled: Deno.TcpConn; accepted: Deno.TcpConn } {
  const [client, listener] = [{ port: clientPort }, { port: 8081 }];
  return {
    dialled: { localAddr: client, remoteAddr: listener } as Deno.TcpConn,
    accepted: { localAddr: listener, remoteAddr: client } as Deno.TcpConn,
  };
}

const own: OwnClient = { resendOf: ["e1"], accepted() {} };

Deno.test("OwnClients.take knows a client that is accepted before its dial is known to be over", async () => {
  const clients = new OwnClients();
  const { dialled, accepted } = ends(50_000);
  const dialling = Promise.withResolvers<Deno.TcpConn>();
  const conn = clients.dial(own, dialling.promise);
  assert.equal(clients.expecting, true);
  const taken = clients.take(accepted);
  const other = clients.take(ends(50_001).accepted);
  dialling.resolve(dialled);
  assert.equal(await conn, dialled);
  assert.deepEqual([await taken, await other], [own, null]);
  assert.equal(clients.expecting, false);
  assert.equal(await clients.take(accepted), null, "the port may be anybody's later");
});

Deno.test("OwnClients forgets a dial that failed, and a client that nobody has accepted", async () => {
  const clients = new OwnClients();
  await assert.rejects(clients.dial(own, Promise.reject(new Error("refused"))), /refused/);
  assert.equal(clients.expecting, false);
  const { dialled, accepted } = ends(50_000);
  await clients.dial(own, Promise.resolve(dialled));
  clients.forget("50000>8081");
  assert.equal(await clients.take(accepted), null);
  assert.equal(clients.expecting, false);
});
