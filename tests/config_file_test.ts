// The configuration's file: replaced as a whole, only when asked, and nothing that it held is lost.

import assert from "node:assert/strict";
import { ConfigError } from "../src/config.ts";
import { ConfigFile } from "../src/config_file.ts";

const TWO = '{ "listeners": [{ "listen": 8081, "target": "a:1" }, { "listen": 8082 }] }';

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await use(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("ConfigFile writes listeners in the place of those it has, and keeps what it held beside it", () =>
  inFolder(async (folder) => {
    const path = `${folder}/tcpmon.json`;
    await Deno.writeTextFile(path, TWO, { mode: 0o600 });
    const file = await ConfigFile.read(path);
    const [first] = file.config.routes;
    await file.write([first], false);
    assert.deepEqual((await ConfigFile.read(path)).config.routes, [first]);
    assert.equal(await Deno.readTextFile(`${path}~`), TWO);
    assert.deepEqual(names(folder), ["tcpmon.json", "tcpmon.json~"]);
    if (Deno.build.os !== "windows") assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    await file.write([], false);
    await file.write([], false);
    assert.match(await Deno.readTextFile(`${path}~`), /8081/, "what is as it was is not kept twice");
  }));

Deno.test("ConfigFile takes paths from the folder of the file, and writes them so again", () =>
  inFolder(async (folder) => {
    const path = `${folder}/tcpmon.json`;
    const listener = {
      listen: "127.0.0.1:8443",
      target: "https://api.example.org",
      targetTls: { ca: "ca.pem", cert: "keys/both.pem" },
      listenTls: { cert: "/etc/tls/c.pem", key: "/etc/tls/k.pem" },
    };
    await Deno.writeTextFile(path, JSON.stringify({ listeners: [listener] }));
    const file = await ConfigFile.read(path);
    const [route] = file.config.routes;
    assert.equal(route.targetTls?.ca, `${folder}/ca.pem`);
    assert.deepEqual(route.targetTls?.certificate, {
      cert: `${folder}/keys/both.pem`,
      key: `${folder}/keys/both.pem`,
    });
    await file.write(file.config.routes, false);
    assert.deepEqual(JSON.parse(await Deno.readTextFile(path)).listeners, [listener]);
    assert.deepEqual(file.config.routes, [route]);
  }));

Deno.test("ConfigFile does not touch a file that somebody else has changed, unless told to", () =>
  inFolder(async (folder) => {
    const path = `${folder}/tcpmon.json`;
    await Deno.writeTextFile(path, TWO);
    const file = await ConfigFile.read(path);
    await Deno.writeTextFile(path, "{}");
    await assert.rejects(file.write([], false), {
      name: "ConfigSaveError",
      field: "overwrite",
      message: /it was changed since tcpmon read it\. Save a copy instead, or overwrite it/,
    });
    assert.equal(await Deno.readTextFile(path), "{}");
    assert.deepEqual(names(folder), ["tcpmon.json"]);
    await file.write(file.config.routes, true);
    assert.match(await Deno.readTextFile(path), /8082/);
    assert.equal(await Deno.readTextFile(`${path}~`), "{}");
  }));

Deno.test("ConfigFile that was removed is written again; a link stays a link", () =>
  inFolder(async (folder) => {
    const [real, link] = [`${folder}/real.json`, `${folder}/link.json`];
    await Deno.writeTextFile(real, TWO);
    if (Deno.build.os !== "windows") {
      await Deno.symlink(real, link);
      const linked = await ConfigFile.read(link);
      await linked.write([], false);
      assert.ok((await Deno.lstat(link)).isSymlink);
      assert.doesNotMatch(await Deno.readTextFile(real), /8081/);
    }
    const file = await ConfigFile.read(real);
    await Deno.remove(real);
    await file.write([], false);
    assert.deepEqual((await ConfigFile.read(real)).config.routes, []);
  }));

Deno.test("ConfigFile that cannot be written is as it was, and says why", () =>
  inFolder(async (folder) => {
    const path = `${folder}/inner/tcpmon.json`;
    await Deno.mkdir(`${folder}/inner`);
    await Deno.writeTextFile(path, TWO);
    const file = await ConfigFile.read(path);
    await Deno.remove(`${folder}/inner`, { recursive: true });
    await assert.rejects(file.write([], false), {
      name: "ConfigSaveError",
      field: null,
      message: /^Cannot save to .*tcpmon\.json: .*\. It is as it was; save a copy instead\.$/,
    });
  }));

Deno.test("ConfigFile.read says what it cannot read", () =>
  inFolder(async (folder) => {
    await assert.rejects(ConfigFile.read(`${folder}/none.json`), (error: Error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /none\.json: there is no such file\. Give another file, or start without/);
      return true;
    });
    await assert.rejects(ConfigFile.read(folder), ConfigError);
    await Deno.writeTextFile(`${folder}/x.json`, "{");
    await assert.rejects(ConfigFile.read(`${folder}/x.json`), { name: "ConfigError", message: /as JSON/ });
  }));
