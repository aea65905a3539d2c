// The program opens its page in the browser, with what the system has for that, and goes on where there is nothing.

import assert from "node:assert/strict";
import { programs } from "./running.ts";

/** Starts it without `--no-open` and without `--json`, with this PATH; gives its page's address when it is there. */
async function start(path: string) {
  const [, command, before] = programs[0];
  const child = new Deno.Command(command, {
    args: [...before, "--ui", "0"],
    env: { PATH: path },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  let url: string | undefined;
  while (url === undefined) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`it did not start: ${await errors}`);
    said += value;
    url = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+(?=\s)/.exec(said)?.[0];
  }
  const stop = async () => {
    child.kill("SIGTERM");
    while (!(await reader.read()).done);
    return { code: (await child.status).code, errors: await errors };
  };
  return { url, stop };
}

Deno.test({
  name: "tcpmon opens its page with xdg-open",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const folder = Deno.makeTempDirSync();
    const [part, whole] = [`${folder}/part`, `${folder}/opened`];
    const script = `#!/bin/sh\nprintf '%s\\n' "$#" "$@" > ${part} && /bin/mv ${part} ${whole}\n`;
    Deno.writeTextFileSync(`${folder}/xdg-open`, script, { mode: 0o755 });
    const watcher = Deno.watchFs(folder);
    const { url, stop } = await start(folder);
    for await (const { paths } of watcher) if (paths.includes(whole)) break;
    assert.equal(Deno.readTextFileSync(whole), `1\n${url}\n`);
    assert.deepEqual(await stop(), { code: 0, errors: "" });
    Deno.removeSync(folder, { recursive: true });
  },
});

Deno.test({
  name: "tcpmon goes on, without a word, where nothing opens a page",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const folder = Deno.makeTempDirSync();
    const { url, stop } = await start(folder);
    const page = await fetch(url, { redirect: "manual" });
    await page.body?.cancel();
    assert.ok(page.status < 400, `${page.status}`);
    assert.deepEqual(await stop(), { code: 0, errors: "" });
    Deno.removeSync(folder, { recursive: true });
  },
});
