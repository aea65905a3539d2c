// The page's files, read once at start, from static/ beside the sources or inside the compiled binary.
// They hold nothing secret. Which request gets which is decided in page_routes.ts.
// The style sheets that index.html names one by one are served as one, in their order: each would be a request that the
// first picture waits for. What index.html names has its version behind it, so that a browser need not ask again; the
// scripts that others load have theirs in their names. What a script loads at once is named by index.html too, so that
// a browser asks for all of it together.

import { createHash } from "node:crypto";
import { join } from "node:path";

/** One file of the page. */
export interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  /** Strong (RFC 9110, 8.8.3), with its quotes. */
  readonly etag: string;
  /** What index.html has behind `?v=` where it names this file; the next version of it has another. */
  readonly version: string;
  /** Whether its path says already which version it is. */
  readonly isNamedByContent: boolean;
}

/** All files of the page. */
export interface Assets {
  /** index.html, with one style sheet; null where it is missing. */
  readonly index: string | null;
  /** The others, by path: "/app.js". */
  readonly files: ReadonlyMap<string, Asset>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  ico: "image/x-icon",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json",
  woff2: "font/woff2",
};

/** static/ of this program. `import.meta.dirname` also holds in a binary compiled with `--include static`. */
const STATIC = join(import.meta.dirname ?? ".", "..", "..", "static");

/** Reads the page's files from `directory`; a directory that is missing gives none. */
export async function loadAssets(directory = STATIC): Promise<Assets> {
  const files = new Map<string, Asset>();
  await addFiles(directory, "/", files);
  const index = files.get("/index.html");
  files.delete("/index.html");
  return { index: index === undefined ? null : named(new TextDecoder().decode(index.bytes), files), files };
}

/** A line of index.html that names a style sheet. */
const SHEET = /^ *<link rel="stylesheet" href="([^"]+)">\n/gm;
/** The style sheet that all of them become. */
const JOINED = "/page.css";

/** Puts the style sheets together in `files`, and the versions of files behind their names in `index`. */
function named(index: string, files: Map<string, Asset>): string {
  const sheets = [...index.matchAll(SHEET)].map(([, path]) => path).filter((path) => files.has(path));
  if (sheets.length > 0) {
    const texts = sheets.map((path) => new TextDecoder().decode(files.get(path)?.bytes));
    for (const path of sheets) files.delete(path);
    files.set(JOINED, asset(JOINED, new TextEncoder().encode(texts.join("\n"))));
  }
  let isJoined = false;
  const joined = index.replaceAll(SHEET, (line, path: string) => {
    if (!sheets.includes(path)) return line;
    const first = isJoined ? "" : line.replace(path, JOINED);
    isJoined = true;
    return first;
  });
  return joined.replaceAll(/ (href|src)="(\/[^"?]+)"/g, (text, attribute, path) => {
    const file = files.get(path);
    return file ? ` ${attribute}="${path}?v=${file.version}"` : text;
  }).replaceAll(SCRIPT, (line, space: string, path: string) => {
    const loaded = [...loadedWith(path, files)].filter((other) => other !== path);
    return loaded.map((other) => `${space}<link rel="modulepreload" href="${other}">\n`).join("") + line;
  });
}

/** A line of index.html that names a script. */
const SCRIPT = /^( *)<script type="module" src="([^"?]+)\?v=[^"]*"><\/script>/gm;
/** What a bundled script loads at once, from where it lies. */
const IMPORTED = /\b(?:from|import)\s*"(\.\/[^"]+\.js)"/g;

/** The paths of a script and of all that it loads at once. */
export function loadedWith(path: string, files: Assets["files"]): ReadonlySet<string> {
  const loaded = new Set<string>();
  const waiting = [path];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const file = files.get(next);
    if (file === undefined || loaded.has(next)) continue;
    loaded.add(next);
    for (const [, from] of new TextDecoder().decode(file.bytes).matchAll(IMPORTED)) {
      waiting.push(new URL(from, `file://${next}`).pathname);
    }
  }
  return loaded;
}

/** Where the bundler puts what app.js loads; each name has a hash of the content. */
const CHUNK = /^\/chunks\/[\w.]+-[A-Z0-9]{8}\.js$/;

function asset(path: string, bytes: Uint8Array<ArrayBuffer>): Asset {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const version = createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
  const contentType = CONTENT_TYPES[extension] ?? "application/octet-stream";
  return { bytes, contentType, etag: `"${version}"`, version, isNamedByContent: CHUNK.test(path) };
}

async function addFiles(directory: string, path: string, into: Map<string, Asset>): Promise<void> {
  for (const entry of await entriesOf(directory)) {
    if (entry.isDirectory) await addFiles(join(directory, entry.name), `${path}${entry.name}/`, into);
    if (!entry.isFile) continue;
    into.set(path + entry.name, asset(path + entry.name, await Deno.readFile(join(directory, entry.name))));
  }
}

async function entriesOf(directory: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(directory));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
