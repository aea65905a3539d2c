// Exchanges as pcapng: what the Journal has of the Connections that they went over, read once more and written anew, so
// that it is a Journal as well. Of a Connection either everything is written, or the bytes of the chosen Exchanges
// alone, one behind the other, so that the sequence numbers have no gap.

import { ABRUPT, type BatchRecord, Kind, MORE } from "../../journal/batch.ts";
import { type CaptureFiles, CONNECTIONS, POSITIONS } from "../../journal/capture_files.ts";
import { commentFor, editedText, type JournalEvent } from "../../journal/comment.ts";
import { kindOfFile, sourceOf } from "../../journal/open_source.ts";
import type { JournalRecord, RecordSource } from "../../journal/records.ts";
import { sourceOfPosition } from "../../journal/source_numbers.ts";
import { JournalWriter } from "../../journal/writer.ts";
import { Gathered } from "../../decode/octets.ts";
import type { Slices } from "../slices.ts";
import type { Parts } from "./parts.ts";
import type { Written } from "./pieces.ts";
import { secretsOf } from "./secrets.ts";

/** So much is gathered before it is handed over, bytes. */
const HANDED = 64 * 1024;

/** What is written of which Connections. */
export interface Wanted {
  /** By the numbers of Connections in the index, what is wanted of each; null for one of which nothing is. */
  parts(connection: number): Parts | null;
  /** How many Connections there are of which something is wanted; null where that is not known. */
  readonly count: number | null;
  /** The captures that they are of, by number. */
  readonly sources: ReadonlySet<number>;
  /** Whether keys are wanted that decrypt what is written. */
  readonly secrets: boolean;
}

/** The file. `notes` are what is said of it in its section's header. */
export async function* pcapng(
  files: CaptureFiles,
  wanted: Wanted,
  application: string,
  notes: () => readonly string[],
  slices: Slices,
): Written {
  const out = new Gathered();
  const writer = new JournalWriter((bytes) => out.append(bytes, 0, bytes.length));
  let begun = false;
  let [left, last] = [wanted.count ?? Infinity, 0];
  for (const number of [...wanted.sources].sort((a, b) => a - b)) {
    const numbers = new Map<number, number>();
    const following = new Map<number, Parts>();
    for (const { record, source } of recordsOf(files, number)) {
      if (slices.due()) await slices.pause();
      if (!("connection" in record)) continue;
      const before = following.get(record.connection);
      if (record.kind === "carried" && before) {
        // Who has read the segments before knows it, but for what came while nothing could be recorded.
        for (const direction of ["upstream", "downstream"] as const) {
          const come = direction === "upstream" ? record.upstreamBytes : record.downstreamBytes;
          for (const { from, to } of before.take(direction, Math.max(0, come - before.passed[direction]))) {
            writer.gap(numbers.get(record.connection)!, direction, record.at, to - from);
          }
        }
        continue;
      }
      if (record.kind === "opened" || record.kind === "carried") {
        const parts = wanted.parts(record.connection + number * CONNECTIONS);
        if (parts === null) continue;
        following.set(record.connection, parts);
        // Numbers stay where they are those of one capture.
        numbers.set(record.connection, wanted.sources.size === 1 ? record.connection : ++last);
      }
      const parts = following.get(record.connection);
      if (!parts) continue;
      if (!begun) {
        begun = true;
        writer.begin(application, record.at, notes());
        const lines = wanted.secrets ? secretsOf(allRecords(files, wanted), wanted) : null;
        if (lines !== null) writer.secrets(lines);
      }
      const own = numbers.get(record.connection)!;
      if (record.kind === "gap") {
        for (const { from, to } of parts.take(record.direction, record.length)) {
          writer.gap(own, record.direction, record.at, to - from);
        }
        continue;
      }
      if (record.kind === "cut") {
        const offset = parts.place(record.direction, record.offset);
        if (offset !== null) writer.cut({ ...record, connection: own, offset });
        continue;
      }
      for (const written of writtenAs(record, source, parts)) {
        writer.record({ ...written, connection: own });
      }
      if (record.kind === "closed" || record.kind === "failed") {
        following.delete(record.connection);
        left--;
      }
      if (out.length >= HANDED) {
        yield out.bytes.subarray(0, out.length);
        out.clear();
      }
      if (left === 0) break;
    }
  }
  if (!begun) writer.begin(application, 0, notes());
  writer.flush();
  yield out.bytes.subarray(0, out.length);
}

/** A record, and what it was read from. */
export interface ReadRecord {
  readonly record: JournalRecord;
  readonly source: RecordSource;
}

