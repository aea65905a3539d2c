// What the program's thread asks of the catalog's two workers (remote.ts carries it). Types only.

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
  FindQuery,
  FindResult,
  ListQuery,
  MessageDiff,
  ViewPart,
  ViewQuery,
} from "./types.ts";
import type { CaptureFile } from "../journal/capture_files.ts";
import type { BegunExport, ExportTask, MaskedPreview } from "./export/types.ts";
import type { Masked } from "../decode/redact/mod.ts";
import type { CaptureKind } from "../journal/capture_kind.ts";
import type { Connection } from "../model.ts";

/** Where the index is, for those who read it. */
export interface Places {
  /** The folder of the index. */
  readonly folder: string;
  /** A folder for bodies that are being decoded. */
  readonly spool: string;
}

/** The same, and what those who answer are not told each time. */
export interface AnswerPlaces extends Places {
  /** Up to which position the Journal has been written: 8 bytes of shared memory (BigInt64). */
  readonly written: SharedArrayBuffer;
}

/**
 * When a capture that was opened to be read is at its end, and what is open in it has ended: once nothing was written to
 * it for a while, with what is there now, or when that is told (`over`). Not while another tcpmon records to it.
 */
export type Ends = "quiet" | "now" | "told";

/** Where a capture lies that was opened beside the first, and its number from 1 on (source_numbers.ts). */
export interface AddedSource {
  readonly number: number;
  readonly file: string;
  /** "quiet" unless given. */
  readonly ends?: Ends;
}

/** Which bytes of a ByteSource: RFC 9110, 14.1.2. */
export type ByteRange = { readonly from: number; readonly to?: number } | { readonly last: number };

/** Which rows to remove. */
export type RemoveQuery = Parameters<Catalog["remove"]>[0];

/** `Bytes` without their stream, which is taken piece by piece under the number `stream`. */
export interface OpenedBytes {
  readonly stream: number;
  readonly total: number;
  readonly complete: boolean;
  readonly contentType: string | null;
  readonly from: number;
  readonly to: number;
  readonly gaps?: Bytes["gaps"];
}

/** The folder in which the index is, and whether it stays there for the next time. */
export interface OpenedFolder {
  readonly folder: string;
  readonly isKept: boolean;
  /** What the capture is that was opened to be read; null where one is recorded. */
  readonly kind: CaptureKind | null;
}

/** A capture that was added. */
export interface AddedFile {
  readonly kind: CaptureKind;
  readonly size: number;
}

/** The worker that writes the index. It tells of changes unasked. */
export interface IndexQuestions {
  /** Opens the index, or makes it anew. First of all. */
  open(options: {
    /** The first capture: its files, where it is told how far that is written, or the file that is looked at. */
    readonly files: readonly CaptureFile[] | string;
    /** Of a file that is looked at; "quiet" unless given. */
    readonly ends?: Ends;
    /** The temporary folder, and that in which the index is to be kept. */
    readonly folder: string;
    readonly kept?: string | null;
    /** Name and version of the program. */
    readonly program?: string;
    readonly completed: boolean;
    readonly cores: number;
    /** Where there are secrets in the file that are wanted before their turn. */
    readonly secrets: readonly number[];
    /** How many Exchanges are kept; no limit unless given. */
    readonly most?: number | null;
  }): OpenedFolder;
  /** The files of the first capture are others now. Resolves when the index says so, too. */
  files(files: readonly CaptureFile[]): void;
  /** Reads another capture too. */
  addSource(source: AddedSource): AddedFile;
  /** Nothing more will be written to one that ends when that is told, and what is to be known of that, in words. */
  over(source: { readonly number: number; readonly note: string | null }): void;
  /** Removes it, and all rows of it. */
  removeSource(number: number): void;
  /** The Journal has been written up to this position. */
  written(position: number): void;
  /** It is written on after all. */
  resumed(question: null): void;
  /** Nothing more will be written, for this reason in words (see `Recording`). */
  stopped(reason: string): void;
  /** Answered when everything written so far is in the index and was told. */
  level(question: null): void;
  remove(what: RemoveQuery): number;
  /** Ends the index in order. */
  close(question: null): void;
}

export type { CatalogChange };

/** The worker that answers from the index and the capture. */
export interface AnswerQuestions {
  /** First of all, when the index is there. */
  open(places: AnswerPlaces): void;
  /** The index names other files. */
  files(question: null): void;
  /** The way to the worker that was asked for under this number, or that it has failed, and why. */
  worker(
    worker: { readonly number: number; readonly port: MessagePort } | {
      readonly number: number;
      readonly failed: string;
    },
  ): void;
  overview(question: null): Awaited<ReturnType<Catalog["overview"]>>;
  exchanges(query: ExchangeQuery): ExchangeList;
  exchange(id: string): ExchangeDetail | null;
  connections(query: ListQuery): ConnectionList;
  connection(id: string): Connection | null;
  bytes(question: { readonly source: ByteSource; readonly range?: ByteRange }): OpenedBytes | null;
  /** The next piece of a stream; null at its end. */
  take(stream: number): Uint8Array | null;
  /** The stream is not read further. */
  drop(stream: number): void;
  view(query: ViewQuery): ViewPart | null;
  find(query: FindQuery): FindResult | null;
  diff(query: DiffQuery): MessageDiff | null;
  diffText(query: DiffQuery): string | null;
  close(question: null): void;
}

/** The worker that exports from the index and the capture. */
export interface ExportQuestions {
  /** First of all, when the index is there. */
  open(places: Places): void;
  begin(task: ExportTask): BegunExport;
  /** The next piece of an export; null at its end. */
  take(stream: number): Uint8Array | null;
  /** What was masked in it so far; to be asked before the end was taken, or at it. */
  masked(stream: number): readonly Masked[];
  /** What would be masked in the first so many Exchanges. */
  preview(question: { readonly task: ExportTask; readonly most: number }): MaskedPreview;
  /** The export is not wanted any more. */
  drop(stream: number): void;
  close(question: null): void;
}

/** The workers that the answer worker borrows: for searches through contents, and for expressions in a pane's Find. */
export type BorrowedName = "search" | "find";

/**
 * What the answer worker tells: that it wants a worker under a new number, or one no more. A worker's own worker begins
 * slowly.
 */
export type AnswerNews =
  | { readonly begin: BorrowedName; readonly number: number }
  | { readonly end: number };
