// The xml view: lexical indentation, so that namespaces, entities, CDATA and all else stay as they came.
// Tokens are read here; where lines break is for xml_layout.ts to decide. Start tags in several lines keep their lines,
// which are indented under them: white space between attributes says nothing. However long a token is, nothing of it is
// held but the few characters that decide something (at most MAX_NAME): they wait as `carry` for the next piece.
//
// Checked on the way, because it costs next to nothing: nesting, the form of tags and attributes, references, text
// and second elements outside the root. Not checked: the characters of names, namespaces, attributes given twice, what
// a DTD says. A fault that leaves the structure plain is noted and indenting goes on; after any other, the rest is
// shown as it came.

import { MAX_DEPTH, TOO_DEEP } from "./indent.ts";
import { joined } from "./joined.ts";
import { advance, beginReading, placeAt, type Reading } from "./place.ts";
import type { Formatter, FormatterKind, ViewFault } from "./types.ts";
import { isWhite, whiteEnd } from "./white.ts";
import { type DoctypePhase, readDoctype } from "./xml_doctype.ts";
import { beginLayout, type LayoutState, LOOKAHEAD, XmlLayout } from "./xml_layout.ts";
import { gapsWithBreak, MAX_GAP, plainEnd } from "./xml_plain.ts";
import {
  AFTER,
  CUT,
  DOUBLE,
  EMPTY,
  END,
  FAULT,
  faultIn,
  NAME,
  SINGLE,
  SPACE,
  step,
  type TagPhase,
} from "./xml_tag.ts";

/** Names longer than this are taken for a fault. */
const MAX_NAME = 300;

/** The lines of a start tag after its first are indented by so many levels more: by more than its children are. */
const ATTRIBUTE_LEVELS = 2;

/** References longer than this, too. */
const MAX_REFERENCE = 64;

/** What is being read. `shown` is what follows a fault: the rest as it came. */
type Mode = "content" | "tag" | "end tag" | "comment" | "CDATA section" | "instruction" | "doctype" | "shown";

/** What ends the modes that look for nothing else. */
const TERMINATORS = { comment: "-->", "CDATA section": "]]>", instruction: "?>" } as const;

/** Beginnings of markup that starts with "<!" or "<?", and what they begin. */
const OPENINGS: readonly (readonly [string, Mode])[] = [
  ["<!--", "comment"],
  ["<![CDATA[", "CDATA section"],
  ["<!DOCTYPE", "doctype"],
  ["<?", "instruction"],
];

