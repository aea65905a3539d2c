// The program as `tcpmon open` starts it: it shows captures and nothing else. It relays nothing, records nothing, and
// writes to none of them.

import { Captures } from "./captures.ts";
import { WorkerCatalog } from "./catalog/catalog.ts";
import { configText, NO_CONFIG } from "./config.ts";
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
  /** At least one. */
  readonly files: readonly string[];
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
  { version, files: [file, ...others], ui, notice }: OpenProgramOptions,
  undo: Undo[],
): Promise<OpenProgram> {
  const folder = await makeFolder();
  undo.push(() => removeFolder(folder));
  const news = new News(notice);
  const catalog = await WorkerCatalog.open({
    ...{ opens: file, folder, program: version },
    kept: isFolder(`${file}.index`) ? `${file}.index` : null,
    onFailure: (error) => news.tell(`The catalog has failed: ${error.message}.`),
  });
  undo.push(() => catalog.close());
  const size = () => catalog.sources.find(({ number }) => number === 0)?.total ?? 0;
  const captures = new Captures({
    ...{ catalog, folder, first: catalog.kind ?? "tcpmon" },
    changed: () => news.tell(),
    saved: () => ({ file, size: size() }),
  });
  for (const other of others) await captures.open(other);

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
        ...{ file, temporary: false, bytes: size(), stopped: null, behindMs: 0 },
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
  const page = await servePage({
    ...{ catalog, control, captures, sends: NO_SENDS, version, address: ui },
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

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
