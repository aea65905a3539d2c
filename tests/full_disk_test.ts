// The program on a disk that is nearly full: it says so, relays on, and records again once there is room. Needs root, for
// a disk of its own.

import assert from "node:assert/strict";
import type { Recording } from "../src/model.ts";
import { server } from "./relay/transcript.ts";
import { call } from "./calls.ts";
import { Running } from "./running.ts";

const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
const canMount = Deno.build.os === "linux" && Deno.uid() === 0 &&
  run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder);
if (canMount) run("umount", folder);
Deno.removeSync(folder);

Deno.test({
  name:
    "the program on a full disk says that recording stopped and why, relays on, and goes on when there is room",
  ignore: !canMount,
  fn: async () => {
    const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
    run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder);
    try {
      const target = server(async (conn) => await conn.readable.pipeTo(conn.writable));
      const { host, port } = target.address;
      Deno.writeFileSync(`${folder}/other`, new Uint8Array(59 * 1024 * 1024));
      const running = await Running.start(["-l", "0", "-t", `${host}:${port}`], undefined, {
        TMPDIR: folder,
      });
      const { stopped, file } = await running.json<Recording>("/recording");
      assert.match(stopped ?? "", /^Recording stopped: less than 6\.7 MB is free on the disk of /);
      assert.equal(await call(running.port(), "still relayed"), "still relayed");
      const line = await running.line(({ event }) => event === "recording");
      assert.deepEqual([line.stopped, line.file, typeof line.bytes], [stopped, file, "number"]);

      Deno.removeSync(`${folder}/other`);
      await running.recording((now) => now.stopped === null);
      await running.line((line) => line.event === "recording" && line.stopped === null);
      assert.equal(running.lines.filter(({ event }) => event === "recording").length, 2);
      assert.equal(await call(running.port(), "recorded again"), "recorded again");
      const { code, errors } = await running.stop();
      assert.equal(code, 0);
      assert.ok(errors.includes(`${stopped}. The relay goes on.`), errors);
      assert.ok(
        /Recording goes on\. Nothing is recorded of what came from [\d:]+ to [\d:]+\.\n/.test(errors),
        errors,
      );
      await target.close();
    } finally {
      run("umount", "-l", folder);
      Deno.removeSync(folder, { recursive: true });
    }
  },
});

function run(command: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(command, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}
