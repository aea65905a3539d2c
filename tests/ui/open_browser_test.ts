// Opening the browser: which program, with which arguments, and silence where there is none.

import assert from "node:assert/strict";
import { openBrowser, type Start } from "../../src/ui/open_browser.ts";

const URL_WITH_TOKEN = "http://127.0.0.1:4040/?token=a-b_c";

Deno.test("openBrowser starts what the system opens addresses with", () => {
  const cases: readonly [os: typeof Deno.build.os, command: readonly string[]][] = [
    ["linux", ["xdg-open", URL_WITH_TOKEN]],
    ["darwin", ["open", URL_WITH_TOKEN]],
    ["windows", ["rundll32.exe", "url.dll,FileProtocolHandler", URL_WITH_TOKEN]],
    ["freebsd", ["xdg-open", URL_WITH_TOKEN]],
  ];
  for (const [os, command] of cases) {
    const started: string[][] = [];
    const start: Start = (program, args) => void started.push([program, ...args]);
    assert.equal(openBrowser(URL_WITH_TOKEN, os, start), true);
    assert.deepEqual(started, [command]);
  }
});

Deno.test("openBrowser says nothing where there is no browser", () => {
  for (const kind of [Deno.errors.NotFound, Deno.errors.NotCapable, Deno.errors.PermissionDenied]) {
    const start: Start = () => {
      throw new kind("no");
    };
    assert.equal(openBrowser(URL_WITH_TOKEN, "linux", start), false);
  }
});

/**
 * Runs openBrowser in a program of its own, with `path` as its PATH and these rights, which goes on running
 * until `opened` has come. Gives what it printed.
 */
async function run(path: string, rights: readonly string[], opened = Promise.resolve()): Promise<string> {
  const source = new URL("../../src/ui/open_browser.ts", import.meta.url).href;
  const program = `import { openBrowser } from ${JSON.stringify(source)};
    console.log(openBrowser(${JSON.stringify(URL_WITH_TOKEN)}));
    await Deno.stdin.read(new Uint8Array(1));`;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, program);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", "--no-check", "--no-config", ...rights, file],
      env: { PATH: path },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await opened;
    await child.stdin.close();
    const { stdout, stderr } = await child.output();
    return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test({
  name: "openBrowser gives the address as one argument, with the right to run that program alone",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const [part, whole] = [`${folder}/part`, `${folder}/opened`];
      const script = `#!/bin/sh\nprintf '%s\\n' "$#" "$@" > ${part} && /bin/mv ${part} ${whole}\n`;
      await Deno.writeTextFile(`${folder}/xdg-open`, script, { mode: 0o755 });
      assert.equal(await run(folder, ["--allow-run=xdg-open"], exists(whole)), "true\n");
      assert.equal(await Deno.readTextFile(whole), `1\n${URL_WITH_TOKEN}\n`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** Resolves when there is a file `path`, in a folder that is there. */
async function exists(path: string): Promise<void> {
  for await (const { paths } of Deno.watchFs(path.slice(0, path.lastIndexOf("/")))) {
    if (paths.includes(path)) return;
  }
}

Deno.test({
  name: "openBrowser is silent without a browser, and without the right to start one",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    assert.equal(await run("/nonexistent", ["--allow-run=xdg-open"]), "false\n");
    assert.equal(await run("/nonexistent", ["--allow-run"]), "false\n");
    assert.equal(await run("/nonexistent", []), "false\n");
  },
});
