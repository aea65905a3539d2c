// Addresses and forms: parameters by name, and the user and password before the host. In a whole address ("strict") a
// value goes to the next "&"; in any other text it also ends where an address in a text does.

import { type Found, MASK } from "./found.ts";

/** What masks a value that is itself an address, JSON or XML, percent-encoded. Null where there is nothing in it. */
export type Embedded = (value: string) => string | null;

/** Characters before a parameter, and its name. */
const STRICT = /(^|[?&;#])([^=&;#?]{1,500})=/g;
const VALUE = /[^&#]*/y;
/** The value of a parameter that stays may also end where another one may begin … */
const SHORTEST_VALUE = /[^&#;?]*/y;
/** … and that of one of the path ends where the query begins. */
const PATH_VALUE = /[^&#?]*/y;
// In JSON "&" may be \u0026, in XML &amp;, and an address may stand in another one, encoded.
const LOOSE =
  /(^|[?&;#\s"'`(,{>|]|&amp;|\\u0026|\\[nrt]|%26|%3[fF])([^=&;#?\s"'`<>\\/(){},:|%]{1,200}(?:%[0-9a-fA-F]{2}[^=&;#?\s"'`<>\\/(){},:|%]{0,100}){0,20})(=|%3[dD])/g;
const LOOSE_VALUE = /[^&#\s"'`<>\\]*/y;
const USER = /([a-z][a-z0-9+.-]{0,20}:(?:\\?\/){2})([^\s\/?#"'`<>\\@]{1,2000})@/gi;
/** An escaped character in the LOOSE value of an encoded parameter ends it. */
const ENCODED_END = /%26|%23/i;

/** A whole address, or the target of a request: "/orders?token=1". */
export function maskAddress(address: string, found: Found, embedded: Embedded): string {
  const users = maskUsers(address, found);
  if (!found.rules.has.query && embedded === NOTHING) return users;
  // What comes before the first "?", ";" or "#" is no parameter.
  const from = users.search(/[?;#]/);
  return from < 0 ? users : users.slice(0, from) + maskPairs(users.slice(from), found, embedded);
}

/** For where no more is to be looked for in values. */
export const NOTHING: Embedded = () => null;

/** The pairs of a form, or of an address from its "?" on. */
export function maskPairs(pairs: string, found: Found, embedded: Embedded): string {
  let out = "";
  let done = 0;
  /** What stands before the next parameter, where the one at the beginning was left out. */
  let before: string | null = null;
  // Its own, for `embedded` may come back here.
  const pair = new RegExp(STRICT);
  for (let match = pair.exec(pairs); match !== null; match = pair.exec(pairs)) {
    const [, separator, rawName] = match;
    const name = unescaped(rawName);
    const verdict = found.rules.query(name);
    const which = verdict === null ? SHORTEST_VALUE : separator === ";" ? PATH_VALUE : VALUE;
    which.lastIndex = pair.lastIndex;
    const value = which.exec(pairs)?.[0] ?? "";
    out += pairs.slice(done, match.index);
    done = pair.lastIndex += value.length;
    const lead: string = before !== null && separator !== "#" ? before : separator;
    if (verdict !== null && value !== "" && value !== MASK) {
      found.field(PARAMETER, name, verdict, unescaped(value), value);
    }
    if (verdict === "omit") {
      // At the very beginning, the next one takes its place.
      if (lead === "" || lead === "?") before = lead;
      continue;
    }
    before = null;
    out += `${lead}${rawName}=${verdict === null ? inside(value, embedded) : masked(value)}`;
  }
  return out + pairs.slice(done);
}

const PARAMETER = "query or form field";

function masked(value: string): string {
  return value === "" ? "" : MASK;
}

/** A value that may hold others: percent-encoded once more. */
function inside(value: string, embedded: Embedded): string {
  if (!/[%{[<]/.test(value)) return value;
  const changed = embedded(unescaped(value));
  return changed === null ? value : encodeURIComponent(changed);
}

/** Parameters and users in any text: "see https://host/?token=1", "password=1". Keeps to what stands on one line. */
export function maskLoosely(text: string, found: Found): string {
  const users = maskUsers(text, found);
  if (!found.rules.has.query || !/=|%3[dD]/.test(users)) return users;
  let out = "";
  let done = 0;
  // In the value of a parameter that stays, another one may begin.
  const parameter = new RegExp(LOOSE);
  for (let match = parameter.exec(users); match !== null; match = parameter.exec(users)) {
    const [, , rawName, equals] = match;
    const name = unescaped(rawName);
    if (found.rules.query(name) === null) continue;
    const from = LOOSE_VALUE.lastIndex = parameter.lastIndex;
    const rest = LOOSE_VALUE.exec(users)?.[0] ?? "";
    const end = equals === "=" ? -1 : rest.search(ENCODED_END);
    const value = end < 0 ? rest : rest.slice(0, end);
    parameter.lastIndex = from + value.length;
    if (value === "" || value === MASK) continue;
    found.field(PARAMETER, name, "mask", unescaped(value), value);
    out += users.slice(done, from) + MASK;
    done = from + value.length;
  }
  return out + users.slice(done);
}

/** "https://user:password@host": what says who one is goes with the Authorization field. */
function maskUsers(text: string, found: Found): string {
  const { rules } = found;
  const verdict = rules.header("authorization") ?? rules.header("proxy-authorization");
  if (verdict === null || !text.includes("@")) return text;
  return text.replace(USER, (whole, scheme: string, user: string) => {
    if (user === MASK) return whole;
    const [, password] = /:(.*)/s.exec(user) ?? [];
    found.field("address", "user and password", verdict, unescaped(user), unescaped(password ?? ""));
    return verdict === "omit" ? scheme : `${scheme}${MASK}@`;
  });
}

/** A name or value without its escapes; as it is where they are no UTF-8. "+" is a space. */
export function unescaped(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  return spaced.replace(/(?:%[0-9a-fA-F]{2})+/g, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      // No UTF-8: a character a byte.
      return escapes.replace(/%(..)/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
    }
  });
}
