// The live feed of the program as it is started: what it tells when an exchange comes after a quiet time.

import assert from "node:assert/strict";
import { Running } from "./running.ts";
import { DELTA_EVERY_MS } from "../src/ui/feed.ts";
import type { Delta } from "../src/ui/types.ts";
import { TextLineStream } from "./lines.ts";

/** The deltas of a running program, as they come. */
async function* deltas(running: Running): AsyncGenerator<Delta> {
  const { body } = await running.api("/events");
  const lines = body!.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  let event = "";
  for await (const line of lines) {
    if (line.startsWith("event: ")) event = line.slice(7);
    if (line.startsWith("data: ") && event === "snapshot") yield {};
    if (line.startsWith("data: ") && event === "delta") yield JSON.parse(line.slice(6));
  }
}

Deno.test("a delta that says how much is recorded does not come before the rows of it, and put them off", async () => {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    return new Response("{}", { headers: { "content-type": "application/json" } });
  });
  const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${server.addr.port}`]);
  const { listen } = running.ready.listeners[0];
  const coming = deltas(running);
  try {
    await coming.next();
    const alone: boolean[] = [];
    for (let n = 0; n < 6; n++) {
      // What comes within a tenth of a second is one delta anyway.
      await new Promise((resolve) => setTimeout(resolve, 2 * DELTA_EVERY_MS));
      await (await fetch(`http://${listen}/${n}`)).body?.cancel();
      const told: Delta[] = [];
      do told.push((await coming.next()).value); while (
        !told.at(-1)!.exchanges?.some(({ url, state }) => url?.endsWith(`/${n}`) && state === "done")
      );
      alone.push(told.some((delta) => Object.keys(delta).join() === "recording"));
    }
    // On a machine that is very busy the index may be late for once.
    assert.ok(alone.filter((was) => was).length < alone.length / 2, `${alone}`);
  } finally {
    await coming.return(undefined);
    await running.stop();
  }
});
