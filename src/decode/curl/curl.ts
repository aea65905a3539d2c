// A pasted `curl …` command as the request that curl would send, header by header in curl's own order. What changes only
// curl's behaviour is left out, with a note where that matters; what cannot be had here is refused with words. Pure.
//
// Texts have one character a byte (see shell.ts).

import { type Draft, draftOf } from "../draft/draft.ts";
import { type Endpoint, endpointOf } from "../draft/endpoint.ts";
import { CustomHeaders } from "./custom_headers.ts";
import { multipart } from "./form.ts";
import { OTHERS, SHORT, USED } from "./options.ts";
import { type Command, octetsOf, printed, readPipeline, shownOf } from "./shell.ts";
import { encodeUrl, unescapeUrl, withoutDots } from "./url_text.ts";

/** What a command would send, and where to. */
export interface CurlRequest {
  readonly endpoint: Endpoint;
  readonly request: Draft;
  /** Whether any certificate of the endpoint is accepted. */
  readonly insecure: boolean;
  /** What of the command is not done, in words. */
  readonly notes: readonly string[];
}

/** What curl calls itself is a matter of curl. */
const USER_AGENT = "tcpmon";
const ENCODINGS = "deflate, gzip, br, zstd";
const FORM = "application/x-www-form-urlencoded";

