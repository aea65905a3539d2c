// The JSON of the API as schemas (JSON Schema 2020-12, as OpenAPI 3.1 has it): model.ts, catalog/types.ts and
// ui/types.ts once more, for readers in other languages. Tests hold the two together.

import { EXPORT_SCHEMA, OUTCOME_SCHEMA, PREVIEW_SCHEMA } from "./openapi_exported.ts";
import { LISTENER_SCHEMAS } from "./openapi_listeners.ts";
import { TLS_SCHEMAS } from "./openapi_tls.ts";
import {
  count,
  flag,
  list,
  ms,
  object,
  oneOf,
  orNull,
  refTo,
  says,
  type Schema,
  text,
  time,
} from "./schema_parts.ts";

export type { Schema } from "./schema_parts.ts";

/** A reference to a schema of this file. */
export function ref(name: keyof typeof SCHEMAS): Schema {
  return refTo(name);
}

const how = oneOf(
  "end",
  "reset",
  "error",
  "refused",
  "name-not-found",
  "timeout",
  "unreachable",
  "stopped",
  "unseen",
);
const viewKind = oneOf("xml", "json", "form", "tls", "hex", "text", "raw");

const bytes: Schema = {
  anyOf: [
    says(text, "Sent as UTF-8."),
    object({ base64: says({ type: "string", contentEncoding: "base64" }, "RFC 4648, 4.") }),
  ],
};

const sending: Readonly<Record<string, Schema>> = {
  request: says(bytes, "A request, head and body, as it is to be on the wire; or bytes of any protocol."),
  turns: says(
    list(bytes),
    "Several requests or turns on one connection: after each, the target's turn is waited for.",
  ),
  fixContentLength: says(
    flag,
    "Put Content-Length of what is given right, and end a head that has no end. True unless given.",
  ),
  endAfterTurns: says(
    flag,
    "End the sending side with the last turn, for targets that answer only then. Otherwise it ends after the " +
      "answer. False unless given.",
  ),
  quietMs: says(
    ms,
    "A turn of a protocol without messages is over when the target was quiet for so long. 200 unless given.",
  ),
  limitMs: says(ms, "The connection is ended after so long without a byte. 60,000 unless given."),
  tls: says(
    flag,
    "Send it inside TLS. The target's certificate is checked as a listener with this target says, otherwise against the " +
      "system's authorities. Unless given: a resend as it was recorded, otherwise false.",
  ),
  insecure: says(flag, "With tls: accept any certificate, this once. False unless given."),
};

const exchange: Readonly<Record<string, Schema>> = {
  id: text,
  listener: says(text, 'The listener\'s id; "sender" for what the Sender sent.'),
  connection: says(text, "The connection's id."),
  protocol: says(
    text,
    '"http" for HTTP/1.x, "tls" for TLS that passes through undecrypted, "tcp" for turns of a protocol that is ' +
      "not decoded.",
  ),
  state: oneOf("open", "done", "failed"),
  started: says(time, "When its first byte came. ISO 8601, UTC."),
  firstByteMs: says(orNull(ms), "From the first byte of the request to the first byte of the response."),
  elapsedMs: says(ms, "From the first byte to the last so far."),
  client: says(text, 'host:port, or "tcpmon" where that sent it itself.'),
  target: says(text, "host:port"),
  method: orNull(text),
  url: says(
    orNull(text),
    "The request target as it was sent, in a tunnel (CONNECT) with its server before it; of a turn, its first bytes; of " +
      "TLS, the name of the server that the client asks for.",
  ),
  status: orNull({ type: "integer" }),
  summary: text,
  requestBytes: says(count, "Bytes on the wire so far."),
  responseBytes: says(count, "Bytes on the wire so far."),
  tls: says(
    orNull(oneOf("client", "target", "both", "decrypted")),
    'The legs on which it went inside TLS that tcpmon is an end of; "decrypted": inside TLS that passed through, ' +
      "decrypted with a key log; null where neither.",
  ),
  resendOf: says(orNull(text), "The id of the exchange that this one was sent again from."),
  leadsAway: says(orNull(text), "Where its redirect leads the client past the monitor, an absolute URL."),
  fault: says(orNull(text), "What is wrong with it, in words."),
};

