// A filter → a condition of SQL over the index. What the columns do not tell is unknown there: NULL, with which SQL's
// AND, OR and NOT do the right thing, so that the condition is 1, 0, or NULL where contents must be read. Pure.

import type {
  FilteredTable,
  NumberColumn,
  Possession,
  Quality,
  Query,
  Side,
  Sought,
  Test,
  TextColumn,
} from "../../decode/query/types.ts";
import { dayAround, instantOf } from "../../decode/query/values.ts";
import { exchangeNumber } from "../rows.ts";

/** A condition for a WHERE clause: every "?" stands for the parameter of the same position. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/** The condition that every row fulfils. */
export const EVERY_ROW: Condition = { sql: "1", parameters: [] };

/** What words are looked for in, by table. */
const SHOWN: Readonly<Record<FilteredTable, readonly string[]>> = {
  exchange: ["client", "target", "method", "url", "status", "summary", "fault", "state"],
  connection: ["client", "target", "target_address", "via", "state", "how", "error"],
};

const NUMBERS: Readonly<Record<NumberColumn, string>> = {
  status: "status",
  elapsed: "elapsed_ms",
  firstByte: "first_byte_ms",
  requestBytes: "request_bytes",
  responseBytes: "response_bytes",
};

/** The authority of an absolute URL; "" where it is none. */
const AUTHORITY = "CASE WHEN instr(url, '://') > 0 THEN " +
  "substr(url, instr(url, '://') + 3, instr(substr(url, instr(url, '://') + 3) || '/', '/') - 1) ELSE '' END";

/** Of a Message as facts.ts packs it. */
const PACKED = { start: "$[1]", end: "$[3]", state: "$[4]", bodyBytes: "$[9]", faults: "$[12]" } as const;
/** In the fault of a Message with a gap in it (see gapFault). */
const GAP = "% missing in the capture%";

/** Where a condition is used. */
export interface ConditionUse {
  readonly table: FilteredTable;
  /** Ms since the epoch, for what is so long ago. */
  readonly now: number;
  /** What stands for what contents decide: unknown, or as if nothing were found in any. */
  readonly contents: "NULL" | "0";
}

/** The condition for the rows of a filter. */
export function conditionOf(query: Query, use: ConditionUse): Condition {
  switch (query.is) {
    case "everything":
      return EVERY_ROW;
    case "term":
      return testCondition(query.test, use);
    case "not": {
      const { sql, parameters } = conditionOf(query.of, use);
      return { sql: `NOT (${sql})`, parameters };
    }
    default: {
      const parts = query.of.map((part) => conditionOf(part, use));
      return joined(parts, query.is === "and" ? " AND " : " OR ");
    }
  }
}

/** Whether contents must be read to decide about some rows. */
export function readsContents(query: Query): boolean {
  switch (query.is) {
    case "everything":
      return false;
    case "term":
      return needsContents(query.test);
    case "not":
      return readsContents(query.of);
    default:
      return query.of.some(readsContents);
  }
}

/** Whether there can be rows of which the columns alone say that the filter holds. */
export function columnsMayDo(query: Query): boolean {
  return columnsMaySay(query, true);
}

function columnsMaySay(query: Query, verdict: boolean): boolean {
  switch (query.is) {
    case "everything":
      return verdict;
    case "term":
      if (!needsContents(query.test)) return true;
      // Text that is found in a column need not be found inside, too.
      return verdict && (query.test.by === "anywhere" || query.test.by === "host") &&
        query.test.sought.is === "text";
    case "not":
      return columnsMaySay(query.of, !verdict);
    default: {
      const may = (part: Query) => columnsMaySay(part, verdict);
      return (query.is === "and") === verdict ? query.of.every(may) : query.of.some(may);
    }
  }
}

function needsContents(test: Test): boolean {
  switch (test.by) {
    case "anywhere":
    case "host":
    case "body":
    case "header":
    case "bytes":
      return true;
    case "column":
      return test.sought.is !== "text";
    default:
      return false;
  }
}

