// A value that is itself an address, a form, JSON or XML: what a rule names in it is masked there, too.

import { type Embedded, maskPairs } from "./address.ts";
import type { Found } from "./found.ts";
import { JsonMasker } from "./json.ts";
import { maskLooseText } from "./loose.ts";
import type { TextMasker } from "./text_masker.ts";
import { maskPatterns } from "./windows.ts";
import { XmlMasker } from "./xml.ts";

/** Values in values in values; deeper is not looked. */
const DEEPEST = 4;
/** A longer value is looked through for what looks like a field only. */
const LONGEST = 1024 * 1024;

/** Masks in values; null where there was nothing to mask. */
export function embeddedIn(found: Found, depth = 0): Embedded {
  return (value) => {
    const before = found.count;
    const structured = value.length > LONGEST ? null : readStructured(value, found);
    const pairs = structured ??
      (depth < DEEPEST && /^[^\s<>"]*[?&][^=]*=/.test(value) ? inAddress(value, found, depth) : value);
    const structure = structured === null ? null : /^\s*</.test(value) ? "xml" : "json";
    const masked = maskPatterns(maskLooseText(pairs, found, { structured: structure }), found);
    return found.count > before ? masked : null;
  };
}

function inAddress(value: string, found: Found, depth: number): string {
  const from = value.search(/[?&]/);
  const isForm = value[from] === "&";
  const at = isForm ? 0 : from;
  return value.slice(0, at) + maskPairs(value.slice(at), found, embeddedIn(found, depth + 1));
}

/** JSON or XML, if all of it can be read as that; null otherwise. */
function readStructured(value: string, found: Found): string | null {
  const { rules } = found;
  const begin = value.trimStart()[0];
  const isJson = begin === "{" || begin === "[" || begin === '"';
  if (isJson ? !rules.has.json : begin !== "<" || !rules.has.xml) return null;
  const tried = found.rehearse();
  const same = (text: string) => text;
  const masker: TextMasker = isJson ? new JsonMasker(tried.found, same) : new XmlMasker(tried.found, same);
  const masked = masker.receive(value) + masker.end();
  if (tried.found.doubts > 0) return null;
  tried.keep();
  return masked;
}