const exchangeCut = {
  cut: says(
    oneOf("request", "response", "both"),
    "Which of its messages were not recorded to their end (--capture-limit). Absent where both were.",
  ),
};

/** All schemas, by name. */
export const SCHEMAS = {
  ...LISTENER_SCHEMAS,
  ...TLS_SCHEMAS,
  Exchange: object(exchange, exchangeCut),
  ExchangeDetail: object({
    ...exchange,
    request: { anyOf: [refTo("MessageDetail"), { type: "null" }] },
    response: { anyOf: [refTo("MessageDetail"), { type: "null" }] },
    interim: says(
      list(object({ startLine: text, headers: list(refTo("HeaderLine")) })),
      "Interim responses (1xx) that came before the final one.",
    ),
  }, exchangeCut),
  ExchangeList: object({
    exchanges: says(list(refTo("Exchange")), "Newest first, unless sorted otherwise."),
    next: says(
      orNull(text),
      "Give this as `before` for the next ones; null at the end, and where they are sorted otherwise.",
    ),
    total: says(count, "How many match in all."),
    offset: says(count, "Position of the first one among them; 0 is the newest, or the first of the sort."),
  }, {
    search: says(
      refTo("SearchProgress"),
      "Where contents are searched: how far that has got. Also where what the table shows decides, until all of very " +
        "many rows were looked at; absent otherwise.",
    ),
  }),
  SearchProgress: says(
    object({
      searched: says(count, "How many exchanges have been decided about, the newest first."),
      total: says(count, "How many there are."),
      bytes: says(count, "How many bytes were read for it."),
      complete: says(flag, "Whether all have been decided about."),
      stopped: says(
        orNull(text),
        "Why it goes on no more although it is not complete; otherwise null.",
      ),
    }, {
      tooLong: says(
        list(text),
        "The exchanges that were not searched: the expression takes too long on what is in them. Absent for none.",
      ),
    }),
    "A search through contents. While it goes on, the list has the hits so far; it ends when nobody has asked " +
      "for the list in ten seconds.",
  ),
  HeaderLine: object({ name: text, value: says(text, "As it came, one character a byte.") }, {
    sent: says(
      orNull(text),
      "The value that was passed on instead; null where the line was not. Absent where it was, as it came.",
    ),
  }),
  MessageDetail: object({
    bytes: says(count, "On the wire so far."),
    headBytes: says(count, "Length of the head; 0 for a turn."),
    state: says(oneOf("open", "done", "cut"), '"cut": the connection ended before it was complete.'),
    started: time,
    ended: time,
    startLine: orNull(text),
    version: orNull(text),
    reason: orNull(text),
    headers: list(refTo("HeaderLine")),
    trailers: list(refTo("HeaderLine")),
    framing: oneOf("none", "length", "chunked", "until-close"),
    contentLength: says(orNull(count), "As declared."),
    bodyBytes: says(count, "Without the transfer coding, so far."),
    chunks: count,
    contentCoding: says(list(text), "In the order they were applied."),
    mediaType: says(orNull(text), "Without parameters, in lower case."),
    auto: says(
      oneOf("xml", "json", "form", "tls", "hex", "text", "raw", "image"),
      "The view that `auto` chooses.",
    ),
    faults: list(object({ offset: count, text })),
    sentStartLine: says(
      orNull(text),
      "The start line that was passed on instead; null where it was, as it came.",
    ),
    edits: says(
      list(object({ offset: count, removed: count, inserted: says(text, "One character a byte.") })),
      "What was passed on instead of what came, in order.",
    ),
    notes: says(list(text), "What else the reader must know, in words."),
  }, {
    gaps: says(
      list(object({ offset: count, length: count })),
      "Bytes that the capture does not have, the first 100; absent where none are missing. Filler stands for them.",
    ),
  }),
  ViewPart: object({
    as: says(viewKind, "What is shown, also where `auto` was asked for."),
    from: says(count, "Number of the first line, from 0."),
    text: says(text, 'The lines, joined with "\\n".'),
    lines: says(count, "How many lines `text` has."),
    total: says(count, "How many lines there are, as far as is known."),
    complete: says(flag, "Whether `total` is final."),
    doneBytes: says(count, "How many bytes have been laid out."),
    bytes: says(count, "How many bytes there are so far."),
    charset: orNull(text),
    charsetFrom: says(
      orNull(text),
      '"declared", "byte order mark", "XML declaration", "meta element", "default of JSON", "default of XML" or "guessed".',
    ),
    fault: says(
      orNull(object({ line: { type: "integer" }, column: { type: "integer" }, offset: count, text })),
      "The first place that is not well-formed, in the source text.",
    ),
    notes: says(list(text), "What the reader must know, in words."),
  }, {
    continued: says(list(flag), "For each line, whether it goes on the one before; left out when none does."),
    continuedBefore: says(count, "How many of the lines before `from` go on the one before them."),
  }),
  FindResult: object({
    hits: says(
      list(object({ line: count, from: count, to: count })),
      "At most 1,000. `line` counts from 0; `from` and `to` are UTF-16 positions in that line.",
    ),
    total: count,
    complete: says(flag, "False when the search stopped early."),
  }),
  MessageDiff: object({
    exchange: text,
    with: text,
    side: oneOf("request", "response"),
    withSide: oneOf("request", "response"),
    as: says(viewKind, "How the bodies were laid out: as text where they would be shown in different ways."),
    head: says(
      { anyOf: [refTo("Difference"), { type: "null" }] },
      "Start line and header lines; the order of names, and capital letters in them, are no difference.",
    ),
    body: refTo("Difference"),
    trailers: says({ anyOf: [refTo("Difference"), { type: "null" }] }, "The fields after a chunked body."),
    complete: says(flag, "False while one of the messages may still grow."),
    notes: says(list(text), "What the reader must know, in words."),
  }, {
    sent: says(flag, "Whether the message is compared as it was passed on."),
    withSent: says(flag, "The same of the one before."),
    structure: says(
      { anyOf: [refTo("StructureDiff"), { type: "null" }] },
      "How the bodies differ by what they mean; null where that cannot be told, and there where it was asked for.",
    ),
  }),
  StructureDiff: object({
    language: oneOf("json", "xml"),
    counts: object({ changed: count, removed: count, added: count, moved: count, written: count }),
    changes: says(list(refTo("StructureChange")), "The first 2,000."),
    notes: says(list(text), "What else differs and means nothing, in words."),
  }),
  StructureChange: object({
    kind: says(
      oneOf("changed", "removed", "added", "moved", "written"),
      "`written`: the same value, written in another way.",
    ),
    path: says(text, "In the document before; of what was added, that of its parent and its own step."),
  }, {
    pathAfter: says(text, "In the document after, if it differs."),
    before: text,
    after: text,
    cut: says(flag, "True where a text is longer than what is given of it."),
  }),
  Difference: object({
    before: says(count, "How many lines there were."),
    after: says(count, "How many lines there are."),
    removed: count,
    added: count,
    rows: list(refTo("DiffRow")),
  }, { unit: says(oneOf("byte"), "What is counted instead of lines, here and in the rows.") }),
  DiffRow: says(
    object({ kind: oneOf("equal", "removed", "added", "left-out") }, {
      before: says(count, "Its line before, from 0."),
      after: says(count, "Its line after, from 0."),
      text,
      lines: says(count, "How many equal lines are left out."),
      rows: says(list({ type: "object" }), "Those lines, as rows, where they are few."),
      other: says(text, "How an equal line is written after, where that is another way."),
      note: says(text, "In which way an equal line is not quite the same."),
      pair: says(count, "The line that a removed one became, or that an added one was."),
      parts: says(
        list({ type: "array", items: count, minItems: 2, maxItems: 2 }),
        "What is other in the line that it became: from and to, in UTF-16 units.",
      ),
    }),
    "An equal, a removed or an added line, or equal lines that are left out.",
  ),
  Connection: object({
    id: text,
    listener: says(text, 'The listener\'s id; "sender" for what the Sender sent.'),
    listen: says(
      orNull(text),
      "host:port of the listener as it was bound then; null for what the Sender sent.",
    ),
    state: oneOf("open", "closed", "failed"),
    client: says(text, 'host:port, or "tcpmon" where that sent it itself.'),
    target: says(text, "host:port as configured."),
    targetAddress: says(orNull(text), "The address that answered for the target."),
    via: says(
      orNull(text),
      "The HTTP proxy that it was reached through, host:port; targetAddress is then the proxy's.",
    ),
    opened: time,
    ended: orNull(time),
    dialMs: orNull(ms),
    endedBy: says(orNull(oneOf("client", "target", "monitor")), "Who ended it first."),
    how: says(orNull(how), "How it ended."),
    passedOn: says(orNull(oneOf("end", "reset", "nothing")), "What the other side was given."),
    upstreamBytes: says(count, "From the client to the target."),
    downstreamBytes: says(count, "From the target to the client."),
    tls: says(
      object({ client: orNull(refTo("TlsFacts")), target: orNull(refTo("TlsFacts")) }),
      "What was agreed on with each side; null where tcpmon is no end of TLS there.",
    ),
    decryption: says(
      orNull(text),
      "What became of decrypting TLS that passed through, in words; null where there was no key log, or no such TLS.",
    ),
    error: orNull(text),
    note: says(
      orNull(text),
      "What is to be known of an end that cut nothing off, as far as messages tell: that it was not said inside TLS.",
    ),
  }, {
    cut: says(
      object({ upstream: orNull(count), downstream: orNull(count) }),
      "How many bytes of each direction were recorded (--capture-limit), null for all; absent where all of both were.",
    ),
  }),
  ConnectionList: object({
    connections: says(list(refTo("Connection")), "Newest first."),
    next: says(orNull(text), "Give this as `before` for the next ones; null at the end."),
    total: count,
  }),
  Recording: object({
    file: says(text, "The pcapng file."),
    temporary: says(flag, "Whether the file is removed at exit."),
    bytes: says(count, "Of the capture so far: of the file, and of its older segments beside it."),
    stopped: says(orNull(text), "Why nothing is recorded at present; the relay goes on."),
    behindMs: says(ms, "How far decoding is behind the file; 0 when it is level."),
  }, {
    behindBytes: says(count, "How many bytes of the file that are. Absent when decoding is level."),
    reading: says(refTo("Reading"), "While what the file held before is read again: how far that has got."),
    isReadOnly: says({ type: "boolean", const: true }, "Captures are only read here: nothing is recorded."),
    keeps: says(text, "How much is kept, in words: at most 500 MB. The oldest goes first."),
    dropped: says(
      object({ exchanges: count, until: time }, {
        more: says(
          flag,
          "True where others went before they were read, and are not counted. Absent otherwise.",
        ),
      }),
      "How many exchanges have gone for that limit, and when the latest of them began. Absent while none has.",
    ),
    captureLimit: says(
      count,
      "How many bytes of each direction of a connection are recorded. Absent for all.",
    ),
  }),
  Reading: object({ done: says(count, "Bytes that have been read."), total: says(count, "Of so many.") }),
  OpenedCapture: object({
    id: says(text, "Its listeners' ids begin with it."),
    file: says(text, "The file's name."),
    kind: says(
      oneOf("tcpmon", "pcapng", "pcap", "har"),
      "Written by tcpmon, or by another program in this format.",
    ),
    reading: refTo("Reading"),
    error: says(orNull(text), "Why it was not read to its end."),
    notes: says(list(text), "What else is to be known of it: what was passed over, where it is damaged."),
  }),
  CaptureList: object({ captures: list(refTo("OpenedCapture")) }),
  Counts: object({
    total: count,
    open: count,
    failed: count,
    openConnections: count,
    epoch: says(count, "Grows when rows were removed: positions known before are then void."),
  }),
  Removal: {
    type: "object",
    properties: {
      ids: list(text),
      all: { type: "boolean", const: true },
      listener: says(text, "With `all`: only the exchanges of this listener."),
    },
    description: "Either `ids` or `all`.",
  },
  Removed: object({ removed: count }),
  Saved: says(
    object({}, {
      ids: says(list(text), "These, in this order."),
      listener: says(
        text,
        "Without ids: only those of the listener with this id; with ids, for the file's name.",
      ),
      q: says(text, "Without ids: only those that match the filter."),
    }),
    "Which exchanges; all where it is empty.",
  ),
  Export: EXPORT_SCHEMA,
  ExportOutcome: OUTCOME_SCHEMA,
  MaskedPreview: PREVIEW_SCHEMA,
  SavedLink: object({
    link: says(text, "Path and query to save them from, until eight more links were asked for."),
  }),
  Snapshot: object({
    version: text,
    listeners: list(refTo("Listener")),
    configFile: says(orNull(text), "The file that tcpmon was started with for its listeners."),
    tlsLack: says(orNull(text), "Why this program can be no end of TLS; null where it can."),
    counts: says({ type: "object", additionalProperties: refTo("Counts") }, "By listener id."),
    recording: refTo("Recording"),
    captures: says(list(refTo("OpenedCapture")), "Those that are open to be read."),
    exchanges: says(list(refTo("Exchange")), "The newest of all listeners, newest first, at most 200."),
  }),
  Delta: object({}, {
    listeners: says(list(refTo("Listener")), "All of them, when any has changed."),
    counts: { type: "object", additionalProperties: refTo("Counts") },
    recording: refTo("Recording"),
    captures: says(list(refTo("OpenedCapture")), "All of them, when any has changed."),
    exchanges: says(list(refTo("Exchange")), "New and changed ones, newest first, at most 200."),
    more: says(flag, "More than those have changed: ask for the ranges that are needed."),
    notice: says(text, "Something to tell the user."),
  }),
  Resend: says(
    object({}, {
      ...sending,
      target: says(text, "HOST:PORT to send to instead of the recorded target."),
      through: says(
        oneOf("target", "listener"),
        'Straight to the target, or as a client of the listener it came through. "target" unless given.',
      ),
      before: says(
        flag,
        "Send all requests that came before it on its connection before it. False unless given.",
      ),
      targetFirst: says(
        flag,
        "Wait for the target's turn before the first one is sent. Unless given, as it was on the recorded connection.",
      ),
    }),
    "How to send it again; as it was recorded where neither request nor turns is given.",
  ),
  Send: says(
    object({ target: says(text, "HOST:PORT") }, {
      ...sending,
      targetFirst: says(
        flag,
        "Wait for the target's turn before the first one is sent, for protocols in which it speaks first. False unless given.",
      ),
    }),
    "What to send, as request or turns, and where to.",
  ),
  Sent: object({ connection: says(text, "The connection's id.") }),
  Error: object({ error: says(text, "In words: what could not be done, why, and what to do.") }, {
    field: says(text, "The input that is wrong."),
    suggestion: says(text, "For a port that is taken: the next free one."),
  }),
} as const satisfies Record<string, Schema>;
