// The whole program: puts relay, journal, catalog and page together, starts them and ends them in order, so that
// nothing that was relayed is lost. It reads no flags, handles no signals and never exits; main.ts does.

import { formatAddress } from "./address.ts";
import { WorkerCatalog } from "./catalog/catalog.ts";
import { isLackOfFiles } from "./catalog/file_room.ts";
import { tellIndexRoom } from "./catalog/index_room.ts";
import { configText, NO_CONFIG } from "./config.ts";
import { ConfigFile } from "./config_file.ts";
import { DecodingLines } from "./decoding_lines.ts";
import {
  ConnectionLines,
  exchangeLine,
  ListenerLines,
  readyLine,
  recordingLine,
  type WriteLine,
} from "./json_lines.ts";
import { AnswerWatch } from "./decode/answer.ts";
import { ForwardRequests } from "./decode/forward/requests.ts";
import { StartTlsWatch } from "./decode/starttls/mod.ts";
import { Recorder } from "./journal/recorder.ts";
import { Captures } from "./captures.ts";
import { Listeners } from "./listeners.ts";
import type { Keep } from "./keep.ts";
import { LocalAuthority } from "./own_authority.ts";
import type { Catalog } from "./catalog/types.ts";
import type { Address, Exchange, Listener, Route } from "./model.ts";
import { Dialer, type DialerOptions } from "./relay/dial.ts";
import { OwnClients } from "./relay/own_clients.ts";
import { OwnPorts } from "./relay/own_ports.ts";
import { editorsFor } from "./rewriting.ts";
import { Sending } from "./sending.ts";
import { soonest } from "./soonest.ts";
import { inOrder, News, startedOrUndone, type Undo } from "./starting.ts";
import { makeFolder, removeFolder } from "./temporary_folders.ts";
import { TlsFiles } from "./tls_files.ts";
import { tlsLack } from "./tls_support.ts";
import type { Control } from "./ui/control.ts";
import { type PageServer, servePage } from "./ui/server.ts";

/** The catalog is told how far the journal has got at most this often, ms. */
const WRITTEN_EVERY_MS = 20;
/** So long the page waits for the index to tell of what was recorded, ms. */
const GROWN_MS = 1_000;
/** How long the last Exchanges may take to be decoded for `--json` once the program ends, ms. */
const LAST_LINES_MS = 2_000;

/** What becomes of a catalog for which there are too few file descriptors. */
const TRIED_AGAIN = "Too many files are open: allow more (ulimit -n). It is tried again.";
/** What is not touched by what has failed. */
const GOES_ON = "Relay and recording go on.";

/** What to start. */
export interface ProgramOptions {
  readonly version: string;
  readonly routes: readonly Route[];
  /** The file with more listeners; null for none. */
  readonly config?: string | null;
  /** The password of upstream proxies that are given with a user and none. */
  readonly proxyPassword?: string;
  /** Reads a variable of the environment: where the authority is kept, and whose it is; left out where it has none. */
  readonly readVariable?: (name: string) => string | undefined;
  /** Gives the addresses of a name; as the system knows them, unless given. */
  readonly lookup?: DialerOptions["lookup"];
  /** The page's address; null for the default one. */
  readonly ui: Address | null;
  /** The TLS key log to follow; null for none. */
  readonly keyLog?: string | null;
  /** The file to keep the capture in; null for a temporary one, removed at the end. */
  readonly capture: string | null;
  /** The journal's thread, where one was begun while the program was loaded. */
  readonly journal?: Worker;
  /** How much is kept; as much as is there and a share of what is free, unless given. */
  readonly keep?: Keep;
  /** How many bytes of each Direction of a Connection are recorded; null for all. */
  readonly captureLimit?: number | null;
  /** Takes the lines of `--json`; null when nobody asked for them. */
  readonly jsonLine: WriteLine | null;
  /** Makes who is told of Exchanges, in place of their lines in `jsonLine`; they may ask the catalog for more. */
  readonly watch?: ((catalog: Catalog) => ExchangeWatch) | null;
  /** Takes sentences for the user: recording has stopped, accepting pauses, and the like. */
  readonly notice: (text: string) => void;
}

