// Exchanges with something masked as pcapng: their Messages, as they are now, are written anew as the bytes of their
// Connections, one behind the other. Nothing else of the Connections is in it: no bytes between, no keys.

import { headBytes, maskedSentence } from "../../decode/redact/mod.ts";
import type { Connection, Opened } from "../../model.ts";
import { Gathered } from "../../decode/octets.ts";
import { ABRUPT, Kind, MORE } from "../../journal/batch.ts";
import { commentFor, type JournalEvent } from "../../journal/comment.ts";
import { JournalWriter } from "../../journal/writer.ts";
import { unpackMessage } from "../facts.ts";
import type { Slices } from "../slices.ts";
import type { Side } from "../wire_of_row.ts";
import type { Chosen } from "./choice.ts";
import type { Written } from "./pieces.ts";
import type { RedactedChoice } from "./redacted.ts";

/** So much of a Message is written at once, and so much is gathered before it is handed over, bytes. */
const PIECE = 64 * 1024;
/** So many Connections are open at a time; the one that was used longest ago is ended first. */
const MOST_OPEN = 1_000;

/** One that has been written of. */
interface Begun {
  readonly number: number;
  readonly connection: Connection;
  at: number;
  upstream: number;
  downstream: number;
}

/** The file. */
export async function* redactedPcapng(choice: RedactedChoice, application: string, slices: Slices): Written {
  const out = new Gathered();
  const writer = new JournalWriter((bytes) => out.append(bytes, 0, bytes.length));
  const open = new Map<string, Begun>();
  let last = 0;
  let begun = false;
  for await (const chosen of choice.exchanges()) {
    const at = chosen.row.started;
    if (!begun) {
      // What was masked is known to the end only then; what the first pass over all has found is said here.
      writer.begin(application, at, [`Exported: ${choice.count}, masked.`, maskedSentence(choice.masks)]);
      begun = true;
    }
    const id = chosen.connection.id;
    const known = open.get(id) ?? beginConnection(writer, chosen, ++last);
    open.delete(id);
    open.set(id, known);
    yield* written(writer, out, known, chosen, slices);
    for (const [oldest, connection] of open) {
      if (open.size <= MOST_OPEN) break;
      open.delete(oldest);
      endConnection(writer, connection);
    }
  }
  if (!begun) writer.begin(application, 0, ["Exported: 0."]);
  for (const connection of open.values()) endConnection(writer, connection);
  writer.flush();
  yield out.bytes.slice(0, out.length);
}

function beginConnection(writer: JournalWriter, { connection, row }: Chosen, number: number): Begun {
  const at = Date.parse(connection.opened);
  const client = addressOf(connection.client, { host: "127.0.0.1", port: 1024 + number % 60_000 });
  const listen = addressOf(connection.listen, { host: "127.0.0.1", port: 0 });
  const target = addressOf(connection.target, { host: "127.0.0.1", port: 0 });
  const opened: Opened = {
    connection: number,
    listener: row.listener,
    listen,
    local: isWildcard(listen.host) ? { ...listen, host: "127.0.0.1" } : listen,
    target,
    client,
    ...(connection.client === "tcpmon" ? { origin: "tcpmon" } : {}),
  };
  tell(writer, number, at, Kind.opened, { event: "opened", ...opened });
  if (connection.targetAddress !== null) {
    const address = addressOf(connection.targetAddress, target);
    const dialMs = connection.dialMs ?? 0;
    tell(writer, number, at, Kind.connected, { event: "connected", connection: number, address, dialMs });
  }
  return { number, connection, at, upstream: 0, downstream: 0 };
}

function endConnection(writer: JournalWriter, { number, connection, at, upstream, downstream }: Begun): void {
  const { endedBy, how, error } = connection;
  const closed = {
    endedBy: endedBy ?? "monitor",
    how: how ?? "stopped",
    error,
    upstreamBytes: upstream,
    downstreamBytes: downstream,
  } as const;
  tell(writer, number, at, Kind.closed, { event: "closed", connection: number, ...closed });
}

async function* written(
  writer: JournalWriter,
  out: Gathered,
  known: Begun,
  chosen: Chosen,
  slices: Slices,
): Written {
  const { interim } = await chosen.detail();
  const sides: readonly Side[] = chosen.row.request === null ? ["response"] : ["request", "response"];
  for (const side of sides) {
    const stored = unpackMessage(chosen.row[side]);
    const message = await chosen.message(side);
    const kind = side === "request" ? Kind.upstream : Kind.downstream;
    if (side === "response") {
      for (const { startLine, headers } of interim) {
        const body = headBytes(startLine, headers);
        known.downstream += body.length;
        writer.record({ kind, connection: known.number, at: stored?.startedAt ?? known.at, flags: 0, body });
      }
    }
    if (stored === null || message === null) continue;
    const { length } = message.wire.extent();
    known.at = stored.endedAt;
    for (let from = 0; from < length;) {
      const body = new Uint8Array(Math.min(PIECE, length - from));
      const read = message.wire.read(from, body);
      if (read === 0) break;
      from += read;
      known[side === "request" ? "upstream" : "downstream"] += read;
      const at = from < length ? stored.startedAt : stored.endedAt;
      const flags = from < length ? MORE : 0;
      writer.record({ kind, connection: known.number, at, flags, body: body.subarray(0, read) });
      if (out.length >= PIECE) {
        yield out.bytes.slice(0, out.length);
        out.clear();
      }
      if (slices.due()) await slices.pause();
    }
  }
}

function tell(writer: JournalWriter, connection: number, at: number, kind: Kind, told: JournalEvent): void {
  const flags = "how" in told && told.how !== "end" ? ABRUPT : 0;
  writer.record({ kind, connection, at, flags, body: commentFor(told) });
}

function addressOf(text: string | null, otherwise: Opened["client"]): Opened["client"] {
  const found = text === null ? null : /^\[?(.*?)\]?:(\d+)$/.exec(text);
  return found === null ? otherwise : { host: found[1], port: Number(found[2]) };
}

function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}