/** The condition for one test: NULL where contents decide, never NULL otherwise. */
export function testCondition(test: Test, use: ConditionUse): Condition {
  const unknown = { sql: use.contents, parameters: [] };
  switch (test.by) {
    case "anywhere":
      if (use.table === "connection") return contains(SHOWN.connection, test.sought, unknown);
      return joined([contains(SHOWN.exchange, test.sought, unknown), unknown], " OR ");
    case "host":
      return joined([contains(["target", AUTHORITY], test.sought, unknown), unknown], " OR ");
    case "body":
    case "header":
    case "bytes":
      return unknown;
    case "column":
      return contains([test.column], test.sought, unknown);
    case "equals":
      return equals(test.column, test.value);
    case "number":
      return sure(`${NUMBERS[test.column]} ${test.operator} ?`, test.value);
    case "statusClass":
      return sure("status BETWEEN ? AND ?", test.first, test.first + 99);
    case "began":
      return began(test, use);
    case "is":
      return is(test.quality, test.side);
    case "has":
      return has(test.possession, test.side, use.table);
  }
}

function joined(parts: readonly Condition[], by: string): Condition {
  return {
    sql: `(${parts.map(({ sql }) => sql).join(by)})`,
    parameters: parts.flatMap(({ parameters }) => parameters),
  };
}

/** What is null is not so: of a row without a status, status:404 is false and -status:404 true. */
function sure(sql: string, ...parameters: (string | number)[]): Condition {
  return { sql: `coalesce(${sql}, 0)`, parameters };
}

/** SQLite knows no regular expressions, and one that takes for ever must not be tried where questions are answered. */
function contains(columns: readonly string[], sought: Sought, unknown: Condition): Condition {
  if (sought.is !== "text") return unknown;
  const pattern = `%${sought.text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  const any = columns.map((column) => `coalesce(${column}, '') LIKE ? ESCAPE '\\'`).join(" OR ");
  return { sql: `(${any})`, parameters: columns.map(() => pattern) };
}

function equals(column: TextColumn, value: string): Condition {
  if (column === "id") return sure("id = ?", exchangeNumber(value) ?? -1);
  return sure(`${column} = ? COLLATE NOCASE`, value);
}

function began({ when, moment }: Test & { readonly by: "began" }, { table, now }: ConditionUse): Condition {
  const column = table === "exchange" ? "started" : "opened";
  // Whole minutes, so that a question that is asked again soon is the same question.
  const then = "ago" in moment ? Math.floor(now / 60_000) * 60_000 : now;
  switch (when) {
    case "since":
      return sure(`${column} >= ?`, instantOf(moment, then));
    case "before":
      return sure(`${column} < ?`, instantOf(moment, then));
    case "on": {
      const [from, to] = dayAround(moment, then);
      return sure(`${column} >= ? AND ${column} < ?`, from, to);
    }
  }
}

function is(quality: Quality, side: Side | null): Condition {
  switch (quality) {
    case "resent":
      return sure("resend_of IS NOT NULL");
    case "tls":
      return sure("(tls IS NOT NULL OR protocol = 'tls')");
    case "decrypted":
      return sure("tls = 'decrypted'");
    case "cut":
      return ofSides(side, (one) =>
        sure(
          `(json_extract(${one}, '${PACKED.state}') = 'cut' OR json_extract(${one}, '${PACKED.faults}') LIKE '${GAP}')`,
        ));
    case "rewritten":
      return ofSides(side, (one) =>
        sure(
          `EXISTS (SELECT 1 FROM edit WHERE edit.connection = exchange.connection AND edit.stopped IS NULL ` +
            `AND edit.direction = '${one === "request" ? "upstream" : "downstream"}' ` +
            `AND edit.start >= json_extract(${one}, '${PACKED.start}') ` +
            `AND edit.start < json_extract(${one}, '${PACKED.end}'))`,
        ));
  }
}

function has(possession: Possession, side: Side | null, table: FilteredTable): Condition {
  switch (possession) {
    case "fault":
      return sure(`${table === "exchange" ? "fault" : "error"} IS NOT NULL`);
    case "body":
      return ofSides(side, (one) => sure(`json_extract(${one}, '${PACKED.bodyBytes}') > 0`));
    case "request":
      return sure("request IS NOT NULL");
    case "response":
      return sure("response IS NOT NULL");
  }
}

function ofSides(side: Side | null, condition: (side: Side) => Condition): Condition {
  return side ? condition(side) : joined([condition("request"), condition("response")], " OR ");
}
