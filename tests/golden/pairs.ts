// The golden pairs: every file NAME.EXT in a folder named for a kind of view, and beside it NAME-formatted.EXT, what
// that view makes of it, and NAME-fault.txt with the first fault, where there is one.

import { findCharset } from "../../src/decode/charset.ts";
import { hexLines } from "../../src/decode/views/hex.ts";
import { formatters } from "../../src/decode/views/mod.ts";

/** A source, and where what is made of it stands. */
export interface Pair {
  /** "xml/mixed" */
  readonly name: string;
  readonly kind: keyof typeof formatters | "hex";
  readonly source: URL;
  readonly formatted: URL;
  readonly fault: URL;
}

/** All pairs, by name. */
export function pairs(): Pair[] {
  const root = new URL("./", import.meta.url);
  return [...Object.keys(formatters), "hex"].flatMap((kind) => {
    const folder = new URL(`${kind}/`, root);
    return filesIn(folder).map((file): Pair => {
      const dot = file.lastIndexOf(".");
      const name = file.slice(0, dot);
      return {
        name: `${kind}/${name}`,
        kind: kind as Pair["kind"],
        source: new URL(file, folder),
        formatted: new URL(`${name}-formatted${kind === "hex" ? ".txt" : file.slice(dot)}`, folder),
        fault: new URL(`${name}-fault.txt`, folder),
      };
    });
  });
}

/** The text of a source, by its own byte order mark or declaration. */
export function readSource(pair: Pair): string {
  const bytes = Deno.readFileSync(pair.source);
  return new TextDecoder(findCharset(null, bytes).encoding).decode(bytes);
}

/** What the view makes of the source now; `fault` is "" where there is none. */
export function layOut(pair: Pair): { readonly text: string; readonly fault: string } {
  if (pair.kind === "hex") return { text: hexLines(Deno.readFileSync(pair.source), 0), fault: "" };
  const formatter = formatters[pair.kind].create();
  const text = formatter.receive(readSource(pair)) + formatter.end();
  const { fault } = formatter;
  return { text, fault: fault ? `line ${fault.line}, column ${fault.column}: ${fault.text}` : "" };
}

function filesIn(folder: URL): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => !MADE.test(name)).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

const MADE = /-formatted\.[\w-]+$|-fault\.txt$/;
