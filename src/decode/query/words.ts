// A filter in words, so that its reader sees how it was understood. Pure.

import type { Moment, Operator, Query, Sought, Test } from "./types.ts";

const QUALITIES = {
  resent: "was sent again from here",
  cut: "is cut",
  rewritten: "was rewritten",
  tls: "went inside TLS",
  decrypted: "was decrypted",
} as const;

const POSSESSIONS = {
  fault: "a fault",
  body: "a body",
  request: "a request",
  response: "a response",
} as const;

const NUMBERS = {
  status: ["the status", ""],
  elapsed: ["the time", " ms"],
  firstByte: ["the wait", " ms"],
  requestBytes: ["the request’s size", " bytes"],
  responseBytes: ["the response’s size", " bytes"],
} as const;

const COLUMNS = {
  client: "the client",
  target: "the target",
  url: "the path",
  method: "the method",
  state: "the state",
  protocol: "the protocol",
  id: "the id",
} as const;

const OPERATORS: Readonly<Record<Operator, string>> = {
  "=": "is",
  "<": "is less than",
  "<=": "is at most",
  ">": "is more than",
  ">=": "is at least",
};

/** The filter in words: `the status is at least 500 and a body holds “tracking”`. */
export function describe(query: Query): string {
  switch (query.is) {
    case "everything":
      return "everything";
    case "term":
      return describeTest(query.test);
    case "not":
      return `not ${grouped(query.of)}`;
    default:
      return query.of.map(grouped).join(` ${query.is} `);
  }
}

function grouped(query: Query): string {
  return query.is === "and" || query.is === "or" ? `(${describe(query)})` : describe(query);
}

function describeTest(test: Test): string {
  switch (test.by) {
    case "anywhere":
      return `${sought(test.sought)} anywhere`;
    case "column":
      return `${COLUMNS[test.column]} holds ${sought(test.sought)}`;
    case "equals":
      return `${COLUMNS[test.column]} is ${test.value}`;
    case "number": {
      const [name, unit] = NUMBERS[test.column];
      return `${name} ${OPERATORS[test.operator]} ${test.value.toLocaleString("en")}${unit}`;
    }
    case "statusClass":
      return `the status is ${test.first / 100}xx`;
    case "began":
      return `it began ${test.when} ${moment(test.moment)}`;
    case "is":
      return `${test.side ? `the ${test.side}` : "it"} ${QUALITIES[test.quality]}`;
    case "has":
      return `${test.side ? `the ${test.side}` : "it"} has ${POSSESSIONS[test.possession]}`;
    case "host":
      return `the server’s name holds ${sought(test.sought)}`;
    case "body":
      return `${test.side ? `the ${test.side}’s` : "a"} body holds ${sought(test.sought)}`;
    case "header": {
      const whose = test.side ? `the ${test.side}` : "it";
      return `${whose} has the header ${test.name}` + (test.value ? ` with ${sought(test.value)}` : "");
    }
    case "bytes":
      return `the bytes of ${test.side ? `the ${test.side}` : "a message"} hold ${sought(test.sought)}`;
  }
}

function sought(what: Sought): string {
  switch (what.is) {
    case "text":
      return `“${what.text}”`;
    case "regex":
      return `/${what.source}/${what.flags.replace("u", "")}`;
    case "bytes":
      return [...what.bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  }
}

function moment(when: Moment): string {
  if ("ago" in when) return `${(when.ago / 1000).toLocaleString("en")} s ago`;
  const two = (number: number) => String(number).padStart(2, "0");
  const day = when.date
    ? `${when.date.year}-${two(when.date.month)}-${two(when.date.day)}`
    : when.hour < 0
    ? "yesterday"
    : "today";
  const midnight = when.hour <= 0 && when.minute === 0 && when.second === 0;
  return midnight ? day : `${day} ${two(when.hour)}:${two(when.minute)}:${two(when.second)}`;
}