const REFERENCE = /&(?:#[0-9]+|#x[0-9a-fA-F]+|[A-Za-z_:\u0080-\uffff][-.\w:\u00b7\u0080-\uffff]*);/y;
const REFERENCE_BEGUN = /&[-#.\w:\u0080-\uffff]*$/y;

const NO_REFERENCE = '"&" begins no reference';

/** How the end of the text is described in a mode that it cuts short. */
const INSIDE: Partial<Record<Mode, string>> = {
  "tag": "a tag",
  "end tag": "a tag",
  "comment": "a comment",
  "CDATA section": "a CDATA section",
  "instruction": "a processing instruction",
  "doctype": "a document type declaration",
};

const SPACE_NAME = "xml:space";

const LESS = 0x3c;
const GREATER = 0x3e;
const AMPERSAND = 0x26;
const SLASH = 0x2f;
const BYTE_ORDER_MARK = 0xfeff;

/** Plain data. */
interface XmlState {
  mode: Mode;
  /** What has come but could not be read without what follows. */
  carry: string;
  reading: Reading;
  layout: LayoutState;
  fault: ViewFault | null;
  rootSeen: boolean;
  /** True after markup, until text comes; `gapOffset` is where that markup ended. */
  inGap: boolean;
  gapOffset: number;
  /** That markup was a start tag. */
  afterStart: boolean;
  /** The start tag that is being read. */
  name: string;
  phase: TagPhase;
  /** White space between its attributes that is being read: "broken" is left out, for a line break. */
  tagGap: "none" | "kept" | "broken";
  spaceAttribute: boolean;
  preserve: boolean;
  doctype: DoctypePhase;
}

/** Indents XML. */
export const xml: FormatterKind = {
  kind: "xml",
  create: () =>
    new XmlFormatter({
      mode: "content",
      carry: "",
      reading: beginReading(),
      layout: beginLayout(),
      fault: null,
      rootSeen: false,
      inGap: true,
      gapOffset: 0,
      afterStart: false,
      name: "",
      phase: AFTER,
      tagGap: "none",
      spaceAttribute: false,
      preserve: false,
      doctype: "outer",
    }),
  restore: (snapshot) => new XmlFormatter(structuredClone(snapshot as XmlState)),
};

// The readers below take the piece and an index, and return the index up to which they have read. When they need
// more to go on, they return the complement of it (~index), and the rest waits as `carry`.
class XmlFormatter implements Formatter {
  readonly #state: XmlState;
  readonly #layout: XmlLayout;
  /** Where in the piece the white space after the latest markup begins. */
  #gapFrom = 0;
  /** Where in it the next line end is, as far as that has been looked for. */
  #lineEnd = -1;

  constructor(state: XmlState) {
    this.#state = state;
    this.#layout = new XmlLayout(state.layout);
  }

  get fault(): ViewFault | null {
    return this.#state.fault;
  }

  snapshot(): unknown {
    return structuredClone(this.#state);
  }

  receive(piece: string): string {
    return this.receiveParts(piece).join("\n");
  }

  receiveParts(piece: string): readonly string[] {
    const { carry, reading } = this.#state;
    if (reading.offset === 0 && carry === "" && piece.charCodeAt(0) === BYTE_ORDER_MARK) {
      advance(reading, piece, 1);
      const [first, ...others] = this.receiveParts(piece.slice(1));
      return [piece[0] + first, ...others]; // the mark is no white space, so it stays
    }
    const text = joined(carry, piece);
    this.#begin(text);
    let at = 0;
    while (at >= 0 && at < text.length) at = this.#read(text, at);
    return this.#pause(text, at < 0 ? ~at : at);
  }

  end(): string {
    const { mode, carry, rootSeen, layout: { names } } = this.#state;
    this.#begin(carry);
    const cut = carry !== "" || INSIDE[mode] !== undefined;
    if (carry.startsWith("&")) this.#note(carry, 0, NO_REFERENCE);
    else if (cut) this.#note(carry, carry.length, `the text ends inside ${INSIDE[mode] ?? "a tag"}`);
    else if (names.length > 0) this.#note("", 0, `the text ends before </${short(names[names.length - 1])}>`);
    else if (!rootSeen && !this.#layout.blank) this.#note("", 0, "the text ends before the root element");
    this.#layout.decide();
    if (carry !== "") this.#layout.keepGap();
    this.#state.mode = "shown";
    return this.#pause(carry, carry.length).join("\n");
  }

  #begin(text: string): void {
    this.#gapFrom = 0;
    this.#lineEnd = -1;
    this.#layout.begin(text, this.#state.reading.offset);
  }

  #pause(text: string, read: number): readonly string[] {
    const state = this.#state;
    state.carry = text.slice(read);
    const white = state.mode === "content" && state.inGap && !this.#layout.inline;
    const out = this.#layout.pause(white ? this.#gapFrom : read, read);
    advance(state.reading, text, read);
    return out;
  }

  #read(text: string, at: number): number {
    switch (this.#state.mode) {
      case "content":
        return this.#readContent(text, at);
      case "tag":
        return this.#readTag(text, at);
      case "end tag":
        return this.#readEndTag(text, at);
      case "doctype":
        return this.#readDoctype(text, at);
      case "comment":
      case "CDATA section":
      case "instruction":
        return this.#readTo(text, at, TERMINATORS[this.#state.mode]);
      case "shown":
        return text.length;
    }
  }

  /** Content up to the next markup that is not plain, and how that begins. */
  #readContent(text: string, start: number): number {
    for (let at = start;;) {
      const read = this.#readCharacters(text, at);
      if (read < 0 || read === text.length) return read;
      at = this.#readPlain(text, read);
      if (at < 0) return this.#readMarkup(text, read);
    }
  }

  /** White space, text and references up to the next markup. */
  #readCharacters(text: string, start: number): number {
    const state = this.#state;
    const end = text.length;
    let at = start;
    if (state.inGap && !this.#layout.inline) {
      const { offset } = state.reading;
      at = whiteEnd(text, at);
      if (offset + at - state.gapOffset > LOOKAHEAD) this.#readText(text, at, false);
      else if (at < end && text.charCodeAt(at) !== LESS) this.#readText(text, at, true);
    }
    while (at < end) {
      const code = text.charCodeAt(at);
      if (code === LESS) return at;
      if (code === AMPERSAND) at = this.#readReference(text, at);
      else at += 1;
      if (at < 0) return at;
    }
    return end;
  }

  /** Text stands directly in the innermost element. */
  #readText(text: string, at: number, visible: boolean): void {
    this.#state.inGap = false;
    if (this.#layout.depth > 0) return this.#layout.text(at);
    this.#layout.keepGap();
    if (visible) this.#note(text, at, "text outside the root element");
  }

  #readReference(text: string, at: number): number {
    REFERENCE.lastIndex = REFERENCE_BEGUN.lastIndex = at;
    if (REFERENCE.test(text) && REFERENCE.lastIndex - at <= MAX_REFERENCE) return REFERENCE.lastIndex;
    if (text.length - at <= MAX_REFERENCE && REFERENCE_BEGUN.test(text)) return ~at;
    this.#note(text, at, NO_REFERENCE);
    return at + 1;
  }

  /**
   * What is found at a glance: the end tag that is due, a start tag, an element of nothing but text. All is as it
   * would be if it was read by the readers below. -1 where there is nothing of it.
   */
  #readPlain(text: string, at: number): number {
    const layout = this.#layout;
    const { names } = layout.state;
    const depth = names.length;
    if (depth === 0 || depth === MAX_DEPTH) return -1;
    if (text.charCodeAt(at + 1) === SLASH) {
      const due = names[depth - 1];
      const end = at + 2 + due.length;
      if (text.charCodeAt(end) !== GREATER || !text.startsWith(due, at + 2)) return -1;
      this.#breakBeforeEnd(at);
      layout.close();
      return this.#endMarkup(end + 1, false);
    }
    const end = plainEnd(text, at);
    if (end < 0) return -1;
    const last = text.charCodeAt(end - 2);
    const isWhole = last === SLASH || (!endsName(last) && text.indexOf(">", at) < end - 1);
    const nameEnd = isWhole && end - at <= MAX_NAME ? at : nameEndIn(text, at + 2);
    if (nameEnd - at > MAX_NAME) return -1;
    this.#breakBefore(at, depth);
    if (this.#nextLineEnd(text, at) < end && !layout.inline) this.#indentTag(text, at);
    if (isWhole) {
      layout.pass();
    } else {
      layout.open(text.slice(at + 1, nameEnd), end, false);
    }
    return this.#endMarkup(end, !isWhole);
  }

  /** Infinity where there is none. */
  #nextLineEnd(text: string, from: number): number {
    if (this.#lineEnd >= from) return this.#lineEnd;
    const found = text.indexOf("\n", from);
    return this.#lineEnd = found < 0 ? Infinity : found;
  }

  /** The lines of a plain start tag, as the readers of tags indent them. */
  #indentTag(text: string, at: number): void {
    const gaps = gapsWithBreak(text, at);
    for (let i = 0; i < gaps.length; i += 2) this.#goOnBelow(text, gaps[i], gaps[i + 1]);
  }

  /** What stands at `to` in a start tag gets a line of its own; white space before it, from `from` on, is left out. */
  #goOnBelow(text: string, from: number, to: number): void {
    const code = text.charCodeAt(to);
    const isEnd = code === GREATER || code === SLASH;
    this.#layout.leaveOut(from, to);
    this.#layout.goOnBelow(this.#layout.depth + (isEnd ? 0 : ATTRIBUTE_LEVELS));
  }

  #readMarkup(text: string, at: number): number {
    if (at + 1 === text.length) return ~at;
    const code = text.charCodeAt(at + 1);
    if (code === SLASH) return this.#beginEndTag(text, at);
    if (isNameStart(code)) return this.#beginTag(text, at);
    const opening = OPENINGS.find(([mark]) => text.startsWith(mark, at));
    if (!opening) {
      const begun = OPENINGS.some(([mark]) => mark.startsWith(text.slice(at, at + mark.length)));
      return begun ? ~at : this.#show(text, at, '"<" begins no tag');
    }
    const [mark, mode] = opening;
    if (mode !== "CDATA section") this.#breakBefore(at, this.#layout.depth);
    else if (!this.#layout.inline && this.#state.inGap) this.#readText(text, at, true);
    this.#state.mode = mode;
    this.#state.doctype = "outer";
    return at + mark.length;
  }

  #beginTag(text: string, at: number): number {
    const state = this.#state;
    let end = at + 2;
    while (end < text.length && !endsName(text.charCodeAt(end))) end += 1;
    if (end - at > MAX_NAME) return this.#show(text, at, "a name is too long");
    if (end === text.length) return ~at;
    if (this.#layout.depth === MAX_DEPTH) return this.#show(text, at, TOO_DEEP);
    const name = text.slice(at + 1, end);
    if (this.#layout.depth === 0) {
      if (state.rootSeen) this.#note(text, at, `a second root element, <${short(name)}>`);
      state.rootSeen = true;
    }
    this.#breakBefore(at, this.#layout.depth);
    state.name = name;
    state.preserve = state.spaceAttribute = false;
    state.phase = AFTER;
    return this.#readTag(text, end);
  }

  /** The rest of a start tag, from the end of its name. */
  #readTag(text: string, start: number): number {
    const state = this.#state;
    state.mode = "tag";
    let nameFrom = -1;
    let at = start;
    while (at < text.length) {
      if (state.tagGap !== "none") {
        at = this.#endTagGap(text, at);
        continue;
      }
      const { phase } = state;
      if (phase === DOUBLE || phase === SINGLE) {
        at = this.#readValue(text, at);
        if (at < 0) return at;
        continue;
      }
      const code = text.charCodeAt(at);
      const reached = step(phase, code);
      const next = reached & ~FAULT;
      if (reached !== next) this.#note(text, at, faultIn(phase));
      if (next === END || next === EMPTY) return this.#endStartTag(at + 1, next === END);
      if (next === SPACE && phase !== SPACE && !this.#layout.inline) {
        at = this.#beginTagGap(text, at);
        if (at < 0) return at;
        state.phase = next;
        continue;
      }
      if (next === CUT) return this.#show(text, at, '"<" inside a tag');
      if (next === NAME && phase !== NAME) {
        // A name that may be the one of interest is read in one piece.
        if (text.length - at <= SPACE_NAME.length && !hasNameEnd(text, at)) return ~at;
        nameFrom = at;
      } else if (phase === NAME && next !== NAME) {
        state.spaceAttribute = nameFrom >= 0 && text.slice(nameFrom, at) === SPACE_NAME;
      } else if (state.spaceAttribute && (next === DOUBLE || next === SINGLE)) {
        const value = `preserve${text[at]}`;
        if (value.startsWith(text.slice(at + 1))) return ~at;
        state.preserve = text.startsWith(value, at + 1);
      }
      state.phase = next;
      at += 1;
    }
    return at;
  }

  /** White space before an attribute or the end of a start tag. */
  #beginTagGap(text: string, at: number): number {
    const end = whiteEnd(text, at);
    const isBroken = text.slice(at, Math.min(end, at + MAX_GAP)).includes("\n");
    if (!isBroken && end === text.length && end - at < MAX_GAP) return ~at;
    if (isBroken) this.#layout.leaveOut(at, end);
    this.#state.tagGap = isBroken ? "broken" : "kept";
    return end;
  }

  /** The rest of that, where it goes on. */
  #endTagGap(text: string, from: number): number {
    const state = this.#state;
    const at = whiteEnd(text, from);
    if (state.tagGap === "broken") {
      if (at < text.length) this.#goOnBelow(text, from, at);
      else this.#layout.leaveOut(from, at);
    }
    if (at === text.length) return at;
    state.tagGap = "none";
    return at;
  }

  /** The rest of an attribute's value in quotes. */
  #readValue(text: string, start: number): number {
    const quote = this.#state.phase === DOUBLE ? 0x22 : 0x27;
    let at = start;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        this.#state.phase = AFTER;
        return at + 1;
      }
      if (code === LESS) this.#note(text, at, '"<" in the value of an attribute');
      at = code === AMPERSAND ? this.#readReference(text, at) : at + 1;
      if (at < 0) return at;
    }
    return at;
  }

  #endStartTag(end: number, opens: boolean): number {
    const state = this.#state;
    if (opens) this.#layout.open(state.name, end, state.preserve);
    state.mode = "content";
    return this.#endMarkup(end, opens);
  }

  /** An end tag: whether it is the one that is due, and all of it but white space and the ">". */
  #beginEndTag(text: string, at: number): number {
    const { names } = this.#state.layout;
    const from = at + 2;
    if (names.length > 0) {
      const due = names[names.length - 1];
      const end = from + due.length;
      if (text.startsWith(due, from) && end < text.length && endsName(text.charCodeAt(end))) {
        this.#breakBeforeEnd(at);
        this.#state.mode = "end tag";
        return this.#readEndTag(text, end);
      }
    }
    let end = from;
    while (end < text.length && !endsName(text.charCodeAt(end))) end += 1;
    if (end === text.length && end - at <= MAX_NAME) return ~at;
    const name = text.slice(from, end);
    const unclosed = names.includes(name) ? names[names.length - 1] : null;
    const words = unclosed === null ? "closes nothing" : `comes before </${short(unclosed)}>`;
    return this.#show(text, at, `</${short(name)}> ${words}`);
  }

  #readEndTag(text: string, start: number): number {
    const at = whiteEnd(text, start);
    if (at === text.length) return at;
    if (text.charCodeAt(at) !== GREATER) return this.#show(text, at, "an end tag holds more than a name");
    this.#layout.close();
    this.#state.mode = "content";
    return this.#endMarkup(at + 1, false);
  }

  /** Up to the end of a comment, a CDATA section or a processing instruction. */
  #readTo(text: string, at: number, terminator: string): number {
    const found = text.indexOf(terminator, at);
    if (found < 0) return ~Math.max(at, text.length - terminator.length + 1);
    const afterText = this.#state.mode === "CDATA section";
    this.#state.mode = "content";
    return afterText ? found + terminator.length : this.#endMarkup(found + terminator.length, false);
  }

  #readDoctype(text: string, from: number): number {
    const { at, phase } = readDoctype(text, from, this.#state.doctype);
    this.#state.doctype = phase;
    if (phase !== "done") return ~at;
    this.#state.mode = "content";
    return this.#endMarkup(at, false);
  }

  #endMarkup(end: number, afterStart: boolean): number {
    const state = this.#state;
    state.inGap = true;
    state.gapOffset = state.reading.offset + end;
    state.afterStart = afterStart;
    this.#gapFrom = end;
    return end;
  }

  /** Markup gets a line of its own, unless it stands beside text. */
  #breakBefore(at: number, level: number): void {
    if (!this.#state.inGap || this.#layout.inline) return;
    this.#layout.breakBefore(at, this.#gapFrom, level);
  }

  #breakBeforeEnd(at: number): void {
    if (!this.#state.inGap || this.#layout.inline) return;
    if (this.#state.afterStart) this.#layout.breakBeforeEnd(at, this.#gapFrom);
    else this.#layout.breakBefore(at, this.#gapFrom, this.#layout.depth - 1);
  }

  /** A fault after which the structure is unknown: the rest is shown as it came. */
  #show(text: string, at: number, words: string): number {
    this.#note(text, at, words);
    this.#layout.decide();
    this.#layout.keepGap();
    this.#state.mode = "shown";
    return text.length;
  }

  #note(text: string, at: number, words: string): void {
    this.#state.fault ??= { ...placeAt(this.#state.reading, text, at), text: words };
  }
}

/** Letters, "_", ":" and everything beyond ASCII. */
function isNameStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x3a || code === 0x5f ||
    code > 0x7f;
}

/** White space, and what has a meaning in a tag. */
function endsName(code: number): boolean {
  return code <= 0x3e &&
    (isWhite(code) || code === GREATER || code === SLASH || code === LESS || code === 0x3d ||
      code === 0x22 || code === 0x27);
}

function nameEndIn(text: string, from: number): number {
  let at = from;
  while (!endsName(text.charCodeAt(at))) at += 1;
  return at;
}

function hasNameEnd(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) {
    if (endsName(text.charCodeAt(at))) return true;
  }
  return false;
}

function short(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}
