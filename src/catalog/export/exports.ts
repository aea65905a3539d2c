// The exports that are running: each is taken from piece by piece, and goes on only when it is. It knows no threads:
// export_worker.ts puts it into one.

import type { CaptureFiles } from "../../journal/capture_files.ts";
import { type Masked, maskedSentence, parseRules } from "../../decode/redact/mod.ts";
import { type Choice, type ChoiceFrom, IndexChoice } from "./choice.ts";
import { curl } from "./curl.ts";
import { har } from "./har.ts";
import { html } from "./html.ts";
import { ndjson } from "./ndjson.ts";
import { pcapng } from "./pcapng.ts";
import { inPieces, type Written } from "./pieces.ts";
import { raw } from "./raw.ts";
import type { Slices } from "../slices.ts";
import { StoppableSlices } from "../stoppable_slices.ts";
import type { Views } from "../view.ts";
import { RedactedChoice } from "./redacted.ts";
import { redactedPcapng } from "./redacted_pcapng.ts";
import type { BegunExport, ExportTask, MaskedPreview } from "./types.ts";
import { wantedFor } from "./wanted.ts";

/** What exports are made from. */
export interface ExportsFrom extends ChoiceFrom {
  readonly files: CaptureFiles;
  readonly views: Views;
}

interface Running {
  readonly pieces: AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>;
  readonly slices: StoppableSlices;
}

/** Makes exports. */
export class Exports {
  readonly #running = new Map<number, Running>();
  readonly #redacted = new Map<number, RedactedChoice>();
  #last = 0;

  constructor(private readonly from: ExportsFrom) {}

  /** Begins one, to be taken or dropped. */
  begin(task: ExportTask): BegunExport {
    this.from.files.refresh();
    const slices = new StoppableSlices();
    const from = { ...this.from, slices };
    const all = new IndexChoice(from, task.numbers, task.listener);
    const redacted = this.#redact(task, all, slices);
    const choice = redacted ?? all;
    const stream = ++this.#last;
    this.#running.set(stream, { pieces: inPieces(written(task, choice, from, redacted)), slices });
    if (redacted) this.#redacted.set(stream, redacted);
    return { stream, count: choice.count, only: choice.only() };
  }

  /** What was masked so far; empty where nothing is to be, and where it was dropped. */
  masked(stream: number): Masked[] {
    const masked = this.#redacted.get(stream)?.masked ?? [];
    if (!this.#running.has(stream)) this.#redacted.delete(stream);
    return masked;
  }

  /** What would be masked in the first `most` Exchanges. */
  async preview(task: ExportTask, most: number): Promise<MaskedPreview> {
    this.from.files.refresh();
    const all = new IndexChoice(this.from, task.numbers, task.listener);
    const redacted = this.#redact(task, all, this.from.slices);
    const looked = await redacted?.preview(most) ?? { exchanges: 0, masked: [] };
    return { ...looked, count: all.count };
  }

  #redact(
    { redact = [], wholeConnections }: ExportTask,
    choice: Choice,
    slices: Slices,
  ): RedactedChoice | null {
    if (redact.length === 0) return null;
    if (wholeConnections) {
      throw new RangeError(
        "Cannot mask in whole connections: their bytes are given as they were. Export the exchanges alone.",
      );
    }
    return new RedactedChoice({ choice, folder: this.from.folder, slices }, parseRules(redact));
  }

  /** The next piece; null at the end, and where it was dropped. */
  async take(stream: number): Promise<Uint8Array | null> {
    const next = await this.#running.get(stream)?.pieces.next();
    if (next && !next.done) return next.value;
    this.#running.delete(stream);
    return null;
  }

  /** Ends one, also in the middle of a pass that gives nothing yet; a piece that is awaited fails. */
  async drop(stream: number): Promise<void> {
    const running = this.#running.get(stream);
    this.#running.delete(stream);
    this.#redacted.delete(stream);
    running?.slices.stop();
    await running?.pieces.return();
  }

  /** Ends all. */
  async close(): Promise<void> {
    for (const stream of [...this.#running.keys()]) await this.drop(stream);
  }
}

function written(
  task: ExportTask,
  choice: Choice,
  from: ExportsFrom,
  redacted: RedactedChoice | null,
): Written {
  const { slices, files, database, folder, views } = from;
  const { application, bodies = true } = task;
  const note = () => redacted && maskedSentence(redacted.masked);
  switch (task.format) {
    case "ndjson":
      return withMasked(ndjson(choice, bodies, slices), redacted);
    case "har":
      return har(choice, { application, bodies, slices, note });
    case "pcapng": {
      if (redacted) return redactedPcapng(redacted, application, slices);
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

/** Lines of JSON, and as the last one what was masked. */
async function* withMasked(lines: Written, redacted: RedactedChoice | null): Written {
  yield* lines;
  if (redacted) yield `${JSON.stringify({ event: "masked", masked: redacted.masked })}\n`;
}
