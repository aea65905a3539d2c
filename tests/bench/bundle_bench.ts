// What the page and the binary weigh, and what is in them: `deno task bench:bundle`. Prints; asserts nothing.
//
//   --binary FILE   a compiled program, to tell how much of it is the runtime's and how much the program's
//   --markdown      the tables as docs/performance.md has them
//
// The page's script is what `deno task build` makes; it is bundled once more, with a source map, to tell whose its bytes
// are. Compressed sizes are for comparison: on loopback the page is served as it is.

import "./begin.ts";
import { parseArgs } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { loadAssets, loadedWith } from "../../src/ui/assets.ts";
import { ownFolder } from "./programs.ts";
import { sourceShares } from "./source_shares.ts";
import { table } from "./table.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { binary: { type: "string" }, markdown: { type: "boolean", default: false } },
});
const root = new URL("../../", import.meta.url);

type Row = readonly [name: string, ...cells: string[]];

function print(head: Row, rows: readonly Row[]): void {
  console.log(`${table([head, ...rows], { isMarkdown: values.markdown }).join("\n")}\n`);
}

const kb = (bytes: number) => (bytes / 1000).toFixed(1);
const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);

/** Every file below `folder`, as paths from it. */
function* files(folder: URL, path = ""): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(path, folder))) {
    if (isDirectory) yield* files(folder, `${path}${name}/`);
    else yield `${path}${name}`;
  }
}

/** Runs this Deno's bundler; gives the bytes of each script that it made by their sources. */
async function bundled(...args: string[]): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const folder = await ownFolder();
  try {
    const { success } = await new Deno.Command(Deno.execPath(), {
      cwd: root,
      args: ["bundle", "-q", "--sourcemap=external", "--outdir", folder, ...args],
    }).spawn().status;
    if (!success) throw new Error("Cannot bundle: see above.");
    const made = new Map<string, ReadonlyMap<string, number>>();
    for (const file of files(new URL(`file://${folder}/`))) {
      if (!file.endsWith(".js")) continue;
      const script = await Deno.readTextFile(`${folder}/${file}`);
      made.set(file, sourceShares(script, JSON.parse(await Deno.readTextFile(`${folder}/${file}.map`))));
    }
    return made;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Whose a source is: a package by its name, a folder of this tree, or the bundler's. */
function owner(source: string): string {
  const pack = /registry\.npmjs\.org\/((?:@[^/]+\/)?[^/]+)\//.exec(source) ??
    /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source);
  if (pack !== null) return `npm:${pack[1]}`;
  const ours = /(?:^|\/)((?:src|docs)\/.*)$/.exec(source)?.[1];
  if (ours === undefined) return source === "" ? "the bundler's own" : "main.ts and deno.json";
  const folders = ours.split("/").slice(0, -1);
  return `${folders.slice(0, folders[1] === "ui" ? 4 : 3).join("/")}/`;
}

function byOwner(shares: Iterable<readonly [string, number]>): readonly (readonly [string, number])[] {
  const owned = new Map<string, number>();
  for (const [source, bytes] of shares) owned.set(owner(source), (owned.get(owner(source)) ?? 0) + bytes);
  return [...owned].sort(([, one], [, other]) => other - one);
}

const shareRows = (owned: readonly (readonly [string, number])[]): readonly Row[] => {
  const total = sum(owned.map(([, bytes]) => bytes));
  return owned.map(([name, bytes]) => [name, kb(bytes), `${(bytes / total * 100).toFixed(1)} %`]);
};

const assets = [...files(new URL("static/", root))].sort();
const weights = assets.map((name) => {
  const bytes = Deno.readFileSync(new URL(`static/${name}`, root));
  return [name, bytes.length, gzipSync(bytes).length, brotliCompressSync(bytes).length] as const;
});
const kinds = new Map<string, (typeof weights)[number][]>();
for (const weight of weights) {
  const kind = weight[0].endsWith(".css") ? "style sheets" : weight[0].endsWith(".js") ? "scripts" : "other";
  kinds.set(kind, [...kinds.get(kind) ?? [], weight]);
}
print(["the page, KB", "files", "as it is", "gzip", "brotli"], [
  ...[...kinds].map(([kind, all]): Row => [
    kind,
    `${all.length}`,
    ...([1, 2, 3] as const).map((at) => kb(sum(all.map((weight) => weight[at])))),
  ]),
  [
    "all",
    `${weights.length}`,
    ...([1, 2, 3] as const).map((at) => kb(sum(weights.map((weight) => weight[at])))),
  ],
]);

const { files: served } = await loadAssets();
const first = loadedWith("/app.js", served);
const scripts = [...served.keys()].filter((path) => path.endsWith(".js"));
const weighed = (name: string, paths: readonly string[]): Row => {
  const all = paths.map((path) => served.get(path)?.bytes ?? new Uint8Array());
  return [
    name,
    `${paths.length}`,
    ...[(bytes: Uint8Array) => bytes, gzipSync, brotliCompressSync].map((packed) =>
      kb(sum(all.map((bytes) => packed(bytes).length)))
    ),
  ];
};
print(["the page's scripts, KB", "files", "as it is", "gzip", "brotli"], [
  weighed("loaded before the first rows", [...first]),
  weighed("loaded after them", scripts.filter((path) => !first.has(path))),
]);

const page = await bundled("--platform", "browser", "--minify", "--code-splitting", "src/ui/page/main.tsx");
print(
  ["in the page's script", "KB", "share"],
  shareRows(byOwner([...page.values()].flatMap((shares) => [...shares]))),
);

const program = await bundled("--platform", "deno", "--code-splitting", "main.ts");
print(
  ["in the program", "KB", "share"],
  shareRows(byOwner([...program.values()].flatMap((shares) => [...shares]))),
);

if (values.binary !== undefined) {
  const { size } = await Deno.stat(values.binary);
  const programBytes = sum(
    [...files(new URL("dist/program/", root))].map((file) =>
      Deno.statSync(new URL(`dist/program/${file}`, root)).size
    ),
  );
  const statics = sum(weights.map(([, bytes]) => bytes));
  print(
    ["the binary", "MB", "share"],
    [
      ["Deno's runtime", size - programBytes - statics],
      ["the program and its packages", programBytes],
      ["the page", statics],
    ].map((
      [name, bytes],
    ): Row => [`${name}`, (Number(bytes) / 1e6).toFixed(2), `${(Number(bytes) / size * 100).toFixed(1)} %`]),
  );
}
