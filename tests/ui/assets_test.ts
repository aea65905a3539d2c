// The page's files from a real folder.

import assert from "node:assert/strict";
import { loadAssets } from "../../src/ui/assets.ts";

Deno.test("loadAssets reads a folder, with types and validators", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/fonts`);
    await Deno.writeTextFile(`${folder}/index.html`, "<p>é</p>");
    await Deno.writeTextFile(`${folder}/app.js`, "go()");
    await Deno.writeTextFile(`${folder}/app.css`, "p {}");
    await Deno.writeTextFile(`${folder}/icon.svg`, "<svg/>");
    await Deno.writeTextFile(`${folder}/fonts/a.woff2`, "");
    await Deno.writeTextFile(`${folder}/odd.xyz`, "go()");
    const { index, files } = await loadAssets(folder);
    assert.equal(index, "<p>é</p>");
    assert.deepEqual([...files].map(([path, { contentType }]) => [path, contentType]).sort(), [
      ["/app.css", "text/css; charset=utf-8"],
      ["/app.js", "text/javascript; charset=utf-8"],
      ["/fonts/a.woff2", "font/woff2"],
      ["/icon.svg", "image/svg+xml"],
      ["/odd.xyz", "application/octet-stream"],
    ]);
    assert.equal(new TextDecoder().decode(files.get("/app.js")?.bytes), "go()");
    assert.match(files.get("/app.js")?.etag ?? "", /^"[\w-]{22}"$/);
    assert.equal(files.get("/app.js")?.etag, files.get("/odd.xyz")?.etag);
    assert.notEqual(files.get("/app.js")?.etag, files.get("/app.css")?.etag);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loadAssets serves the style sheets that index.html names as one, and names files with their versions", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const lines = ["one", "gone", "two"].map((name) => `  <link rel="stylesheet" href="/${name}.css">\n`);
    const write = async (script: string) => {
      await Deno.writeTextFile(
        `${folder}/index.html`,
        `<head>\n${lines.join("")}<script src="/app.js"></script>`,
      );
      await Deno.writeTextFile(`${folder}/one.css`, "a {}");
      await Deno.writeTextFile(`${folder}/two.css`, "b {}");
      await Deno.writeTextFile(`${folder}/other.css`, "c {}");
      await Deno.writeTextFile(`${folder}/app.js`, script);
      return await loadAssets(folder);
    };
    const { index, files } = await write("go()");
    assert.deepEqual([...files.keys()].sort(), ["/app.js", "/other.css", "/page.css"]);
    assert.equal(new TextDecoder().decode(files.get("/page.css")?.bytes), "a {}\nb {}");
    const [sheet, script] = ["/page.css", "/app.js"].map((path) => `${path}?v=${files.get(path)?.version}`);
    const gone = '  <link rel="stylesheet" href="/gone.css">\n';
    assert.equal(
      index,
      `<head>\n  <link rel="stylesheet" href="${sheet}">\n${gone}<script src="${script}"></script>`,
    );
    const next = await write("stop()");
    assert.ok(next.index?.includes(sheet), "the same file has the same name");
    assert.ok(!next.index?.includes(script), "another file has another name");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loadAssets gives nothing of a folder that is not there", async () => {
  const { index, files } = await loadAssets("/nonexistent/static");
  assert.deepEqual([index, files.size], [null, 0]);
});

Deno.test("loadAssets finds the program's own files, with a place for the nonce", async () => {
  const { index, files } = await loadAssets();
  assert.equal(index?.match(/stylesheet/g)?.length, 1);
  assert.deepEqual(
    [...files.keys()].filter((path) => path.endsWith(".css")),
    ["/page.css"],
    "all are in use",
  );
  assert.match(index ?? "", /<meta name="csp-nonce" content="[^"]*"/);
});
