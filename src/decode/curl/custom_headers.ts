// What becomes of the values of -H. Pure; texts have one character a byte.

/** The headers of -H: "Name: value" is sent as it is, "Name:" takes one of curl's own away, "Name;" has no value. */
export class CustomHeaders {
  readonly #named = new Set<string>();
  /** The lines to send. */
  lines: string[] = [];

  constructor(given: readonly string[]) {
    for (const header of given) {
      if (header.startsWith("@")) {
        throw new SyntaxError(
          `Cannot read the file ${header.slice(1)}: the page has no files. Paste its headers instead.`,
        );
      }
      const colon = header.indexOf(":");
      const isEmpty = colon < 0 && /;\s*$/.test(header);
      if (colon < 0 && !isEmpty) continue;
      const name = isEmpty ? header.replace(/;\s*$/, "") : header.slice(0, colon);
      this.#named.add(name.toLowerCase());
      if (isEmpty) this.lines.push(`${name}:`);
      else if (header.slice(colon + 1).trim() !== "") this.lines.push(header);
    }
  }

  /** Whether this name was given, also to take it away. */
  has(name: string): boolean {
    return this.#named.has(name.toLowerCase());
  }

  /** Takes the lines with this name out; null where it was not given. */
  take(name: string): string[] | null {
    if (!this.has(name)) return null;
    const isNamed = (line: string) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`);
    const taken = this.lines.filter(isNamed);
    this.lines = this.lines.filter((line) => !isNamed(line));
    return taken;
  }

  /** Adds a line unless its name was given. */
  default(line: string): void {
    const name = line.slice(0, line.indexOf(":"));
    if (this.has(name)) return;
    this.#named.add(name.toLowerCase());
    this.lines.push(line);
  }
}
