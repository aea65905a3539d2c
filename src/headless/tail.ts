// `tcpmon tail`: prints Exchanges as they become complete, those for which a filter holds.

import { notSearched } from "../catalog/search/not_searched.ts";
import type { Catalog, ExchangeList, ExchangeQuery } from "../catalog/types.ts";
import { meantAsField } from "../decode/query/mod.ts";
import type { Exchange } from "../model.ts";
import type { Shown } from "./options.ts";
import { printed } from "./printing.ts";
import type { Paint } from "./words.ts";

/** So many rows are asked for at once. */
const ROWS = 1_000;

/** So many wait for whoever reads them; then the oldest are left out, which is said. */
export const MOST_WAITING = 20_000;

/** What is to be printed, and where. */
export interface Tailing extends Shown {
  readonly filter: string;
  readonly paint: Paint;
  /** Takes the lines of one Exchange. */
  print(lines: readonly string[]): void | Promise<void>;
  /** Told at the beginning what in the filter may have been misspelt, in words: what comes does not show it. */
  hint(text: string): void;
  /** Told once what is wrong with the filter or the catalog, in words; nothing is printed any more. */
  failed(error: Error): void;
}

type Asked = Pick<Catalog, "exchanges" | "exchange" | "view">;

/** See above. */
export class Tail {
  #waiting: Exchange[] = [];
  #leftOut = 0;
  /** Those that were said not to be searched. */
  readonly #tooLong = new Set<string>();
  #working: Promise<void> | null = null;
  #over = false;
  /** What was printed of those that were there at the beginning: they may be told as complete, too. */
  readonly #printed = new Set<string>();

  constructor(private readonly catalog: Asked, private readonly tailing: Tailing) {
    const hint = meantAsField(tailing.filter);
    if (hint !== null) tailing.hint(hint);
  }

  /** Prints the latest `count` that are there, or all of them (null), before what is told from now on. */
  begin(count: number | null): void {
    this.#working = this.#work(() => this.#latest(count));
  }

  /** Takes Exchanges that have become complete, oldest first. */
  completed(exchanges: readonly Exchange[]): void {
    if (this.#over || exchanges.length === 0) return;
    this.#waiting = this.#waiting.concat(exchanges);
    const over = this.#waiting.length - MOST_WAITING;
    if (over > 0) {
      this.#leftOut += over;
      this.#waiting = this.#waiting.slice(over);
    }
    this.#working ??= this.#work(() => Promise.resolve());
  }

  /** Resolves when all that was taken is printed. */
  async done(): Promise<void> {
    await this.#working;
  }

  /** Prints no more. */
  end(): void {
    this.#over = true;
  }

  async #work(first: () => Promise<void>): Promise<void> {
    try {
      await first();
      while (this.#waiting.length > 0 && !this.#over) {
        const [exchanges, leftOut] = [this.#waiting, this.#leftOut];
        [this.#waiting, this.#leftOut] = [[], 0];
        if (leftOut > 0) {
          const many = leftOut.toLocaleString("en");
          await this.tailing.print([
            this.tailing.paint("gray", `(… ${many} left out: they came faster than they are read)`),
          ]);
        }
        for (const exchange of await this.#matching(exchanges)) {
          if (!this.#printed.has(exchange.id)) await this.#print(exchange);
        }
        this.#printed.clear();
      }
    } catch (error) {
      this.#over = true;
      this.tailing.failed(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#working = null;
    }
  }

  async #latest(count: number | null): Promise<void> {
    const query = { q: this.tailing.filter, whole: true, skips: true, sort: "time", order: "asc" } as const;
    const list = await this.catalog.exchanges({ ...query, limit: 1 });
    const { total } = list;
    await this.#passedOver(list);
    const from = count === null ? 0 : await this.#firstOf(count, query, total);
    for await (const exchange of this.#rows(query, from, total)) {
      if (exchange.state === "open") continue;
      this.#printed.add(exchange.id);
      await this.#print(exchange);
    }
  }

  /** Where the latest `count` begin that are not open. */
  async #firstOf(count: number, query: ExchangeQuery, total: number): Promise<number> {
    if (count === 0) return total;
    let missing = count;
    for (let to = total; to > 0; to -= ROWS) {
      const from = Math.max(0, to - ROWS);
      const rows = await Array.fromAsync(this.#rows(query, from, to));
      for (let at = rows.length - 1; at >= 0; at--) {
        if (rows[at].state !== "open" && --missing === 0) return from + at;
      }
    }
    return 0;
  }

  async *#rows(query: ExchangeQuery, from: number, to: number): AsyncGenerator<Exchange> {
    for (let offset = from; offset < to && !this.#over;) {
      const { exchanges } = await this.catalog.exchanges({
        ...query,
        offset,
        limit: Math.min(ROWS, to - offset),
      });
      if (exchanges.length === 0) return;
      yield* exchanges;
      offset += exchanges.length;
    }
  }

  /** Those of them for which the filter holds: the newest rows that it has are looked through for them. */
  async #matching(exchanges: readonly Exchange[]): Promise<readonly Exchange[]> {
    const { filter } = this.tailing;
    if (filter.trim() === "") return exchanges;
    const sought = new Set(exchanges.map(({ id }) => id));
    const oldest = Math.min(...exchanges.map(({ id }) => numberOf(id)));
    const found = new Set<string>();
    let before: string | undefined;
    while (sought.size > 0) {
      const list = await this.catalog.exchanges({ q: filter, whole: true, skips: true, limit: ROWS, before });
      await this.#passedOver(list);
      for (const { id } of list.exchanges) if (sought.delete(id)) found.add(id);
      const last = list.exchanges.at(-1);
      if (!last || list.next === null || numberOf(last.id) < oldest) break;
      before = list.next;
    }
    return exchanges.filter(({ id }) => found.has(id));
  }

  /** Says which could not be looked at, each once. */
  async #passedOver({ search }: ExchangeList): Promise<void> {
    const news = (search?.tooLong ?? []).filter((id) => !this.#tooLong.has(id));
    for (const id of news) this.#tooLong.add(id);
    if (news.length > 0) await this.tailing.print([this.tailing.paint("gray", `(${notSearched(news)})`)]);
  }

  async #print(exchange: Exchange): Promise<void> {
    if (this.#over) return;
    await this.tailing.print(await printed(this.catalog, exchange, this.tailing, this.tailing.paint));
  }
}

function numberOf(id: string): number {
  return Number(id.slice(1));
}
