// Text as HTML that shows it as it is: nothing of it can be markup, and what would not show, or would change how what is
// around it shows, is named. Pure.

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Markup, control characters but for line feed and tab, and marks that change the direction of writing. */
// deno-lint-ignore no-control-regex -- these are what is looked for
const SPECIAL = /[&<>"'\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The text, for elements and attributes. */
export function escaped(text: string): string {
  return text.replace(SPECIAL, (char) => ENTITIES[char] ?? `<i>${codeOf(char)}</i>`);
}

/** The same for attributes, where there can be no elements. */
export function inAttribute(text: string): string {
  return text.replace(SPECIAL, (char) => ENTITIES[char] ?? codeOf(char));
}

/** "U+000D" */
function codeOf(char: string): string {
  return `U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** "1,234 B", "12.3 kB" */
export function sizeText(bytes: number): string {
  if (bytes < 10_000) return `${bytes.toLocaleString("en")} B`;
  const [unit, name] = bytes < 1e6 ? [1e3, "kB"] : bytes < 1e9 ? [1e6, "MB"] : [1e9, "GB"];
  return `${(bytes / (unit as number)).toLocaleString("en", { maximumFractionDigits: 1 })} ${name}`;
}

/** "12.3 ms", "4.56 s" */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${ms.toLocaleString("en", { maximumFractionDigits: ms < 100 ? 1 : 0 })} ms`;
  return `${(ms / 1_000).toLocaleString("en", { maximumFractionDigits: 2 })} s`;
}
