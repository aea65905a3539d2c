// The files of a capture that is opened to be read: which they are, how far they go now, and whether another program
// that still records to them has begun a new one.

import { type CaptureFile, type CaptureFiles, POSITIONS } from "../journal/capture_files.ts";
import type { CaptureKind } from "../journal/capture_kind.ts";
import { diskReason } from "../journal/disk_reason.ts";
import { isRecordedTo } from "../journal/file.ts";
import { filesOf, kindOfFile, sourceOf } from "../journal/open_source.ts";
import type { RecordSource } from "../journal/records.ts";

/** How far a capture goes. */
export interface Looked {
  /** One past its last byte, as a position within it. */
  readonly size: number;
  /** When it was written last, ms since the epoch. */
  readonly written: number;
  /** Whether its files are others than before. */
  readonly changed: boolean;
}

/** The file that the user has opened, what it is, and what is to be known of it, in words. It may have been made another one. */
export interface OpenedFile {
  readonly path: string;
  readonly kind: CaptureKind;
  readonly note: string | null;
}

/** See above. */
export class FoundFiles {
  readonly kind: CaptureKind;
  /** With their positions in the index. */
  files: readonly CaptureFile[];
  #own: readonly CaptureFile[];
  #ino: number | null = null;

  /** `number` is the capture's. Throws Error, in words for the user: "Cannot open FILE: …". */
  constructor(
    readonly path: string,
    private readonly number: number,
    private readonly opened: OpenedFile,
  ) {
    this.kind = kindOfFile(path);
    this.#own = filesOf(path, this.kind);
    this.files = this.#placed();
  }

  get note(): string | null {
    return this.opened.note;
  }

  get openedKind(): CaptureKind {
    return this.opened.kind;
  }

  /** What reads it, by positions within it. */
  source({ readAt, after }: Pick<CaptureFiles, "readAt" | "after">): RecordSource {
    const from = this.number * POSITIONS;
    try {
      return sourceOf(
        this.kind,
        (position, into) => readAt(position + from, into),
        this.#own[0].base,
        (position) => {
          const next = after(position + from);
          return next === null ? null : next - from;
        },
      );
    } catch (error) {
      throw new Error(`Cannot open ${this.opened.path}: ${diskReason(error)}.`, { cause: error });
    }
  }

  /** Looks at the newest file. Throws Error, in words, where it is not there any more. */
  look(): Looked {
    try {
      const { size, mtime, ino } = Deno.statSync(this.path);
      const changed = this.#ino !== null && this.#ino !== ino;
      if (changed) {
        this.#own = filesOf(this.path, this.kind);
        this.files = this.#placed();
      }
      this.#ino = ino;
      return { size: (this.#own.at(-1)?.base ?? 0) + size, written: mtime?.getTime() ?? 0, changed };
    } catch (error) {
      throw new Error(`it cannot be read further: ${diskReason(error)}`, { cause: error });
    }
  }

  /** Whether another tcpmon still records to it: it then goes on however quiet it is. */
  get isRecordedTo(): boolean {
    return this.openedKind === "tcpmon" && isRecordedTo(this.path);
  }

  #placed(): readonly CaptureFile[] {
    return this.#own.map((file) => ({ ...file, base: file.base + this.number * POSITIONS }));
  }
}
