// Makes the one binary: `deno task compile [--target TRIPLE]` → dist/tcpmon, or dist/tcpmon.exe for Windows.
// The Deno that runs this does the compiling. The page must have been bundled before; the task sees to that.
// What is compiled is not the some hundred modules of this tree but a bundle of them, in dist/program/: reading one file
// takes a fraction of the time that so many take, and no package needs to be embedded whole. Names of functions and
// their files stay as they are, so that a stack says where it was. Permissions and flags for V8 are those of
// `deno task start`.

import { parseArgs } from "node:util";
import { engineFlags, permissions } from "./tasks.ts";

/** What opens the browser (see src/ui/open_browser.ts), by the system that the binary is for. */
const OPENERS: Readonly<Record<string, string>> = {
  linux: "xdg-open",
  darwin: "open",
  windows: "rundll32.exe",
};

const root = new URL("..", import.meta.url);

/** Every file below `folder` that is only named in `new Worker(...)`: its name ends in "worker.ts". */
function* workers(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, root))) {
    if (isDirectory) yield* workers(`${folder}${name}/`);
    else if (name.endsWith("worker.ts")) yield `${folder}${name}`;
  }
}

/** The system that a target triple names; of this machine when there is none. */
function system(target: string | undefined): string {
  if (target === undefined) return Deno.build.os;
  const found = Object.keys(OPENERS).find((name) => target.includes(name));
  if (found === undefined) {
    throw new Error(
      `Cannot compile for ${target}: not known. Known are Linux, macOS (apple-darwin) and Windows.`,
    );
  }
  return found;
}

/** Where the bundle is put: two folders below the root, as src/ui/, from where static/ is found. */
const PROGRAM = "dist/program";

/**
 * Bundles main.ts and all workers, which share what they have in common. Workers are found by their names, since the
 * module graph does not lead to them, and each `new Worker` is led to the bundled one.
 */
async function bundle(): Promise<readonly string[]> {
  const sources = [...workers("src/")];
  await Deno.remove(new URL(PROGRAM, root), { recursive: true }).catch(() => {});
  await run(
    "bundle",
    "--quiet",
    "--platform",
    "deno",
    "--code-splitting",
    "--outdir",
    PROGRAM,
    "main.ts",
    ...sources,
  );
  const bundled = new Map(
    sources.map((path) => [path.slice(path.lastIndexOf("/") + 1), path.replace(/ts$/, "js")]),
  );
  for (const file of scripts(`${PROGRAM}/`)) {
    const text = await Deno.readTextFile(new URL(file, root));
    const up = "../".repeat(file.split("/").length - `${PROGRAM}/`.split("/").length);
    const led = text.replaceAll(
      /new URL\("[./a-z_]*?([a-z_]+\.ts)", import\.meta\.url\)/g,
      (_, name: string) => {
        const path = bundled.get(name);
        if (path === undefined) {
          throw new Error(`Cannot bundle ${file}: it starts ${name}, which is no worker.`);
        }
        return `new URL("./${up}${path}", import.meta.url)`;
      },
    );
    await Deno.writeTextFile(new URL(file, root), led);
  }
  return [...bundled.values()].map((path) => `${PROGRAM}/${path}`);
}

/** Every script below `folder`. */
function* scripts(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, root))) {
    if (isDirectory) yield* scripts(`${folder}${name}/`);
    else if (name.endsWith(".js")) yield `${folder}${name}`;
  }
}

/** Runs this Deno in the root; ends with its status where it fails. */
async function run(...args: string[]): Promise<void> {
  const { code } = await new Deno.Command(Deno.execPath(), { cwd: root, args }).spawn().status;
  if (code !== 0) Deno.exit(code);
}

const { values } = parseArgs({ args: Deno.args, options: { target: { type: "string" } } });
const forSystem = system(values.target);
const output = forSystem === "windows" ? "dist/tcpmon.exe" : "dist/tcpmon";
const included = await bundle();
await run(
  "compile",
  "--quiet",
  "--no-check",
  "--no-prompt",
  // All that it imports is in the bundle.
  ...["--no-config", "--no-lock", "--no-npm", "--no-remote"],
  ...(values.target === undefined ? [] : ["--target", values.target]),
  ...["static", ...included].flatMap((path) => ["--include", path]),
  ...engineFlags(),
  ...permissions().map((flag) =>
    flag.startsWith("--allow-run=") ? `--allow-run=${OPENERS[forSystem]}` : flag
  ),
  ...["--output", output],
  `${PROGRAM}/main.js`,
);
const { size } = await Deno.stat(new URL(output, root));
console.log(`${output} (${new Intl.NumberFormat("en").format(size)} bytes)`);
