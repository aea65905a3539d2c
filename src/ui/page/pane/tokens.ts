// What the pieces of a line are: tags, strings, numbers …, for the colours.
// Line by line: a lexer takes a line and the state the line before it ended in, and gives pieces and the new state,
// so that it can begin anywhere. It never fails: what it does not know it leaves plain. Pure.

/** The classes of the page's design; what is none of them is plain ink. */
export type TokenKind = "tag" | "attr" | "string" | "number" | "comment" | "punct";

/** UTF-16 positions in the line. */
export interface Token {
  readonly from: number;
  readonly to: number;
  readonly kind: TokenKind;
}

export interface Lexed {
  readonly tokens: readonly Token[];
  /** What the next line begins in; "" is between tokens. */
  readonly state: string;
}

export type Lexer = (line: string, state: string) => Lexed;

/** What goes on until a terminator, over any number of lines. */
const XML_SPANS: Readonly<Record<string, { readonly end: string; readonly kind: TokenKind | null }>> = {
  comment: { end: "-->", kind: "comment" },
  cdata: { end: "]]>", kind: null },
  instruction: { end: "?>", kind: "punct" },
  subset: { end: "]", kind: "punct" },
  '"': { end: '"', kind: "string" },
  "'": { end: "'", kind: "string" },
};

const XML_OPENERS = [
  ["<!--", "comment"],
  ["<![CDATA[", "cdata"],
  ["<?", "instruction"],
  ["<!", "declaration"],
] as const;

const TAG_START = /<\/?(?:[^\s<>/:="']*:)?/y;
const NAME = /[^\s<>/="']+/y;
const DECLARATION = /[^>[]+/y;

/** XML 1.0, and HTML as far as it is alike. */
export function lexXml(line: string, state: string): Lexed {
  const tokens: Token[] = [];
  let at = 0;
  const add = (to: number, kind: TokenKind | null) => {
    if (kind !== null && to > at) tokens.push({ from: at, to, kind });
    at = to;
  };
  while (at < line.length) {
    const span = XML_SPANS[state];
    if (span !== undefined) {
      const found = line.indexOf(span.end, at);
      add(found < 0 ? line.length : found, span.kind);
      if (found < 0) break;
      add(found + span.end.length, span.kind ?? "punct");
      state = state === "subset" ? "declaration" : state === '"' || state === "'" ? "tag" : "";
    } else if (state === "declaration") {
      add(match(DECLARATION, line, at), "punct");
      if (at < line.length) {
        state = line[at] === "[" ? "subset" : "";
        add(at + 1, "punct");
      }
    } else if (state === "tag") {
      const ch = line[at];
      const name = match(NAME, line, at);
      if (name > at) {
        add(name, "attr");
      } else if (ch === '"' || ch === "'") {
        tokens.push({ from: at, to: at + 1, kind: "string" });
        at++;
        state = ch;
      } else {
        if (ch === ">") state = "";
        add(at + 1, ch.trim() === "" ? null : "punct");
      }
    } else {
      const next = line.indexOf("<", at);
      at = next < 0 ? line.length : next;
      if (next < 0) break;
      const opener = XML_OPENERS.find(([text]) => line.startsWith(text, at));
      if (opener !== undefined) {
        state = opener[1];
        add(at + opener[0].length, state === "comment" ? "comment" : "punct");
      } else {
        add(match(TAG_START, line, at), "punct");
        add(match(NAME, line, at), "tag");
        state = "tag";
      }
    }
  }
  return { tokens: joined(tokens), state };
}

const JSON_TOKEN = /"(?:[^"\\]|\\.)*("?)|-?\d[\d.eE+-]*|\b(?:true|false|null)\b|[{}[\],:]+/g;
const REST_OF_STRING = /(?:[^"\\]|\\.)*("?)/y;

/** JSON (RFC 8259). A string that the line does not end goes on in the next one: the line was cut. */
export function lexJson(line: string, state: string): Lexed {
  const tokens: Token[] = [];
  let at = 0;
  if (state === "string") {
    REST_OF_STRING.lastIndex = 0;
    const rest = REST_OF_STRING.exec(line)!;
    at = rest[0].length;
    if (at > 0) tokens.push({ from: 0, to: at, kind: "string" });
    if (rest[1] === "") return { tokens, state };
  }
  JSON_TOKEN.lastIndex = at;
  for (let found = JSON_TOKEN.exec(line); found !== null; found = JSON_TOKEN.exec(line)) {
    const [text, quote] = found;
    const from = found.index;
    const to = from + text.length;
    if (text[0] === '"') {
      if (quote === "") {
        return { tokens: [...tokens, { from, to: line.length, kind: "string" }], state: "string" };
      }
      tokens.push({ from, to, kind: /\s*:/y.test(line.slice(to, to + 8)) ? "tag" : "string" });
    } else if (/[{}[\],:]/.test(text[0])) {
      tokens.push({ from, to, kind: "punct" });
    } else {
      tokens.push({ from, to, kind: "number" });
    }
  }
  return { tokens, state: "" };
}

/** One name and its value a line: "name = value". */
export function lexForm(line: string, _state: string): Lexed {
  const equals = line.indexOf(" = ");
  if (equals < 0) return { tokens: [], state: "" };
  const value: Token = { from: equals, to: equals + 3, kind: "punct" };
  return { tokens: equals === 0 ? [value] : [{ from: 0, to: equals, kind: "tag" }, value], state: "" };
}

function match(sticky: RegExp, line: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(line) ? sticky.lastIndex : at;
}

/** The same with neighbours of one kind made one. */
function joined(tokens: readonly Token[]): Token[] {
  const result: Token[] = [];
  for (const token of tokens) {
    const last = result.at(-1);
    if (last !== undefined && last.kind === token.kind && last.to === token.from) {
      result[result.length - 1] = { ...last, to: token.to };
    } else {
      result.push(token);
    }
  }
  return result;
}
