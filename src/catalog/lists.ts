// Answers with lists of rows, newest first unless sorted otherwise: which rows, from where on, how many there are.

import type { DatabaseSync } from "node:sqlite";
import type {
  CatalogChange,
  ConnectionList,
  ExchangeList,
  ExchangeQuery,
  ListQuery,
  SearchProgress,
  SortOrder,
} from "./types.ts";
import { EVERYTHING, type FilteredTable, readQuery } from "../decode/query/mod.ts";
import type { Ranking } from "./block_ranking.ts";
import type { Ranks } from "./ranks.ts";
import { conditionOf, EVERY_ROW, readsContents } from "./search/condition.ts";
import type { Searches } from "./search/searches.ts";
import type { Matches } from "./matches.ts";
import { onOneState } from "./one_state.ts";
import {
  CONNECTION_COLUMNS,
  connectionId,
  connectionNumber,
  connectionOf,
  type ConnectionRow,
  countsOf,
  type CountsRow,
  EXCHANGE_COLUMNS,
  exchangeId,
  exchangeNumber,
  exchangeOf,
  type ExchangeRow,
} from "./rows.ts";
import type { Value } from "./schema.ts";
import { COMPARED_BY } from "./sorting.ts";

const LIMIT = 100;
const LARGEST_LIMIT = 1000;
/** How many rows an overview has at most. */
const OVERVIEW = 200;
/** Positions beyond this are found by counts of blocks, not by counting rows. */
const FAR = 1000;

interface Page<Row> {
  readonly rows: readonly Row[];
  /** True when there are more after them. */
  readonly more: boolean;
  readonly total: number;
  readonly offset: number;
  readonly search?: SearchProgress;
}

/** Where the numbers of rows are taken from: `FROM … WHERE …`. */
interface Source {
  readonly from: string;
  readonly parameters: readonly Value[];
  /** How many there are, where that is known without counting them. */
  readonly total?: number;
}

/** In which order. */
interface Sort {
  /** What rows are compared by before their numbers, as SQL; null for nothing. */
  readonly compared: string | null;
  readonly order: SortOrder;
}

/** Which of the rows are listed. */
interface Place {
  readonly listener: string | undefined;
  /** Only those with lower numbers; null for all. */
  readonly before: number | null;
  readonly sort: Sort;
  readonly offset: number;
  readonly limit: number;
}

const NEWEST_FIRST: Sort = { compared: null, order: "desc" };

/** The lists. */
export class Lists {
  constructor(
    private readonly database: DatabaseSync,
    private readonly ranks: Ranks,
    private readonly matches: Matches,
    private readonly searches: Searches,
  ) {}

