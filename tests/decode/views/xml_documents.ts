// Random XML documents, and an independent judge of what laying them out did: tokens by a plain regular expression,
// and the events of saxes, which knows nothing of layout.

import { SaxesParser } from "saxes";
import { oneOf, type Random, upTo } from "./pieces.ts";

const NAMES = ["a", "b", "q:price", "soapenv:Body", "ä", "x-1.2_y"];
const TEXTS = [
  "text",
  "two words",
  "line\n  line",
  " led by space",
  "&lt;&#228;&amp;",
  // Not alone: with others behind it, it might become the end of a section, which text must not hold.
  "].",
  ">",
  "–€",
  "x\r\ny",
  "\t.\t",
];
const WHITE = ["", "", "", " ", "\n", "\r\n    ", "\t", "  \n  "];
const ATTRIBUTES = [
  ' id="1"',
  " say='\"hi\" > all'",
  ' q = "&amp; x"',
  "\n  w='a\nb'",
  '\tv\n= "1"',
  " \r\n\n\tu = '/>'",
  ' e=""',
];

/** A well-formed document without a document type (half of them), or with one. Some are all text, some all markup. */
export function randomDocument(random: Random): string {
  const textiness = oneOf(random, [0, 0.1, 0.3, 0.6]);
  const white = () => oneOf(random, WHITE);
  const misc = () =>
    random() < 0.3
      ? oneOf(random, ["<!-- c > < - -->", "<?pi > <a> ?>", "<!---->", "<?x?>"]) + white()
      : white();
  const prolog = random() < 0.5 ? '<?xml version="1.0"?>' + white() : "";
  const doctype = random() < 0.3 ? oneOf(random, DOCTYPES) + white() : "";
  return prolog + doctype + misc() + randomElement(random, textiness, 0) + misc();
}

const DOCTYPES = [
  "<!DOCTYPE a>",
  '<!DOCTYPE a SYSTEM "x>y">',
  "<!DOCTYPE a [<!ELEMENT a ANY><!-- ]>' --><?p ]> ?>\n<!ENTITY e ']>\"'>]>",
];

function randomElement(random: Random, textiness: number, depth: number): string {
  const name = oneOf(random, NAMES);
  let attributes = "";
  for (const attribute of ATTRIBUTES) if (random() < 0.1) attributes += attribute;
  if (random() < 0.1) attributes += oneOf(random, [' xml:space="preserve"', " xml:space = 'default'"]);
  if (random() < 0.15) return `<${name}${attributes}${oneOf(random, ["", " ", "\n"])}/>`;
  let content = "";
  const count = depth > 4 ? 0 : upTo(random, 5);
  for (let i = 0; i < count; i++) {
    content += oneOf(random, WHITE);
    const kind = random();
    if (kind < textiness) content += oneOf(random, TEXTS);
    else if (kind < textiness + 0.05) content += oneOf(random, ["<!-- note -->", "<?go on?>", "<!--<x>-->"]);
    else if (kind < textiness * 1.2) content += oneOf(random, ["<![CDATA[ <x> & ]] > ]]>", "<![CDATA[]]>"]);
    else content += randomElement(random, textiness, depth + 1);
  }
  content += oneOf(random, WHITE);
  return `<${name}${attributes}${oneOf(random, ["", "", " "])}>${content}</${name}${
    oneOf(random, ["", "", "\n"])
  }>`;
}

/** Markup and visible text of such a document, in order; text of white space alone is left out. */
export function tokensOf(document: string): string[] {
  return split(document).filter((token) => !isWhite(token)).map((token) =>
    isStartTag(token) ? withGaps(token, () => " ") : token
  );
}

function isStartTag(token: string): boolean {
  return /^<[^!?/]/.test(token);
}

/** A start tag with other white space where a line break stands between its attributes or before its end. */
function withGaps(token: string, gap: (isEnd: boolean) => string): string {
  return token.replace(
    /"[^"]*"|'[^']*'|(?<![=\s])\s*\n\s*(?![=\s])/g,
    (found, at: number) => /^["']/.test(found) ? found : gap(/^\/?>/.test(token.slice(at + found.length))),
  );
}

/** The tokens with the lines of start tags indented: not inside an element in which text has stood before. */
function withIndentedTags(tokens: readonly string[]): string[] {
  const inline: boolean[] = [];
  return tokens.map((token) => {
    const level = inline.length;
    const isLeft = inline.includes(true);
    if (token.startsWith("</")) inline.pop();
    else if (isStartTag(token)) {
      if (!token.endsWith("/>")) inline.push(isPreserving(token));
      return isLeft ? token : withGaps(token, (isEnd) => "\n" + "  ".repeat(level + (isEnd ? 0 : 2)));
    } else if (level > 0 && isText(token)) inline[level - 1] = true;
    return token;
  });
}

