// What differs between two documents by what they mean. Types only.

/**
 * One difference. `changed`: another value; `removed`, `added`; `moved`: the same member of a list at another place;
 * `written`: the same value, written in another way (1.0 and 1.00, &#65; and A).
 */
export interface StructureChange {
  readonly kind: "changed" | "removed" | "added" | "moved" | "written";
  /**
   * Where, as in the document before: `$.orders[3].id`, `/a/b[2]/@c`. Of what was added: where its parent was, and its own
   * step.
   */
  readonly path: string;
  /** Where in the document after, if its path differs there; never of what was removed. */
  readonly pathAfter?: string;
  /** Its text in the document before, as it stands there, as far as LONGEST_TEXT; left out where it was added. */
  readonly before?: string;
  /** Its text in the document after; left out where it was removed. */
  readonly after?: string;
  /** True where a text is longer than that. */
  readonly cut?: true;
}

/** All differences of two documents. */
export interface StructureDiff {
  readonly language: "json" | "xml";
  /** How many there are of each kind. */
  readonly counts: Readonly<Record<StructureChange["kind"], number>>;
  /** In the order of the documents; the first 2,000 of them. */
  readonly changes: readonly StructureChange[];
  /** What else differs and means nothing, in words: "the order of members differs in 3 objects". */
  readonly notes: readonly string[];
}
