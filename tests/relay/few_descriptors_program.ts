// Run by listen_test.ts with few file descriptors: a relay to the port given. Prints its own port, then what it has
// to say, a line each; ends when its input ends. It dials no target before it has had something to say, so that its
// clients, which are more than it has descriptors for, use them all up, however slow the machine is.

import { Dialer } from "../../src/relay/dial.ts";
import { relayTo } from "./transcript.ts";

const { promise: said, resolve: say } = Promise.withResolvers<void>();

class LaterDialer extends Dialer {
  override async dial(...asked: Parameters<Dialer["dial"]>): Promise<Deno.TcpConn> {
    await said;
    return await super.dial(...asked);
  }
}

const target = { host: "127.0.0.1", port: Number(Deno.args[0]) };
const relay = relayTo(target, { dialer: new LaterDialer() });
relay.transcript.onNotice = (text) => {
  console.log(text);
  say();
};
console.log(relay.port.listen.port);
await Deno.stdin.read(new Uint8Array(1));
await relay.close();
