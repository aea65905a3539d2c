// The transactions in which the index is written: everything between two commits is one. What SQLite had no room for is
// taken back as a whole, kept, and done again once there is some (`retry`), so that nothing that was to be written is
// lost. It knows no tables.

import type { DatabaseSync } from "node:sqlite";

/** Rows that wait outside the database, to be written several at once. */
export interface Waiting {
  /** Writes them. */
  flush(): void;
  /** Forgets them, and what waits for `last`. */
  clear(): void;
  /** Writes what is known only at the end of a transaction. */
  last(): void;
}

/** See above. */
export class Transaction {
  #isOpen = false;
  #isFull = false;
  /** What it does, to be done again. */
  #deeds: (() => unknown)[] = [];

  constructor(private readonly database: DatabaseSync, private readonly waiting: Waiting) {}

  /** Whether what was done waits for room. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Does what gives nothing back; where there is no room it is done later. */
  do(deed: () => unknown): void {
    this.#deeds.push(deed);
    if (this.#isFull) return;
    try {
      this.#begin();
      deed();
    } catch (error) {
      this.#takeBack(error);
    }
  }

  /** Does what looks at rows, of which all that wait are then written. Throws NoRoomError. */
  ask<Answer>(deed: () => Answer): Answer {
    if (!this.retry()) throw new NoRoomError();
    const whole = () => {
      this.waiting.flush();
      return deed();
    };
    try {
      this.#begin();
      const answer = whole();
      this.#deeds.push(whole);
      return answer;
    } catch (error) {
      this.#takeBack(error);
      throw new NoRoomError();
    }
  }

  /** Writes the rows that wait. False where there is no room. */
  flush(): boolean {
    if (this.#isFull) return false;
    try {
      this.waiting.flush();
      return true;
    } catch (error) {
      this.#takeBack(error);
      return false;
    }
  }

  /** Makes everything visible to readers. Returns whether there was anything, and room for it. */
  commit(): boolean {
    if (this.#isFull) return this.retry();
    return this.#isOpen && this.#end();
  }

  /** Does again what there was no room for, and makes it visible. False where there is none still. */
  retry(): boolean {
    if (!this.#isFull) return true;
    try {
      this.#begin();
      for (const deed of this.#deeds) deed();
    } catch (error) {
      this.#takeBack(error);
      return false;
    }
    return this.#end();
  }

  #begin(): void {
    if (!this.#isOpen) this.database.exec("BEGIN");
    this.#isOpen = true;
  }

  #end(): boolean {
    try {
      this.waiting.flush();
      this.waiting.last();
      this.database.exec("COMMIT");
    } catch (error) {
      this.#takeBack(error);
      return false;
    }
    this.#isFull = this.#isOpen = false;
    this.#deeds = [];
    return true;
  }

  /** Takes all of it back where there was no room for it; throws what is wrong otherwise. */
  #takeBack(error: unknown): void {
    if (!isNoRoom(error)) throw error;
    this.waiting.clear();
    try {
      if (this.#isOpen) this.database.exec("ROLLBACK");
    } catch {
      // SQLite has done that itself.
    }
    this.#isOpen = false;
    this.#isFull = true;
  }
}

/** Nothing can be removed or looked up while what was written waits for room. */
export class NoRoomError extends Error {
  override readonly name = "NoRoomError";

  constructor() {
    super("The index has no room on its disk. Make some, and try again.");
  }
}

/** SQLITE_FULL, and SQLITE_IOERR, as which a full disk shows in some places (https://sqlite.org/rescode.html). */
const NO_ROOM = /^(database or disk is full|disk I\/O error)/;

/** Deno gives their numbers for some statements only. */
function isNoRoom(error: unknown): boolean {
  return error instanceof Error && NO_ROOM.test(error.message);
}
