// What the shell of the page says and draws: cells, the duration bar, the gutter, layout, addresses, the form.

import assert from "node:assert/strict";
import { reachedAt, splitAddress } from "../../src/ui/page/addresses.ts";
import { barOf } from "../../src/ui/page/grid/bar.ts";
import {
  elapsedText,
  failureOf,
  isUnanswered,
  piecesOf,
  stateWords,
  summaryOf,
  ticks,
  timesOf,
  toneOf,
  urlPartsOf,
} from "../../src/ui/page/grid/cells.ts";
import { readQuery } from "../../src/decode/query/mod.ts";
import { isFoundInside } from "../../src/ui/page/grid/found_inside.ts";
import { reachOf, threadAt } from "../../src/ui/page/grid/gutter.ts";
import { layoutFor, LEAST, placesOf } from "../../src/ui/page/layout/sizes.ts";
import { answered, unknownRows } from "../../src/ui/page/state/rows.ts";
import { exchange, exchanges } from "./made.ts";

Deno.test("what is open ticks where it is recorded, and not in an opened capture", () => {
  const open = exchange(1, { state: "open" });
  assert.equal(ticks(open, { state: "listening" }), true);
  assert.equal(ticks(open, { state: "stopped" }), true);
  assert.equal(ticks(open, null), true);
  assert.equal(ticks(open, { state: "capture" }), false);
  assert.equal(ticks(exchange(1, { state: "done" }), { state: "listening" }), false);
  assert.equal(ticks(undefined, null), false);
});

Deno.test("piecesOf names line ends", () => {
  assert.deepEqual(piecesOf("DATA\r\na\n"), [
    { text: "DATA", isLineEnd: false },
    { text: "CR LF", isLineEnd: true },
    { text: "a", isLineEnd: false },
    { text: "LF", isLineEnd: true },
  ]);
  assert.deepEqual(piecesOf(""), []);
});

Deno.test("stateWords says what an open exchange waits for, and why one failed", () => {
  const open = { state: "open", requestBytes: 10, responseBytes: 0 } as const;
  assert.equal(stateWords(exchange(1, { ...open, requestBytes: 0 })), "open: waiting for the client");
  assert.equal(stateWords(exchange(1, open)), "open: no response yet");
  assert.equal(stateWords(exchange(1, { ...open, responseBytes: 1 })), "open: the response is arriving");
  assert.equal(stateWords(exchange(1, { state: "done" })), "done");
  assert.equal(
    stateWords(exchange(1, { state: "failed", fault: "db: name not found" })),
    "failed: db: name not found",
  );
});

Deno.test("failureOf is for what has no request to show", () => {
  assert.equal(
    failureOf(exchange(1, { state: "failed", url: null, fault: "db: name not found" })),
    "db: name not found",
  );
  assert.equal(failureOf(exchange(1, { state: "failed", fault: "the client ended early" })), null);
  assert.equal(failureOf(exchange(1, { state: "open", url: null })), null);
});

Deno.test("isUnanswered is for requests of which only the failure can be told", () => {
  const failed = { state: "failed", status: null, responseBytes: 0, fault: "a:1 is not trusted" } as const;
  assert.equal(isUnanswered(exchange(1, failed)), true);
  for (const other of [{ state: "open" }, { url: null }, { status: 200 }, { responseBytes: 1 }] as const) {
    assert.equal(isUnanswered(exchange(1, { ...failed, ...other })), false, JSON.stringify(other));
  }
});

Deno.test("urlPartsOf divides whole URLs, and nothing else", () => {
  const cases: [target: string, parts: string[] | null][] = [
    ["http://shop.example.org/orders?a=b#c", ["http://", "shop.example.org", "/orders?a=b#c"]],
    ["HTTPS://[::1]:8443", ["HTTPS://", "[::1]:8443", ""]],
    ["https://a?x=/", ["https://", "a", "?x=/"]],
    ["/orders?next=http://a/", null],
    ["shop.example.org:443", null],
    ["http://", null],
  ];
  for (const [target, parts] of cases) {
    const found = urlPartsOf(target);
    assert.deepEqual(found && [found.scheme, found.host, found.rest], parts, target);
  }
});

Deno.test("summaryOf sets apart what is wrong", () => {
  assert.deepEqual(summaryOf(exchange(1, { summary: "getQuote, fault Server: no" })), {
    text: "getQuote, ",
    fault: "fault Server: no",
  });
  assert.deepEqual(summaryOf(exchange(1, { summary: "json", fault: "cut" })), {
    text: "json, ",
    fault: "cut",
  });
  assert.deepEqual(summaryOf(exchange(1, { summary: "default page" })), { text: "default page", fault: "" });
});

