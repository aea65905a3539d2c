// What a filter looks for in the contents of one Exchange, test by test: each stays undecided until it was found or
// there is nothing more to look in. Whoever has the contents shows them piece by piece, in any order; the verdict may be
// there long before all was shown. Pure.

import { parseHead } from "../head.ts";
import type { Header } from "../types.ts";
import { evaluate, termsOf, type Verdict } from "./evaluate.ts";
import { type Finder, finderFor, type Guard, type Latin1, type TextWindow } from "./finder.ts";
import type { Query, Side, Term, Test } from "./types.ts";

/** The columns in which expressions are looked for. */
export type ShownColumns = Readonly<
  Record<
    "client" | "target" | "method" | "url" | "status" | "summary" | "fault" | "state",
    string | number | null
  >
>;

/** They are what the table shows of an Exchange, in which free text is looked for. */
export const SHOWN = ["client", "target", "method", "url", "status", "summary", "fault", "state"] as const;

/** Part of a Message that windows are of: its body without codings, or its bytes on the wire. */
export type WindowedPart = "body" | "wire";

interface Looking {
  readonly term: Term;
  readonly finder: Finder | null;
  /** The name of the header field. */
  readonly name: string;
  verdict: Verdict;
}

/** Judges one Exchange after the other by the same filter. */
export class Judging {
  readonly #looking: readonly Looking[];
  readonly #of: ReadonlyMap<Term, Looking>;

  constructor(private readonly query: Query, private readonly latin1: Latin1, guard?: Guard) {
    this.#looking = termsOf(query).map((term) => {
      const { test } = term;
      const sought = "sought" in test ? test.sought : test.by === "header" ? test.value : null;
      const finder = sought && finderFor(sought, test.by === "bytes", latin1, guard);
      return { term, finder, name: test.by === "header" ? test.name : "host", verdict: null };
    });
    this.#of = new Map(this.#looking.map((looking) => [looking.term, looking]));
  }

  /** The terms, in the order of `begin`'s verdicts. */
  get terms(): readonly Term[] {
    return this.#looking.map(({ term }) => term);
  }

  /** The next Exchange: what its columns say of each term (null: contents decide). */
  begin(verdicts: readonly Verdict[]): Verdict {
    this.#looking.forEach((looking, index) => looking.verdict = verdicts[index]);
    return this.verdict();
  }

  verdict(): Verdict {
    return evaluate(this.query, (term) => this.#of.get(term)!.verdict);
  }

  /** Tries expressions on the columns; those that are for columns alone are decided. */
  columns(row: ShownColumns): Verdict {
    for (const looking of this.#looking) {
      const { test } = looking.term;
      if (looking.verdict !== null || !looking.finder) continue;
      if (test.by === "column") {
        const shown = test.column === "id" || test.column === "protocol"
          ? ""
          : String(row[test.column] ?? "");
        looking.verdict = looking.finder.inText(shown);
      } else if (test.by === "anywhere" && test.sought.is === "regex") {
        const { finder } = looking;
        if (SHOWN.some((column) => row[column] !== null && finder.inText(String(row[column])))) {
          looking.verdict = true;
        }
      } else if (test.by === "host" && test.sought.is === "regex" && looking.finder.inText(hostOf(row))) {
        looking.verdict = true;
      }
    }
    return this.verdict();
  }

  /** Whether the head of that side may decide something. */
  wantsHead(side: Side): boolean {
    return this.#looking.some(({ verdict, term: { test } }) => verdict === null && concernsHead(test, side));
  }

  /** The head of a side, and header lines that came behind the body. */
  head(side: Side, bytes: Uint8Array, window: TextWindow, trailers: readonly Header[] = []): Verdict {
    let headers: readonly Header[] | null = null;
    for (const looking of this.#looking) {
      const { term: { test }, finder, name } = looking;
      if (looking.verdict !== null || !concernsHead(test, side)) continue;
      if (test.by === "anywhere") {
        const also = trailers.some((line) => finder!.inText(`${line.name}: ${line.value}`));
        if (also || finder!.inWindow(window)) looking.verdict = true;
        continue;
      }
      // A name that is nowhere in the head need not be looked for line by line.
      const beginning = name.replace(/\*$/, "");
      if (trailers.length === 0 && !new RegExp(escaped(beginning), "i").test(window.latin1)) continue;
      headers ??= [...parseHead(bytes, 0, side).head.headers, ...trailers];
      const isNamed = (line: Header) =>
        name.endsWith("*") ? line.name.toLowerCase().startsWith(beginning) : line.name.toLowerCase() === name;
      if (headers.some((line) => isNamed(line) && (!finder || finder.inText(asText(line.value))))) {
        looking.verdict = true;
      }
    }
    return this.verdict();
  }

  /** Whether windows of that part of a side may decide something. */
  wants(side: Side, part: WindowedPart): boolean {
    return this.#looking.some((looking) => isPending(looking, side, part));
  }

  /** Whether the charset must be known for that. */
  wantsCharset(side: Side): boolean {
    return this.#looking.some((looking) => isPending(looking, side, "body") && looking.finder!.needsCharset);
  }

  /** How much of a window must be in the next one again, in bytes; even. */
  get overlap(): number {
    return Math.max(0, ...this.#looking.map(({ finder }) => finder?.overlap ?? 0));
  }

  /** A window of that part of a side. */
  window(side: Side, part: WindowedPart, window: TextWindow): Verdict {
    let found = false;
    for (const looking of this.#looking) {
      if (!isPending(looking, side, part) || !looking.finder!.inWindow(window)) continue;
      looking.verdict = true;
      found = true;
    }
    return found ? this.verdict() : null;
  }

  /** Everything was shown: what was not found is not there. */
  end(): boolean {
    for (const looking of this.#looking) looking.verdict ??= false;
    return this.verdict()!;
  }
}

function isPending({ verdict, finder, term: { test } }: Looking, side: Side, part: WindowedPart): boolean {
  if (verdict !== null || !finder) return false;
  if (test.by === "bytes") return part === "wire" && (test.side ?? side) === side;
  if (test.by === "body") return part === "body" && (test.side ?? side) === side;
  return test.by === "anywhere" && part === "body";
}

function concernsHead(test: Test, side: Side): boolean {
  if (test.by === "header") return (test.side ?? side) === side;
  return test.by === "anywhere" || (test.by === "host" && side === "request");
}

/** The server's name as far as columns tell it: the target, and the authority of an absolute URL. */
function hostOf({ target, url }: ShownColumns): string {
  return `${target ?? ""}\n${/:\/\/([^/]*)/.exec(String(url ?? ""))?.[1] ?? ""}`;
}

/** A field's value (one character a byte) as the text that it most likely is. */
function asText(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(
      Uint8Array.from(value, (char) => char.charCodeAt(0)),
    );
  } catch {
    return value;
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
