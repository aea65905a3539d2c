// Run by listen_test.ts with few file descriptors: a relay to the port given. Prints its own port, then what it has
// to say, a line each; ends when its input ends.

import { relayTo } from "./transcript.ts";

const relay = relayTo({ host: "127.0.0.1", port: Number(Deno.args[0]) });
relay.transcript.onNotice = (text) => console.log(text);
console.log(relay.port.listen.port);
await Deno.stdin.read(new Uint8Array(1));
await relay.close();
