// A command line as a shell reads it (POSIX, 2.2 and 2.3, and bash's $'…'): words, pipes, here-documents. What only a
// running shell can know, such as the value of a variable, is refused with words. Pure.
//
// Texts here have one character a byte, so that \xff can stand in a word as it would in a shell.

/** One command of a pipeline. */
export interface Command {
  readonly words: readonly string[];
  /** What a here-document gives it; null where there is none. */
  readonly input: string | null;
}

/** The first pipeline of a text. */
export interface Pipeline {
  readonly commands: readonly Command[];
  /** What of the text was left out, in words. */
  readonly notes: readonly string[];
}

/** Reads a pipeline. Throws SyntaxError, in words. */
export function readPipeline(text: string): Pipeline {
  return new Shell(text).pipeline();
}

/** A text with one character a byte, in UTF-8. */
export function octetsOf(text: string): string {
  const parts: string[] = [];
  const bytes = new TextEncoder().encode(text);
  for (let from = 0; from < bytes.length; from += 8192) {
    parts.push(String.fromCharCode(...bytes.subarray(from, from + 8192)));
  }
  return parts.join("");
}

/** What has one character a byte as people read it. */
export function shownOf(octets: string): string {
  return new TextDecoder().decode(Uint8Array.from(octets, (character) => character.charCodeAt(0)));
}

interface Heredoc {
  readonly end: string;
  readonly quoted: boolean;
  readonly stripTabs: boolean;
}

class Shell {
  #at = 0;
  readonly #commands: Command[] = [];
  readonly #notes: string[] = [];
  #words: string[] = [];
  #heredoc: Heredoc | null = null;

  constructor(private readonly text: string) {}

