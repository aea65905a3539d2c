// Rules, ready to be asked: is what stands under this name to be masked? In names case, "-" and "_" do not count, so
// that access_token, accessToken and Access-Token are one; where two rules differ, leaving out wins.

import type { RedactRule, RuleKind } from "./types.ts";

/** What is to become of a field. */
export type Verdict = "mask" | "omit" | null;

type NamedKind = Exclude<RuleKind, "json" | "text">;

/** So many names are remembered with what was found for them; traffic may have any number. */
const REMEMBERED = 2_000;

/** All rules of a Redactor. */
export class RuleSet {
  /** What text rules look for, each with the "g" flag. */
  readonly texts: readonly RegExp[];
  readonly #named: Readonly<Record<NamedKind, NameRules>>;
  readonly #json: readonly JsonRule[];
  readonly #jsonByName = new Map<string, readonly JsonRule[]>();
  /** True where there is a rule of this kind. */
  readonly has: Readonly<Record<RuleKind, boolean>>;

  constructor(rules: readonly RedactRule[]) {
    const of = (kind: RuleKind) => rules.filter((rule) => rule.kind === kind);
    this.#named = {
      header: new NameRules(of("header")),
      cookie: new NameRules(of("cookie")),
      query: new NameRules(of("query")),
      xml: new NameRules(of("xml").map((rule) => ({ ...rule, name: localName(rule.name) }))),
    };
    this.#json = of("json").map(jsonRule);
    this.texts = of("text").map(({ name }) => pattern(name));
    const has = (kind: RuleKind) => rules.some((rule) => rule.kind === kind);
    this.has = {
      header: has("header"),
      cookie: has("cookie"),
      query: has("query"),
      json: has("json"),
      xml: has("xml"),
      text: has("text"),
    };
  }

  /** True where a body may hold what a rule names. */
  get reachesBodies(): boolean {
    return this.has.query || this.has.json || this.has.xml || this.has.text;
  }

  header(name: string): Verdict {
    return this.#named.header.verdict(name);
  }

  cookie(name: string): Verdict {
    return this.#named.cookie.verdict(name);
  }

  /** A parameter, decoded; of "user[password]" and "user.password" the last part counts too. */
  query(name: string): Verdict {
    const whole = this.#named.query.verdict(name);
    if (whole === "omit" || !/[\[.]/.test(name)) return whole;
    const last = /([^\[\].]+)\]?(?:\[\d*\])*$/.exec(name)?.[1];
    return (last === undefined ? null : this.#named.query.verdict(last)) ?? whole;
  }

  /** The name of an element or attribute, with or without its prefix. */
  xml(name: string): Verdict {
    return this.#named.xml.verdict(localName(name));
  }

  /** A member by its name, and the names of what it is in, from the outermost on. Arrays have no name. */
  json(name: string, parents: () => readonly string[]): Verdict {
    const rules = this.#jsonRules(name);
    if (rules.length === 0) return null;
    const path = [...parents(), name];
    let verdict: Verdict = null;
    for (const rule of rules) {
      if (verdict !== "omit" && fits(rule, path)) verdict = rule.verdict;
    }
    return verdict;
  }

  /** A member of which only the name is known; `anyPath`: where a rule with a path counts by its last name. */
  jsonName(name: string, anyPath: boolean): Verdict {
    let verdict: Verdict = null;
    for (const rule of this.#jsonRules(name)) {
      if (verdict !== "omit" && (anyPath || rule.path.length === 1)) verdict = rule.verdict;
    }
    return verdict;
  }

  /** Those whose last name is this one. */
  #jsonRules(name: string): readonly JsonRule[] {
    if (this.#json.length === 0) return this.#json;
    const known = this.#jsonByName.get(name);
    if (known !== undefined) return known;
    const plain = normal(name);
    const found = this.#json.filter(({ path, whole }) =>
      path[path.length - 1].test(plain) || whole?.test(plain)
    );
    if (this.#jsonByName.size >= REMEMBERED) this.#jsonByName.clear();
    this.#jsonByName.set(name, found);
    return found;
  }
}

/** Rules of one kind that go by a name alone. */
class NameRules {
  readonly #rules: readonly { readonly glob: Glob; readonly verdict: Verdict }[];
  readonly #known = new Map<string, Verdict>();

  constructor(rules: readonly RedactRule[]) {
    this.#rules = rules.map(({ name, omit }) => ({ glob: new Glob(name), verdict: omit ? "omit" : "mask" }));
  }

  verdict(name: string): Verdict {
    if (this.#rules.length === 0) return null;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const plain = normal(name);
    let verdict: Verdict = null;
    for (const rule of this.#rules) {
      if (verdict !== "omit" && rule.glob.test(plain)) verdict = rule.verdict;
    }
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(name, verdict);
    return verdict;
  }
}

interface JsonRule {
  readonly path: readonly Glob[];
  /** True where the path begins at the root: "$.user.password". */
  readonly anchored: boolean;
  /** The whole text as one name, where it has dots: names may have them, too. */
  readonly whole: Glob | null;
  readonly verdict: "mask" | "omit";
}

function jsonRule({ name, omit }: RedactRule): JsonRule {
  const anchored = /^\$[.\[]/.test(name);
  const path = name.replace(/^\$/, "").replace(/\[[^\]]*\]/g, "").split(".").filter((part) => part !== "");
  return {
    path: (path.length === 0 ? ["*"] : path).map((part) => new Glob(part)),
    anchored,
    whole: path.length > 1 && !anchored ? new Glob(name) : null,
    verdict: omit ? "omit" : "mask",
  };
}

function fits({ path, anchored, whole }: JsonRule, at: readonly string[]): boolean {
  if (whole?.test(normal(at[at.length - 1]))) return true;
  const from = at.length - path.length;
  if (from < 0 || (anchored && from > 0)) return false;
  return path.every((glob, index) => glob.test(normal(at[from + index])));
}

/** A name in which "*" stands for any characters. Takes time in proportion to the name, whatever the stars. */
class Glob {
  readonly #parts: readonly string[];

  constructor(text: string) {
    this.#parts = text.split("*").map((part) => part === "" ? "" : normal(part));
  }

  /** `name` as `normal` gives it. */
  test(name: string): boolean {
    const parts = this.#parts;
    const first = parts[0];
    if (parts.length === 1) return name === first;
    const last = parts[parts.length - 1];
    if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) {
      return false;
    }
    let at = first.length;
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= name.length - last.length;
  }
}

/** A name as it is compared. One that has nothing but "-" and "_" stays. White space around it does not count either. */
function normal(name: string): string {
  const lower = name.trim().toLowerCase();
  return lower.replace(/[-_]/g, "") || lower;
}

/** Without the prefix of a namespace. */
function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** "/PATTERN/i", which was tried when the rule was read. */
function pattern(text: string): RegExp {
  const end = text.lastIndexOf("/");
  return new RegExp(text.slice(1, end), `g${text.slice(end + 1)}`);
}
