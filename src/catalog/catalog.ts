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
import { Remote } from "./remote.ts";
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
  /** Called once when a worker has failed: questions are then answered with the same error. */
  readonly onFailure?: (error: Error) => void;
}

/** The Catalog of one capture. */
export class WorkerCatalog implements Catalog {
  readonly #listening = new Set<(change: CatalogChange) => void>();
  readonly #index: Remote<IndexQuestions, CatalogChange>;
  readonly #answers: Remote<AnswerQuestions, AnswerNews>;
  readonly #lent = new LentWorkers((given, transfer) => this.#answers.say("worker", given, transfer));
  #exporting: Exporting | null = null;
  #sources: readonly SourceState[] = [];
  #isKept = false;
  #kind: CaptureKind | null = null;

  private constructor(onFailure: (error: Error) => void) {
    this.#index = new Remote(
      new URL("./index_worker.ts", import.meta.url),
      "index",
      (change) => {
        this.#sources = change.sources ?? this.#sources;
        for (const listen of this.#listening) listen(change);
      },
      onFailure,
    );
    this.#answers = new Remote(
      new URL("./answer_worker.ts", import.meta.url),
      "catalog",
      (news) => this.#lent.take(news),
      onFailure,
    );
  }

  /** Opens the catalog of a capture; it is empty until `written` says how much there is to read. Throws Error. */
  static async open(options: CatalogOptions): Promise<WorkerCatalog> {
    const { file, folder, kept, program, completed = false, secrets = [], most, ends } = options;
    const only = { path: file ?? "", later: null, base: 0, length: null };
    const files = options.opens ?? options.files ?? [only];
    const onFailure = options.onFailure ?? (() => {});
    const catalog = new WorkerCatalog(onFailure);
    try {
      const cores = navigator.hardwareConcurrency;
      const opened = await catalog.#index.ask("open", {
        ...{ files, folder, kept, program, completed, cores, secrets, most, ends },
      });
      catalog.#isKept = opened.isKept;
      catalog.#kind = opened.kind;
      const places = { folder: opened.folder, spool: folder };
      await catalog.#answers.ask("open", places);
      catalog.#exporting = new Exporting(places, (query, signal) => catalog.exchanges(query, signal));
      return catalog;
    } catch (error) {
      catalog.#end();
      throw error;
    }
  }

  /** The capture has other files now: one was begun, or the oldest are gone. */
  async files(files: readonly CaptureFile[]): Promise<void> {
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
    this.#index.say("written", position);
    this.#answers.say("written", position);
  }

  /** Recording has stopped for `reason` (see `Recording`) with a file so long: what is open ends in the index. */
  stopped(reason: string, position: number): void {
    this.#index.say("written", position);
    this.#index.say("stopped", reason);
  }

  /** It is recorded on after all. */
  resumed(): void {
    this.#index.say("resumed", null);
  }

  /** Resolves when everything written so far is in the index, and was told to those who listen for changes. */
  level(): Promise<void> {
    return this.#index.ask("level", null);
  }

  /** Ends both workers. Questions that wait are answered with an error. */
  async close(): Promise<void> {
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

  export(query: ExportQuery, signal?: AbortSignal): Promise<Exported> {
    if (!this.#exporting) return Promise.reject(new Error("The catalog is not open"));
    return this.#exporting.begin(query, signal);
  }

  previewExport(query: ExportQuery, most: number, signal?: AbortSignal): Promise<MaskedPreview> {
    if (!this.#exporting) return Promise.reject(new Error("The catalog is not open"));
    return this.#exporting.preview(query, most, signal);
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

  #end(): void {
    this.#lent.close();
    this.#index.end();
    this.#answers.end();
  }
}
