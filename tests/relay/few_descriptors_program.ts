// Run by listen_test.ts with few file descriptors: a relay to the port given. Prints its own port, then what it has
// to say, a line each; ends when its input ends.

import { relayTo } from "./transcript.ts";

const target = { host: "127.0.0.1", port: Number(Deno.args[0]) };
// What Deno itself opens when something is done for the first time must be there before there is a lack.
const ended = Deno.stdin.read(new Uint8Array(1));
Deno.addSignalListener("SIGTERM", () => Deno.exit());
const relay = relayTo(target);
relay.transcript.onNotice = (text) => console.log(text);
console.log(relay.port.listen.port);
await ended;
await relay.close();
Deno.exit();
