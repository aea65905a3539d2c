// The folder that a program of tcpmon has for what is gone at its end. One that was left by a program which was killed
// is removed by the next: in each lies a file that its program holds a lock on for as long as it lives, whatever ends it.
// A folder without such a file, or whose lock is held, is somebody's and is never touched.

import { dirname, join } from "node:path";
import { diskReason } from "./journal/disk_reason.ts";
import { tryLock } from "./journal/file.ts";

const PREFIX = "tcpmon-";
/** The locked file; it has this name once it is locked, so that nobody finds it before. */
const LOCK = "running";

/** The locks of the folders of this program. */
const locks = new Map<string, Deno.FsFile>();

/** Makes the temporary folder, which only this user may read, and removes those that are left. Throws Error, in words for the user. */
export async function makeFolder(): Promise<string> {
  try {
    const folder = await Deno.makeTempDir({ prefix: PREFIX });
    const made = `${join(folder, LOCK)}.new`;
    const lock = await Deno.open(made, { write: true, createNew: true, mode: 0o600 });
    locks.set(folder, lock);
    await tryLock(lock);
    await Deno.rename(made, join(folder, LOCK));
    await removeLeft(dirname(folder));
    return folder;
  } catch (error) {
    const variable = Deno.build.os === "windows" ? "TEMP" : "TMPDIR";
    throw new Error(
      `Cannot make a temporary folder: ${diskReason(error)}. Name a folder for it in ${variable}.`,
      { cause: error },
    );
  }
}

/** Removes a folder that somebody else may have removed already. */
export async function removeFolder(path: string): Promise<void> {
  locks.get(path)?.close();
  locks.delete(path);
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Removes the folders in `within` whose programs are gone. What cannot be removed is left. */
async function removeLeft(within: string): Promise<void> {
  // Older Deno can only wait for a lock, and whose program lives is locked for long: there they are left.
  if (!("tryLockSync" in Deno.FsFile.prototype)) return;
  const folders: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(within)) {
    const folder = join(within, name);
    if (isDirectory && name.startsWith(PREFIX) && !locks.has(folder)) folders.push(folder);
  }
  await Promise.all(folders.map(removeIfLeft));
}

async function removeIfLeft(folder: string): Promise<void> {
  let lock: Deno.FsFile | null = null;
  try {
    lock = await Deno.open(join(folder, LOCK), { read: true, write: true });
    if (await tryLock(lock)) await Deno.remove(folder, { recursive: true });
  } catch {
    // No such file, or another user's.
  }
  lock?.close();
}
