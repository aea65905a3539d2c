// Turns a HAR file into a Journal, so that it opens as any other capture does: its entries in the order of their times,
// each over the connection that the file names, or over one of its own. The file is gone over twice, and held entry by
// entry: memory is needed for the largest one, and some words for each.

import type { Address, Direction, Opened, Secured } from "../../model.ts";
import { ABRUPT, Kind } from "../../journal/batch.ts";
import { commentFor, type JournalEvent } from "../../journal/comment.ts";
import { JournalWriter } from "../../journal/writer.ts";
import type { Slices } from "../slices.ts";
import { JsonFile, type Place } from "./json_file.ts";
import { type Entry, readEntry } from "./read_entry.ts";
import { interimOf, REBUILT, type Rebuilt, requestOf, responseOf, serverOf } from "./rebuilt.ts";

/** An entry of more bytes is not read. */
const LARGEST = 256 * 1024 * 1024;
/** Entries that may have the same connection as one that is over so long, ms, still have it. */
const ROUNDING_MS = 1;

/** How a file is turned into a Journal. */
export interface HarOptions {
  /** Fills a buffer from a position of the file; returns how many bytes it got. */
  readonly read: (position: number, into: Uint8Array) => number;
  /** Takes the Journal's bytes, which are valid only during the call. */
  readonly write: (bytes: Uint8Array) => void;
  /** Who does it: "tcpmon 0.1.0". */
  readonly application: string;
  readonly slices: Slices;
}

/** What became of it. */
export interface HarRead {
  readonly entries: number;
  /** Entries whose address is none of HTTP: "data:", "blob:". */
  readonly leftOut: number;
}

/** An entry as it is remembered. */
interface Known extends Place {
  readonly number: number;
  readonly started: number;
  /** Its connection: the same for all that went over it. */
  readonly connection: { readonly number: number; last: number; begun: boolean };
}

/** Does it. Throws Error, in words with the place, where the file is not one that can be read. */
export async function harToJournal(options: HarOptions): Promise<HarRead> {
  const { application, slices } = options;
  const writer = new JournalWriter(options.write);
  const { known, leftOut } = await lookOver(options);
  writer.begin(application, known[0]?.started ?? 0);
  for (const entry of known) {
    writeEntry(writer, entry, read(options, entry, entry.number));
    if (slices.due()) await slices.pause();
  }
  writer.flush();
  return { entries: known.length, leftOut };
}

/** The entries in the order of their times. */
async function lookOver(options: HarOptions): Promise<{ known: Known[]; leftOut: number }> {
  const found: (Place & { number: number; started: number; ended: number; over: string })[] = [];
  let [number, leftOut, latest] = [0, 0, 0];
  for (const place of new JsonFile(options.read).elements("log", "entries")) {
    number++;
    const entry = read(options, place, number);
    const server = serverOf(entry.url);
    if (server === null) leftOut++;
    else {
      latest = Number.isNaN(entry.started) ? latest : entry.started;
      const { host, port, tls } = server;
      const ended = latest + (entry.connect ?? 0) + entry.send + entry.wait + entry.receive;
      // Over HTTP/2 requests go side by side: those are told apart by their times.
      // Under one name of a connection other programs have had several servers; tcpmon has not.
      const isOwn = entry.own.connection.id === entry.connection;
      const over = entry.connection === null
        ? `#${number}`
        : isOwn
        ? entry.connection
        : `${entry.connection} ${host} ${port} ${tls}`;
      found.push({ ...place, number, started: latest, ended, over });
    }
    if (options.slices.due()) await options.slices.pause();
  }
  found.sort((a, b) => a.started - b.started || a.number - b.number);
  const open = new Map<string, { connection: Known["connection"]; ended: number }>();
  let connections = 0;
  const known = found.map(({ ended, over, ...entry }): Known => {
    const before = open.get(over);
    const isSame = before !== undefined && entry.started >= before.ended - ROUNDING_MS;
    const connection = isSame ? before.connection : { number: ++connections, last: 0, begun: false };
    connection.last = entry.number;
    open.set(over, { connection, ended });
    return { ...entry, connection };
  });
  return { known, leftOut };
}

