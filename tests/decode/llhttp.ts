// llhttp, the parser of Node, from undici's WebAssembly build: the independent judge of how HTTP/1.x is to be read. One
// Direction at a time; it knows of no requests and responses that belong together, so it is told the methods.

import wasm from "undici/lib/llhttp/llhttp-wasm.js";

/** A message as llhttp reads it. */
export interface Judged {
  /** "GET /path" or "200 OK". */
  startLine: string;
  version: string;
  headers: [name: string, value: string][];
  body: string;
  trailers: [name: string, value: string][];
  complete: boolean;
}

/** What llhttp makes of the bytes of one Direction; `error` is the name of the error it stopped with. */
export interface Judgement {
  readonly messages: readonly Judged[];
  readonly error: string | null;
}

const REQUEST = 1, RESPONSE = 2;
const SKIP_BODY = 1, UPGRADE = 2;

interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  malloc(length: number): number;
  free(pointer: number): void;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_execute(parser: number, data: number, length: number): number;
  llhttp_finish(parser: number): number;
  llhttp_errno_name(error: number): number;
  llhttp_method_name(method: number): number;
  llhttp_get_method(parser: number): number;
  llhttp_get_http_major(parser: number): number;
  llhttp_get_http_minor(parser: number): number;
}

// What the callbacks of the run in progress do; there is one at a time.
let current: Run | null = null;

const call = (act: (run: Run, text: string) => number | void) => (_: number, at = 0, length = 0): number =>
  current === null ? 0 : act(current, textAt(at, length)) ?? 0;

const llhttp = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(wasm)), {
  env: {
    wasm_on_message_begin: call((run) => run.begin()),
    wasm_on_url: call((run, text) => run.url(text)),
    wasm_on_status: call((run, text) => run.reason(text)),
    wasm_on_header_field: call((run, text) => run.name(text)),
    wasm_on_header_value: call((run, text) => run.value(text)),
    wasm_on_headers_complete: (_: number, status: number, upgrade: number) =>
      current === null ? 0 : current.headersComplete(status, upgrade === 1),
    wasm_on_body: call((run, text) => run.body(text)),
    wasm_on_message_complete: call((run) => run.complete()),
  },
}).exports as unknown as Exports;
llhttp._initialize();

function textAt(pointer: number, length: number): string {
  return String.fromCharCode(...new Uint8Array(llhttp.memory.buffer, pointer, length));
}

function cString(pointer: number): string {
  return textAt(pointer, new Uint8Array(llhttp.memory.buffer, pointer).indexOf(0));
}

/** One parser and what it has told. */
class Run {
  readonly messages: Judged[] = [];
  readonly parser: number;
  readonly #methods: (string | null)[];
  #message: Judged = emptyMessage();
  #fields: [name: string, value: string][] = [];
  #inValue = true;

  constructor(readonly type: number, methods: readonly (string | null)[]) {
    this.parser = llhttp.llhttp_alloc(type);
    this.#methods = [...methods];
  }

  begin(): void {
    this.#message = emptyMessage();
    this.#fields = this.#message.headers;
    this.#inValue = true;
  }

  url(text: string): void {
    this.#message.startLine += text;
  }

  reason(text: string): void {
    this.#message.startLine += text;
  }

  name(text: string): void {
    if (this.#inValue) this.#fields.push(["", ""]);
    this.#inValue = false;
    this.#fields[this.#fields.length - 1][0] += text;
  }

  value(text: string): void {
    this.#inValue = true;
    this.#fields[this.#fields.length - 1][1] += text;
  }

  headersComplete(status: number, upgrade: boolean): number {
    const message = this.#message;
    this.messages.push(message);
    message.version = `HTTP/${llhttp.llhttp_get_http_major(this.parser)}.${
      llhttp.llhttp_get_http_minor(this.parser)
    }`;
    this.#fields = message.trailers;
    if (this.type === REQUEST) {
      const method = cString(llhttp.llhttp_method_name(llhttp.llhttp_get_method(this.parser)));
      message.startLine = `${method} ${message.startLine}`;
      return upgrade && method === "CONNECT" ? UPGRADE : 0;
    }
    message.startLine = `${status} ${message.startLine}`;
    if (status >= 100 && status < 200) return status === 101 ? UPGRADE : 0;
    const method = this.#methods.shift();
    if (method === "CONNECT" && status >= 200 && status < 300) return UPGRADE;
    return method === "HEAD" ? SKIP_BODY : 0;
  }

  body(text: string): void {
    this.#message.body += text;
  }

  complete(): void {
    this.#message.complete = true;
  }
}

function emptyMessage(): Judged {
  return { startLine: "", version: "", headers: [], body: "", trailers: [], complete: false };
}

/**
 * Has llhttp read all bytes of one Direction, in pieces of the lengths that `piece` gives. `methods` are those of the
 * requests that the responses answer, in order.
 */
export function judge(
  kind: "request" | "response",
  bytes: Uint8Array,
  piece: () => number,
  methods: readonly (string | null)[],
): Judgement {
  const run = current = new Run(kind === "request" ? REQUEST : RESPONSE, methods);
  const data = llhttp.malloc(bytes.length + 1);
  let error = 0;
  for (let i = 0; i < bytes.length && error === 0;) {
    const part = bytes.subarray(i, i + piece());
    new Uint8Array(llhttp.memory.buffer).set(part, data);
    error = llhttp.llhttp_execute(run.parser, data, part.length);
    i += part.length;
  }
  if (error === 0) error = llhttp.llhttp_finish(run.parser);
  const name = error === 0 ? null : cString(llhttp.llhttp_errno_name(error));
  llhttp.free(data);
  llhttp.llhttp_free(run.parser);
  current = null;
  return { messages: run.messages, error: name };
}
