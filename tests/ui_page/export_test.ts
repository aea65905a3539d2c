import assert from "node:assert/strict";
import { SECRETS } from "../../src/decode/redact/rules.ts";
import { maskedRows, outcomeWords, previewWords } from "../../src/ui/page/export/masked_words.ts";
import {
  type Choices,
  countOf,
  nameFor,
  type Plan,
  questionOf,
  rememberable,
  ruleShown,
  ruleTurned,
  withRule,
} from "../../src/ui/page/export/plan.ts";

const PLAN: Plan = {
  which: "all",
  format: "har",
  bodies: true,
  wholeConnections: false,
  secrets: true,
  rules: [],
  name: null,
};
const CHOICES: Choices = {
  listener: "l1",
  listen: "127.0.0.1:8081",
  filter: "",
  total: 12,
  selected: ["e3", "e10"],
};

Deno.test("questionOf asks for what is planned, and for nothing else", () => {
  const cases: [Partial<Plan>, Partial<Choices>, unknown][] = [
    [{}, {}, { format: "har", listener: "l1", redact: [SECRETS] }],
    [{ secrets: false }, { filter: "status:500" }, { format: "har", listener: "l1", q: "status:500" }],
    [{ which: "selected", secrets: false }, { filter: "x" }, {
      format: "har",
      listener: "l1",
      ids: ["e3", "e10"],
    }],
    [{ bodies: false, secrets: false }, {}, { format: "har", listener: "l1", bodies: false }],
    // A report always has bodies; whole connections are for pcapng, and not where something is masked.
    [{ format: "html", bodies: false, wholeConnections: true, secrets: false }, {}, {
      format: "html",
      listener: "l1",
    }],
    [{ format: "pcapng", wholeConnections: true, secrets: false }, {}, {
      format: "pcapng",
      listener: "l1",
      wholeConnections: true,
    }],
    [{ format: "pcapng", wholeConnections: true, rules: ["cookie:a"], secrets: false }, {}, {
      format: "pcapng",
      listener: "l1",
      redact: ["cookie:a"],
    }],
  ];
  for (const [plan, choices, question] of cases) {
    assert.deepEqual(questionOf({ ...PLAN, ...plan }, { ...CHOICES, ...choices }), question);
  }
  assert.deepEqual([countOf(PLAN, CHOICES), countOf({ which: "selected" }, CHOICES)], [12, 2]);
  assert.match(nameFor({ ...PLAN, format: "curl" }, CHOICES, new Date()), /^tcpmon-8081-\d+-\d+\.sh$/);
});

Deno.test("withRule takes a rule, or a name alone, or says what is wrong", () => {
  assert.deepEqual(withRule([], " password "), { rules: ["any:password"] });
  assert.deepEqual(withRule(["a:b"], "json:user.pin"), { rules: ["a:b", "json:user.pin"] });
  assert.deepEqual(withRule(["cookie:*"], "cookie:*"), { rules: ["cookie:*"] });
  for (
    const [typed, error] of [["", /Write a rule first/], ["jsn:a", /no rule begins with "jsn:"/], [
      "text:/(/",
      /regular/,
    ]] as const
  ) {
    const added = withRule([], typed);
    assert.match("error" in added ? added.error : "", error);
  }
});

Deno.test("a rule is turned from masking to leaving out and back, but for patterns", () => {
  assert.equal(ruleTurned("json:a"), "omit:json:a");
  assert.equal(ruleTurned("omit:json:a"), "json:a");
  assert.equal(ruleTurned("text:/a/"), "text:/a/");
  assert.deepEqual(ruleShown("omit:json:a"), { text: "json:a", omits: true });
  // A pattern may say what is secret: the browser keeps names alone.
  assert.deepEqual(rememberable(["json:a", "text:/hunter2/", "omit:cookie:*"]), ["json:a", "omit:cookie:*"]);
});

Deno.test("what is masked is said in words", () => {
  const masked = [
    { where: "cookie", name: "sid", count: 2, omitted: true },
    { where: "doubt", name: "JSON from its first fault on", count: 1, omitted: false },
    { where: "header", name: "Authorization", count: 1200, omitted: false },
    { where: "limit", name: "more values than can be remembered", count: 0, omitted: false },
  ];
  assert.deepEqual(maskedRows(masked), [
    { name: "more values than can be remembered", where: "look for them yourself", count: "" },
    { name: "Authorization", where: "header", count: "1,200" },
    { name: "sid", where: "cookie, left out", count: "2" },
    { name: "JSON from its first fault on", where: "masked, for it cannot be read", count: "1" },
  ]);
  assert.equal(
    previewWords({ exchanges: 100, count: 1234, masked }),
    "1,203 values would be masked in the first 100 of 1,234 exchanges",
  );
  assert.equal(previewWords({ exchanges: 1, count: 1, masked: [] }), "Nothing would be masked in 1 exchange");
  assert.equal(outcomeWords(masked.slice(1, 2)), "1 value was masked.");
  assert.match(outcomeWords([]), /Nothing was masked/);
});