function read({ read }: HarOptions, { start, end }: Place, number: number): Entry {
  const where = `entry ${number}, at byte ${start}`;
  if (end - start > LARGEST) throw new Error(`${where}, is larger than ${LARGEST / 2 ** 20} MiB`);
  const bytes = new Uint8Array(end - start);
  if (read(start, bytes) < bytes.length) throw new Error(`${where}, is not whole`);
  try {
    return readEntry(JSON.parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Error(`${where}, cannot be read: ${error.message}`, { cause: error });
  }
}

function writeEntry(writer: JournalWriter, { connection, number, started }: Known, entry: Entry): void {
  const { send, wait, receive, connect, error } = entry;
  const server = serverOf(entry.url)!;
  const of = connection.number;
  const tell = (at: number, told: Told) => writer.record(recordOf(at, told));
  const asked = started + (connect ?? 0);
  if (!connection.begun) {
    connection.begun = true;
    for (const [at, told] of openingOf(of, entry, server, started)) tell(at, told);
  }
  writeMessage(writer, of, "upstream", requestOf(entry), asked, asked + send);
  const answered = asked + send + wait;
  for (const head of entry.interim) {
    writer.record({ kind: Kind.downstream, connection: of, at: answered, flags: 0, body: interimOf(head) });
  }
  const { response } = entry;
  if (response) {
    const { status } = response;
    const bodiless = entry.method === "HEAD" || status === 204 || status === 304 || status < 200;
    writeMessage(writer, of, "downstream", responseOf(response, bodiless), answered, answered + receive);
  }
  if (connection.last !== number) return;
  const at = answered + receive;
  const end = { connection: of, endedBy: "target", upstreamBytes: 0, downstreamBytes: 0 } as const;
  if (error === null) {
    tell(at, { event: "ended", connection: of, by: "target", how: "end", passedOn: "end" });
    tell(at, { event: "closed", ...end, how: "end", error: null });
  } else tell(at, { event: "closed", ...end, how: "error", error });
}

function openingOf(
  connection: number,
  { own, server: ip, connect, connection: named }: Entry,
  { host, port, tls }: { readonly host: string; readonly port: number; readonly tls: boolean },
  at: number,
): [at: number, told: Told][] {
  const target: Address = { host, port };
  const client = typeof own.exchange.client === "string" ? endOf(own.exchange.client) : null;
  const wide = ip?.includes(":") ?? false;
  const unknown = { host: wide ? "::" : "0.0.0.0", port: 0 };
  const opened: Opened = {
    connection,
    listener: "har",
    listen: unknown,
    local: ip === null ? unknown : { host: ip, port },
    target,
    client: client ?? { host: unknown.host, port: 1024 + connection % 64_000 },
    ...(own.exchange.client === "tcpmon" ? { origin: "tcpmon" as const } : {}),
    rebuilt: REBUILT,
    remark: named === null ? REBUILT : `${REBUILT} There it is connection ${named}`,
  };
  const told: [number, Told][] = [[at, { event: "opened", ...opened }]];
  if (ip !== null) {
    told.push([at, { event: "connected", connection, address: { host: ip, port }, dialMs: connect ?? 0 }]);
  }
  const inTls = own.exchange.tls === undefined ? tls ? "target" : null : own.exchange.tls;
  const legs = inTls === "both"
    ? ["client", "target"] as const
    : inTls === "client"
    ? ["client"] as const
    : ["target"] as const;
  if (inTls === null) return told;
  for (const leg of legs) {
    told.push([at, { event: "secured", ...securedOf(connection, leg, own.connection, host) }]);
  }
  return told;
}

function securedOf(
  connection: number,
  leg: "client" | "target",
  { tls }: Entry["own"]["connection"],
  host: string,
): Secured {
  const known = typeof tls === "object" && tls !== null ? (tls as Record<string, unknown>)[leg] : null;
  const facts = typeof known === "object" && known !== null ? known as Record<string, unknown> : {};
  const text = (name: string) => typeof facts[name] === "string" ? facts[name] as string : null;
  return {
    connection,
    leg,
    version: text("version") ?? "TLS",
    cipher: text("cipher"),
    alpn: text("alpn"),
    serverName: text("serverName") ?? host,
    peer: Array.isArray(facts.peer) ? facts.peer as Secured["peer"] : [],
    trust: (text("trust") ?? "system") as Secured["trust"],
    untrusted: text("untrusted"),
  };
}

/** An IP address with its port; null for anything else. */
function endOf(text: string): Address | null {
  const found = /^(?:\[([0-9a-f:.]+)\]|((?:\d{1,3}\.){3}\d{1,3})):(\d{1,5})$/i.exec(text);
  return found && { host: found[1] ?? found[2], port: Number(found[3]) };
}

/** Writes a Message: what comes first at `from`, the rest at `to`, ms since the epoch. */
function writeMessage(
  writer: JournalWriter,
  connection: number,
  direction: Direction,
  { head, body, missing, tail }: Rebuilt,
  from: number,
  to: number,
): void {
  const kind = direction === "upstream" ? Kind.upstream : Kind.downstream;
  const chunk = (at: number, bytes: Uint8Array) => {
    if (bytes.length > 0) writer.record({ kind, connection, at, flags: 0, body: bytes });
  };
  // Where all has come with the head, its last byte came last.
  const early = body.length + missing + tail.length > 0 || to <= from ? head.length : head.length - 1;
  chunk(from, head.subarray(0, early));
  chunk(to, head.subarray(early));
  chunk(to, body);
  if (missing > 0) writer.gap(connection, direction, to, missing);
  chunk(to, tail);
}

type Told = Exclude<JournalEvent, { readonly event: "carried" | "cut" | "edited" }>;

function recordOf(at: number, told: Told) {
  const kind = told.event === "ended"
    ? (told.by === "client" ? Kind.clientEnded : Kind.targetEnded)
    : told.event === "secured"
    ? (told.leg === "client" ? Kind.clientSecured : Kind.targetSecured)
    : Kind[told.event];
  const abrupt = "how" in told && told.how !== "end";
  return { kind, connection: told.connection, at, flags: abrupt ? ABRUPT : 0, body: commentFor(told) };
}