/** Whether it is text that shows, or a CDATA section. */
function isText(token: string): boolean {
  return token.startsWith("<![CDATA[") || (!token.startsWith("<") && !isWhite(token));
}

function isPreserving(start: string): boolean {
  return /\sxml:space\s*=\s*["']preserve["']/.test(start);
}

function split(document: string): string[] {
  const doctype = DOCTYPES.find((one) => document.includes(one));
  if (!doctype) return document.match(TOKEN) ?? [];
  const [before, after] = document.split(doctype);
  return [...split(before), doctype, ...split(after)];
}

const TOKEN = /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<(?:"[^"]*"|'[^']*'|[^"'>])*>|[^<]+/g;

/** A node of the source: markup without content or text as a string, an element with its tags. */
type Node = string | { readonly start: string; readonly end: string; readonly content: Node[] };

/** How such a document of at most LOOKAHEAD units must be laid out, found with all of it at hand. */
export function expectedLayout(document: string): string {
  const root: Node[] = [];
  const open: { start: string; end: string; content: Node[] }[] = [];
  for (const token of withIndentedTags(split(document))) {
    const content = open.at(-1)?.content ?? root;
    if (token.startsWith("</")) open.pop()!.end = token;
    else if (isStartTag(token) && !token.endsWith("/>")) {
      const element = { start: token, end: "", content: [] };
      content.push(element);
      open.push(element);
    } else content.push(token);
  }
  return blockOf(root, 0).slice(1);
}

function blockOf(content: readonly Node[], level: number): string {
  const nodes = content.filter((node) => typeof node !== "string" || !isWhite(node));
  return nodes.map((node) =>
    "\n" + "  ".repeat(level) + (typeof node === "string" ? node : layOut(node, level))
  ).join("");
}

function layOut(element: Exclude<Node, string>, level: number): string {
  const { start, end, content } = element;
  const text = content.some((node) => typeof node === "string" && isText(node));
  if (text || isPreserving(start)) return asItCame(element);
  if (!content.every((node) => typeof node === "string" && isWhite(node))) {
    return start + blockOf(content, level + 1) + "\n" + "  ".repeat(level) + end;
  }
  const white = content.join("");
  return start + (white.includes("\n") ? "\n" + "  ".repeat(level) : white) + end;
}

function asItCame(node: Node): string {
  return typeof node === "string" ? node : node.start + node.content.map(asItCame).join("") + node.end;
}

function isWhite(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text);
}

/** An element as saxes sees it: `content` holds texts and elements in order. */
interface Element {
  readonly name: string;
  readonly attributes: string;
  readonly content: (string | Element)[];
}

/** The tree of a well-formed document. Throws for any other. */
export function treeOf(document: string): Element {
  const parser = new SaxesParser();
  const root: Element = { name: "", attributes: "", content: [] };
  const open = [root];
  const top = () => open[open.length - 1];
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name, attributes: JSON.stringify(attributes), content: [] };
    top().content.push(element);
    open.push(element);
  });
  parser.on("closetag", () => void open.pop());
  parser.on("text", (text) => {
    if (open.length > 1) top().content.push(text);
  });
  parser.on("cdata", (text) => void top().content.push(`[CDATA[${text}`));
  parser.on("comment", (text) => void top().content.push({ name: "!--", attributes: text, content: [] }));
  parser.on(
    "processinginstruction",
    ({ target, body }) => void top().content.push({ name: `?${target}`, attributes: body, content: [] }),
  );
  parser.write(document).close();
  return root;
}

/**
 * The tree without the white space that may change: texts of white space alone in elements that hold markup, but
 * neither visible text nor CDATA, and that are not inside one that does or that preserves white space. A leaf may
 * lose or get white space only if it holds a line break.
 */
export function essence(element: Element, inline = false): unknown {
  const kept = inline || element.attributes.includes('"xml:space":"preserve"') || hasText(element);
  const leaf = element.content.every((child) => typeof child === "string");
  const content = element.content.filter((child) =>
    kept || typeof child !== "string" || (leaf && !child.includes("\n") && !/\r/.test(child))
  );
  return [
    element.name,
    element.attributes,
    content.map((child) => typeof child === "string" ? child : essence(child, kept)),
  ];
}

function hasText(element: Element): boolean {
  return element.name !== "" &&
    element.content.some((child) =>
      typeof child === "string" && (/[^ \t\r\n]/.test(child) || child.startsWith("[CDATA["))
    );
}