Deno.test("toneOf warns of 4xx, and 5xx is bad", () => {
  assert.deepEqual([200, 304, 404, 503, null].map(toneOf), ["plain", "quiet", "warn", "bad", "quiet"]);
});

Deno.test("elapsedText of an open row goes on, that of an ended one does not", () => {
  const started = new Date(1_000).toISOString();
  assert.equal(elapsedText(exchange(1, { state: "open", started, elapsedMs: 3 }), 10_200), "9.2 s");
  assert.equal(elapsedText(exchange(1, { state: "open", started, elapsedMs: 3 }), 43_100), "42.1 s");
  assert.equal(elapsedText(exchange(1, { started, elapsedMs: 41 }), 43_100), "41 ms");
});

Deno.test("timesOf says what the bar draws", () => {
  assert.equal(
    timesOf(exchange(1, { firstByteMs: 77, elapsedMs: 219 }), 0),
    "first byte after 77 ms, complete after 219 ms",
  );
  assert.equal(
    timesOf(exchange(1, { state: "failed", firstByteMs: null, elapsedMs: 3 }), 0),
    "failed after 3 ms",
  );
});

Deno.test("barOf is logarithmic to a minute, waiting and receiving add up", () => {
  assert.equal(barOf(60_000, null).waiting, 44);
  assert.equal(barOf(3_600_000, null).waiting, 44);
  assert.ok(barOf(1, null).waiting < barOf(40, null).waiting);
  const { waiting, receiving } = barOf(3910, 4);
  assert.ok(receiving !== null && receiving > waiting);
  assert.equal(waiting + (receiving ?? 0), barOf(3910, null).waiting);
});

Deno.test("threadAt joins the rows of a connection", () => {
  const told = exchanges(4, 0).map((row, i) => ({ ...row, connection: i === 1 || i === 3 ? "c9" : "c1" }));
  const rows = answered(unknownRows(0, 5), { exchanges: told, total: 5, offset: 0, next: null }, false);
  const reach = reachOf(rows, "c9");
  assert.deepEqual(reach, { from: 1, to: 3 });
  assert.deepEqual(threadAt(reach, 3, true), { dot: true, above: false, below: true });
  assert.deepEqual(threadAt(reach, 2, false), { dot: false, above: true, below: true });
  assert.deepEqual(threadAt(reach, 1, true), { dot: true, above: true, below: false });
  assert.equal(threadAt(reach, 4, false), null);
  assert.equal(reachOf(rows, "c7"), null);
});

Deno.test("layoutFor takes one column where it is narrow", () => {
  assert.deepEqual([layoutFor(899, "side"), layoutFor(900, "side"), layoutFor(1440, "stacked")], [
    "column",
    "side",
    "stacked",
  ]);
});

Deno.test("placesOf keeps to the least sizes, and to where dividers were put", () => {
  const room = { width: 1440, height: 808 };
  const none = { grid: null, request: null };
  assert.equal((placesOf("side", room, none).grid.at - 23) % 24, 0, "whole rows at first");
  assert.equal(placesOf("stacked", room, none).grid.at, 600);
  assert.equal(placesOf("side", room, { grid: 0.01, request: 0.99 }).grid.at, LEAST.gridHeight);
  assert.equal(placesOf("side", room, { grid: 0.01, request: 0.99 }).request.at, 1439 - LEAST.paneWidth);
  for (const layout of ["side", "stacked", "column"] as const) {
    const { grid, request } = placesOf(layout, { width: 200, height: 100 }, none);
    assert.ok(grid.at >= 0 && request.at >= 0, `${layout} in no room at all`);
  }
});

Deno.test("reachedAt is the address to call from this machine", () => {
  assert.equal(reachedAt("127.0.0.1:8081"), "localhost:8081");
  assert.equal(reachedAt("0.0.0.0:8081"), "localhost:8081");
  assert.equal(reachedAt("[::1]:8081"), "localhost:8081");
  assert.equal(reachedAt("192.168.1.7:8081"), "192.168.1.7:8081");
  assert.deepEqual(splitAddress("[::1]:80"), { host: "::1", port: "80" });
});

Deno.test("isFoundInside is so where free text is in none of the columns", () => {
  const row = exchange(1, { url: "/Orders", summary: "getQuote", method: "POST" });
  const cases: [filter: string, inside: boolean][] = [
    ["orders", false],
    ["tracking", true],
    ["tracking method:POST", true],
    ["orders tracking", true],
    ["orders or tracking", false],
    ["tracking or parcel", true],
    ["tracking or status:200", false],
    ["-tracking body:tracking header:tracking /tracking/", false],
    ["", false],
  ];
  for (const [filter, inside] of cases) {
    assert.equal(isFoundInside(readQuery(filter), row), inside, filter);
  }
});
