// Whether a filter holds, where of some of its tests it is not known yet whether they do. Pure.

import type { Query, Term } from "./types.ts";

/** True, false, or null where it cannot be known yet. */
export type Verdict = boolean | null;

/** The verdict on a filter, given those on its terms. What does not matter is not asked for. */
export function evaluate(query: Query, ask: (term: Term) => Verdict): Verdict {
  switch (query.is) {
    case "everything":
      return true;
    case "term":
      return ask(query);
    case "not": {
      const verdict = evaluate(query.of, ask);
      return verdict === null ? null : !verdict;
    }
    default: {
      /** What decides: one false of an "and", one true of an "or". */
      const deciding = query.is === "or";
      let known = true;
      for (const part of query.of) {
        const verdict = evaluate(part, ask);
        if (verdict === deciding) return deciding;
        if (verdict === null) known = false;
      }
      return known ? !deciding : null;
    }
  }
}

/** All terms, in the order of the text. */
export function termsOf(query: Query): Term[] {
  switch (query.is) {
    case "everything":
      return [];
    case "term":
      return [query];
    case "not":
      return termsOf(query.of);
    default:
      return query.of.flatMap(termsOf);
  }
}
