/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
// The index worker: reads captures, growing or not, and writes the index. It is the only one that writes it.

import { decode } from "../decode/mod.ts";
import { type CaptureFile, CaptureFiles } from "../journal/capture_files.ts";
import { plainFile } from "../journal/foreign/unpacked.ts";
import { notRecorded, type RecordSource } from "../journal/records.ts";
import { sourceOfNumber } from "../journal/source_numbers.ts";
import { kindOfFile } from "../journal/open_source.ts";
import { journalOfHar } from "./har/har_file.ts";
import { FoundFiles } from "./found_files.ts";
import { IndexedSource } from "./indexed_source.ts";
import { type IndexPlaces, type OpenedIndex, openIndexOf } from "./opened_index.ts";
import type { Ends, IndexQuestions, RemoveQuery } from "./questions.ts";
import { answerQuestions } from "./remote.ts";
import type { Removal } from "./removing.ts";
import { exchangeNumber, timeText } from "./rows.ts";
import { Slices } from "./slices.ts";
import { ROOM_MS } from "./tail.ts";
import { type ToldChange, toldOf } from "./told_change.ts";
import { NoRoomError } from "./transaction.ts";
import type { CatalogChange } from "./types.ts";
import { standBack } from "./stand_back.ts";

standBack();

interface Opened {
  readonly index: OpenedIndex;
  readonly files: CaptureFiles;
  readonly cores: number;
  readonly completed: boolean;
  /** For what is made of captures in other formats. */
  readonly folder: string;
  readonly program: string;
  readonly sources: Map<number, IndexedSource>;
}

type Opening = Parameters<IndexQuestions["open"]>[0];

/** Where Exchanges are counted, a segment has this part of them. */
const SHARES = 8;

const slices = new Slices();
/** The files of each capture, by its number. */
const known = new Map<number, readonly CaptureFile[]>();
let opened: Opened | null = null;

const { tell, fail } = answerQuestions<IndexQuestions, ToldChange>(self, {
  async open(given) {
    try {
      return await open(given);
    } catch (error) {
      // It may be tried again.
      close();
      throw error;
    }
  },
  async files(list) {
    putFiles(0, list);
    await room();
    await drop(list);
  },
  written: (position) => live().tail.written(position),
  resumed: () => live().tail.resumed(),
  stopped: (reason) => live().tail.stopped(notRecorded(reason)),
  async level() {
    await Promise.all([...whole().sources.values()].map(({ tail }) => tail.level()));
  },
  async addSource({ number, file, ends }) {
    const { folder, program } = whole();
    const found = await findFiles(file, number, folder, program);
    putFiles(number, found.files);
    try {
      follow(add(whole(), number, found.source(whole().files), () => {}, found.note), found, ends);
    } catch (error) {
      putFiles(number, []);
      throw error;
    }
    return {
      kind: found.openedKind,
      size: found.openedKind === "har" ? Deno.statSync(file).size : found.look().size,
    };
  },
  over({ number, note }) {
    whole().sources.get(number)?.over(note);
  },
  async removeSource(number) {
    const { sources, index } = whole();
    const indexed = sources.get(number);
    if (!indexed) return;
    indexed.stop();
    sources.delete(number);
    const steps = indexed.indexer.remove({ listener: null });
    for (let step = steps.next(); !step.done; step = steps.next()) {
      if (slices.due()) await slices.pause();
    }
    index.tables.removeSource(number);
    putFiles(number, []);
    live().tail.changed();
  },
  async remove(what) {
    let count = 0;
    for (const indexed of [...whole().sources.values()]) {
      const steps = indexed.indexer.remove(removalOf(what, indexed));
      let step = steps.next();
      while (!step.done) {
        if (slices.due()) await slices.pause();
        step = steps.next();
      }
      count += step.value;
      if (step.value > 0) indexed.tail.changed();
    }
    return count;
  },
  close,
});

/** Opens the index, and reads what there is. */
async function open(
  { files: first, folder, kept = null, program = "", completed, cores, secrets, most = null, ends }: Opening,
): Promise<ReturnType<IndexQuestions["open"]>> {
  const found = typeof first === "string" ? await findFiles(first, 0, folder, program) : null;
  known.set(0, found ? found.files : first as readonly CaptureFile[]);
  const files = new CaptureFiles(() => [...known.values()].flat());
  const places = {
    folder,
    kept: found && (found.path !== first || found.kind !== "tcpmon") ? null : kept,
    program,
    hasSecrets: secrets.length > 0,
  };
  const index = await opening(files, places);
  index.tables.putFiles(files.files);
  index.tables.commit();
  opened = { index, files, cores, completed, folder, program, sources: new Map() };
  const source = found && found.kind !== "tcpmon" ? found.source(files) : index.source();
  const indexed = add(opened, 0, source, (reason) => {
    if (!found) fail(`Cannot index ${known.get(0)?.at(-1)?.path}: ${reason}`);
  }, found?.note);
  for (const position of secrets) {
    const lines = index.secretsAt(position);
    if (lines) indexed.indexer.secrets(lines);
  }
  indexed.indexer.most = most;
  index.checkpoints(indexed.indexer, source);
  await drop(files.files);
  // What a kept index still has of files that went since.
  await drop(known.get(0)!);
  if (found) follow(indexed, found, ends);
  return { folder: index.folder, isKept: index.isKept, kind: found?.openedKind ?? null };
}

