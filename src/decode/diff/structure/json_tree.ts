// JSON (RFC 8259) as a tree. The order of an object's members means nothing, numbers are their values, strings their
// characters. Of members with one name, each is compared with the one that has the same place among them. Several texts
// one after the other (NDJSON, RFC 7464) are a list. Pure; depth is bounded by memory alone.

import type { Node, Nodes, NoTree } from "./tree.ts";

const SPACE = /[ \t\r\n\x1e\ufeff]*/y;
const SCALAR = /[^\s,:{}[\]"\x1e]+/y;
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const ZERO = 0x30;
/** A name that can stand in a path as it is. */
const PLAIN = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

interface Open {
  readonly type: "object" | "array" | "texts";
  readonly step: string;
  readonly from: number;
  readonly keyed: Map<string, Node>;
  readonly listed: Node[];
  /** How often each name was there; null until one comes again. */
  names: Map<string, number> | null;
  /** The name whose value comes next. */
  name: string | null;
}

/** The tree of a JSON text, or why it has none. Paths begin with "$". */
export function* jsonTree(text: string, nodes: Nodes): Generator<void, Node | NoTree> {
  const all = open("texts", "", 0);
  const stack: Open[] = [all];
  let at = skipped(text, 0);
  const fail = (reason: string): NoTree => ({ offset: at, reason });
  /** What may come: a value, or after one a comma or an end. */
  let expects: "value" | "value or end" | "comma" = "value";
  while (at < text.length || stack.length > 1) {
    if (nodes.due()) yield;
    if (at >= text.length) return fail("it ends early");
    const within = stack[stack.length - 1];
    const sign = text[at];
    if (within !== all && (sign === "}" || sign === "]") && expects !== "value") {
      if ((sign === "}") !== (within.type === "object")) return fail(`"${sign}" closes nothing`);
      stack.pop();
      at++;
      put(stack[stack.length - 1], closed(within, at, nodes));
      expects = "comma";
      at = skipped(text, at);
      continue;
    }
    if (expects === "comma" && within !== all) {
      if (sign !== ",") return fail("a comma is missing");
      at = skipped(text, at + 1);
      expects = "value";
      continue;
    }
    if (within.type === "object" && within.name === null) {
      const name = quoted(text, at);
      if (name === null) return fail("a name is missing");
      at = skipped(text, at + name.length);
      if (text[at] !== ":") return fail("a colon is missing");
      at = skipped(text, at + 1);
      within.name = unquoted(name) ?? name;
      expects = "value";
      continue;
    }
    const step = stepIn(within);
    if (sign === "{" || sign === "[") {
      stack.push(open(sign === "{" ? "object" : "array", step, at));
      at = skipped(text, at + 1);
      expects = "value or end";
      continue;
    }
    const raw = sign === '"' ? quoted(text, at) : matched(SCALAR, text, at);
    if (raw === null) return fail("a value is missing");
    const leaf = leafOf(raw, step, at, nodes);
    if (leaf === null) return fail(`${raw.slice(0, 40)} is no value`);
    put(within, leaf);
    at = skipped(text, at + raw.length);
    expects = "comma";
  }
  if (all.listed.length === 0) return fail("there is nothing");
  // One text is itself; its step in the list of one is not part of paths.
  return all.listed.length === 1 ? { ...all.listed[0], step: "$" } : { ...closed(all, at, nodes), step: "$" };
}

function open(type: Open["type"], step: string, from: number): Open {
  return { type, step, from, keyed: new Map(), listed: [], names: null, name: null };
}

function closed({ type, step, from, keyed, listed }: Open, to: number, nodes: Nodes): Node {
  return nodes.joint({ type, step, from, to }, keyed, listed, "");
}

function stepIn({ type, name, listed }: Open): string {
  if (type !== "object" || name === null) return `[${listed.length}]`;
  return PLAIN.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** A member of what is open, with the name that was read. */
function put(within: Open, node: Node): void {
  if (within.type !== "object") {
    within.listed.push(node);
    return;
  }
  const name = within.name ?? "";
  within.name = null;
  if (!within.keyed.has(name)) {
    within.keyed.set(name, node);
    return;
  }
  const names = within.names ??= new Map();
  const times = (names.get(name) ?? 1) + 1;
  names.set(name, times);
  within.keyed.set(`${name}\0${times}`, { ...node, step: `${node.step}#${times}` });
}

function leafOf(raw: string, step: string, from: number, nodes: Nodes): Node | null {
  const place = (type: string) => ({ type, step, from, to: from + raw.length });
  if (raw[0] === '"') return nodes.leaf(place("string"), `"${unquoted(raw) ?? raw}`, raw);
  if (raw === "true" || raw === "false") return nodes.leaf(place("boolean"), raw, raw);
  if (raw === "null") return nodes.leaf(place("null"), raw, raw);
  const value = numberOf(raw);
  return value === null ? null : nodes.leaf(place("number"), value, raw);
}

/** A number as its digits and the power of ten of the last one, so that equal numbers are the same; null for none. */
export function numberOf(raw: string): string | null {
  const found = NUMBER.exec(raw);
  if (!found) return null;
  const [, sign, whole, fraction = "", power = "0"] = found;
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return "0";
  // Not by an expression: those look for an end of zeros at each zero, and there may be millions.
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === ZERO) end--;
  const kept = digits.slice(0, end);
  const exponent = BigInt(power) - BigInt(fraction.length) + BigInt(digits.length - kept.length);
  return `${sign}${kept}e${exponent}`;
}

/** The string that begins here, with its quotes; null where there is none, or no end of it. */
function quoted(text: string, from: number): string | null {
  if (text[from] !== '"') return null;
  for (let at = from + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) return text.slice(from, at + 1);
    if (unit === 0x5c) at++;
  }
  return null;
}

/** What a string in quotes says; null where JSON does not know it. */
function unquoted(raw: string): string | null {
  if (!raw.includes("\\")) return raw.slice(1, -1);
  try {
    return JSON.parse(raw);
  } catch {
    return null;
  }
}

function matched(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

function skipped(text: string, at: number): number {
  return at + (matched(SPACE, text, at)?.length ?? 0);
}
