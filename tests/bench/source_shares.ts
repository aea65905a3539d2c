// Which source gave which bytes of a bundle: reads the source map beside it (ECMA-426). A mapping counts from its place
// to the next one; what has none, such as the space that a line begins with, goes with what is before it.

/** Base64 digits by their values. */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Each digit has five bits and, in the sixth, whether more follow. */
const [BITS, MORE] = [5, 32];

/** What of a source map is read here. */
export interface SourceMap {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/** Bytes of `script` in UTF-8 by their sources; "" for what stands before all of them. */
export function sourceShares(script: string, { sources, mappings }: SourceMap): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  const add = (source: string, text: string) => {
    if (text !== "") shares.set(source, (shares.get(source) ?? 0) + new TextEncoder().encode(text).length);
  };
  let [source, name] = [0, ""];
  const lines = script.split("\n");
  mappings.split(";").forEach((line, at) => {
    const text = `${lines[at]}${at < lines.length - 1 ? "\n" : ""}`;
    let [column, from] = [0, 0];
    for (const segment of line === "" ? [] : line.split(",")) {
      const [columns, sourceStep] = numbers(segment);
      column += columns;
      add(name, text.slice(from, column));
      source += sourceStep ?? 0;
      from = column;
      if (sourceStep !== undefined) name = sources[source];
    }
    add(name, text.slice(from));
  });
  add(name, lines.slice(mappings.split(";").length).join("\n"));
  return shares;
}

/** The numbers of a segment, each in base64 digits, the lowest first, its sign in the lowest bit. */
function numbers(segment: string): readonly number[] {
  const found: number[] = [];
  let [value, shift] = [0, 0];
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & (MORE - 1)) << shift;
    shift += BITS;
    if ((bits & MORE) !== 0) continue;
    found.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return found;
}
