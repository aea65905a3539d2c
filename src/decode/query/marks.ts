// What a filter looks for in the contents of Messages, so that a pane can mark it. Pure.

import type { Query, Side, Sought, Test } from "./types.ts";

/** Something to mark in a pane. */
export interface Mark {
  readonly sought: Sought;
  /** The pane; null: both. */
  readonly side: Side | null;
  /** Where in it: in the head and the body as they are shown, in one of them, or in the raw bytes. */
  readonly part: "anywhere" | "head" | "body" | "bytes";
  /** With `part` "head": the header field that it concerns, in lower case ("*" at its end: all that begin so). */
  readonly header: string | null;
}

/** What to mark, in the order of the text. What must not be there is left out: it is not. */
export function marksOf(query: Query): Mark[] {
  switch (query.is) {
    case "everything":
    case "not":
      return [];
    case "term":
      return marksOfTest(query.test);
    default:
      return query.of.flatMap(marksOf);
  }
}

function marksOfTest(test: Test): Mark[] {
  switch (test.by) {
    case "anywhere":
      return [{ sought: test.sought, side: null, part: "anywhere", header: null }];
    case "body":
      return [{ sought: test.sought, side: test.side, part: "body", header: null }];
    case "bytes":
      return [{ sought: test.sought, side: test.side, part: "bytes", header: null }];
    case "header":
      return [{
        sought: test.value ?? { is: "text", text: test.name.replace(/\*$/, "") },
        side: test.side,
        part: "head",
        header: test.name,
      }];
    case "host":
      return [{ sought: test.sought, side: "request", part: "head", header: "host" }];
    case "column":
      if (test.column !== "url") return [];
      return [{ sought: test.sought, side: "request", part: "head", header: null }];
    default:
      return [];
  }
}
