// The parts of what is typed into the filter box that have a colour: fields, operators, quoted texts and expressions. Pure.
// They are a help to the eye and no more: what a filter means is read by decode/query.

import { fieldsOf } from "../../../decode/query/mod.ts";

/** A part of the text; `kind` "" where it has no colour. */
export interface FilterToken {
  readonly text: string;
  readonly kind: "" | "field" | "operator" | "quoted";
}

const TOKEN =
  /("[^"]*"?)|(^|[\s(])(-?)((?:request\.|response\.)?([a-z]+):)|(^|[\s(])(\/(?:[^/\\\n]|\\.)+\/[imsu]*)(?=[\s)]|$)|\b(and|or|not)(?=[\s(])|(-(?=[^\s])|[()])/gi;

/** All of the text in parts. */
export function filterTokens(text: string): FilterToken[] {
  const names = new Set(fieldsOf("exchange").map(({ name }) => name));
  const tokens: FilterToken[] = [];
  let done = 0;
  const put = (from: number, to: number, kind: FilterToken["kind"]) => {
    if (from > done) tokens.push({ text: text.slice(done, from), kind: "" });
    if (to > from) tokens.push({ text: text.slice(from, to), kind });
    done = to;
  };
  for (const found of text.matchAll(TOKEN)) {
    const { index, 0: { length } } = found;
    const [, quoted, before = "", sign = "", prefix, name, edge = "", regex, word, mark] = found;
    const isWhole = index === 0 || /[\s()]/.test(text[index - 1]);
    if (quoted !== undefined) put(index, index + length, "quoted");
    else if (prefix !== undefined) {
      const at = index + before.length;
      put(at, at + sign.length, "operator");
      if (names.has(name.toLowerCase())) put(at + sign.length, index + length, "field");
    } else if (regex !== undefined) put(index + edge.length, index + length, "quoted");
    else if (word !== undefined ? isWhole : mark !== "-" || isWhole) put(index, index + length, "operator");
  }
  put(text.length, text.length, "");
  return tokens;
}