  /** Exchanges in the order asked for. Throws RangeError for a query that makes no sense. */
  async exchanges(query: ExchangeQuery, signal: AbortSignal): Promise<ExchangeList> {
    const before = beforeOf(query, exchangeNumber);
    const sort = sortOf(query);
    const { rows, more, total, offset, search } = await this.#page<ExchangeRow>(
      "exchange",
      EXCHANGE_COLUMNS,
      query,
      before,
      sort,
      signal,
    );
    const goesOn = more && sort === NEWEST_FIRST;
    const next = goesOn ? exchangeId(rows[rows.length - 1].id) : null;
    const list = { exchanges: rows.map(exchangeOf), next, total, offset };
    return search ? { ...list, search } : list;
  }

  /** Connections, newest first. Throws RangeError for a query that makes no sense. */
  async connections(query: ListQuery, signal: AbortSignal): Promise<ConnectionList> {
    const before = beforeOf(query, connectionNumber);
    const { rows, more, total } = await this.#page<ConnectionRow>(
      "connection",
      CONNECTION_COLUMNS,
      query,
      before,
      NEWEST_FIRST,
      signal,
    );
    const next = more ? connectionId(rows[rows.length - 1].id) : null;
    return { connections: rows.map(connectionOf), next, total };
  }

  /** The newest Exchanges and all counts. */
  overview(): Pick<CatalogChange, "exchanges" | "counts"> {
    return onOneState(this.database, () => ({
      exchanges: (this.database
        .prepare(`SELECT ${EXCHANGE_COLUMNS.join(", ")} FROM exchange ORDER BY id DESC LIMIT ?`)
        .all(OVERVIEW) as unknown as ExchangeRow[]).map(exchangeOf),
      counts: countsOf(this.#counts()),
    }));
  }

  async #page<Row>(
    table: FilteredTable,
    columns: readonly string[],
    query: ExchangeQuery,
    before: number | null,
    sort: Sort,
    signal: AbortSignal,
  ): Promise<Page<Row>> {
    const { limit = LIMIT, offset = 0, listener } = query;
    if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_LIMIT) {
      throw new RangeError(`Cannot list ${limit} rows: give a limit from 1 to 1,000.`);
    }
    if (!Number.isSafeInteger(offset) || offset < 0) {
      throw new RangeError(`Cannot begin at ${offset}: give an offset from 0 on.`);
    }
    const filter = readQuery(query.q ?? "", table);
    const searches = table === "exchange" && readsContents(filter);
    const condition = conditionOf(filter, { table, now: Date.now(), contents: "0" });
    const connection = numberOfConnection(query.connection);
    const place = { listener, before, sort, offset, limit };
    const page = (source: Source) => this.#pageOf<Row>(table, columns, source, place);
    const isPlain = filter === EVERYTHING && sort.compared === null;
    if (isPlain && table === "exchange" && connection === undefined && before === null && offset <= FAR) {
      return onOneState(this.database, () => page(this.#plain(listener)));
    }
    const { compared } = sort;
    if (searches) {
      const { q = "", whole = false, skips = false } = query;
      const enough = before === null ? offset + limit : Infinity;
      return await this.searches.find(
        { q, listener, connection, compared, enough, whole, skips },
        signal,
        (hits, search) => ({
          ...onOneState(this.database, () => page({ from: `${hits} WHERE 1`, parameters: [] })),
          search,
        }),
      );
    }
    const ranked = { table, listener, connection, condition };
    if (compared === null) {
      const whole = query.whole || condition === EVERY_ROW || table === "connection";
      // Blocks are counted the newest first: only from there are positions known before all were counted.
      const enough = before === null && sort.order === "desc" ? offset + limit : Infinity;
      return await this.ranks.find(
        ranked,
        { whole, enough },
        signal,
        (ranking) => this.#rankedPage<Row>(table, columns, ranking, place),
      );
    }
    return await this.matches.find(
      { ...ranked, compared },
      signal,
      (matching) => onOneState(this.database, () => page({ from: `${matching} WHERE 1`, parameters: [] })),
    );
  }

  #pageOf<Row>(
    table: FilteredTable,
    columns: readonly string[],
    source: Source,
    place: Place,
  ): Page<Row> {
    const { before, sort: { compared, order }, limit } = place;
    const [found, by] = compared === null
      ? ["id", `id ${order}`]
      : ["id, compared", `compared ${order}, id ${order}`];
    const total = source.total ?? this.#count(source);
    const bounded = before === null ? source : and(source, "id < ?", before);
    const offset = before === null ? place.offset : this.#count(and(source, "id >= ?", before));
    const rows = this.database
      .prepare(
        `SELECT ${columns.join(", ")} FROM ` +
          `(SELECT ${found} FROM ${bounded.from} ORDER BY ${by} LIMIT ? OFFSET ?) ` +
          `CROSS JOIN ${table} USING (id) ORDER BY ${by}`,
      )
      .all(...bounded.parameters, limit, place.offset) as unknown as Row[];
    return { rows, more: rows.length > 0 && offset + rows.length < total, total, offset };
  }

  #rankedPage<Row>(
    table: FilteredTable,
    columns: readonly string[],
    ranking: Ranking,
    { listener, before, sort: { order }, offset: given, limit }: Place,
  ): Page<Row> {
    const { total, part } = ranking;
    const offset = before === null ? given : ranking.rank(before);
    const rows = this.database
      .prepare(
        `SELECT ${columns.join(", ")} FROM ${table} ` +
          `WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id ${order}`,
      )
      .all(JSON.stringify(ranking.numbers(offset, limit, order))) as unknown as Row[];
    const page = { rows, more: rows.length > 0 && offset + rows.length < total, total, offset };
    return part === 1 ? page : { ...page, search: this.#looked(listener, part) };
  }

  /** How far looking at the columns has got, where that takes long. */
  #looked(listener: string | undefined, part: number): SearchProgress {
    const total = this.#totalOf(listener);
    return { searched: Math.floor(total * part), total, bytes: 0, complete: false, stopped: null };
  }

  #plain(listener: string | undefined): Source {
    const total = this.#totalOf(listener);
    if (listener === undefined) return { from: "exchange WHERE 1", parameters: [], total };
    return { from: "exchange WHERE listener = ?", parameters: [listener], total };
  }

  #totalOf(listener: string | undefined): number {
    const counts = this.#counts().filter((row) => listener === undefined || row.listener === listener);
    return counts.reduce((sum, row) => sum + row.total, 0);
  }

  #count({ from, parameters }: Source): number {
    const row = this.database.prepare(`SELECT count(*) AS count FROM ${from}`).get(...parameters);
    return (row as { readonly count: number }).count;
  }

  #counts(): CountsRow[] {
    return this.database.prepare("SELECT * FROM counts ORDER BY listener").all() as unknown as CountsRow[];
  }
}

function and({ from, parameters }: Source, condition: string, value: Value): Source {
  return { from: `${from} AND ${condition}`, parameters: [...parameters, value] };
}

function sortOf({ sort = "time", order = "desc", before }: ExchangeQuery): Sort {
  const compared = COMPARED_BY[sort];
  if (compared === null && order === "desc") return NEWEST_FIRST;
  if (before === undefined) return { compared, order };
  throw new RangeError("Cannot begin before an id in another order than the newest first: give an offset.");
}

function numberOfConnection(id: string | undefined): number | undefined {
  if (id === undefined) return undefined;
  const number = connectionNumber(id);
  if (number !== null) return number;
  throw new RangeError(`Cannot list what went over ${JSON.stringify(id)}: it is not a connection's id.`);
}

function beforeOf({ before, offset }: ListQuery, numberOf: (id: string) => number | null): number | null {
  if (before === undefined) return null;
  if (offset !== undefined) {
    throw new RangeError("Cannot begin at two places: give before or offset, not both.");
  }
  const number = numberOf(before);
  if (number === null) {
    throw new RangeError(`Cannot begin before ${JSON.stringify(before)}: it is not an id.`);
  }
  return number;
}
