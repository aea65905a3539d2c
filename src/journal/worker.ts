/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
// The journal's worker: opens the capture, and appends what the recorder hands over to it. It does nothing else. A
// capture that is opened is locked and read, and not changed before it is begun: a start that fails leaves it alone.

import { NO_KEEP, roomToKeep } from "../keep.ts";
import { Appender } from "./appender.ts";
import { readBatch } from "./batch.ts";
import { diskReason } from "./disk_reason.ts";
import { diskBytes, freeBytes, isAt, leastFree, openLocked, readHeld } from "./file.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";
import { KeyLogging } from "./key_logging.ts";

const memories = new Map<number, SharedArrayBuffer>();
let appender: Appender | null = null;
/** The file, where it was made for this capture, and where the capture ends while nothing is recorded in it. */
let made: { readonly path: string; readonly file: Deno.FsFile; position: number } | null = null;

function post(message: FromWorker): void {
  self.postMessage(message);
}

async function open(message: ToWorker & { type: "open" }): Promise<void> {
  const { application, keyLog, captureLimit } = message;
  let path = message.file;
  let file: Deno.FsFile | null = null;
  let keys: KeyLogging | null = null;
  let isMade = false;
  const notices: FromWorker[] = [];
  try {
    if (keyLog !== null) {
      keys = new KeyLogging(keyLog, (text) => {
        // The first word is whether the file could be opened.
        if (appender === null) notices.push({ type: "notice", text });
        else post({ type: "notice", text });
      });
    }
  } catch (error) {
    post({ type: "refused", error: diskReason(error), of: "key log" });
    return;
  }
  try {
    const locked = await openLocked(path);
    ({ path, file } = locked);
    isMade = !locked.wasThere && file.statSync().size === 0;
    const held = readHeld(
      path,
      file,
      keys ? (connection, bytes) => keys?.held(connection, bytes) : undefined,
    );
    const minFree = message.minFree ?? leastFree(diskBytes(path));
    const free = Math.max(0, freeBytes(path) - minFree);
    const first = held.older[0]?.base ?? held.base;
    const room = roomToKeep(held.position - first, free);
    const keep = { ...NO_KEEP, ...message.keep, bytes: message.keep.bytes ?? room.bytes };
    const limits = { minFree, keepBytes: keep.bytes, keepMs: keep.ms, captureLimit };
    appender = new Appender({ path, application, ...limits, keys, post }, { ...held, file });
    if (isMade) made = { path, file, position: appender.position };
    const { number: _, length: __, base: ___, older: ____, ...told } = held;
    post({
      type: "opened",
      held: told,
      files: appender.files,
      keep,
      share: message.keep.bytes === null ? room.share : null,
    });
    for (const notice of notices) post(notice);
  } catch (error) {
    if (isMade && file) remove(file, path);
    file?.close();
    keys?.close();
    post({ type: "refused", error: diskReason(error), of: "capture" });
  }
}

function begin(opened: Appender, at: number): void {
  try {
    const secrets = opened.begin(at);
    const { position, files } = opened;
    if (made) made.position = position;
    post({ type: "begun", position, files, secrets });
  } catch (error) {
    // Said first: closing may fail too.
    post({ type: "refused", error: diskReason(error), of: "capture" });
    appender = null;
    if (made) remove(made.file, made.path);
    opened.close();
    return;
  }
  opened.checkSpace(at);
}

/** While it is locked, so that it is no other program's; what has taken its name meanwhile stays. */
function remove(file: Deno.FsFile, path: string): void {
  try {
    if (isAt(file, path)) Deno.removeSync(path);
  } catch {
    // Then it stays: empty, or with what a capture begins with.
  }
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  try {
    obey(data);
  } catch (error) {
    appender?.stop(`the journal failed: ${diskReason(error)}`, Date.now());
  }
};

function obey(data: ToWorker): void {
  switch (data.type) {
    case "open":
      open(data);
      break;
    case "begin":
      begin(appender!, data.at);
      break;
    case "memory":
      memories.set(data.batch, data.memory);
      break;
    case "forget":
      memories.delete(data.batch);
      break;
    case "batch":
      appender?.batch(readBatch(memories.get(data.batch)!, data.length));
      post({ type: "done", batch: data.batch, position: appender?.position ?? 0 });
      break;
    case "rotate":
      appender?.rotate();
      break;
    case "drop":
      appender?.dropBefore(data.before);
      break;
    case "close":
      if (data.discards && made !== null && made.position === appender?.position) {
        remove(made.file, made.path);
      }
      appender?.close();
      post({ type: "closed" });
      self.close();
      break;
  }
}
