// Goes over a JSON text in a file without holding it: finds where the elements of one array are. What is in them is only
// looked at as far as is needed to find their ends. It knows no HAR.

/** So much is read at once. */
const WINDOW = 256 * 1024;
/** A longer name of a member is none that is looked for. */
const LONGEST_NAME = 100;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/** A value in the text: its first byte, and one past its last. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Reads a JSON text by position. */
export class JsonFile {
  #window = new Uint8Array(0);
  #windowStart = 0;
  position = 0;

  /** `read` fills a buffer from a position, and returns how many bytes it got. */
  constructor(private readonly read: (position: number, into: Uint8Array) => number) {
    // A byte order mark (RFC 8259, 8.1, lets readers pass over it).
    if (this.#peek() === 0xef) this.position = 3;
  }

  /**
   * The elements of the array that is found by these names of members, one within the other. Throws SyntaxError with the
   * place where the text is none of JSON, and where there is no such array.
   */
  *elements(...path: readonly string[]): Generator<Place, void, void> {
    for (const name of path) {
      if (!this.#enter(name)) throw new SyntaxError(`it has no ${path.join(".")}`);
    }
    if (this.#byte() !== OPEN_LIST) {
      throw new SyntaxError(`${path.join(".")} is no list, at byte ${this.position}`);
    }
    this.position++;
    if (this.#byte() === CLOSE_LIST) return;
    for (;;) {
      this.#byte();
      const start = this.position;
      this.#skipValue();
      yield { start, end: this.position };
      const next = this.#byte();
      if (next === CLOSE_LIST) return;
      if (next !== COMMA) throw this.#wrong();
      this.position++;
    }
  }

  /** Goes to the value of a member of the object that is here; false where it has none. */
  #enter(name: string): boolean {
    if (this.#byte() !== OPEN) throw this.#wrong();
    this.position++;
    if (this.#byte() === CLOSE) return false;
    for (;;) {
      if (this.#byte() !== QUOTE) throw this.#wrong();
      const start = this.position;
      this.#skipString();
      const found = this.position - start <= LONGEST_NAME && this.#text(start, this.position) === name;
      if (this.#byte() !== COLON) throw this.#wrong();
      this.position++;
      if (found) return true;
      this.#byte();
      this.#skipValue();
      const next = this.#byte();
      if (next === CLOSE) return false;
      if (next !== COMMA) throw this.#wrong();
      this.position++;
    }
  }

  #text(start: number, end: number): unknown {
    const bytes = new Uint8Array(end - start);
    this.read(start, bytes);
    return JSON.parse(new TextDecoder().decode(bytes));
  }

  #skipValue(): void {
    const first = this.#peek();
    if (first === QUOTE) return this.#skipString();
    if (first !== OPEN && first !== OPEN_LIST) {
      const start = this.position;
      for (let byte = this.#peek(); isOfLiteral(byte); byte = this.#peek()) this.position++;
      if (this.position === start) throw this.#wrong();
      return;
    }
    for (let depth = 0;;) {
      const byte = this.#peek();
      if (byte === QUOTE) {
        this.#skipString();
        continue;
      }
      if (byte === -1) throw this.#wrong();
      this.position++;
      if (byte === OPEN || byte === OPEN_LIST) depth++;
      else if ((byte === CLOSE || byte === CLOSE_LIST) && --depth === 0) return;
    }
  }

  #skipString(): void {
    this.position++;
    for (;;) {
      if (this.#peek() === -1) throw this.#wrong();
      const window = this.#window;
      let at = this.position - this.#windowStart;
      while (at < window.length && window[at] !== QUOTE && window[at] !== BACKSLASH) at++;
      this.position = this.#windowStart + at;
      if (at === window.length) continue;
      if (window[at] === QUOTE) {
        this.position++;
        return;
      }
      this.position += 2;
    }
  }

  /** The next byte that is no white space. */
  #byte(): number {
    for (;;) {
      const byte = this.#peek();
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
      this.position++;
    }
  }

  /** The byte that is here; -1 at the end. */
  #peek(): number {
    const at = this.position - this.#windowStart;
    if (at >= 0 && at < this.#window.length) return this.#window[at];
    const window = new Uint8Array(WINDOW);
    this.#windowStart = this.position;
    this.#window = window.subarray(0, this.read(this.position, window));
    return this.#window.length === 0 ? -1 : this.#window[0];
  }

  #wrong(): SyntaxError {
    if (this.#peek() === -1) return new SyntaxError(`it ends at byte ${this.position}, within its JSON`);
    return new SyntaxError(`it is not JSON at byte ${this.position}`);
  }
}

/** A byte of a number, or of true, false and null. */
function isOfLiteral(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x2b || byte === 0x2d ||
    byte === 0x2e || byte === 0x45;
}
