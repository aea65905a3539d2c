// The page's files from a real folder.

import assert from "node:assert/strict";
import { loadAssets, loadedWith } from "../../src/ui/assets.ts";

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

Deno.test("what a script loads at once is named before it; what it loads later is not", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/chunks`);
    const write = (name: string, text: string) => Deno.writeTextFile(`${folder}/${name}`, text);
    await write("index.html", '<head>\n  <script type="module" src="/app.js"></script>\n');
    await write(
      "app.js",
      'import{a}from"./chunks/a-AAAAAAAA.js";import"./chunks/b.js";a(()=>import("./chunks/c.js"))',
    );
    await write("chunks/a-AAAAAAAA.js", 'import"./d.js";import"./gone.js";export{a}from"./b.js"');
    for (const name of ["b", "c", "d"]) await write(`chunks/${name}.js`, 'import"./a-AAAAAAAA.js"');
    const { index, files } = await loadAssets(folder);
    const named = [...index?.matchAll(/<link rel="modulepreload" href="([^"]+)">/g) ?? []].map(([, path]) =>
      path
    );
    assert.deepEqual(named.sort(), ["/chunks/a-AAAAAAAA.js", "/chunks/b.js", "/chunks/d.js"]);
    assert.deepEqual([...loadedWith("/app.js", files)].sort(), ["/app.js", ...named]);
    const byContent = [...files].filter(([, { isNamedByContent }]) => isNamedByContent).map(([path]) => path);
    assert.deepEqual(byContent, ["/chunks/a-AAAAAAAA.js"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** What is in no script that the first rows wait for, by a text that the bundler keeps. */
const LATER: Readonly<Record<string, string>> = {
  "CodeMirror": "cm-gutterElement",
  "the panes": "Select an exchange to see its",
  "the Sender": "sender-endpoint",
  "comparing": "Comparing the messages",
  "the export": "Look through the file before you give it away.",
  "the list of keys": "next change of a comparison, previous change",
  "the authority": "How clients trust it",
  "TLS": "bad_certificate",
};

Deno.test("what the first rows do not need is loaded after them", async () => {
  const { files } = await loadAssets();
  assert.ok(files.has("/app.js"), "the page is not built: deno task build");
  const first = loadedWith("/app.js", files);
  const texts = (paths: Iterable<string>) =>
    [...paths].map((path) => new TextDecoder().decode(files.get(path)?.bytes)).join("\n");
  const scripts = [...files.keys()].filter((path) => path.endsWith(".js"));
  const early = texts(first);
  const late = texts(scripts.filter((path) => !first.has(path)));
  for (const [what, text] of Object.entries(LATER)) {
    assert.ok(late.includes(text), `${what} is told by "${text}", which is in no script`);
    assert.ok(!early.includes(text), `${what} is loaded before the first rows`);
  }
  assert.ok(early.length < 250_000, `${early.length} characters are loaded before the first rows`);
  assert.ok(first.size <= 8, `${first.size} scripts are loaded before the first rows`);
  for (const path of scripts) {
    if (path !== "/app.js") assert.ok(files.get(path)?.isNamedByContent, `${path} has no hash in its name`);
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
