// XML 1.0 as a tree. The order of attributes means nothing, nor do white space between elements, the prefixes that stand
// for namespaces (Namespaces in XML 1.0), and how characters are written: as themselves, as references, or in CDATA.
// Entities that a document type declares stay as they are. Pure; depth is bounded by memory alone.

import type { Node, Nodes, NoTree } from "./tree.ts";

const NAME = /[^\s/>=<"'!?&[\]]+/y;
const ATTRIBUTE = /\s+([^\s/>=<"']+)\s*=\s*("[^"<]*"|'[^'<]*')/y;
const SPACE = /\s*/y;
/** Every part begins with something else than the others, so that nothing is tried twice. */
const DOCTYPE =
  /<!DOCTYPE(?:[^[>"']|"[^"]*"|'[^']*')*(?:\[(?:[^\]"'<]|<!--(?:(?!-->)[^])*-->|<(?!!--)(?:[^>"']|"[^"]*"|'[^']*')*>)*\]\s*)?>/y;
const XML = "http://www.w3.org/XML/1998/namespace";
const TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type";
const KNOWN: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Namespaces by prefix; "" is the default one. */
type Scope = ReadonlyMap<string, string>;

interface Open {
  readonly name: string;
  readonly type: string;
  readonly from: number;
  readonly scope: Scope;
  readonly keeps: boolean;
  readonly keyed: ReadonlyMap<string, Node>;
  readonly listed: Member[];
  /** Text that has come and may go on. */
  text: { readonly from: number; to: number; value: string } | null;
}

/** A member of an element, whose number among its like is known when that ends. */
interface Member {
  /** What its step begins with. */
  readonly name: string;
  /** White space; whether that means something is known when the element ends. */
  readonly isBlank: boolean;
  readonly make: (step: string) => Node;
}

/** The tree of an XML document, or why it has none. Paths begin with "/". */
export function* xmlTree(text: string, nodes: Nodes): Generator<void, Node | NoTree> {
  const root: Open = {
    name: "",
    type: "document",
    from: 0,
    scope: new Map([["xml", XML]]),
    keeps: false,
    keyed: new Map(),
    listed: [],
    text: null,
  };
  const stack = [root];
  let at = text[0] === "\ufeff" ? 1 : 0;
  let elements = 0;
  const fail = (reason: string): NoTree => ({ offset: at, reason });
  while (at < text.length) {
    if (nodes.due()) yield;
    const within = stack[stack.length - 1];
    if (text[at] !== "<") {
      const to = indexOf(text, "<", at);
      const raw = text.slice(at, to);
      if (within === root && raw.trim() !== "") return fail("there is text outside of the root element");
      addText(within, at, to, resolved(raw));
      at = to;
    } else if (text.startsWith("<!--", at)) {
      const to = ended(text, "-->", at + 4);
      if (to === null) return fail("a comment does not end");
      add(within, nodes, "/comment()", "comment", at, to, text.slice(at + 4, to - 3), text);
      at = to;
    } else if (text.startsWith("<![CDATA[", at)) {
      const to = ended(text, "]]>", at + 9);
      if (to === null) return fail("a CDATA section does not end");
      if (within === root) return fail("there is text outside of the root element");
      addText(within, at, to, text.slice(at + 9, to - 3));
      at = to;
    } else if (text.startsWith("<?", at)) {
      const to = ended(text, "?>", at + 2);
      if (to === null) return fail("a processing instruction does not end");
      // The declaration says how the document is written, not what it means.
      if (!/^<\?xml\s/i.test(text.slice(at, at + 6))) {
        add(
          within,
          nodes,
          "/processing-instruction()",
          "instruction",
          at,
          to,
          text.slice(at + 2, to - 2),
          text,
        );
      }
      at = to;
    } else if (text.startsWith("<!DOCTYPE", at)) {
      const raw = matched(DOCTYPE, text, at);
      if (raw === null || within !== root) return fail("the document type does not end");
      add(within, nodes, "/doctype()", "doctype", at, at + raw.length, raw, text);
      at += raw.length;
    } else if (text.startsWith("</", at)) {
      const name = matched(NAME, text, at + 2) ?? "";
      const to = at + 2 + name.length + (matched(SPACE, text, at + 2 + name.length)?.length ?? 0);
      if (within === root || name !== within.name || text[to] !== ">") {
        return fail(`</${name}> closes nothing`);
      }
      stack.pop();
      close(within, stack[stack.length - 1], to + 1, text, nodes);
      at = to + 1;
    } else {
      const opened = startTag(text, at, within, nodes);
      if ("reason" in opened) return opened;
      if (within === root && ++elements > 1) return fail("there are two root elements");
      endText(within, nodes, text);
      if (opened.isEmpty) close(opened.open, within, opened.to, text, nodes);
      else stack.push(opened.open);
      at = opened.to;
    }
  }
  if (stack.length > 1) return fail(`<${stack[stack.length - 1].name}> does not end`);
  if (elements === 0) return fail("there is no element");
  return nodes.joint({ type: "document", step: "", from: 0, to: at }, root.keyed, placed(root.listed), "");
}

function startTag(
  text: string,
  from: number,
  within: Open,
  nodes: Nodes,
): { readonly open: Open; readonly to: number; readonly isEmpty: boolean } | NoTree {
  const name = matched(NAME, text, from + 1);
  if (name === null) return { offset: from, reason: "a tag has no name" };
  let at = from + 1 + name.length;
  const found: { name: string; raw: string; from: number; to: number }[] = [];
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const attribute = ATTRIBUTE.exec(text);
    if (!attribute) break;
    const to = at + attribute[0].length;
    found.push({ name: attribute[1], raw: attribute[2], from: to - attribute[2].length, to });
    at = to;
  }
  at += matched(SPACE, text, at)?.length ?? 0;
  const isEmpty = text.startsWith("/>", at);
  if (!isEmpty && text[at] !== ">") return { offset: at, reason: `<${name}> is malformed` };
  const scope = scopeOf(within.scope, found);
  const keyed = new Map<string, Node>();
  let keeps = within.keeps;
  for (const attribute of found) {
    if (declared(attribute.name) !== null) continue;
    // Without a prefix an attribute is in no namespace (Namespaces in XML 1.0, 6.2).
    const key = attribute.name.includes(":") ? expanded(attribute.name, scope) : attribute.name;
    const value = resolved(attribute.raw.slice(1, -1).replace(/[\t\r\n]/g, " "));
    if (keyed.has(key)) return { offset: attribute.from, reason: `${attribute.name} is there twice` };
    if (key === `{${XML}}space`) keeps = value === "preserve";
    const place = { type: "attribute", step: `/@${attribute.name}`, from: attribute.from, to: attribute.to };
    keyed.set(key, nodes.leaf(place, `=${key === TYPE ? expanded(value, scope) : value}`, attribute.raw));
  }
  const open: Open = {
    name,
    type: `<${expanded(name, scope)}`,
    from,
    scope,
    keeps,
    keyed,
    listed: [],
    text: null,
  };
  return { open, to: at + (isEmpty ? 2 : 1), isEmpty };
}

/** The namespaces in an element with these attributes. */
function scopeOf(
  outer: Scope,
  attributes: readonly { readonly name: string; readonly raw: string }[],
): Scope {
  let scope: Map<string, string> | null = null;
  for (const { name, raw } of attributes) {
    const prefix = declared(name);
    if (prefix !== null) (scope ??= new Map(outer)).set(prefix, resolved(raw.slice(1, -1)));
  }
  return scope ?? outer;
}

/** The prefix that an attribute declares; null where it is none that does. */
function declared(name: string): string | null {
  if (name === "xmlns") return "";
  return name.startsWith("xmlns:") ? name.slice(6) : null;
}

/** A name with its namespace instead of its prefix; as it is where that is not declared. */
function expanded(name: string, scope: Scope): string {
  const colon = name.indexOf(":");
  const namespace = scope.get(name.slice(0, Math.max(0, colon)));
  if (namespace === undefined) return name;
  return namespace === "" ? name.slice(colon + 1) : `{${namespace}}${name.slice(colon + 1)}`;
}

function addText(within: Open, from: number, to: number, value: string): void {
  if (within.text === null) within.text = { from, to, value };
  else {
    within.text.value += value;
    within.text.to = to;
  }
}

/** The text that has come is all of it. */
function endText(within: Open, nodes: Nodes, source: string): void {
  const { text } = within;
  within.text = null;
  if (text === null || text.value === "") return;
  const { from, to, value } = text;
  within.listed.push({
    name: "/text()",
    isBlank: value.trim() === "",
    make: (step) => nodes.leaf({ type: "text", step, from, to }, `=${value}`, source.slice(from, to)),
  });
}

/** A member that is one piece of source. */
function add(
  within: Open,
  nodes: Nodes,
  name: string,
  type: string,
  from: number,
  to: number,
  value: string,
  source: string,
): void {
  endText(within, nodes, source);
  within.listed.push({
    name,
    isBlank: false,
    make: (step) => nodes.leaf({ type, step, from, to }, value, value),
  });
}

function close(element: Open, parent: Open, to: number, source: string, nodes: Nodes): void {
  endText(element, nodes, source);
  const { name, type, from, keyed, keeps } = element;
  const isOnlyText = element.listed.length === 1;
  const kept = keeps || isOnlyText ? element.listed : element.listed.filter(({ isBlank }) => !isBlank);
  const listed = placed(kept);
  parent.listed.push({
    name: `/${name}`,
    isBlank: false,
    make: (step) => nodes.joint({ type, step, from, to }, keyed, listed, name),
  });
}

/** Members with their steps: those of which there are several have a number. */
function placed(members: readonly Member[]): Node[] {
  const times = new Map<string, number>();
  for (const { name } of members) times.set(name, (times.get(name) ?? 0) + 1);
  const seen = new Map<string, number>();
  return members.map(({ name, make }) => {
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    return make(times.get(name) === 1 ? name : `${name}[${number}]`);
  });
}

/** With references to characters, and to the entities that XML knows, as what they stand for; line ends as one. */
function resolved(raw: string): string {
  const lines = raw.includes("\r") ? raw.replace(/\r\n?/g, "\n") : raw;
  if (!lines.includes("&")) return lines;
  return lines.replace(/&(?:#x([\da-fA-F]{1,6})|#(\d{1,7})|(\w+));/g, (whole, hex, decimal, name) => {
    if (name !== undefined) return Object.hasOwn(KNOWN, name) ? KNOWN[name] : whole;
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function matched(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** One past the end of what ends with `end`; null where it does not. */
function ended(text: string, end: string, from: number): number | null {
  const at = text.indexOf(end, from);
  return at < 0 ? null : at + end.length;
}

function indexOf(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at;
}
