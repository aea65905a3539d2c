// The exports that are running: each is taken from piece by piece, and goes on only when it is. It knows no threads:
// export_worker.ts puts it into one.

import type { CaptureFiles } from "../../journal/capture_files.ts";
import { Choice, type ChoiceFrom } from "./choice.ts";
import { curl } from "./curl.ts";
import { har } from "./har.ts";
import { html } from "./html.ts";
import { ndjson } from "./ndjson.ts";
import { pcapng } from "./pcapng.ts";
import { inPieces, type Written } from "./pieces.ts";
import { raw } from "./raw.ts";
import type { Views } from "../view.ts";
import type { BegunExport, ExportTask } from "./types.ts";
import { wantedFor } from "./wanted.ts";

/** What exports are made from. */
export interface ExportsFrom extends ChoiceFrom {
  readonly files: CaptureFiles;
  readonly views: Views;
}

/** Makes exports. */
export class Exports {
  readonly #running = new Map<number, AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>>();
  #last = 0;

  constructor(private readonly from: ExportsFrom) {}

  /** Begins one, to be taken or dropped. */
  begin(task: ExportTask): BegunExport {
    this.from.files.refresh();
    const choice = new Choice(this.from, task.numbers, task.listener);
    const stream = ++this.#last;
    this.#running.set(stream, inPieces(written(task, choice, this.from)));
    return { stream, count: choice.count, only: choice.only() };
  }

  /** The next piece; null at the end, and where it was dropped. */
  async take(stream: number): Promise<Uint8Array | null> {
    const next = await this.#running.get(stream)?.next();
    if (next && !next.done) return next.value;
    this.#running.delete(stream);
    return null;
  }

  /** Ends one. */
  async drop(stream: number): Promise<void> {
    const running = this.#running.get(stream);
    this.#running.delete(stream);
    await running?.return();
  }

  /** Ends all. */
  async close(): Promise<void> {
    for (const stream of [...this.#running.keys()]) await this.drop(stream);
  }
}

function written(task: ExportTask, choice: Choice, from: ExportsFrom): Written {
  const { slices, files, database, folder, views } = from;
  const { application, bodies = true } = task;
  const note = () => null;
  switch (task.format) {
    case "ndjson":
      return ndjson(choice, bodies, slices);
    case "har":
      return har(choice, { application, bodies, slices, note });
    case "pcapng": {
      const count = `${choice.count} ${choice.count === 1 ? "exchange" : "exchanges"}`;
      return pcapng(files, wantedFor(database, task), application, () => [`Exported: ${count}.`], slices);
    }
    case "html":
      return html(choice, { application, at: new Date().toISOString(), views, slices, note });
    case "curl":
      return curl(choice, application, slices, note);
    case "raw":
      return raw(choice, folder, slices, note);
  }
}