/** The records of all captures that something is wanted of, with the numbers that the index has. */
function* allRecords(
  files: CaptureFiles,
  wanted: Wanted,
): Generator<ReadRecord & { readonly number: number }> {
  for (const number of wanted.sources) {
    for (const read of recordsOf(files, number)) yield { ...read, number };
  }
}

/** The records of one capture, as far as it goes now. */
function* recordsOf(files: CaptureFiles, number: number): Generator<ReadRecord> {
  const own = files.files.filter(({ base }) => sourceOfPosition(base) === number);
  if (own.length === 0) return;
  const start = number * POSITIONS;
  const newest = own[own.length - 1];
  const limit = newest.base - start + (newest.length ?? sizeOf(newest.path));
  const readAt = (position: number, into: Uint8Array) => files.readAt(position + start, into);
  const after = (position: number) => {
    const next = files.after(position + start);
    return next === null ? null : next - start;
  };
  const source = sourceOf(kindOfFile(newest.path), readAt, own[0].base - start, after);
  for (const finish of [false, true]) {
    if (finish) source.finish?.();
    for (let record = source.next(limit); record; record = source.next(limit)) yield { record, source };
  }
}

function sizeOf(path: string): number {
  return Deno.statSync(path).size;
}

/** What becomes of a record, but for its Connection's number. */
function* writtenAs(
  record: JournalRecord & { readonly connection: number },
  source: RecordSource,
  parts: Parts,
): Generator<Omit<BatchRecord, "connection">> {
  switch (record.kind) {
    case "chunk": {
      const kind = record.direction === "upstream" ? Kind.upstream : Kind.downstream;
      const taken = parts.take(record.direction, record.length);
      if (taken.length === 0) return;
      const payload = source.payload(record);
      for (const [n, { from, to }] of taken.entries()) {
        const isLast = n === taken.length - 1;
        const flags = isLast && to === record.length && !record.last ? MORE : 0;
        yield { kind, at: record.at, flags, body: payload.subarray(from, to) };
      }
      return;
    }
    case "carried": {
      parts.begin(record.upstreamBytes, record.downstreamBytes);
      const {
        kind: _,
        at,
        openedAt,
        upstreamBytes: _u,
        downstreamBytes: _d,
        connected,
        secured = [],
        ended: _e,
        cut: _c,
        ...opened
      } = record;
      yield event(openedAt, { event: "opened", ...opened, resendOf: undefined });
      const { connection } = record;
      if (connected) yield event(at, { event: "connected", ...connected, connection, answered: undefined });
      for (const { at, upstreamFrom: _f, downstreamFrom: _t, ...tls } of secured) {
        yield event(at, { event: "secured", ...tls, connection });
      }
      return;
    }
    case "opened": {
      // Exchanges get other numbers, so that those of others would mean something else.
      const { kind, at, ...opened } = record;
      yield event(at, { event: kind, ...opened, resendOf: undefined });
      return;
    }
    case "connected": {
      const { kind, at, ...connected } = record;
      yield event(at, { event: kind, ...connected, ...(parts.isWhole ? {} : { answered: undefined }) });
      return;
    }
    case "edited": {
      const offset = parts.place(record.direction, record.offset);
      if (offset === null) return;
      const { kind, at, ...edit } = record;
      yield event(at, { event: kind, ...editedText({ ...edit, offset }) });
      return;
    }
    case "closed": {
      const { kind, at, ...closed } = record;
      const { upstream, downstream } = parts.taken;
      yield event(at, { event: kind, ...closed, upstreamBytes: upstream, downstreamBytes: downstream });
      return;
    }
    case "secured":
    case "ended":
    case "failed": {
      const { kind, at, ...members } = record;
      yield event(at, { event: kind, ...members } as Told);
      return;
    }
  }
}

/** What is written as a record of its own. */
type Told = Exclude<JournalEvent, { readonly event: "carried" | "cut" }>;

function event(at: number, told: Told): Omit<BatchRecord, "connection"> {
  const abrupt = "how" in told && told.how !== "end";
  return { kind: kindOf(told), at, flags: abrupt ? ABRUPT : 0, body: commentFor(told) };
}

function kindOf(told: Told): Kind {
  switch (told.event) {
    case "ended":
      return told.by === "client" ? Kind.clientEnded : Kind.targetEnded;
    case "edited":
      return told.direction === "upstream" ? Kind.upstreamEdited : Kind.downstreamEdited;
    case "secured":
      return told.leg === "client" ? Kind.clientSecured : Kind.targetSecured;
    default:
      return Kind[told.event];
  }
}
