// Start tags of XML: their names, and attributes whose values are masked or left out. Pure.

import { type Found, MASK } from "./found.ts";
import type { RuleSet, Verdict } from "./rule_set.ts";

/** A start tag as it came, from "<" to ">". */
export interface Tag {
  readonly source: string;
  readonly name: string;
}

type Characters = (units: string) => string;

const WHERE = "XML";

/** White space, a name, and a value in quotes; one without, which is a fault, too. */
const ATTRIBUTE = /(\s*)([^\s=\/>"'<]+)(\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s>"'\/]+))/g;
/** What is declared of a masked element stays: namespaces, and the type of what a standard names by an address. */
const DECLARED = /^(?:xmlns(?::.*)?|xsi:.*|xml:.*)$/;
const STANDARD = /^(?:http:\/\/(?:docs\.oasis-open|www\.w3|schemas\.xmlsoap)\.org\/|wsse:)[\w.\/#:-]*$/;
/** Attributes that name what their element holds: <property name="password" value="…"/>. */
const NAMING = /^(?:name|key|id|field|property)$/i;
const NAMED_VALUE = /^(?:value|content|data)$/i;

const NAME = /[^\s\/>=<"']*/y;

/** The name that begins at `from`. */
export function nameOf(source: string, from: number): string {
  NAME.lastIndex = from;
  return NAME.exec(source)?.[0] ?? "";
}

/** What an attribute that names the content says of it; null where none does. */
export function namedBy(
  tag: Tag,
  rules: RuleSet,
  characters: Characters,
): { readonly verdict: Exclude<Verdict, null>; readonly name: string } | null {
  for (const match of attributesOf(tag).matchAll(ATTRIBUTE)) {
    if (!NAMING.test(match[2])) continue;
    const name = entitiesDecoded(characters(match[4] ?? match[5] ?? match[6]));
    const verdict = rules.xml(name);
    if (verdict !== null) return { verdict, name };
  }
  return null;
}

/**
 * The tag with values masked: of "all" attributes but what is declared, of the one that holds the "value" of a named
 * one besides those of a rule, or of those of a rule alone ("named"). `owner` is under what "all" and "value" count.
 */
export function maskAttributes(
  tag: Tag,
  found: Found,
  characters: Characters,
  which: "all" | "value" | "named",
  owner: string,
): string {
  const attributes = attributesOf(tag);
  if (!attributes.includes("=")) return tag.source;
  const masked = attributes.replace(
    ATTRIBUTE,
    (
      whole,
      white: string,
      rawName: string,
      equals: string,
      double?: string,
      single?: string,
      bare?: string,
    ) => {
      const name = characters(rawName);
      const value = double ?? single ?? bare ?? "";
      const own = DECLARED.test(name) ? null : found.rules.xml(name);
      const withOwner = which === "all"
        ? !DECLARED.test(name) && !STANDARD.test(value)
        : which === "value" && NAMED_VALUE.test(name);
      const verdict = own ?? (withOwner ? "mask" : null);
      if (verdict === null || value === "" || value === MASK) return whole;
      found.field(WHERE, own === null ? owner : name, verdict, entitiesDecoded(characters(value)));
      if (verdict === "omit") return "";
      const quote = single === undefined ? '"' : "'";
      return `${white}${rawName}${equals}${quote}${MASK}${quote}`;
    },
  );
  return `<${tag.name}${masked}`;
}

function attributesOf({ source, name }: Tag): string {
  return source.slice(1 + name.length);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Text without its character and predefined entity references. */
export function entitiesDecoded(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot|apos));/g, (
    whole,
    hex: string | undefined,
    decimal: string | undefined,
    name: string | undefined,
  ) => {
    if (name !== undefined) return ENTITIES[name];
    const code = hex !== undefined ? parseInt(hex, 16) : parseInt(decimal ?? "", 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
