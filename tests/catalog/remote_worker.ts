/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
// The other side of remote_test.ts.

import { answerQuestions } from "../../src/catalog/remote.ts";

/** What remote_test.ts asks. */
export interface TestQuestions {
  double(number: number): number;
  later(number: number): number;
  bytes(length: number): Uint8Array;
  refuse(kind: "RangeError" | "TypeError"): void;
  untilAborted(question: null): string;
  aborted(question: null): number;
  tellAndFail(message: string): void;
  crash(question: null): void;
}

let aborted = 0;

const { tell, fail } = answerQuestions<TestQuestions, string>(self, {
  double: (number) => 2 * number,
  later: (number) => new Promise((resolve) => setTimeout(() => resolve(number), 1)),
  bytes: (length) => new Uint8Array(length).fill(7),
  refuse(kind) {
    throw kind === "RangeError" ? new RangeError("out of range") : new TypeError("a mistake");
  },
  untilAborted: (_, signal) =>
    new Promise((_, reject) => {
      signal.onabort = () => {
        aborted++;
        reject(signal.reason);
      };
    }),
  aborted: () => aborted,
  tellAndFail(message) {
    tell(message);
    fail(`failed after ${message}`);
  },
  crash() {
    setTimeout(() => {
      throw new Error("a mistake in the worker");
    }, 0);
  },
});
