// The catalog as the rest of the program sees it. It lives on the main thread and does nothing there but pass
// questions on: one worker writes the index while the Journal grows, another answers from it, so that neither the
// relay nor a short question waits for long work.

import type { CaptureFile } from "../journal/capture_files.ts";
import type { CaptureKind } from "../journal/capture_kind.ts";
import type { Connection } from "../model.ts";
import type {
  AddedFile,
  AddedSource,
  AnswerNews,
  AnswerQuestions,
  ByteRange,
  Ends,
  IndexQuestions,
  RemoveQuery,
} from "./questions.ts";
import { Exporting } from "./export/exporting.ts";
import { LentWorkers } from "./lent_workers.ts";
import { Patience } from "./patience.ts";
import { Remote } from "./remote.ts";
import { soonest } from "../soonest.ts";
import { changeOf, type ToldChange } from "./told_change.ts";
import type {
  Bytes,
  ByteSource,
  Catalog,
  CatalogChange,
  ConnectionList,
  DiffQuery,
  ExchangeDetail,
  ExchangeList,
  ExchangeQuery,
  Exported,
  ExportQuery,
  FindQuery,
  FindResult,
  ListQuery,
  MaskedPreview,
  MessageDiff,
  SourceState,
  ViewPart,
  ViewQuery,
} from "./types.ts";

/** How long the first questions may wait for what the capture held when it was opened, ms. */
const FIRST_MS = 300;

/** Where the capture is, and what is told of it. */
export interface CatalogOptions {
  /** The capture file, which may still grow, where that is its only one. */
  readonly file?: string;
  /** The files of the capture, where there are several. */
  readonly files?: readonly CaptureFile[];
  /** A capture that nobody tells how far it is written: it is looked at, with its older segments. Instead of both. */
  readonly opens?: string;
  /** When that is at its end. */
  readonly ends?: Ends;
  /** A folder for the index, and for bodies that are being decoded. An older index in it is replaced. */
  readonly folder: string;
  /** A folder to keep the index in, and to use it again from. None unless given, or where it cannot be had. */
  readonly kept?: string | null;
  /** Name and version of the program: an index of another one is made anew. */
  readonly program?: string;
  /** Whether changes tell of all Exchanges that have just become done or failed. */
  readonly completed?: boolean;
  /** How many Exchanges of it are kept; no limit unless given. */
  readonly most?: number | null;
  /** Where in the capture secrets of TLS connections are that may stand behind what they decrypt. */
  readonly secrets?: readonly number[];
  /**
   * Called once when a worker has failed after all was opened: questions are then answered with the same error. A
   * failure before that is what opening throws.
   */
  readonly onFailure?: (error: Error) => void;
  /**
   * Called once, with the reason, when it cannot be opened because there are too few file descriptors: it is then tried
   * again until it can be. Where this is left out, opening throws.
   */
  readonly onLack?: (reason: string) => void;
}

/** The Catalog of one capture. */
export class WorkerCatalog implements Catalog {
  readonly #listening = new Set<(change: CatalogChange) => void>();
  readonly #index: Remote<IndexQuestions, ToldChange>;
  readonly #answers: Remote<AnswerQuestions, AnswerNews>;
  readonly #lent = new LentWorkers((given, transfer) => this.#answers.say("worker", given, transfer));
  #exporting: Exporting | null = null;
  /** Set once `begin` was called. */
  #opening: Promise<void> | null = null;
  #isOpen = false;
  /** Why a worker has failed, the first of them. */
  #failure: Error | null = null;
  readonly #patience: Patience;
  /** The latest `files`, and the latest `written` of the time before it is open. */
  #files: readonly CaptureFile[] | null = null;
  #writtenBefore = 0;
  /** How far the Journal has been written: for those who need not be woken by it. */
  readonly #written = new BigInt64Array(new SharedArrayBuffer(8));
  #sources: readonly SourceState[] = [];
  #isKept = false;
  #kind: CaptureKind | null = null;

