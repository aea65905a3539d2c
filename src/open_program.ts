// The program as `tcpmon open` starts it: it shows captures and nothing else. It relays nothing, records nothing, and
// writes to none of them.

import { Captures } from "./captures.ts";
import { WorkerCatalog } from "./catalog/catalog.ts";
import { tellIndexRoom } from "./catalog/index_room.ts";
import { configText, NO_CONFIG } from "./config.ts";
import { PIPED, PIPED_NAME, PipedInput } from "./journal/piped_input.ts";
import type { Address, Listener } from "./model.ts";
import { inOrder, News, startedOrUndone, type Undo } from "./starting.ts";
import { makeFolder, removeFolder } from "./temporary_folders.ts";
import { tlsLack } from "./tls_support.ts";
import { type Control, ListenerError } from "./ui/control.ts";
import { SendError, type Sends } from "./ui/sends.ts";
import { type PageServer, servePage } from "./ui/server.ts";

const READ_ONLY =
  "captures are only read here. Start tcpmon without open for that, and open them on its page.";
/** How often it is told how far a capture is read that grows, ms. */
const TELL_MS = 100;

/** What to open. */
export interface OpenProgramOptions {
  readonly version: string;
  /** At least one; PIPED for what comes through a pipe, at most once. */
  readonly files: readonly string[];
  /** What that is read from. */
  readonly input?: ReadableStream<Uint8Array>;
  /** Resolves when the program is to end, also while it starts. */
  readonly ended?: Promise<unknown>;
  /** The page's address; null for the default one. */
  readonly ui: Address | null;
  /** Takes sentences for the user. */
  readonly notice: (text: string) => void;
}

/** A program that shows captures. */
export interface OpenProgram {
  readonly page: Pick<PageServer, "address" | "url" | "apiUrl" | "token">;
  readonly listeners: () => readonly Listener[];
  stop(): Promise<void>;
}

/** Starts it. Throws Error, in words for the user, where a file cannot be opened or the page's port not be had. */
export async function startOpenProgram(options: OpenProgramOptions): Promise<OpenProgram> {
  return await startedOrUndone(options.notice, (undo) => start(options, undo));
}

async function start(
  { version, files: [first, ...others], input, ended, ui, notice }: OpenProgramOptions,
  undo: Undo[],
): Promise<OpenProgram> {
  const folder = await makeFolder();
  undo.push(() => removeFolder(folder));
  const news = new News(notice);
  const piped = input && await PipedInput.begin(input, folder, ended ?? new Promise(() => {}));
  if (piped) undo.push(() => piped.stop());
  const isPiped = first === PIPED && piped !== undefined;
  const file = isPiped ? PIPED_NAME : first;
  const catalog = await openedAs(isPiped ? piped.path : first, file, (opens) =>
    WorkerCatalog.open({
      ...{ opens, folder, program: version, ends: isPiped ? "told" : "quiet" },
      kept: !isPiped && isFolder(`${file}.index`) ? `${file}.index` : null,
      onFailure: (error) => news.tell(`The catalog has failed: ${error.message}.`),
    }));
  undo.push(() => catalog.close());
  tellIndexRoom(catalog, (text) => news.tell(text));
  if (isPiped) piped.over.then((note) => catalog.over(0, note)).catch(() => {});
  const size = () => catalog.sources.find(({ number }) => number === 0)?.total ?? 0;
  const captures = new Captures({
    ...{ catalog, folder, first: catalog.kind ?? "tcpmon" },
    changed: () => news.tell(),
    saved: () => ({ file, size: size() }),
  });
  for (const other of others) {
    if (other === PIPED && piped) await captures.openPiped(piped);
    else await captures.open(other);
  }

  const control: Control = {
    listeners: () => captures.listeners(),
    add: () => Promise.reject(new ListenerError(`Cannot add a listener: ${READ_ONLY}`, null)),
    configuration: () => configText([], NO_CONFIG),
    configFile: null,
    tlsLack: tlsLack(Deno.version.deno),
    saveConfiguration: () => Promise.resolve(),
    change: () => Promise.resolve(null),
    close: () => Promise.resolve(false),
    captures: () => captures.list(),
    recording: () =>
      captures.told({
        ...{ file, temporary: isPiped, bytes: size(), stopped: null, behindMs: 0 },
        isReadOnly: true,
      }),
    onChange: (listen) => news.subscribe(listen),
  };
  // What the captures tell of is a part of what Control tells.
  let told = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  catalog.onChange(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      told = Date.now();
      news.tell();
    }, Math.max(0, told + TELL_MS - Date.now()));
  });
  undo.push(() => clearTimeout(timer));
  const page = servePage({
    ...{ catalog, control, captures, sends: NO_SENDS, version, address: ui },
    notice,
    report: (error) => notice(error instanceof Error ? error.message : String(error)),
  });
  undo.push(() => page.close());
  return {
    page,
    listeners: () => control.listeners(),
    stop: () => inOrder(notice, [...undo].reverse()),
  };
}

const NO_SENDS: Sends = {
  resend: () => Promise.reject(new SendError(`Cannot send it again: ${READ_ONLY}`)),
  send: () => Promise.reject(new SendError(`Cannot send: ${READ_ONLY}`)),
  end: () => false,
};

/** Opens a file that the user knows by another name. */
async function openedAs<T>(path: string, name: string, open: (path: string) => Promise<T>): Promise<T> {
  try {
    return await open(path);
  } catch (error) {
    throw new Error((error as Error).message.replaceAll(path, name), { cause: error });
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
