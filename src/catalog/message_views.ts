// All that is kept to show one Message: its body, the view that suits it, and the layouts that were asked
// for. Decides which charset and which view; how lines are made is layout.ts.

import { type Charset, findCharset } from "../decode/charset.ts";
import { BODY_PREFIX } from "../decode/types.ts";
import { chooseView } from "../decode/views/choose.ts";
import { formatters } from "../decode/views/mod.ts";
import type { ViewKind } from "../decode/views/types.ts";
import type { Block, BlockCache } from "./blocks.ts";
import { type BodyOptions, type BodySource, openBody, PlainBytes } from "./body.ts";
import type { MessageFacts } from "./content.ts";
import { hexPart, hexTotal } from "./hex_lines.ts";
import { Layout } from "./layout.ts";
import type { ViewPart, ViewQuery } from "./types.ts";
import type { Wire } from "./wire.ts";

/** Bodies larger than this are not formatted, only shown as text. */
export const FORMATTED_LIMIT = 256 * 1024 * 1024;

/** An answer has at most so many UTF-16 units of text, unless one line has more. */
const ANSWER_UNITS = 1_000_000;

/** What the views of all Messages have in common. */
export interface ViewsContext extends BodyOptions {
  readonly blocks: BlockCache;
  readonly formattedLimit: number;
}

/** So much of a body is looked at where its charset must be guessed. */
const CHARSET_PREFIX = 64 * 1024;

/** In which every byte is a character. */
const ANY_BYTES: Charset = {
  label: "windows-1252",
  encoding: "windows-1252",
  from: "guessed",
  unknown: null,
};

type TextKind = Exclude<ViewKind, "hex">;

/** A layout, and what it was made for. */
interface Shown {
  readonly layout: Layout;
  readonly source: BodySource;
  readonly charset: Charset;
}

/** The views of one Message. */
export class MessageViews {
  readonly body: BodySource;
  readonly #wireBytes: PlainBytes;
  readonly #shown = new Map<TextKind, Shown>();
  #closed = false;

  constructor(
    private readonly wire: Wire,
    private readonly facts: MessageFacts,
    private readonly context: ViewsContext,
  ) {
    this.body = openBody(wire, facts, context);
    this.#wireBytes = new PlainBytes(wire, 0);
  }

  /** The Message as it is on the wire. */
  get wireBytes(): BodySource {
    return this.#wireBytes;
  }

