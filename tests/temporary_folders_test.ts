import assert from "node:assert/strict";
import { dirname } from "node:path";
import { Running } from "./running.ts";

const canTryLocks = "tryLockSync" in Deno.FsFile.prototype;

Deno.test("the folder of a program that was killed is removed by the next, and nobody else's", {
  ignore: !canTryLocks,
}, async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  try {
    Deno.mkdirSync(`${folder}/tcpmon-mine`);
    const folders = () => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    const start = () => Running.start(["-l", "0", "-t", "127.0.0.1:9"], undefined, { TMPDIR: folder });
    const alive = await start();
    const killed = await start();
    const fileOf = async (running: Running) =>
      dirname((await running.json<{ readonly file: string }>("/recording")).file);
    const [mine, left] = [await fileOf(alive), await fileOf(killed)];
    await killed.stop("SIGKILL");
    assert.ok(Deno.statSync(left).isDirectory);
    const next = await start();
    assert.throws(() => Deno.statSync(left), Deno.errors.NotFound);
    assert.ok(Deno.statSync(`${mine}/capture.pcapng`).isFile);
    await next.stop();
    await alive.stop();
    assert.deepEqual(folders(), ["tcpmon-mine"]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
