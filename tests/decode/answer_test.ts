import assert from "node:assert/strict";
import { type Answer, AnswerWatch } from "../../src/decode/answer.ts";

const GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

/** What is sent (>) and comes (<), and what is then said of the answer. */
const TALKS: Readonly<Record<string, readonly (readonly [text: string, answer: Answer])[]>> = {
  "a response with a length": [
    [`> ${GET}`, "none"],
    ["< HTTP/1.1 200 OK\r\n", "part"],
    ["< Content-Length: 3\r\n\r\nab", "part"],
    ["< c", "whole"],
  ],
  "a response in chunks": [
    [`> ${GET}`, "none"],
    ["< HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", "part"],
    ["< \r\n", "whole"],
  ],
  "a response that ends with the connection is never whole": [
    [`> ${GET}`, "none"],
    ["< HTTP/1.1 200 OK\r\n\r\nabc", "part"],
  ],
  "HEAD, 204 and 304 have no body": [
    ["> HEAD / HTTP/1.1\r\n\r\n", "none"],
    ["< HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "whole"],
    [`> ${GET}`, "none"],
    ["< HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "whole"],
  ],
  "an interim response is no answer": [
    [`> ${GET}`, "none"],
    ["< HTTP/1.1 100 Continue\r\n\r\n", "part"],
    ["< HTTP/1.1 204 No Content\r\n\r\n", "whole"],
  ],
  "a second request waits for its own answer": [
    [`> ${GET}`, "none"],
    ["< HTTP/1.1 204 No Content\r\n\r\n", "whole"],
    [`> ${GET}`, "none"],
    ["< HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n", "part"],
    ["< x", "whole"],
  ],
  "requests that were sent at once are all waited for": [
    [`> ${GET}${GET}`, "none"],
    ["< HTTP/1.1 204 No Content\r\n\r\n", "part"],
    ["< HTTP/1.1 204 No Content\r\n\r\n", "whole"],
  ],
  "a request that is too short by its own words can be answered": [
    ["> PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc", "none"],
    ["< HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "whole"],
  ],
  "a tunnel is an answer": [
    ["> CONNECT h:1 HTTP/1.1\r\n\r\n", "none"],
    ["< HTTP/1.1 200 OK\r\n\r\n", "whole"],
    ["> \x16\x03", "none"],
    ["< \x16\x03", "turn"],
  ],
  "turns have no end of their own": [
    ["< 220 ready\r\n", "turn"],
    ["> EHLO me\r\n", "none"],
    ["< 250 ok\r\n", "turn"],
  ],
  "what began like HTTP and is none": [
    [`> ${GET}`, "none"],
    ["< SSH-2.0-x\r\n", "turn"],
  ],
};

for (const [name, talk] of Object.entries(TALKS)) {
  Deno.test(`AnswerWatch: ${name}`, () => {
    const encoder = new TextEncoder();
    const whole = new AnswerWatch();
    const byByte = new AnswerWatch();
    for (const [text, answer] of talk) {
      const bytes = encoder.encode(text.slice(2));
      const say = (watch: AnswerWatch, some: Uint8Array) =>
        text.startsWith(">") ? watch.sent(some) : watch.received(some);
      say(whole, bytes);
      for (const byte of bytes) say(byByte, Uint8Array.of(byte));
      assert.equal(whole.answer, answer, text);
      assert.equal(byByte.answer, answer, `byte by byte: ${text}`);
    }
  });
}

Deno.test("AnswerWatch tells the end of a long body", () => {
  const watch = new AnswerWatch();
  const encoder = new TextEncoder();
  watch.sent(encoder.encode(GET));
  watch.received(encoder.encode("HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n"));
  const piece = new Uint8Array(1_000_000);
  for (let i = 0; i < 50; i++) {
    assert.equal(watch.answer, "part");
    watch.received(piece);
  }
  assert.equal(watch.answer, "whole");
});

Deno.test("AnswerWatch.isIdle and isSwitched tell when another may be asked, and when HTTP is over", () => {
  const OK = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
  const POST = "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n";
  const UPGRADE = "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";
  const talks: readonly (readonly (readonly [text: string, is: "busy" | "idle" | "switched"])[])[] = [
    [[`> ${GET}${GET}`, "busy"], [`< ${OK}`, "busy"], [`< ${OK}`, "idle"], [`> ${GET}`, "busy"]],
    // An answer may come before the request is whole.
    [[`> ${POST}a`, "busy"], [`< ${OK}`, "idle"], ["> b", "idle"]],
    [[`> ${UPGRADE}`, "busy"], [`< ${OK}`, "idle"]],
    [[`> ${UPGRADE}`, "busy"], ["< HTTP/1.1 101 Switching Protocols\r\n\r\n", "switched"], [
      "< xyz",
      "switched",
    ]],
    [[`> ${GET}`, "busy"], ["< 220 mail ready\r\n", "switched"]],
  ];
  for (const talk of talks) {
    const watch = new AnswerWatch();
    for (const [text, is] of talk) {
      const bytes = new TextEncoder().encode(text.slice(2));
      if (text.startsWith(">")) watch.sent(bytes);
      else watch.received(bytes);
      assert.equal(watch.isSwitched ? "switched" : watch.isIdle ? "idle" : "busy", is, text);
    }
  }
});
