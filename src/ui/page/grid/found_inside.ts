// Whether a row is a hit for what it does not show: the text is in a head or in a body only. Pure. Of fields that look
// there anyway, such as body:, nothing needs to be said.

import { type Query, SHOWN, type Test } from "../../../decode/query/mod.ts";
import type { Exchange } from "../../types.ts";

/** See above; `query` is a filter that the row matches. */
export function isFoundInside(query: Query, row: Exchange): boolean {
  switch (query.is) {
    case "term":
      return isHidden(query.test, row);
    case "and":
      return query.of.some((part) => isFoundInside(part, row));
    case "or":
      return query.of.every((part) => part.is === "term" && isHidden(part.test, row));
    default:
      return false;
  }
}

/** Whether it is free text that none of the columns holds. Expressions may take for ever, and are not tried here. */
function isHidden(test: Test, row: Exchange): boolean {
  if (test.by !== "anywhere" || test.sought.is !== "text") return false;
  const wanted = test.sought.text.toLowerCase();
  return !SHOWN.some((column) => String(row[column] ?? "").toLowerCase().includes(wanted));
}
