// Exchanges as an HTTP Archive 1.2. What HAR has no member for is in members that begin with "_", as it wants them. What
// is not HTTP is left out, which is said at the end. Written entry by entry.

import { stripPort } from "../har/addresses.ts";
import { cookiesOf, paramsOf, queryOf, setCookiesOf, urlOf } from "../har/parts.ts";
import { harTimes } from "../har/times.ts";
import { unpackMessage } from "../facts.ts";
import type { Slices } from "../slices.ts";
import type { ExchangeDetail, HeaderLine, MessageDetail } from "../types.ts";
import type { Choice, Chosen } from "./choice.ts";
import { base64AsJson, bytesOf, isUtf8, textAsJson } from "./json_text.ts";
import type { Written } from "./pieces.ts";

/** Parameters are only taken from bodies up to so many bytes. */
const PARAMS_LIMIT = 1024 * 1024;

/** How an archive is written. */
export interface HarOptions {
  /** Who made it: "tcpmon 0.1.0". */
  readonly application: string;
  readonly bodies: boolean;
  readonly slices: Slices;
  /** What else is said of the archive, once all entries are written; null for nothing. */
  readonly note: () => string | null;
}

/** The archive. */
export async function* har(choice: Choice, options: HarOptions): Written {
  const { application, slices } = options;
  const [name, version = ""] = application.split(" ");
  yield `{"log":{"version":"1.2","creator":${JSON.stringify({ name, version })},"entries":[`;
  let [written, leftOut] = [0, 0];
  for await (const chosen of choice.exchanges()) {
    if (chosen.row.protocol === "http") {
      yield written++ === 0 ? "\n" : ",\n";
      yield* entry(chosen, options);
    } else leftOut++;
    if (slices.due()) await slices.pause();
  }
  const comments = [
    ...(leftOut === 0 ? [] : [`${leftOut} of ${choice.count} exchanges are not HTTP and are left out.`]),
    ...(options.note() === null ? [] : [options.note()]),
  ];
  yield "\n]";
  if (comments.length > 0) yield `,"comment":${JSON.stringify(comments.join(" "))}`;
  yield "}}\n";
}

async function* entry(chosen: Chosen, options: HarOptions): Written {
  const exchange = await chosen.detail();
  const { connection, row } = chosen;
  const { request, response } = exchange;
  const [asked, answered] = [unpackMessage(row.request), unpackMessage(row.response)];
  const { started, timings } = harTimes(row.started, asked, answered, connection);
  const time = Object.values(timings).reduce((sum, ms) => sum + Math.max(0, ms), 0);
  const server = connection.via === null && connection.targetAddress !== null
    ? stripPort(connection.targetAddress)
    : null;
  const comments = [
    ...(exchange.state === "open" ? ["It was still open when it was exported."] : []),
    ...(exchange.fault === null ? [] : [exchange.fault]),
    ...(request === null ? ["Its request was not recorded."] : []),
  ];
  yield open({
    startedDateTime: new Date(started).toISOString(),
    time: rounded(time),
    timings: Object.fromEntries(Object.entries(timings).map(([name, ms]) => [name, rounded(ms)])),
    cache: {},
    ...(server === null ? {} : { serverIPAddress: server }),
    connection: connection.id,
    ...(comments.length === 0 ? {} : { comment: comments.join(" ") }),
    _tcpmon: ownFacts(exchange),
    _connection: connection,
  });
  yield ',"request":';
  yield* requestOf(chosen, exchange, options);
  yield ',"response":';
  yield* responseOf(chosen, exchange, response, options);
  yield "}";
}

/** What of an Exchange has no place in HAR. */
function ownFacts(exchange: ExchangeDetail) {
  const { id, listener, state, client, target, method, url, tls, resendOf, summary, fault } = exchange;
  return { id, listener, state, client, target, method, url, tls, resendOf, summary, fault };
}

async function* requestOf(chosen: Chosen, exchange: ExchangeDetail, options: HarOptions): Written {
  const { request } = exchange;
  const headers = request?.headers ?? [];
  const url = urlOf(exchange, request);
  yield open({
    method: exchange.method ?? "",
    url,
    httpVersion: request?.version ?? "",
    cookies: cookiesOf(headers),
    headers: linesOf(headers),
    queryString: queryOf(url),
    headersSize: request?.headBytes ?? -1,
    bodySize: request?.bodyBytes ?? -1,
    ...ownMessageFacts(request),
  });
  if (request !== null && (request.bodyBytes > 0 || request.mediaType !== null)) {
    yield ',"postData":';
    yield* postData(chosen, headers, options);
  }
  yield "}";
}