/** A first line that goes on with ^, or a first argument in ^" quotes: so cmd.exe has it, and no other shell. */
const WINDOWS = /^[^'\n]*\s\^\r?\n|^\s*curl\S*\s+(-\S+\s+)*\^"/;

/** Reads a command. Throws SyntaxError, in words for the user. */
export function readCurl(text: string): CurlRequest {
  if (WINDOWS.test(text)) {
    throw new SyntaxError(
      'Cannot read a command for the Windows command line. Choose "Copy as cURL (bash)", or write it for a shell.',
    );
  }
  const { commands, notes } = readPipeline(octetsOf(text.replace(/^\s*[$%>]\s+(?=\S*curl\b)/, "")));
  const at = commands.findIndex(({ words }) => isCurl(words[0]));
  if (at < 0 || at > 1) {
    const first = JSON.stringify(commands[0]?.words[0] ?? "");
    throw new SyntaxError(
      `Cannot read it as a curl command: it begins with ${first}. Paste one that begins with curl.`,
    );
  }
  const input = commands[at].input ?? (at === 1 ? outputOf(commands[0]) : null);
  const piped = at < commands.length - 1 ? ["the output does not go to another command"] : [];
  const reading = new Reading(commands[at].words.slice(1), input);
  return reading.request([...notes, ...piped]);
}

function isCurl(word: string): boolean {
  return /^(.*\/)?curl(\.exe)?$/.test(word);
}

/** What the command before curl gives it: only printf's is known. */
function outputOf({ words }: Command): string {
  if (words[0] === "printf" && words.length === 2) return printed(words[1]);
  throw new SyntaxError(
    `Cannot know what ${words[0]} gives to curl: only your shell does. Paste it as the value of --data-raw.`,
  );
}

/** What data options give, in order. */
interface Data {
  readonly bytes: string;
  readonly isJson: boolean;
}

class Reading {
  readonly #values = new Map<string, string[]>();
  readonly #flags = new Set<string>();
  readonly #data: Data[] = [];
  readonly #fields: { readonly name: string; readonly value: string; readonly literal: boolean }[] = [];
  readonly #notes = new Set<string>();

  constructor(words: readonly string[], private readonly input: string | null) {
    // The next word last: taking the first of many would move all others each time.
    const rest = words.toReversed();
    for (let word = rest.pop(); word !== undefined; word = rest.pop()) {
      if (word === "--") rest.splice(0).reverse().forEach((url) => this.#value("url", url));
      else if (word.startsWith("--")) this.#option(word.slice(2), null, rest);
      else if (word.startsWith("-") && word.length > 1) this.#cluster(word.slice(1), rest);
      else this.#value("url", word);
    }
  }

  request(notes: readonly string[]): CurlRequest {
    const urls = this.#values.get("url") ?? [];
    if (urls.length !== 1) {
      throw new SyntaxError(
        urls.length === 0
          ? "Cannot send it: the command has no URL. Add one, such as http://localhost:8080/path."
          : "Cannot send it: the command has several URLs. Paste it with one of them.",
      );
    }
    const [url] = urls;
    if (!this.#flags.has("globoff") && /[{}]|(?<!^(\w+:\/\/)?([^/@]*@)?)\[/.test(url)) {
      throw new SyntaxError(
        `Cannot send to ${url}: curl makes several URLs of {…} and […]. Write one, or add --globoff.`,
      );
    }
    const endpoint = inAscii(endpointOf(url));
    const body = this.#fields.length > 0 ? multipart(this.#fields) : null;
    const bytes = this.#encode(endpoint, body);
    return {
      endpoint: { ...endpoint, path: this.#target(endpoint) },
      request: draftOf(Uint8Array.from(bytes, (character) => character.charCodeAt(0))),
      insecure: endpoint.tls && this.#flags.has("insecure"),
      notes: [...notes, ...this.#notes],
    };
  }

  // ── Options ──────────────────────────────────────────────────────────────────────────────────────────────────

  #cluster(letters: string, rest: string[]): void {
    for (let at = 0; at < letters.length; at++) {
      const name = SHORT[letters[at]];
      if (name === undefined) throw unknown(`-${letters[at]}`);
      const attached = letters.slice(at + 1);
      if (this.#option(name, attached === "" ? null : attached, rest)) return;
    }
  }

  /** True where it took what is attached, or the next word. */
  #option(name: string, attached: string | null, rest: string[]): boolean {
    const fate = OTHERS.get(name);
    const takes = USED[name] ?? (fate?.kind === "value" || fate?.kind === "noted value");
    if (USED[name] === undefined && fate === undefined) throw unknown(`--${name}`);
    if (fate?.kind === "refused") throw new SyntaxError(`Cannot send what has --${name}: ${fate.words}.`);
    if (fate && "words" in fate) this.#notes.add(fate.words);
    if (!takes) {
      this.#flags.add(name);
      return false;
    }
    const value = attached ?? rest.pop();
    if (value === undefined) throw new SyntaxError(`Cannot read --${name}: its value is missing. Add it.`);
    this.#value(name, value);
    return true;
  }

  #value(name: string, value: string): void {
    switch (name) {
      case "data":
      case "data-ascii":
        this.#data.push({
          bytes: value.startsWith("@") ? withoutLines(this.#file(value)) : value,
          isJson: false,
        });
        break;
      case "data-binary":
        this.#data.push({ bytes: value.startsWith("@") ? this.#file(value) : value, isJson: false });
        break;
      case "json":
        this.#data.push({ bytes: value.startsWith("@") ? this.#file(value) : value, isJson: true });
        break;
      case "data-raw":
        this.#data.push({ bytes: value, isJson: false });
        break;
      case "data-urlencode":
        this.#data.push({ bytes: this.#urlEncoded(value), isJson: false });
        break;
      case "form":
      case "form-string":
        this.#fields.push(this.#field(value, name === "form-string"));
        break;
      default: {
        const values = this.#values.get(name);
        if (values) values.push(value);
        else this.#values.set(name, [value]);
      }
    }
  }

  /** What "@-" stands for; other files cannot be had. */
  #file(value: string): string {
    if (value === "@-" && this.input !== null) return this.input;
    throw new SyntaxError(
      `Cannot read the file ${value.slice(1)}: the page has no files. Paste what is in it instead.`,
    );
  }

  #urlEncoded(value: string): string {
    const found = /^([^=@]*)([=@])([^]*)$/.exec(value);
    if (!found) return encodeUrl(value);
    const [, name, sign, content] = found;
    const bytes = sign === "@" ? this.#file(`@${content}`) : content;
    return name === "" ? encodeUrl(bytes) : `${name}=${encodeUrl(bytes)}`;
  }

  #field(value: string, literal: boolean) {
    const equals = value.indexOf("=");
    if (equals < 1) throw new SyntaxError(`Cannot read the form field ${value}: write NAME=VALUE.`);
    const content = value.slice(equals + 1);
    if (!literal && /^[@<]/.test(content)) this.#file(`@${content.slice(1)}`);
    return { name: value.slice(0, equals), value: content, literal };
  }

  #last(name: string): string | null {
    return this.#values.get(name)?.at(-1) ?? null;
  }

  // ── The request ──────────────────────────────────────────────────────────────────────────────────────────────

  get #posted(): string | null {
    if (this.#data.length === 0) return null;
    return this.#data.map(({ bytes, isJson }, at) => at === 0 || isJson ? bytes : `&${bytes}`).join("");
  }

  #target(endpoint: Endpoint): string {
    const given = this.#last("request-target");
    if (given !== null) return given;
    const [path, ...query] = endpoint.path.split("?");
    const target = [this.#flags.has("path-as-is") ? path : withoutDots(path), ...query].join("?");
    const more = [...this.#values.get("url-query") ?? []].map((value) => this.#urlEncoded(value));
    if (this.#flags.has("get") && this.#posted !== null) more.unshift(this.#posted);
    let sign = target.includes("?") ? (/[?&]$/.test(target) ? "" : "&") : "?";
    const parts = [target];
    for (const part of more) {
      parts.push(sign, part);
      sign = part === "" || /[?&]$/.test(part) ? "" : "&";
    }
    return parts.join("");
  }

  #method(hasBody: boolean): string {
    const given = this.#last("request");
    if (given !== null) return given;
    if (this.#flags.has("head")) return "HEAD";
    return hasBody ? "POST" : "GET";
  }

  #encode(endpoint: Endpoint, form: { readonly boundary: string; readonly bytes: string } | null): string {
    const body = form?.bytes ?? (this.#flags.has("get") ? null : this.#posted);
    const custom = new CustomHeaders(this.#values.get("header") ?? []);
    const version = this.#flags.has("http1.0") ? "HTTP/1.0" : "HTTP/1.1";
    const lines = [`${this.#method(body !== null)} ${this.#target(endpoint)} ${version}`];
    const add = (name: string, value: string | null) => {
      if (value !== null && !custom.has(name)) lines.push(`${name}: ${value}`);
    };
    const [host] = custom.take("Host") ?? [`Host: ${endpoint.authority}`];
    if (host !== undefined) lines.push(`Host: ${host.slice(host.indexOf(":") + 1).trim()}`);
    add("Authorization", this.#authorization(endpoint));
    const range = this.#last("range");
    add("Range", range === null ? null : `bytes=${range}`);
    const agent = this.#last("user-agent") ?? USER_AGENT;
    add("User-Agent", agent === "" ? null : agent);
    const isJson = this.#data.some(({ isJson }) => isJson);
    add("Accept", isJson ? null : "*/*");
    add("Accept-Encoding", this.#flags.has("compressed") ? ENCODINGS : null);
    add("Referer", this.#last("referer")?.replace(/;auto$/, "") || null);
    add("Cookie", this.#cookie());
    if (isJson) {
      custom.default("Content-Type: application/json");
      custom.default("Accept: application/json");
    }
    for (const line of custom.lines) lines.push(line);
    const isChunked = custom.lines.some((line) => /^transfer-encoding:.*\bchunked\b/i.test(line));
    if (body !== null) {
      add("Content-Length", isChunked ? null : String(body.length));
      add("Content-Type", form ? `multipart/form-data; boundary=${form.boundary}` : FORM);
    }
    const head = lines.map((line) => `${line}\r\n`).join("");
    return `${head}\r\n${isChunked && body !== null ? chunked(body) : body ?? ""}`;
  }

  #authorization({ credentials }: Endpoint): string | null {
    const bearer = this.#last("oauth2-bearer");
    if (bearer !== null) return `Bearer ${bearer}`;
    if (["digest", "ntlm", "negotiate", "anyauth"].some((name) => this.#flags.has(name))) return null;
    const user = this.#last("user") ?? (credentials === null ? null : unescapeUrl(credentials));
    if (user === null) return null;
    return `Basic ${btoa(user.includes(":") ? user : `${user}:`)}`;
  }

  #cookie(): string | null {
    const cookies = this.#values.get("cookie") ?? [];
    for (const cookie of cookies) if (!cookie.includes("=") && cookie !== "") this.#file(`@${cookie}`);
    return cookies.length === 0 ? null : cookies.join("; ");
  }
}

function unknown(option: string): SyntaxError {
  return new SyntaxError(
    `Cannot read ${option}: curl has no such option, or tcpmon does not know it. Leave it out.`,
  );
}

/** A name in another script as names are looked up (RFC 5891). */
function inAscii(endpoint: Endpoint): Endpoint {
  if (/^[\x00-\x7f]*$/.test(endpoint.host)) return endpoint;
  const host = URL.parse(`http://${shownOf(endpoint.host)}`)?.hostname ?? endpoint.host;
  return { ...endpoint, host, authority: endpoint.authority.replace(endpoint.host, host) };
}

/** -d takes line ends and NUL out of what it reads from a file. */
function withoutLines(text: string): string {
  return text.replace(/[\r\n\0]/g, "");
}

function chunked(body: string): string {
  return body === "" ? "0\r\n\r\n" : `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
}
