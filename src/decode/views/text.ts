// The text view: the text as it came.

import type { Formatter, FormatterKind } from "./types.ts";

/** Changes nothing. */
export const text: FormatterKind = {
  kind: "text",
  create: () => asItCame,
  restore: () => asItCame,
};

const asItCame: Formatter = {
  receive: (piece) => piece,
  end: () => "",
  fault: null,
  snapshot: () => null,
};
