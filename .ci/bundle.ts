// Makes the page's script: `deno task build` → static/app.js, which index.html names, and static/chunks/, what it loads
// with it and later. The names of chunks carry a hash of what is in them. What an earlier build left is removed.

const root = new URL("..", import.meta.url);
const made = new URL("dist/page/", root);
const chunks = new URL("static/chunks/", root);
const ENTRY = "main.js";

await Deno.remove(made, { recursive: true }).catch(() => {});
const { code } = await new Deno.Command(Deno.execPath(), {
  cwd: root,
  args: [
    ...["bundle", "-q", "--platform", "browser", "--minify", "--code-splitting"],
    ...["--outdir", "dist/page", "src/ui/page/main.tsx"],
  ],
}).spawn().status;
if (code !== 0) Deno.exit(code);

const names = [...Deno.readDirSync(made)].map(({ name }) => name);
const others = names.filter((name) => name !== ENTRY && name.endsWith(".js"));
let entry = await Deno.readTextFile(new URL(ENTRY, made));
// Chunks name each other from where they lie, and the entry lies a folder above them.
for (const name of others) entry = entry.replaceAll(`"./${name}"`, `"./chunks/${name}"`);
if (/["']\.\/[^"'/]+\.js["']/.test(entry)) {
  throw new Error("Cannot bundle the page: its entry names a script that is not there.");
}
// In this order the entry never names a chunk that is not there.
await Deno.mkdir(chunks, { recursive: true });
for (const name of others) await Deno.rename(new URL(name, made), new URL(name, chunks));
await Deno.writeTextFile(new URL("static/app.js", root), entry);
for (const { name } of [...Deno.readDirSync(chunks)]) {
  if (!others.includes(name)) await Deno.remove(new URL(name, chunks));
}
await Deno.remove(made, { recursive: true });
