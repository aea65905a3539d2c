// Run by server_test.ts with few file descriptors: a page of fakes. Prints its address, its token, then what
// it reports, a line each; ends when its input ends.

import { servePage } from "../../src/ui/server.ts";
import { FakeCatalog, FakeControl, FakeSends, someAssets } from "./fakes.ts";

// As tcpmon does when it starts. Deno makes what it needs for signals when it first needs it, by Deno.serve at the latest,
// and where there is no file descriptor left for that it panics.
Deno.addSignalListener("SIGTERM", () => Deno.exit(0));
const page = await servePage({
  catalog: new FakeCatalog(),
  control: new FakeControl(),
  sends: new FakeSends(),
  version: "1.2.3",
  address: { host: "127.0.0.1", port: 0 },
  assets: someAssets,
  notice: (text) => console.log(text),
  report: (error) => console.log(error instanceof Error ? error.message : String(error)),
});
console.log(page.apiUrl);
console.log(page.token);
await Deno.stdin.read(new Uint8Array(1));
await page.close();
