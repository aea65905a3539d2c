// Cuts text that comes in pieces into lines for display. CR LF, LF and CR each end a line; a line that is
// longer than a display can bear is cut into several. Knows nothing of where the text comes from.

/** No line is longer, in UTF-16 units. An editor may draw only a part of a line of 4,000 and more. */
export const LINE_LIMIT = 3999;

/** Lines that follow one another. */
export interface Lines {
  readonly texts: string[];
  /** Indices in `texts` of those that go on the line before because that was cut, in order. */
  readonly continued: number[];
}

/** What a LineCutter remembers between two pieces; plain data. */
export interface CutterState {
  /** The beginning of the line that has not ended yet; at most LINE_LIMIT units. */
  readonly partial: string;
  /** Whether that goes on a line that was cut. */
  readonly goesOn: boolean;
  /** Whether the last piece ended with CR, so that LF may belong to it. */
  readonly afterCr: boolean;
}

/** Puts lines together. The last line need not end; an empty one after the last line end is none. */
export class LineCutter {
  #partial: string;
  #goesOn: boolean;
  #afterCr: boolean;

  constructor(state: CutterState = { partial: "", goesOn: false, afterCr: false }) {
    this.#partial = state.partial;
    this.#goesOn = state.goesOn;
    this.#afterCr = state.afterCr;
  }

  get state(): CutterState {
    return { partial: this.#partial, goesOn: this.#goesOn, afterCr: this.#afterCr };
  }

  /** Appends to `into` the lines that end in `text`. */
  receive(text: string, into: Lines): void {
    if (text === "") return;
    const rest = this.#normalise(text);
    let from = 0;
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n", from)) {
      this.#grow(rest.slice(from, end), into);
      this.#endLine(into);
      from = end + 1;
    }
    this.#grow(from === 0 ? rest : rest.slice(from), into);
  }

  /** The same as `receive(parts.join("\n"))`, where more than one part means that none holds a line end. */
  receiveParts(parts: readonly string[], into: Lines): void {
    if (parts.length === 1 || this.#afterCr) return this.receive(parts.join("\n"), into);
    this.#grow(parts[0], into);
    for (let index = 1; index < parts.length; index++) {
      this.#endLine(into);
      this.#grow(parts[index], into);
    }
  }

  /** Appends the last line, if it has not ended. */
  end(into: Lines): void {
    if (this.#afterCr || this.#partial !== "") this.#emit(this.#partial, into);
  }

  /** With LF for every line end. A CR at the end waits for what follows. */
  #normalise(text: string): string {
    let rest = text;
    if (this.#afterCr) rest = rest.startsWith("\n") ? rest : `\n${rest}`;
    this.#afterCr = rest.endsWith("\r");
    if (this.#afterCr) rest = rest.slice(0, -1);
    return rest.includes("\r") ? rest.replace(/\r\n?/g, "\n") : rest;
  }

  #grow(text: string, into: Lines): void {
    if (this.#partial.length + text.length <= LINE_LIMIT) {
      this.#partial += text;
      return;
    }
    const line = this.#partial + text;
    let from = 0;
    while (line.length - from > LINE_LIMIT) {
      const to = from + LINE_LIMIT - (isHighSurrogate(line.charCodeAt(from + LINE_LIMIT - 1)) ? 1 : 0);
      this.#emit(line.slice(from, to), into);
      this.#goesOn = true;
      from = to;
    }
    this.#partial = line.slice(from);
  }

  #endLine(into: Lines): void {
    this.#emit(this.#partial, into);
    this.#partial = "";
    this.#goesOn = false;
  }

  #emit(line: string, into: Lines): void {
    if (this.#goesOn) into.continued.push(into.texts.length);
    into.texts.push(line);
  }
}

function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}
