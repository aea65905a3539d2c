// Redacting: values that are found by the names of their fields are masked or left out of what is exported, and what
// was masked is listed. Pure; start at redactor.ts.
//
// How an export uses it: `new Redactor(parseRules(texts))`, first over every Message (heads, bodies, then their
// outcome is thrown away), so that all values are known; then `new Redactor(rules, first)` over the same again, whose
// outcome is written. `message` does all for a Message in memory; a large body goes through `body` in pieces, twice
// where its length must be known before. Of the Exchange go `url` through `url`, and `summary`, `fault`, faults, notes
// and all else that was derived from bytes through `words`. Nothing else of a Message with a change may be exported:
// not its bytes on the wire, not its edits, and no keys to decrypt them.

export { parseRules, RULE_KINDS, ruleFault, SECRET_RULES, SECRETS } from "./rules.ts";
export { Redactor } from "./redactor.ts";
export { maskedLines, maskedSentence } from "./words.ts";
export { headBytes, reframed, sameHead } from "./whole_message.ts";
export type {
  BodyFacts,
  BodyRedaction,
  HeadField,
  Masked,
  RedactableHead,
  RedactableMessage,
  RedactedMessage,
  RedactRule,
  RuleKind,
} from "./types.ts";