  /** What suits the body, as far as it has come. */
  async auto(): Promise<ViewKind | "image"> {
    const bodyPrefix = await this.#prefix(BODY_PREFIX);
    return chooseView({ mediaType: this.#contentType(), bodyPrefix, isTurn: this.facts.isTurn });
  }

  /** Some lines of a view. */
  async part({ as, from, lines }: Pick<ViewQuery, "as" | "from" | "lines">): Promise<ViewPart> {
    const kind = await this.resolve(as);
    if (kind !== "hex") return await this.#text(kind, from, lines);
    // Who asked for hex sees what he asked for; who did not is told why the body is not decoded.
    return this.#hex(from, lines, as === "auto" ? this.body.notes : []);
  }

  /** The kind of view that is shown for what was asked. */
  async resolve(as: ViewQuery["as"]): Promise<ViewKind> {
    if (as !== "auto") return as;
    const auto = await this.auto();
    return auto === "image" ? "hex" : auto;
  }

  /** All lines of a view that is laid out, in order. */
  async *blocks(kind: TextKind): AsyncGenerator<Block, void, void> {
    const { layout } = await this.#show(this.#mustBeText(kind) ? "text" : kind);
    yield* layout.all();
  }

  /** The block with a line of a view that `blocks` has given to its end; null where there is none. */
  async block(kind: TextKind, line: number): Promise<Block | null> {
    const { layout } = await this.#show(this.#mustBeText(kind) ? "text" : kind);
    return await layout.block(line);
  }

  /** All of the body as text, in its charset; null where it has more than `most` bytes. */
  async bodyText(most: number): Promise<string | null> {
    await this.body.advance(most + 1);
    const { length } = this.body.extent();
    if (length > most) return null;
    const bytes = new Uint8Array(length);
    const read = this.body.read(0, bytes);
    const { encoding } = await this.#charset("text");
    return new TextDecoder(encoding).decode(bytes.subarray(0, read));
  }

  /** Gives up everything. Resolves when nothing goes on any more. */
  async close(): Promise<void> {
    this.#closed = true;
    const layouts = [...this.#shown.values()].map(({ layout }) => layout.close());
    this.body.close();
    await Promise.all(layouts);
  }

  #hex(from: number, lines: number, notes: readonly string[]): ViewPart {
    const { length, complete } = this.#wireBytes.extent();
    return {
      as: "hex",
      from,
      ...hexPart(this.#wireBytes, from, lines),
      total: hexTotal(length),
      complete,
      doneBytes: length,
      bytes: length,
      charset: null,
      charsetFrom: null,
      fault: null,
      notes,
    };
  }

  async #text(kind: TextKind, from: number, count: number): Promise<ViewPart> {
    const { layout, source, charset } = await this.#show(kind);
    await layout.ask(from + count - 1);
    if (this.#mustBeText(kind)) {
      const part = await this.#text("text", from, count);
      return { ...part, notes: [...part.notes, "too large to be formatted, shown as text"] };
    }
    const lines = await linesOf(layout, from, count);
    return {
      as: kind,
      from,
      ...lines,
      total: layout.total,
      complete: layout.finished,
      doneBytes: layout.doneBytes,
      bytes: source.extent().length,
      charset: kind === "tls" ? null : charset.label,
      charsetFrom: kind === "tls" ? null : charset.from,
      fault: layout.fault,
      notes: charset.unknown === null ? source.notes : [
        ...source.notes,
        `the charset “${charset.unknown}” is not known here, ${charset.label} is a guess`,
      ],
    };
  }

  /** Whether there is more of the body than may be formatted. */
  #mustBeText(kind: TextKind): boolean {
    return !isUnlimited(kind) && this.body.extent().length > this.context.formattedLimit;
  }

  async #show(kind: TextKind): Promise<Shown> {
    const charset = await this.#charset(kind);
    if (this.#closed) throw new Error("The view was closed");
    const shown = this.#shown.get(kind);
    if (shown?.charset.encoding === charset.encoding) return shown;
    // What has come since makes for another guess.
    shown?.layout.close();
    const source = isOfWire(kind) ? this.#wireBytes : this.body;
    const { slices, blocks, formattedLimit } = this.context;
    const limit = isUnlimited(kind) ? Infinity : formattedLimit;
    const { encoding } = charset;
    const layout = new Layout({ source, encoding, kind: formatters[kind], limit, slices, blocks });
    const made = { layout, source, charset };
    this.#shown.set(kind, made);
    return made;
  }

  /**
   * A head is ASCII, so that the whole Message is in the body's charset, unless that is wider or the body is
   * coded.
   */
  async #charset(kind: TextKind): Promise<Charset> {
    const coded = this.facts.contentCoding.length + this.facts.transferCoding.length > 0;
    if (kind === "tls" || (kind === "raw" && coded)) return ANY_BYTES;
    const charset = findCharset(this.#contentType(), await this.#prefix(CHARSET_PREFIX));
    return kind === "raw" && charset.encoding.startsWith("utf-16") ? ANY_BYTES : charset;
  }

  /** What is declared of the body as it is shown: nothing, where a coding could not be removed. */
  #contentType(): string | null {
    return this.body.codedAs.length > 0 ? null : this.facts.contentType;
  }

  async #prefix(length: number): Promise<Uint8Array> {
    await this.body.advance(length);
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, this.body.read(0, bytes));
  }
}

/** Whether a view shows all of a Message as it was on the wire, rather than its body. */
function isOfWire(kind: TextKind): boolean {
  return kind === "raw" || kind === "tls";
}

/** Whether a view is made of any number of bytes: it is no longer than they are, or is soon made. */
function isUnlimited(kind: TextKind): boolean {
  return kind === "text" || isOfWire(kind);
}

/** As many lines from `from` on as there are, `count` at most. */
async function linesOf(
  layout: Layout,
  from: number,
  count: number,
): Promise<Pick<ViewPart, "text" | "lines" | "continued" | "continuedBefore">> {
  const texts: string[] = [];
  const continued: boolean[] = [];
  let continuedBefore = 0;
  for (let units = 0; texts.length < count && units < ANSWER_UNITS;) {
    const line = from + texts.length;
    const block = await layout.block(line);
    if (block === null) break;
    const skipped = line - block.first;
    if (texts.length === 0) {
      continuedBefore = block.continuedBefore + block.continued.filter((index) => index < skipped).length;
    }
    const goesOn = new Set(block.continued);
    const end = Math.min(block.texts.length, skipped + count - texts.length);
    for (let index = skipped; index < end && units < ANSWER_UNITS; index++) {
      texts.push(block.texts[index]);
      continued.push(goesOn.has(index));
      units += block.texts[index].length + 1;
    }
  }
  return {
    text: texts.join("\n"),
    lines: texts.length,
    ...(continued.includes(true) ? { continued } : {}),
    ...(continuedBefore > 0 ? { continuedBefore } : {}),
  };
}