async function* postData(chosen: Chosen, headers: readonly HeaderLine[], options: HarOptions): Written {
  const mimeType = valueOf(headers, "content-type") ?? "";
  if (!options.bodies) {
    yield JSON.stringify({ mimeType, comment: "The body is left out." });
    return;
  }
  const body = await chosen.body("request");
  try {
    const isText = body === null || await isUtf8(body, options.slices);
    const length = body?.extent().length ?? 0;
    const params = body && isText && length <= PARAMS_LIMIT
      ? paramsOf(mimeType, await wholeText(body, options.slices))
      : [];
    yield open({
      mimeType,
      ...(params.length === 0 ? {} : { params }),
      ...(body && body.notes.length > 0 ? { comment: body.notes.join("; ") } : {}),
      ...(isText ? {} : { _encoding: "base64" }),
    });
    yield ',"text":';
    if (body === null) yield '""';
    else yield* isText ? textAsJson(body, options.slices) : base64AsJson(body, options.slices);
    yield "}";
  } finally {
    body?.close();
  }
}

async function* responseOf(
  chosen: Chosen,
  { status, fault, interim, state }: ExchangeDetail,
  response: MessageDetail | null,
  options: HarOptions,
): Written {
  const headers = response?.headers ?? [];
  yield open({
    status: status ?? 0,
    statusText: response?.reason ?? "",
    httpVersion: response?.version ?? "",
    cookies: setCookiesOf(headers),
    headers: linesOf(headers),
    redirectURL: valueOf(headers, "location") ?? "",
    headersSize: response?.headBytes ?? -1,
    bodySize: response?.bodyBytes ?? -1,
    _transferSize: response?.bytes ?? 0,
    ...(state === "failed" ? { _error: fault ?? "failed" } : {}),
    ...(interim.length === 0 ? {} : { _interim: interim }),
    ...ownMessageFacts(response),
  });
  yield ',"content":';
  yield* content(chosen, response, headers, options);
  yield "}";
}

async function* content(
  chosen: Chosen,
  response: MessageDetail | null,
  headers: readonly HeaderLine[],
  options: HarOptions,
): Written {
  const mimeType = valueOf(headers, "content-type") ?? "x-unknown";
  if (response === null || !options.bodies) {
    const size = response === null || response.contentCoding.length > 0 ? 0 : response.bodyBytes;
    yield JSON.stringify({ size, mimeType, ...(response ? { comment: "The body is left out." } : {}) });
    return;
  }
  const body = await chosen.body("response");
  try {
    const isText = body === null || await isUtf8(body, options.slices);
    const size = body?.extent().length ?? 0;
    yield open({
      size,
      ...(response.contentCoding.length > 0 ? { compression: size - response.bodyBytes } : {}),
      mimeType,
      ...(isText ? {} : { encoding: "base64" }),
      ...(body && body.codedAs.length > 0 ? { _codedAs: body.codedAs } : {}),
      ...(body && body.notes.length > 0 ? { comment: body.notes.join("; ") } : {}),
    });
    yield ',"text":';
    if (body === null) yield '""';
    else yield* isText ? textAsJson(body, options.slices) : base64AsJson(body, options.slices);
    yield "}";
  } finally {
    body?.close();
  }
}

/** What of a Message has no place in HAR; what says nothing is left out. */
function ownMessageFacts(message: MessageDetail | null) {
  if (message === null) return {};
  const { startLine, state, framing, chunks, contentCoding, trailers, faults, sentStartLine, edits, notes } =
    message;
  return {
    ...(trailers.length === 0 ? {} : { _trailers: linesOf(trailers) }),
    _message: {
      startLine,
      state,
      framing,
      chunks,
      contentCoding,
      ...(faults.length === 0 ? {} : { faults }),
      ...(sentStartLine === null ? {} : { sentStartLine }),
      ...(edits.length === 0 ? {} : { edits }),
      ...(notes.length === 0 ? {} : { notes }),
    },
  };
}

function linesOf(headers: readonly HeaderLine[]) {
  return headers.map(({ name, value, sent }) => ({
    name,
    value,
    ...(sent === undefined ? {} : { _sent: sent, comment: "It was passed on as _sent says." }),
  }));
}

/** A JSON object that more members are written to. */
function open(members: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(members).slice(0, -1);
}

function valueOf(headers: readonly HeaderLine[], field: string): string | null {
  return headers.findLast(({ name }) => name.toLowerCase() === field)?.value ?? null;
}

async function wholeText(body: Parameters<typeof bytesOf>[0], slices: Slices): Promise<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  for await (const piece of bytesOf(body, slices)) text += decoder.decode(piece, { stream: true });
  return text;
}

/** Microseconds are as fine as times are. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