  private constructor(private readonly options: CatalogOptions) {
    // A worker that has failed answers nothing more.
    this.#patience = new Patience(() => this.#failure, options.onLack);
    const onFailure = (error: Error) => {
      if (this.#isOpen && this.#failure === null) options.onFailure?.(error);
      this.#failure ??= error;
    };
    this.#index = new Remote(
      new URL("./index_worker.ts", import.meta.url),
      "index",
      (told) => {
        const change = changeOf(told);
        this.#sources = change.sources ?? this.#sources;
        for (const listen of this.#listening) listen(change);
      },
      onFailure,
      true,
    );
    this.#answers = new Remote(
      new URL("./answer_worker.ts", import.meta.url),
      "catalog",
      (news) => this.#lent.take(news),
      onFailure,
      true,
    );
  }

  /** Opens the catalog of a capture; it is empty until `written` says how much there is to read. Throws Error. */
  static async open(options: CatalogOptions): Promise<WorkerCatalog> {
    const catalog = new WorkerCatalog(options);
    await catalog.begin();
    return catalog;
  }

  /** A catalog that `begin` opens: whatever it is asked and told before waits for that. */
  static unopened(options: CatalogOptions): WorkerCatalog {
    return new WorkerCatalog(options);
  }

  /** Starts its workers and opens it. Throws Error, with which all that waits is answered too. */
  begin(): Promise<void> {
    return this.#opening ??= this.#open();
  }

