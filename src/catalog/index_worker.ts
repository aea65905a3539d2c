/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
// The index worker: reads the Journal's file as it grows and writes the index. It is the only one that writes it.

import { decode } from "../decode/mod.ts";
import { type CaptureFile, CaptureFiles } from "../journal/capture_files.ts";
import { JournalReader } from "../journal/reader.ts";
import { notRecorded } from "../journal/records.ts";
import { DecryptedFile } from "./decrypted_file.ts";
import { Indexer } from "./indexer.ts";
import { News } from "./news.ts";
import { Pace } from "./pace.ts";
import type { IndexQuestions, RemoveQuery } from "./questions.ts";
import { answerQuestions } from "./remote.ts";
import type { Removal } from "./removing.ts";
import { exchangeNumber } from "./rows.ts";
import { createIndex } from "./schema.ts";
import { Slices } from "./slices.ts";
import { Tables } from "./tables.ts";
import { Tail } from "./tail.ts";
import type { CatalogChange } from "./types.ts";

interface Index {
  readonly files: CaptureFiles;
  readonly decrypted: DecryptedFile;
  readonly tables: Tables;
  readonly indexer: Indexer;
  readonly tail: Tail;
}

const slices = new Slices();
let index: Index | null = null;
let known: readonly CaptureFile[] = [];

const { tell, fail } = answerQuestions<IndexQuestions, CatalogChange>(self, {
  open({ files: list, folder, completed, cores, secrets }) {
    known = list;
    const files = new CaptureFiles(() => known);
    files.check();
    const tables = new Tables(createIndex(folder));
    tables.putFiles(list);
    tables.commit();
    const news = new News(completed);
    const decrypted = new DecryptedFile(folder);
    const indexer = new Indexer(
      tables,
      decode,
      (row, done) => news.row(row, done),
      (bytes) => decrypted.append(bytes),
    );
    const reader = new JournalReader(files.readAt);
    for (const position of secrets) {
      const lines = reader.secretsAt(position);
      if (lines) indexer.secrets(lines);
    }
    const tail = new Tail(reader, indexer, news, new Pace(cores), tell, (error) => {
      fail(`Cannot index ${list.at(-1)?.path}: ${error instanceof Error ? error.message : String(error)}`);
    });
    index = { files, decrypted, tables, indexer, tail };
  },
  files(list) {
    const { files, tables } = opened();
    known = list;
    files.refresh();
    tables.putFiles(list);
    tables.commit();
  },
  written: (position) => opened().tail.written(position),
  stopped: (reason) => opened().tail.stopped(notRecorded(reason)),
  level: () => opened().tail.level(),
  async remove(what) {
    const { indexer, tail } = opened();
    const steps = indexer.remove(removalOf(what));
    let step = steps.next();
    while (!step.done) {
      if (slices.due()) await slices.pause();
      step = steps.next();
    }
    tail.changed();
    return step.value;
  },
  close() {
    index?.tail.stop();
    index?.tables.close();
    index?.files.close();
    index?.decrypted.close();
    index = null;
  },
});

function opened(): Index {
  if (!index) throw new Error("The index is not open");
  return index;
}

function removalOf(what: RemoveQuery): Removal {
  if ("all" in what) return { listener: what.listener ?? null };
  return { ids: what.ids.map(exchangeNumber).filter((number) => number !== null) };
}
