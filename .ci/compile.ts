// Makes the one binary: `deno task compile [--target TRIPLE]` → dist/tcpmon, or dist/tcpmon.exe for Windows.
// The Deno that runs this does the compiling. The page must have been bundled before; the task sees to that.
// Workers are found by their names, since the module graph does not lead to them; permissions and flags for V8 are those of `deno task start`.

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

/**
 * Only packages that the program reaches are put into the binary. Before 2.9 `deno compile` has no flag for that, and
 * embeds all that the lock file lists; without the lock file it embeds what the program imports.
 */
function packages(): readonly string[] {
  const [major, minor] = Deno.version.deno.split(".").map(Number);
  return major > 2 || minor >= 9 ? ["--exclude-unused-npm", "--frozen"] : ["--no-lock"];
}

const { values } = parseArgs({ args: Deno.args, options: { target: { type: "string" } } });
const forSystem = system(values.target);
const output = forSystem === "windows" ? "dist/tcpmon.exe" : "dist/tcpmon";
const { code } = await new Deno.Command(Deno.execPath(), {
  cwd: root,
  args: [
    "compile",
    "--quiet",
    "--no-check",
    "--no-prompt",
    ...packages(),
    ...(values.target === undefined ? [] : ["--target", values.target]),
    ...["static", ...workers("src/")].flatMap((path) => ["--include", path]),
    ...engineFlags(),
    ...permissions().map((flag) =>
      flag.startsWith("--allow-run=") ? `--allow-run=${OPENERS[forSystem]}` : flag
    ),
    "--output",
    output,
    "main.ts",
  ],
}).spawn().status;
if (code === 0) {
  const { size } = await Deno.stat(new URL(output, root));
  console.log(`${output} (${new Intl.NumberFormat("en").format(size)} bytes)`);
}
Deno.exitCode = code;
