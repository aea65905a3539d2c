// A worker for expressions as the answer worker borrows it, in a test that has no such worker.

import { type Borrowed, BorrowedWorkers } from "../../src/catalog/borrowed_workers.ts";
import { LentWorkers } from "../../src/catalog/lent_workers.ts";

/** Begins one. */
export function findWorker(): Borrowed {
  return borrowing().borrowed.begin("find");
}

/** Both sides, and how to end all. */
export function borrowing() {
  const lent: LentWorkers = new LentWorkers((given) => borrowed.given(given));
  const borrowed = new BorrowedWorkers((news) => lent.take(news));
  return { borrowed, lent };
}