  async #open(): Promise<void> {
    const { folder } = this.options;
    try {
      this.#index.load();
      // Both load at once, though the second has nothing to open before the first is done.
      this.#answers.load();
      const opened = await this.#patience.opened(() => this.#openIndex());
      this.#isKept = opened.isKept;
      this.#kind = opened.kind;
      if (this.#writtenBefore > 0) {
        this.#index.say("written", this.#writtenBefore);
        await soonest(this.#index.ask("level", null), FIRST_MS);
      }
      const places = { folder: opened.folder, spool: folder };
      const answering = { ...places, written: this.#written.buffer };
      await this.#patience.opened(() => this.#answers.open("open", answering));
      if (this.#failure !== null) throw this.#failure;
      this.#exporting = new Exporting(places, (query, signal) => this.exchanges(query, signal));
      this.#isOpen = true;
      if (this.#writtenBefore > 0) this.written(this.#writtenBefore);
    } catch (error) {
      this.#end(error);
      throw error;
    }
  }

  /** The oldest files may go while the worker loads: it then opens those that there are by then. */
  async #openIndex(): Promise<ReturnType<IndexQuestions["open"]>> {
    const { file, folder, kept, program, completed = false, secrets = [], most, ends } = this.options;
    const only = { path: file ?? "", later: null, base: 0, length: null };
    const cores = navigator.hardwareConcurrency;
    for (;;) {
      const given = this.#files;
      const files = this.options.opens ?? given ?? this.options.files ?? [only];
      try {
        return await this.#index.open("open", {
          ...{ files, folder, kept, program, completed, cores, secrets, most, ends },
        });
      } catch (error) {
        if (this.#files === given) throw error;
      }
    }
  }

  /** The capture has other files now: one was begun, or the oldest are gone. */
  async files(files: readonly CaptureFile[]): Promise<void> {
    this.#files = files;
    if (!this.#opening) return;
    await this.#index.ask("files", files);
    await this.#answers.ask("files", null);
  }

  /** The captures, and how far they were read. */
  get sources(): readonly SourceState[] {
    return this.#sources;
  }

  /** What the capture is that was opened to be read; null where one is recorded. */
  get kind(): CaptureKind | null {
    return this.#kind;
  }

  /** Whether the index stays for the next time. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /**
   * Reads another capture too, which has a number that none has. Throws Error, in words for the user, where it cannot
   * be opened.
   */
  async addSource(source: AddedSource): Promise<AddedFile> {
    const added = await this.#index.ask("addSource", source);
    await this.#answers.ask("files", null);
    return added;
  }

  /** Nothing more comes of a capture that ends when that is told; `note` is what is to be known of it, in words. */
  async over(number: number, note: string | null): Promise<void> {
    await this.#index.ask("over", { number, note });
  }

  /** Closes a capture that was added, and removes its rows. */
  async removeSource(number: number): Promise<void> {
    await this.#index.ask("removeSource", number);
    await this.#answers.ask("files", null);
    this.#sources = this.#sources.filter((source) => source.number !== number);
  }

  /** The Journal has been written up to this position. */
  written(position: number): void {
    if (!this.#isOpen) {
      this.#writtenBefore = position;
      return;
    }
    Atomics.store(this.#written, 0, BigInt(position));
    this.#index.say("written", position);
  }

  /** Recording has stopped for `reason` (see `Recording`) with a file so long: what is open ends in the index. */
  stopped(reason: string, position: number): void {
    if (!this.#isOpen) this.#writtenBefore = position;
    this.#index.say("written", position);
    this.#index.say("stopped", reason);
  }

  /** It is recorded on after all. */
  resumed(): void {
    this.#index.say("resumed", null);
  }

  /** Resolves when everything written so far is in the index, and was told to those who listen for changes. */
  async level(): Promise<void> {
    await this.begin();
    await this.#index.ask("level", null);
  }

  /** Ends both workers. Questions that wait are answered with an error. */
  async close(): Promise<void> {
    if (!this.#opening) {
      // Nothing begins after this.
      this.#opening = Promise.resolve();
      return this.#end();
    }
    this.#patience.end();
    await this.#opening.catch(() => {});
    // A worker that has failed has nothing left to close, and its error was told.
    await Promise.allSettled([
      this.#exporting?.close(),
      this.#answers.ask("close", null),
      this.#index.ask("close", null),
    ]);
    this.#end();
  }

  exchanges(query: ExchangeQuery, signal?: AbortSignal): Promise<ExchangeList> {
    return this.#answers.ask("exchanges", query, signal);
  }

  exchange(id: string): Promise<ExchangeDetail | null> {
    return this.#answers.ask("exchange", id);
  }

  connections(query: ListQuery): Promise<ConnectionList> {
    return this.#answers.ask("connections", query);
  }

  connection(id: string): Promise<Connection | null> {
    return this.#answers.ask("connection", id);
  }

  async bytes(source: ByteSource, range?: ByteRange): Promise<Bytes | null> {
    const answers = this.#answers;
    const opened = await answers.ask("bytes", { source, range });
    if (!opened) return null;
    const { stream: number, ...bytes } = opened;
    let next = bytes.from;
    const stream = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const piece = next < bytes.to ? await answers.ask("take", number) : null;
          if (piece) controller.enqueue(piece);
          next += piece?.length ?? 0;
          if (!piece || next >= bytes.to) controller.close();
        },
        cancel: () => answers.say("drop", number),
      },
      { highWaterMark: 0 },
    );
    return { ...bytes, stream };
  }

  view(query: ViewQuery): Promise<ViewPart | null> {
    return this.#answers.ask("view", query);
  }

  find(query: FindQuery, signal?: AbortSignal): Promise<FindResult | null> {
    return this.#answers.ask("find", query, signal);
  }

  diff(query: DiffQuery, signal?: AbortSignal): Promise<MessageDiff | null> {
    return this.#answers.ask("diff", query, signal);
  }

  async export(query: ExportQuery, signal?: AbortSignal): Promise<Exported> {
    return (await this.#exports()).begin(query, signal);
  }

  async previewExport(query: ExportQuery, most: number, signal?: AbortSignal): Promise<MaskedPreview> {
    return (await this.#exports()).preview(query, most, signal);
  }

  /** Where the exports are made; waits until the catalog is open. */
  async #exports(): Promise<Exporting> {
    await this.#opening;
    if (!this.#exporting) throw new Error("The catalog is not open");
    return this.#exporting;
  }

  diffText(query: DiffQuery, signal?: AbortSignal): Promise<string | null> {
    return this.#answers.ask("diffText", query, signal);
  }

  remove(what: RemoveQuery): Promise<number> {
    return this.#index.ask("remove", what);
  }

  overview(): ReturnType<Catalog["overview"]> {
    return this.#answers.ask("overview", null);
  }

  onChange(listen: (change: CatalogChange) => void): () => void {
    this.#listening.add(listen);
    return () => this.#listening.delete(listen);
  }

  /** Ends both workers; what waits is answered with `error`, where that is given. */
  #end(error?: unknown): void {
    this.#lent.close();
    const reason = error instanceof Error ? error : undefined;
    this.#index.end(reason);
    this.#answers.end(reason);
  }
}
