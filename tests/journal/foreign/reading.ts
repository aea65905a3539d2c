// Reads a foreign capture from memory, and says what each Connection had.

import { Buffer } from "node:buffer";
import { ForeignReader } from "../../../src/journal/foreign/reader.ts";
import type { JournalRecord } from "../../../src/journal/records.ts";

export interface Read {
  readonly records: readonly JournalRecord[];
  readonly notes: readonly string[];
  /** By Connection, from 1 on. */
  readonly connections: readonly ReadConnection[];
}

export interface ReadConnection {
  readonly client: string;
  readonly target: string;
  /** Each Direction's bytes as text, a gap as «length». */
  readonly upstream: string;
  readonly downstream: string;
  /** The bytes themselves, gaps left out. */
  readonly bytes: { readonly upstream: Uint8Array; readonly downstream: Uint8Array };
  /** How long each is, with its gaps. */
  readonly length: { readonly upstream: number; readonly downstream: number };
  /** How it ended, in words. */
  readonly end: string;
  /** Which Direction spoke, in turns: "^v^". */
  readonly turns: string;
  readonly remarks: string;
}

/** A function that reads from bytes in memory. */
export function readFrom(file: Uint8Array): (position: number, into: Uint8Array) => number {
  return (position, into) => {
    const part = file.subarray(
      Math.min(position, file.length),
      Math.min(position + into.length, file.length),
    );
    into.set(part);
    return part.length;
  };
}

/** Reads all of a file, as far as it goes in each step: at once unless steps are given. */
export function readAll(
  kind: "pcap" | "pcapng",
  file: Uint8Array,
  steps: readonly number[] = [file.length],
): Read {
  const reader = new ForeignReader(kind, readFrom(file));
  const records: JournalRecord[] = [];
  const streams = new Map<string, Uint8Array[]>();
  const take = (limit: number) => {
    for (let record = reader.next(limit); record !== null; record = reader.next(limit)) {
      records.push(record);
      if (record.kind !== "chunk") continue;
      const key = `${record.connection} ${record.direction}`;
      const pieces = streams.get(key) ?? [];
      pieces.push(reader.payload(record).slice());
      streams.set(key, pieces);
    }
  };
  for (const limit of steps) take(limit);
  reader.finish();
  take(file.length);
  return { records, notes: reader.notes, connections: connectionsOf(records, streams) };
}

function connectionsOf(
  records: readonly JournalRecord[],
  streams: ReadonlyMap<string, Uint8Array[]>,
): ReadConnection[] {
  const found: ReadConnection[] = [];
  for (const opened of records) {
    if (opened.kind !== "opened") continue;
    const mine = records.filter((one) => "connection" in one && one.connection === opened.connection);
    const text = { upstream: "", downstream: "" };
    const left = { upstream: 0, downstream: 0 };
    const length = { upstream: 0, downstream: 0 };
    let turns = "";
    let end = "open";
    let remarks = opened.remark ?? "";
    for (const record of mine) {
      if (record.kind === "chunk" || record.kind === "gap") length[record.direction] += record.length;
      if (record.kind === "chunk") {
        const pieces = streams.get(`${opened.connection} ${record.direction}`)!;
        text[record.direction] += Buffer.from(pieces[left[record.direction]++]).toString("latin1");
        const mark = record.direction === "upstream" ? "^" : "v";
        if (!turns.endsWith(mark)) turns += mark;
      } else if (record.kind === "gap") {
        text[record.direction] += `«${record.length}»`;
      } else if (record.kind === "closed") {
        end = `${record.endedBy} ${record.how}`;
        remarks += record.remark ?? "";
      } else if (record.kind === "failed") {
        end = `failed ${record.how}`;
      }
    }
    const joined = (direction: string) => {
      const pieces = streams.get(`${opened.connection} ${direction}`) ?? [];
      const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
      let at = 0;
      for (const piece of pieces) {
        all.set(piece, at);
        at += piece.length;
      }
      return all;
    };
    found.push({
      client: `${opened.client.host} ${opened.client.port}`,
      target: `${opened.target.host} ${opened.target.port}`,
      ...text,
      length,
      bytes: { upstream: joined("upstream"), downstream: joined("downstream") },
      end,
      turns,
      remarks,
    });
  }
  return found;
}
