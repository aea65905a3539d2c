// The captures that are open to be read: those of the command line, and those that the page brings, which are kept in
// the temporary folder as long as they are open. Gives each a number, tells what listeners they tell of, and saves what
// is recorded.

import { basename, join } from "node:path";
import type { WorkerCatalog } from "./catalog/catalog.ts";
import { isSender } from "./catalog/seen_listeners.ts";
import { captureId } from "./catalog/shifted_source.ts";
import type { Ends } from "./catalog/questions.ts";
import type { SeenListener, SourceState } from "./catalog/types.ts";
import { diskReason } from "./journal/disk_reason.ts";
import { diskBytes, freeBytes, leastFree, leastWords } from "./journal/file.ts";
import { PIPED_NAME, type PipedInput } from "./journal/piped_input.ts";
import { LAST_SOURCE } from "./journal/source_numbers.ts";
import type { Listener, OpenedCapture, Recording } from "./model.ts";
import { CaptureError, type OpenCaptures, type SavedCapture } from "./ui/captures.ts";

/** The free space is looked at after so many bytes of a capture that the page brings. */
const LOOK_BYTES = 16 * 1024 * 1024;
/** A capture's first reading is told while there is so much to read, bytes. */
const WORTH_TELLING = 4 * 1024 * 1024;

/** What captures are opened with. */
export interface CapturesOptions {
  readonly catalog: Pick<WorkerCatalog, "addSource" | "removeSource" | "sources" | "bytes" | "over">;
  /** The temporary folder. */
  readonly folder: string;
  /** Called when something changed that `list` or `listeners` tell. */
  readonly changed: () => void;
  /** The capture with the number 0: its file, and how far it goes. */
  readonly saved: () => { readonly file: string; readonly size: number };
  /** The kind of the capture with the number 0, where that is opened to be read, too. */
  readonly first?: OpenedCapture["kind"];
}

interface Opened {
  readonly number: number;
  readonly name: string;
  readonly kind: OpenedCapture["kind"];
  readonly since: string;
  readonly size: number;
  /** Whether its file is removed when it is closed. */
  readonly isOurs: boolean;
  readonly path: string;
}

/** See above. */
export class Captures implements OpenCaptures {
  readonly #opened = new Map<number, Opened>();
  /** The numbers that are taken: of those that are open, and of those that are being opened or closed. */
  readonly #taken = new Set<number>();
  /** Those of them that come through a pipe. */
  readonly #piped = new Map<number, PipedInput>();
  readonly #since = new Date().toISOString();
  #uploads = 0;
  /** Whether the first capture was read to where it ended when it was opened. */
  #isLevel = false;

  constructor(private readonly options: CapturesOptions) {}