  pipeline(): Pipeline {
    const { text } = this;
    this.#blank(/[ \t\r\n]/);
    while (this.#at < text.length) {
      this.#blank(/[ \t\r]/);
      const char = text[this.#at];
      if (char === undefined) break;
      if (char === "\n" || char === ";") {
        this.#end();
        if (text.slice(this.#at).trim() !== "") this.#notes.push("only the first command is read");
        return { commands: this.#commands, notes: this.#notes };
      }
      if (char === "#") this.#at = lineEnd(text, this.#at);
      else if (char === "|" && text[this.#at + 1] !== "|") this.#pipe();
      else if (char === "&" || char === "|") this.#stop();
      else if (/^[0-2]?[<>]/.test(text.slice(this.#at, this.#at + 2))) this.#redirect();
      else this.#words.push(this.#word());
    }
    this.#end();
    return { commands: this.#commands, notes: this.#notes };
  }

  #blank(kind: RegExp): void {
    for (;;) {
      while (this.#at < this.text.length && kind.test(this.text[this.#at])) this.#at++;
      const continued = /^\\\r?\n/.exec(this.text.slice(this.#at, this.#at + 3));
      if (!continued) return;
      this.#at += continued[0].length;
    }
  }

  /** The end of a command: at a line's end its here-document follows. */
  #end(): void {
    let input: string | null = null;
    if (this.#heredoc) {
      this.#at = lineEnd(this.text, this.#at) + 1;
      input = this.#readHeredoc(this.#heredoc);
    } else this.#at++;
    if (this.#words.length > 0) this.#commands.push({ words: this.#words, input });
    this.#words = [];
    this.#heredoc = null;
  }

  #pipe(): void {
    this.#commands.push({ words: this.#words, input: null });
    this.#words = [];
    this.#at++;
    this.#blank(/[ \t\r\n]/);
  }

  #stop(): void {
    this.#notes.push(`what follows ${this.text[this.#at]} is left out`);
    this.#at = this.text.length;
  }

  #redirect(): void {
    const sign = /^[0-2]?(<<-?|>>?|<)(&[0-9])?/.exec(this.text.slice(this.#at, this.#at + 5))![0];
    this.#at += sign.length;
    if (sign.includes("&")) return;
    this.#blank(/[ \t]/);
    const from = this.#at;
    const word = this.#word();
    if (sign.startsWith("<<")) {
      const quoted = /['"\\]/.test(this.text.slice(from, this.#at));
      this.#heredoc = { end: word, quoted, stripTabs: sign === "<<-" };
    } else if (sign.endsWith("<")) {
      throw new SyntaxError(
        `Cannot read the file ${word}: the page has no files. Paste what is in it instead.`,
      );
    } else {
      this.#notes.push(`the output does not go to ${word}`);
    }
  }

  #readHeredoc({ end, quoted, stripTabs }: Heredoc): string {
    const lines: string[] = [];
    for (;;) {
      if (this.#at >= this.text.length) {
        throw new SyntaxError(
          `Cannot find the end of the text after <<: no line is ${end}. Paste all of it.`,
        );
      }
      const to = lineEnd(this.text, this.#at);
      let line = this.text.slice(this.#at, to).replace(/\r$/, "");
      this.#at = to + 1;
      if (stripTabs) line = line.replace(/^\t+/, "");
      if (line === end) return quoted ? lines.join("") : unescape(lines.join(""));
      lines.push(`${line}\n`);
    }
  }

  #word(): string {
    const { text } = this;
    let word = "";
    let braces = "";
    while (this.#at < text.length && !/[\s;|&<>]/.test(text[this.#at])) {
      const char = text[this.#at];
      const next = text[this.#at + 1];
      if (char === "'") word += this.#single();
      else if (char === '"') word += this.#double();
      else if (char === "$" && next === "'") word += this.#ansi();
      else if (char === "$" && next === '"') this.#at++;
      else if (char === "\\") {
        const end = /^\\\r?\n/.exec(text.slice(this.#at, this.#at + 3));
        if (!end) word += next ?? "";
        this.#at += end ? end[0].length : 2;
      } else {
        refuseExpansion(text, this.#at);
        if (/[{},]|\.\./.test(char + next)) braces += char;
        word += char;
        this.#at++;
      }
    }
    if (/\{[^{}]*[,.][^{}]*\}/.test(braces)) {
      throw new SyntaxError(
        `Cannot read ${quote(word)}: a shell replaces {…,…}. Put it into quotation marks.`,
      );
    }
    return word;
  }

  #single(): string {
    const end = this.text.indexOf("'", this.#at + 1);
    if (end < 0) throw unfinished("'");
    const word = this.text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return word;
  }

  #double(): string {
    const { text } = this;
    let word = "";
    for (this.#at++; text[this.#at] !== '"'; this.#at++) {
      const char = text[this.#at];
      if (char === undefined) throw unfinished('"');
      const next = text[this.#at + 1];
      if (char === "\\" && next !== undefined && '$`"\\\n'.includes(next)) {
        if (next !== "\n") word += next;
        this.#at++;
      } else {
        refuseExpansion(text, this.#at);
        word += char;
      }
    }
    this.#at++;
    return word;
  }

  #ansi(): string {
    const { text } = this;
    const from = this.#at + 2;
    let to = from;
    while (text[to] !== "'") {
      if (text[to] === undefined) throw unfinished("'");
      to += text[to] === "\\" ? 2 : 1;
    }
    this.#at = to + 1;
    return unescapeAnsi(text.slice(from, to));
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

function unfinished(mark: string): SyntaxError {
  return new SyntaxError(`Cannot read to the end: a ${mark} is not closed. Paste all of the command.`);
}

function quote(word: string): string {
  return JSON.stringify(word.length > 60 ? `${word.slice(0, 60)}…` : word);
}

/** What only the user's own shell can know. */
function refuseExpansion(text: string, at: number): void {
  const found = /^(\$[A-Za-z_]\w*|\$\{[^}]*\}|\$\([^)]*\)?|\$[0-9@*#?$!-]|`[^`]*`?)/.exec(
    text.slice(at, at + 80),
  );
  if (!found) return;
  throw new SyntaxError(
    `Cannot know what ${
      found[0]
    } stands for: only your shell does. Write its value, or put it into single quotes.`,
  );
}

/** A here-document whose end is not quoted: expansions, and a backslash before what would begin one. */
function unescape(text: string): string {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else refuseExpansion(text, at);
  }
  return text.replace(/\\([$`\\\n])/g, (_, char) => char === "\n" ? "" : char);
}

const LETTERS: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "?": "?",
};

const ESCAPE =
  /\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c([^])|([abeEfnrtv\\'"?]))/g;

function unescapeAnsi(text: string): string {
  return text.replace(ESCAPE, (_, hex, short, long, octal, control, letter) => {
    if (letter !== undefined) return LETTERS[letter];
    if (short ?? long) return octetsOf(String.fromCodePoint(parseInt(short ?? long, 16)));
    const byte = control === undefined
      ? (hex === undefined ? parseInt(octal, 8) & 0xff : parseInt(hex, 16))
      : control.charCodeAt(0) & 0x1f;
    if (byte !== 0) return String.fromCharCode(byte);
    throw new SyntaxError("Cannot read $'…' with a byte 0: no shell passes it on. Give the request in hex.");
  });
}

/** What `printf` writes for its format and no arguments (POSIX, printf). */
export function printed(format: string): string {
  return format.replace(
    /%%|\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|([abefnrtv\\'"]))/g,
    (all, octal, hex, letter) => {
      if (all === "%%") return "%";
      if (letter !== undefined) return LETTERS[letter];
      return String.fromCharCode(octal === undefined ? parseInt(hex, 16) : parseInt(octal, 8) & 0xff);
    },
  );
}
