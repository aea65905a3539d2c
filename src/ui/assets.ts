// The page's files, read once at start, from static/ beside the sources or inside the compiled binary.
// They hold nothing secret. Which request gets which is decided in page_routes.ts.

import { createHash } from "node:crypto";
import { join } from "node:path";

/** One file of the page. */
export interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  /** Strong (RFC 9110, 8.8.3), with its quotes. */
  readonly etag: string;
}

/** All files of the page. */
export interface Assets {
  /** index.html as it is in static/; null where it is missing. */
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
  return { index: index === undefined ? null : new TextDecoder().decode(index.bytes), files };
}

async function addFiles(directory: string, path: string, into: Map<string, Asset>): Promise<void> {
  for (const entry of await entriesOf(directory)) {
    if (entry.isDirectory) await addFiles(join(directory, entry.name), `${path}${entry.name}/`, into);
    if (!entry.isFile) continue;
    const bytes = await Deno.readFile(join(directory, entry.name));
    const extension = entry.name.slice(entry.name.lastIndexOf(".") + 1).toLowerCase();
    into.set(path + entry.name, {
      bytes,
      contentType: CONTENT_TYPES[extension] ?? "application/octet-stream",
      etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
    });
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