/** Is told of the Exchanges of this run that have just become done or failed. */
export interface ExchangeWatch {
  completed(exchanges: readonly Exchange[]): void;
  /** Resolves when what it was told of is dealt with. */
  done(): Promise<void>;
}

/** A program that runs. */
export interface Program {
  readonly page: Pick<PageServer, "address" | "url" | "apiUrl" | "token">;
  readonly listeners: () => readonly Listener[];
  /** The pcapng file, and whether it goes away at the end. */
  readonly capture: { readonly file: string; readonly temporary: boolean; readonly keeps: string };
  /** Ends it: no more clients, connections ended, everything written. Temporary files are gone afterwards. */
  stop(): Promise<void>;
}

/** Starts the program. Throws Error, in words for the user, where a port or the capture cannot be had. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  return await startedOrUndone(options.notice, (undo) => start(options, undo));
}

async function start(options: ProgramOptions, undo: Undo[]): Promise<Program> {
  const { version, jsonLine } = options;
  const began = Date.now();
  const configFile = !options.config ? null : await ConfigFile.read(options.config);
  const configured = configFile?.config ?? NO_CONFIG;
  const folder = await makeFolder();
  undo.push(() => removeFolder(folder));
  const temporary = options.capture === null;
  const file = options.capture ?? `${folder}/capture.pcapng`;
  const keyLog = options.keyLog ?? undefined;
  const bounds = { keep: options.keep, captureLimit: options.captureLimit ?? undefined };
  const recorder = await Recorder.open({
    ...{ file, temporary, keyLog, ...bounds, thread: options.journal },
    application: `tcpmon ${version}`,
  });
  undo.push(() => recorder.discard());
  const news = new News(options.notice);
  recorder.onNotice = (text) => news.tell(text);

  const dialer = new Dialer({ lookup: options.lookup });
  const { descriptors } = dialer.room;
  // Nobody waits for the index before there is a port to send to: what it is asked before it is open waits.
  const catalog = WorkerCatalog.unopened({
    // As they are once it is opened.
    get files() {
      return recorder.files;
    },
    get secrets() {
      return recorder.held.secrets;
    },
    folder,
    completed: jsonLine !== null || Boolean(options.watch),
    kept: temporary ? null : `${file}.index`,
    program: version,
    most: recorder.keep.exchanges,
    onFailure: (error) => news.tell(`The catalog has failed: ${error.message}. ${GOES_ON}`),
    onLack: (reason) => {
      descriptors.lack();
      // Clients do not wait for it.
      descriptors.hold();
      const why = isLackOfFiles(reason) ? "" : `: ${reason}`;
      news.tell(`The catalog cannot be opened${why}. ${TRIED_AGAIN} ${GOES_ON}`);
    },
  });
  undo.push(() => catalog.close());
  tellIndexRoom(catalog, (text) => news.tell(text));
  const captures = new Captures({
    ...{ catalog, folder, changed: () => news.tell() },
    saved: () => ({ file, size: recorder.position }),
  });
  // How much is recorded is told with what the index makes of it, and by itself only where that is long in coming: a
  // delta that has no rows yet would put off the one that has them.
  let grown: ReturnType<typeof setTimeout> | undefined;
  const written = spaced(() => {
    catalog.written(recorder.position);
    grown ??= setTimeout(() => {
      grown = undefined;
      news.tell();
    }, GROWN_MS);
  }, WRITTEN_EVERY_MS);
  const toldByIndex = catalog.onChange(() => {
    clearTimeout(grown);
    grown = undefined;
  });
  let isEnding = false;
  const tellNoMore = () => {
    isEnding = true;
    recorder.onWritten = () => {};
    written.cancel();
    toldByIndex();
    clearTimeout(grown);
  };
  undo.push(tellNoMore);
  recorder.onWritten = written.call;
  let stoppedAt = 0;
  let isReady = false;
  const tellRecording = () => isReady && jsonLine?.(recordingLine(recorder.recording));
  const stopped = (reason: string) => {
    stoppedAt = Date.now();
    catalog.stopped(reason, recorder.position);
    // The page has it from the state of recording, as long as it is so.
    options.notice(`${reason}. The relay goes on.`);
    tellRecording();
    news.tell();
  };
  recorder.onStopped = stopped;
  recorder.onResumed = () => {
    catalog.resumed();
    tellRecording();
    const [from, to] = [stoppedAt, Date.now()].map((at) => new Date(at).toTimeString().slice(0, 8));
    news.tell(`Recording goes on. Nothing is recorded of what came from ${from} to ${to}.`);
  };
  recorder.onFiles = (files) => {
    catalog.files(files).catch((error) => news.tell(reasonOf(error)));
  };
  if (recorder.keep.exchanges !== null) keepExchanges(catalog, recorder);

  let lastConnection = recorder.held.lastConnection;
  const shared = {
    observer: jsonLine ? new ConnectionLines(recorder, jsonLine) : recorder,
    dialer,
    ownClients: new OwnClients(),
    nextConnection: () => ++lastConnection,
  };
  const authority = new LocalAuthority(options.readVariable ?? (() => undefined), (text) => news.tell(text));
  const tlsFiles = new TlsFiles(
    (name) => options.readVariable?.(name),
    (text) => news.tell(text),
    () => authority.facts(),
  );
  const ownPorts = new OwnPorts();
  let lines: ListenerLines | null = null;
  const listeners = new Listeners(
    {
      ...shared,
      notice: (text) => news.tell(text),
      // The page has the rows of the failed connections.
      unreached: options.notice,
      editorsFor,
      reading: { requests: () => new ForwardRequests(), answers: () => new AnswerWatch() },
      ownPorts,
      certificates: authority,
      certificateFiles: tlsFiles,
      watchUpgrades: () => new StartTlsWatch(),
    },
    recorder.held.listeners,
    (id) => {
      const changed = listeners.one(id);
      if (changed) recorder.knows([changed]);
      lines?.changed(id);
      news.tell();
    },
    options.proxyPassword,
  );
  undo.push(() => listeners.end());
  const sending = new Sending({
    ...shared,
    catalog,
    listeners: () => listeners.list(),
    viaOf: (listener) => listeners.viaOf(listener),
    trustOf: (listener) => listeners.routeOf(listener)?.targetTls,
    certificateFiles: tlsFiles,
    recording: () => recorder.recording,
  });
  undo.push(() => sending.close());

  const control: Control = {
    listeners: () => [...listeners.list(), ...captures.listeners()],
    add: async (route) => listeners.add(await tlsFiles.checked(route)),
    configuration: () => configText(listeners.routes(), NO_CONFIG),
    configFile: configFile?.name ?? null,
    tlsLack: tlsLack(Deno.version.deno),
    saveConfiguration: async (overwrite) => await configFile?.write(listeners.routes(), overwrite),
    change: async (id, change) => {
      const checked = await tlsFiles.checked(change);
      const route = change.state === "listening" ? listeners.routeOf(id) : undefined;
      const refused = route && await refusalOf(tlsFiles.checked({ ...route, ...checked }));
      return await listeners.change(id, checked, refused);
    },
    close: (id) => listeners.close(id),
    captures: () => captures.list(),
    recording: () => captures.told(recorder.recording),
    onChange: (listen) => news.subscribe(listen),
  };
  const report = (error: unknown) => options.notice(reasonOf(error));
  const page = servePage({
    ...{ catalog, control, captures, sends: sending, authority, version, report },
    notice: (text) => options.notice(text),
    onLack: () => descriptors.lack(),
    address: options.ui,
  });
  undo.push(() => page.close());
  ownPorts.page = sending.pagePort = page.address.port;
  // What both name is one listener, which has the options of the command line before those of the file.
  const inFile = new Map(configured.routes.map((route) => [wayOf(route), route]));
  for (const given of options.routes) {
    const route = { ...inFile.get(wayOf(given) ?? ""), ...given };
    listeners.add(await tlsFiles.checked(route));
  }
  // A file is kept for long, and a port may be taken today: the others are there all the same.
  const named = new Set(options.routes.map(wayOf));
  for (const route of configured.routes) {
    const way = wayOf(route);
    if (way !== null && named.has(way)) continue;
    listeners.addInAnyCase(route, await refusalOf(tlsFiles.checked(route)));
  }

  // Nothing that was recorded before is touched by a start that fails. What could fail has been done, and whoever has
  // come to the ports meanwhile waits.
  await recorder.begin();
  catalog.written(recorder.position);
  descriptors.prepare();
  listeners.accept();

  const { cut } = recorder.held;
  if (cut > 0) news.tell(`${file} ended within a block: its last ${cut} bytes were left out.`);
  if (jsonLine) {
    jsonLine(readyLine(page, listeners.list()));
    isReady = true;
    if (recorder.recording.stopped !== null) tellRecording();
    lines = new ListenerLines(listeners, jsonLine);
    const decoding = new DecodingLines(jsonLine);
    catalog.onChange((change) => decoding.told(change, performance.now()));
  }
  const watch = options.watch?.(catalog) ?? (jsonLine && exchangeLines(jsonLine));
  if (watch) {
    catalog.onChange(({ completed }) => {
      // What an earlier run has recorded is told by the API; they are told what happens in this one.
      watch.completed(completed.filter(({ started }) => Date.parse(started) >= began));
    });
  }

  // Once who started it has been told that it listens. The catalog's threads load beside what answers the browser.
  const later = setTimeout(() => {
    catalog.begin().catch((error) => {
      if (!isEnding) news.tell(`The catalog has failed: ${reasonOf(error)}. ${GOES_ON}`);
    }).then(() => {
      if (!isEnding) descriptors.hold();
    });
    page.load().catch((error) => news.tell(`Cannot show the page: ${reasonOf(error)}. ${GOES_ON}`));
  }, 0);
  undo.push(() => clearTimeout(later), () => descriptors.release());

  return {
    page,
    listeners: () => listeners.list(),
    capture: { file, temporary, keeps: recorder.recording.keeps ?? "" },
    stop: () =>
      inOrder(options.notice, [
        () => sending.close(),
        () => listeners.end(),
        () => recorder.flush(),
        () => {
          clearTimeout(later);
          tellNoMore();
          descriptors.release();
          catalog.written(recorder.position);
        },
        async () => {
          if (watch) await soonest(catalog.level().then(() => watch.done()), LAST_LINES_MS);
        },
        () => page.close(),
        () => catalog.close(),
        () => recorder.close(),
        () => removeFolder(folder),
      ]),
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Has the recorder begin new files, and remove the oldest, by how many Exchanges the catalog finds in them. */
function keepExchanges(catalog: WorkerCatalog, recorder: Recorder): void {
  let [rotated, dropped] = [-1, 0];
  catalog.onChange(({ keeps }) => {
    if (!keeps) return;
    if (keeps.isFull && recorder.newest !== rotated) {
      rotated = recorder.newest;
      recorder.rotate();
    }
    if (keeps.before > dropped) {
      dropped = keeps.before;
      recorder.dropBefore(dropped);
    }
  });
}

/** Why something was refused; null where it was not. */
async function refusalOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return null;
  } catch (error) {
    return error;
  }
}

/** From which fixed port to which target a Route leads, as text; null where its port is any free one. */
function wayOf({ listen, target }: Route): string | null {
  return listen.port === 0 ? null : [formatAddress(listen), target && formatAddress(target)].join();
}

/** Writes a line for each Exchange. */
function exchangeLines(write: WriteLine): ExchangeWatch {
  return {
    completed: (exchanges) => {
      for (const exchange of exchanges) write(exchangeLine(exchange));
    },
    done: () => Promise.resolve(),
  };
}

/** A function that runs `run` at once, but not more often than every `ms`; the last call is never left out. */
function spaced(run: () => void, ms: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const call = () => {
    if (timer !== undefined) {
      again = true;
      return;
    }
    run();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) {
        again = false;
        call();
      }
    }, ms);
  };
  return { call, cancel: () => clearTimeout(timer) };
}
