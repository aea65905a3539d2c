// Whether there are file descriptors for what needs some at once. A worker does: where it finds too few, Deno 2.9 ends
// the whole program, and every connection with it; with a few more it fails to read the worker's modules.

import { SpareFiles } from "../spare_files.ts";

/** So many files can be opened where there is room for a worker: it takes 8 or so, and clients come meanwhile. */
const WORKER_FILES = 24;

/** How the system says that there are none, and how the user is told. */
const LACK = /too many (open files|files are open)/i;

/** What the user is told of it, within a sentence: with what to do. */
export const TOO_FEW_FILES =
  "too many files are open. Allow more before you start tcpmon (ulimit -n), or try it again later";

/** The same as a sentence of its own. */
export const NO_WORKER_ROOM = `${TOO_FEW_FILES.replace("t", "T")}.`;

/** Whether that is why something has failed. */
export function isLackOfFiles(reason: string): boolean {
  return LACK.test(reason);
}

/** Whether so many files can be opened: whatever else fails is no lack. */
export function hasRoomFor(files: number): boolean {
  const spare = new SpareFiles(files);
  spare.close();
  return !spare.isShort;
}

/** Whether a worker can be begun now. */
export function hasWorkerRoom(): boolean {
  return hasRoomFor(WORKER_FILES);
}
