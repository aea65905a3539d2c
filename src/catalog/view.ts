// The views of all Messages, for the thread that answers: `view` gives lines as soon as they are known,
// `find` looks through all of them, `body` gives the decoded bytes. What is kept for the Messages looked at
// last is given up when others are looked at. Every question works in slices, so that none waits for another
// to end. Each Message has slices of its own: where one grows on and on, and rests beside a busy relay, another that is
// looked at is still begun at once.

import { BlockCache } from "./blocks.ts";
import type { BodySource } from "./body.ts";
import type { MessageFacts } from "./content.ts";
import type { Borrowed } from "./borrowed_workers.ts";
import { checkSought, findInLines } from "./find.ts";
import { findBytes } from "./find_bytes.ts";
import { hexBlocks } from "./hex_lines.ts";
import { type Compared, diffAsText, diffMessages } from "./message_diff.ts";
import { FORMATTED_LIMIT, MessageViews, type ViewsContext } from "./message_views.ts";
import { type Rest, Slices } from "./slices.ts";
import type { DiffQuery, FindQuery, FindResult, HeaderLine, ViewPart, ViewQuery } from "./types.ts";
import type { ViewKind } from "../decode/views/types.ts";
import type { Wire } from "./wire.ts";

/** Views of at most so many Messages are kept, unless more are in use at once. */
const KEPT = 8;
const LINES_LIMIT = 5000;

/** How views are made. */
export interface ViewsOptions {
  /** A folder for decoded bodies that are too large for memory. It must exist. */
  readonly folder: string;
  /** Begins a worker that tries regular expressions; they cannot be looked for without. */
  readonly findWorker?: () => Borrowed;
  /** How long what goes on for long rests; not at all unless given. */
  readonly rest?: Rest;
  /** Bodies with more bytes are not formatted; 256 MiB unless given. */
  readonly formattedLimit?: number;
  /** At most so many bytes of a body are decoded; 2 GiB unless given. */
  readonly decodedLimit?: number;
}

/** A Message: its bytes, and what its head says about its body. */
export interface Shown {
  readonly wire: Wire;
  readonly facts: MessageFacts;
  readonly trailers: readonly HeaderLine[];
}

interface Kept {
  readonly views: MessageViews;
  readonly facts: string;
  readonly headBytes: number;
  users: number;
  /** True when it was forgotten while somebody used it. */
  over: boolean;
}

/** Answers questions about how Messages look. A Message is known by its Wire's `key`. */
export class Views {
  readonly #context: Omit<ViewsContext, "slices">;
  readonly #rest: Rest | undefined;
  /** The one used last comes last. */
  readonly #kept = new Map<string, Kept>();
  readonly #closing = new Set<Promise<void>>();
  readonly #over = new AbortController();
  readonly #findWorker: () => Borrowed;