  list(): readonly OpenedCapture[] {
    return this.#all().map(({ number, name, kind, size }) => {
      const state = this.#state(number);
      const { done = 0, total = size, error = null, notes = [] } = state ?? {};
      return { id: captureId(number), file: name, kind, reading: { done, total }, error, notes };
    });
  }

  /** The listeners that the opened captures tell of. */
  listeners(): readonly Listener[] {
    return this.#all().flatMap(({ number, name, kind, since }) =>
      (this.#state(number)?.listeners ?? [])
        .filter(({ id }) => number > 0 || !isSender(id))
        .map((seen) => shown(seen, { id: captureId(number), file: name }, kind, since))
    );
  }

  /** A Recording with how far what the file held before is read again. */
  told(recording: Recording): Recording {
    const state = this.#state(0);
    if (this.#isLevel || state === undefined) return recording;
    const { done, total } = state;
    if (done >= total) this.#isLevel = true;
    return done >= total || total < WORTH_TELLING ? recording : { ...recording, reading: { done, total } };
  }

  /** Opens a file. Throws CaptureError. */
  async open(path: string): Promise<OpenedCapture> {
    return await this.#add(path, basename(path), false);
  }

  /** Opens what comes through a pipe, and follows it to its end. Throws CaptureError. */
  async openPiped(input: PipedInput): Promise<OpenedCapture> {
    const opened = await this.#add(input.path, PIPED_NAME, true, "told");
    const { number } = this.#known(opened.id)!;
    this.#piped.set(number, input);
    input.over.then(async (note) => {
      if (this.#piped.get(number) === input) await this.options.catalog.over(number, note);
    }).catch(() => {});
    return opened;
  }

  async upload(name: string, body: ReadableStream<Uint8Array>): Promise<OpenedCapture> {
    const path = join(this.options.folder, `opened-${++this.#uploads}`);
    try {
      await this.#keep(path, body);
      return await this.#add(path, name, true);
    } catch (error) {
      await removeFile(path);
      if (error instanceof CaptureError) throw error;
      throw new CaptureError(`Cannot open ${name}: ${diskReason(error)}.`, { cause: error });
    }
  }

  async close(id: string): Promise<boolean> {
    const known = this.#known(id);
    if (!known) return false;
    this.#opened.delete(known.number);
    const piped = this.#piped.get(known.number);
    this.#piped.delete(known.number);
    if (piped) await piped.stop();
    await this.options.catalog.removeSource(known.number);
    this.#taken.delete(known.number);
    if (known.isOurs) await removeFile(known.path);
    this.options.changed();
    return true;
  }

  async save(range?: Parameters<OpenCaptures["save"]>[0]): Promise<SavedCapture> {
    const { file, size } = this.options.saved();
    const bytes = await this.options.catalog.bytes({ capture: 0, to: size }, range);
    if (bytes === null) throw new Error("the capture is not there");
    const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
    const stem = basename(file).replace(/\.pcapng$/, "").replaceAll(/[^\w.-]+/g, "-");
    const ending = this.options.first === "pcap" ? "pcap" : "pcapng";
    return { name: `${stem === "capture" ? "tcpmon" : stem}-${time}.${ending}`, bytes };
  }

  /** All that are open to be read, the first one too where it is. */
  #all(): Opened[] {
    const { first, saved } = this.options;
    if (first === undefined) return [...this.#opened.values()];
    const { file, size } = saved();
    const zero = { number: 0, name: basename(file), kind: first, size, path: file, isOurs: false };
    return [{ ...zero, since: this.#since }, ...this.#opened.values()];
  }

  #known(id: string): Opened | undefined {
    return [...this.#opened.values()].find(({ number }) => captureId(number) === id);
  }

  #state(number: number): SourceState | undefined {
    return this.options.catalog.sources.find((source) => source.number === number);
  }

  async #add(path: string, name: string, isOurs: boolean, ends?: Ends): Promise<OpenedCapture> {
    const number = this.#free();
    if (number === null) {
      throw new CaptureError(
        `Cannot open ${name}: ${LAST_SOURCE} captures are open. Close one of them first.`,
      );
    }
    const since = new Date().toISOString();
    this.#taken.add(number);
    try {
      const { kind, size } = await this.options.catalog.addSource({ number, file: path, ends });
      this.#opened.set(number, { number, name, kind, since, size, isOurs, path });
    } catch (error) {
      this.#taken.delete(number);
      const reason = error instanceof Error ? error.message : String(error);
      throw new CaptureError(reason.replaceAll(path, name), { cause: error });
    }
    this.options.changed();
    return this.list().find(({ id }) => id === captureId(number))!;
  }

  #free(): number | null {
    for (let number = 1; number <= LAST_SOURCE; number++) if (!this.#taken.has(number)) return number;
    return null;
  }

  /** Writes what comes to a file, unless that would leave too little of the disk. */
  async #keep(path: string, body: ReadableStream<Uint8Array>): Promise<void> {
    using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
    // As recording does.
    const least = leastFree(diskBytes(path));
    let sinceLook = LOOK_BYTES;
    for await (const piece of body) {
      sinceLook += piece.length;
      if (sinceLook >= LOOK_BYTES) {
        sinceLook = 0;
        if (freeBytes(path) < least) {
          throw new CaptureError(
            `Cannot open it: less than ${
              leastWords(least)
            } would be free on the disk of the temporary folder. ` +
              "Give the file to tcpmon open instead, which reads it where it is.",
          );
        }
      }
      for (let from = 0; from < piece.length;) from += await file.write(piece.subarray(from));
    }
  }
}

function shown(
  { id, listen, target, route }: SeenListener,
  capture: { readonly id: string; readonly file: string },
  kind: OpenedCapture["kind"],
  since: string,
): Listener {
  const plain = {
    ...{ name: kind === "tcpmon" ? null : capture.file, listen, target },
    ...{ hostHeader: null, rewritesHost: false, via: null, slow: null },
    ...{ targetScheme: null, targetTls: null, listenTls: null },
  };
  return { id, ...(route ?? plain), state: "capture", error: null, suggestion: null, since, capture };
}

async function removeFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
