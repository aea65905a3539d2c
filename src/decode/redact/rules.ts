// The rules as people write them: "header:authorization", "json:user.password", "omit:cookie:*", "text:/[0-9]{16}/",
// and the ready-made set "secrets". Texts to rules, and what is wrong with a text in words. Finds nothing itself.

import { nearest } from "../../nearest.ts";
import type { RedactRule, RuleKind } from "./types.ts";

/** The kinds by which fields are found, with what each is for, as help and page say it. */
export const RULE_KINDS: readonly {
  readonly kind: string;
  readonly example: string;
  readonly says: string;
}[] = [
  { kind: "header", example: "header:authorization", says: "the value of a header field" },
  { kind: "cookie", example: "cookie:*", says: "a cookie, in Cookie and Set-Cookie" },
  { kind: "query", example: "query:token", says: "a parameter in an address or a form" },
  { kind: "json", example: "json:user.password", says: "a member of JSON, at any depth, or by its path" },
  { kind: "xml", example: "xml:Password", says: "an element or attribute of XML, whatever its prefix" },
  { kind: "any", example: "any:password", says: "all of these under the same name" },
  { kind: "text", example: "text:/[0-9]{16}/", says: "what a regular expression finds, in the same length" },
];

/** The name of the ready-made set. */
export const SECRETS = "secrets";

/** The ready-made set. Case, "-" and "_" do not count in names: "*token" finds accessToken, access_token, X-Auth-Token. */
export const SECRET_RULES: readonly string[] = [
  "header:authorization,proxy-authorization,authentication,*api-key,*apikey,*token,*secret,*password,*signature",
  "header:x-amz-security-token,ocp-apim-subscription-key,x-functions-key,*session-id,*jwt*,dpop,x-auth-*",
  "cookie:*",
  "query:*token,*password*,*passwd*,pwd,passphrase,*secret*,*api-key,*private-key,*signature,sig,jwt,otp,pin",
  "query:*session-id,client-assertion,code-verifier,device-code,x-amz-credential,SAMLResponse,credentials",
  "json:*token,*password*,*passwd*,pwd,passphrase,*secret*,*api-key,*private-key,*signature,jwt,otp,pin",
  "json:authorization,proxy-authorization,cookie,set-cookie,*session-id,client-assertion,code-verifier,device-code",
  "json:credentials",
  "xml:*password*,*passwd*,pwd,passphrase,*secret*,*api-key,*private-key,token,access-token,refresh-token,id-token",
  "xml:auth-token,session-token,binary-security-token,*session-id,jwt,otp,pin",
];

const FIELD_KINDS: readonly RuleKind[] = ["header", "cookie", "query", "json", "xml"];
const OMIT = "omit:";
const LONGEST_TEXT = 1_000;
const MOST_RULES = 1_000;

/**
 * The rules that these texts say, one text each, with several names separated by commas. Throws RangeError in words
 * for the user, which repeat no pattern.
 */
export function parseRules(texts: readonly string[]): RedactRule[] {
  const rules = texts.flatMap(parseRule);
  if (rules.length > MOST_RULES) {
    throw new RangeError(
      `Cannot redact by ${rules.length} rules: at most ${MOST_RULES} are possible. Use * in names.`,
    );
  }
  return rules;
}

/** What is wrong with the text of a rule, in words; null for a good one. */
export function ruleFault(text: string): string | null {
  try {
    parseRule(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function parseRule(text: string): RedactRule[] {
  const whole = text.trim();
  if (whole.length > LONGEST_TEXT) {
    throw new RangeError(
      `Cannot redact by a rule of ${whole.length} characters: ${LONGEST_TEXT} are the most.`,
    );
  }
  if (whole.toLowerCase() === SECRETS) return SECRET_RULES.flatMap(parseRule);
  const omit = whole.toLowerCase().startsWith(OMIT);
  const rule = omit ? whole.slice(OMIT.length).trim() : whole;
  const colon = rule.indexOf(":");
  const kind = rule.slice(0, Math.max(0, colon)).trim().toLowerCase();
  const name = rule.slice(colon + 1).trim();
  if (colon < 0) throw refused(whole, "it is no rule", mendOf(whole));
  if (kind === "text") return [textRule(name, omit)];
  const kinds = kind === "any" ? FIELD_KINDS : FIELD_KINDS.filter((known) => known === kind);
  if (kinds.length === 0) {
    const known = [...FIELD_KINDS, "any"].map((known) => `${known}:NAME`).join(", ");
    throw refused(
      whole,
      `no rule begins with "${kind}:"`,
      `Write ${SECRETS} for the usual ones, or ${known} or text:/PATTERN/.`,
    );
  }
  const names = name.split(",").map((part) => part.trim());
  if (names.includes("")) throw refused(whole, "a name is missing", `Write for example ${kind}:password.`);
  return names.flatMap((name) => kinds.map((kind) => ({ kind, name, omit })));
}

/** What a text without a ":" may be meant as: the ready-made set, or the name of a field. */
function mendOf(text: string): string {
  if (text !== "" && nearest(text, [SECRETS]) !== null) {
    return `Write ${SECRETS}, or any:${text} for fields of that name.`;
  }
  return `Write ${SECRETS} for the usual ones, or for example any:${text || "password"}.`;
}

function textRule(name: string, omit: boolean): RedactRule {
  if (omit) {
    const mend = "Without omit: it is masked.";
    throw new RangeError(`Cannot leave out what a text rule finds: its bytes keep their length. ${mend}`);
  }
  const pattern = /^\/(.+)\/(i?)$/s.exec(name);
  if (pattern === null) {
    throw refused("text:…", "its pattern is not between slashes", "Write text:/PATTERN/.");
  }
  if (/[^\0-\x7f]/.test(pattern[1])) {
    const mend = "Write the bytes of others as \\xNN.";
    throw refused("text:…", "a pattern for bytes holds ASCII characters alone", mend);
  }
  try {
    const found = new RegExp(pattern[1], pattern[2]);
    if (found.test("")) {
      throw refused("text:…", "its pattern finds nothing at all too", "Let it find a character.");
    }
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const reason = error instanceof Error ? error.message.replace(/^.*: /s, "") : "it is malformed";
    throw refused("text:…", `its pattern is no regular expression (${reason})`, "Mend the pattern.");
  }
  return { kind: "text", name, omit: false };
}

function refused(text: string, why: string, mend: string): RangeError {
  return new RangeError(`Cannot redact by "${text}": ${why}. ${mend}`);
}