  constructor(options: ViewsOptions) {
    const { folder, findWorker = noWorker, rest, formattedLimit = FORMATTED_LIMIT, decodedLimit } = options;
    this.#findWorker = findWorker;
    this.#rest = rest;
    this.#context = {
      folder,
      limit: decodedLimit,
      blocks: new BlockCache(),
      formattedLimit,
    };
  }

  /**
   * Some lines of a view, as soon as they are known; fewer where there are no more so far. Rejects with
   * RangeError for lines that make no sense.
   */
  async view(
    wire: Wire,
    facts: MessageFacts,
    query: Pick<ViewQuery, "as" | "from" | "lines">,
  ): Promise<ViewPart> {
    const { from, lines } = query;
    if (!Number.isSafeInteger(from) || from < 0) {
      throw new RangeError(`Cannot show line ${from}: lines count from 0. Give a whole number.`);
    }
    if (!Number.isInteger(lines) || lines < 1 || lines > LINES_LIMIT) {
      throw new RangeError(`Cannot show ${lines} lines: ask for 1 to ${LINES_LIMIT}.`);
    }
    return await this.#use(wire, facts, (views) => views.part(query));
  }

  /** What `auto` shows for a Message; an "image" is shown as hex by `view`. */
  auto(wire: Wire, facts: MessageFacts): Promise<ViewKind | "image"> {
    return this.#use(wire, facts, (views) => views.auto());
  }

  /**
   * All hits in the lines of a view, shown or not; hex views are also searched for bytes ("00 00 00 30").
   * Rejects with RangeError for what cannot be looked for, and with the signal's reason once that is aborted.
   */
  async find(
    wire: Wire,
    facts: MessageFacts,
    query: Pick<FindQuery, "as" | "text" | "caseSensitive" | "regex">,
    signal?: AbortSignal,
  ): Promise<FindResult> {
    checkSought(query);
    const slices = this.#slices();
    const worker = this.#findWorker;
    const either = AbortSignal.any(signal ? [signal, this.#over.signal] : [this.#over.signal]);
    return await this.#use(wire, facts, async (views) => {
      const kind = await views.resolve(query.as);
      if (kind !== "hex") return await findInLines(views.blocks(kind), query, slices, worker, either);
      if (query.regex) return await findInLines(hexBlocks(views.wireBytes), query, slices, worker, either);
      return await findBytes(views.wireBytes, query.text, query.caseSensitive, slices, either);
    });
  }

  /** The difference of two Messages. Rejects with the signal's reason once that is aborted. */
  diff(
    before: Shown,
    after: Shown,
    query: Pick<DiffQuery, "as" | "context" | "structure">,
    signal: AbortSignal,
  ): ReturnType<typeof diffMessages> {
    return this.#useBoth(
      before,
      after,
      signal,
      (one, other, either) => diffMessages(one, other, query, this.#slices(), either),
    );
  }

  /** The same as a text that patch reads; `names` are what the two are called in it. */
  diffText(
    before: Shown,
    after: Shown,
    names: readonly [string, string],
    query: Pick<DiffQuery, "as" | "context">,
    signal: AbortSignal,
  ): Promise<string> {
    return this.#useBoth(
      before,
      after,
      signal,
      (one, other, either) => diffAsText(one, other, names, query, this.#slices(), either),
    );
  }

  #useBoth<T>(
    before: Shown,
    after: Shown,
    signal: AbortSignal,
    ask: (before: Compared, after: Compared, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const either = AbortSignal.any([signal, this.#over.signal]);
    return this.#use(
      before.wire,
      before.facts,
      (one) =>
        this.#use(
          after.wire,
          after.facts,
          (other) => ask({ ...before, views: one }, { ...after, views: other }, either),
        ),
    );
  }

  /**
   * The body of a Message, decoded once for this and for the views. It is kept until it is closed, which must
   * not be forgotten.
   */
  body(wire: Wire, facts: MessageFacts): BodySource {
    const kept = this.#take(wire, facts);
    const { body } = kept.views;
    let open = true;
    return {
      get notes() {
        return body.notes;
      },
      get codedAs() {
        return body.codedAs;
      },
      extent: () => body.extent(),
      read: (from, into) => body.read(from, into),
      advance: (until) => body.advance(until),
      close: () => {
        if (open) this.#release(kept);
        open = false;
      },
    };
  }

  /** Gives up what is kept for a Message that is no more. */
  forget(key: string): void {
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    if (!kept) return;
    kept.over = true;
    if (kept.users === 0) this.#close(kept);
  }

  /** Gives up everything; what is asked still is rejected. Resolves when nothing goes on any more. */
  async close(): Promise<void> {
    this.#over.abort(new Error("The view was closed"));
    for (const kept of this.#kept.values()) this.#close(kept);
    this.#kept.clear();
    await Promise.all(this.#closing);
  }

  #slices(): Slices {
    return new Slices(undefined, this.#rest);
  }

  async #use<T>(wire: Wire, facts: MessageFacts, ask: (views: MessageViews) => Promise<T>): Promise<T> {
    const kept = this.#take(wire, facts);
    try {
      return await ask(kept.views);
    } finally {
      this.#release(kept);
    }
  }

  #take(wire: Wire, facts: MessageFacts): Kept {
    const described = JSON.stringify(facts);
    let kept = this.#kept.get(wire.key);
    if (kept && (kept.headBytes !== wire.headBytes || kept.facts !== described)) {
      // Its head has grown since.
      this.forget(wire.key);
      kept = undefined;
    }
    kept ??= {
      views: new MessageViews(wire, facts, { ...this.#context, slices: this.#slices() }),
      facts: described,
      headBytes: wire.headBytes,
      users: 0,
      over: false,
    };
    kept.users++;
    this.#kept.delete(wire.key);
    this.#kept.set(wire.key, kept);
    for (const [key, { users }] of this.#kept) {
      if (this.#kept.size <= KEPT) break;
      if (users === 0) this.forget(key);
    }
    return kept;
  }

  #release(kept: Kept): void {
    kept.users--;
    if (kept.over && kept.users === 0) this.#close(kept);
  }

  #close(kept: Kept): void {
    const closing: Promise<void> = kept.views.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

function noWorker(): never {
  throw new Error("Nothing is found by an expression here");
}