/** The index of these files; where it cannot be opened, none of them is left open. */
async function opening(files: CaptureFiles, places: IndexPlaces): Promise<OpenedIndex> {
  try {
    files.check();
    return await openIndexOf(files, places);
  } catch (error) {
    files.close();
    throw error;
  }
}

/** Reads no more, and closes what is open, as far as that is. */
function close(): void {
  for (const indexed of opened?.sources.values() ?? []) indexed.stop();
  opened?.index.close();
  opened?.files.close();
  opened = null;
}

/** What was in files of the live capture that are gone, is gone. */
async function drop(list: readonly CaptureFile[]): Promise<void> {
  for (;;) {
    try {
      const steps = live().dropBefore(list[0]?.base ?? 0);
      for (let step = steps.next(); !step.done; step = steps.next()) {
        if (slices.due()) await slices.pause();
      }
      return;
    } catch (error) {
      if (!(error instanceof NoRoomError)) throw error;
      await room();
    }
  }
}

/** Waits until what was written to the index is in it, where its disk is full. */
async function room(): Promise<void> {
  while (opened?.index.tables.isFull) await new Promise((resolve) => setTimeout(resolve, ROOM_MS));
}

/** What the live capture says of what is kept of it. */
function keeping(): Partial<CatalogChange> {
  const indexer = opened?.sources.get(0)?.indexer;
  if (!indexer) return {};
  const { dropped, most } = indexer;
  const more = live().hasSkipped && { more: true };
  return {
    ...dropped && { dropped: { exchanges: dropped.exchanges, until: timeText(dropped.until), ...more } },
    ...most !== null && {
      keeps: { before: indexer.oldest, isFull: indexer.inSegment >= Math.max(1, most / SHARES) },
    },
  };
}

/**
 * The files of a capture to be read; one that is compressed is unpacked into `folder` first, and a HAR file is made a
 * Journal there. Both go with the folder.
 */
async function findFiles(file: string, number: number, folder: string, program: string): Promise<FoundFiles> {
  const plain = await plainFile(file, folder);
  try {
    const kind = kindOfFile(plain.path);
    if (kind !== "har") return new FoundFiles(plain.path, number, { path: file, kind, note: plain.note });
    const { path, note } = await journalOfHar(plain.path, folder, program, slices);
    const notes = [plain.note, note].filter((text) => text !== null);
    return new FoundFiles(path, number, {
      path: file,
      kind,
      note: notes.length === 0 ? null : notes.join("; "),
    });
  } catch (error) {
    // The user knows the file by the name that he has opened.
    throw new Error((error as Error).message.replaceAll(plain.path, file), { cause: error });
  }
}

function whole(): Opened {
  if (!opened) throw new Error("The index is not open");
  return opened;
}

function live(): IndexedSource {
  return whole().sources.get(0)!;
}

/** The files of a capture are these now. */
function putFiles(number: number, list: readonly CaptureFile[]): void {
  const { index: { tables }, files } = whole();
  known.set(number, list);
  files.refresh();
  tables.putFiles(files.files);
  tables.commit();
}

function add(
  to: Opened,
  number: number,
  source: RecordSource,
  failed: (reason: string) => void,
  note: string | null = null,
): IndexedSource {
  const { index, cores, completed, sources } = to;
  const indexed = new IndexedSource({
    ...{ number, source, tables: index.tables, decode, cores, note },
    completed: completed && number === 0,
    keep: (bytes) => index.decrypted.append(bytes),
    hasRoom: () => index.hasRoom(),
    begun: number === 0 ? index.begun : undefined,
    // How far behind an opened capture is, is told by how much of it was read.
    tell: (change) =>
      tell(toldOf({ ...change, ...sources.get(0)?.tail.behind, sources: states(), ...keeping() })),
    fail: (reason) => {
      failed(reason);
      const change = { exchanges: [], more: true, counts: {}, behindMs: 0, completed: [] };
      tell(toldOf({ ...change, sources: states() }));
    },
  });
  sources.set(number, indexed);
  return indexed;
}

function states() {
  return [...opened?.sources.values() ?? []].map(({ state }) => state);
}

function follow(indexed: IndexedSource, found: FoundFiles, ends?: Ends): void {
  indexed.follow(
    () => {
      const looked = found.look();
      if (looked.changed) putFiles(indexed.number, found.files);
      return looked;
    },
    () => found.isRecordedTo,
    // What was made of it is whole.
    ends === "told" && found.openedKind === "har" ? "now" : ends,
  );
}

/** What of it concerns a capture. */
function removalOf(what: RemoveQuery, { indexer, number }: IndexedSource): Removal {
  if ("all" in what) {
    const isMine = what.listener === undefined || indexer.counting.listeners.includes(what.listener);
    return isMine ? { listener: what.listener ?? null } : { ids: [] };
  }
  const numbers = what.ids.map(exchangeNumber).filter((id) => id !== null);
  return { ids: numbers.filter((id) => sourceOfNumber(id) === number) };
}
