// The language of the filter box: reading it (parse.ts), explaining it (fields.ts, words.ts, complete.ts), what to mark
// in the panes (marks.ts), and whether it is so of one Exchange (evaluate.ts, matches.ts).

export { type Completion, completionsAt } from "./complete.ts";
export { type Field, FIELDS, fieldsOf, SYNTAX } from "./fields.ts";
export { SHOWN } from "./judging.ts";
export { type Mark, marksOf } from "./marks.ts";
export { matchesQuery, type ShownExchange, type ShownMessage } from "./matches.ts";
export { EVERYTHING, meantAsField, parseQuery, readQuery } from "./parse.ts";
export type { FilteredTable, Query, QueryError, Side, Sought, Term, Test } from "./types.ts";
export { describe } from "./words.ts";
