// The comment of an opening, written and read by what the one before had: mostly, only the number of the Connection and
// the client's port differ. One that differs otherwise is written and read as any comment is; what it says is the same.

import type { Address, Opened } from "../model.ts";
import { commentText, MARK, openingIn } from "./comment.ts";

/** What a comment begins with, before the number of its Connection. */
const BEGINNING = `${MARK}{"event":"opened","connection":`;
/** And how it ends, behind the client's port. */
const ENDING = "}}";
const [ZERO, NINE] = [0x30, 0x39];

type Everyones = "connection" | "listener" | "listen" | "local" | "target" | "client";
/** Members that an opening may have besides those that each has. */
const OTHERS: Readonly<Record<Exclude<keyof Opened, Everyones>, true>> = {
  rewrites: true,
  forward: true,
  rebuilt: true,
  origin: true,
  remark: true,
  resendOf: true,
  route: true,
};
const OTHER_NAMES = Object.keys(OTHERS) as (keyof typeof OTHERS)[];

/** Writes them, on the byte path. */
export class OpeningText {
  #last: Opened | null = null;
  #middle = "";

  /** The comment of an opening. */
  of(event: Opened): string {
    if (OTHER_NAMES.some((name) => event[name] !== undefined)) return commentText("opened", event);
    if (this.#last === null || !isAlike(event, this.#last)) {
      const { connection: _, client, ...rest } = event;
      const members = JSON.stringify(rest).slice(1, -1);
      this.#middle = `,${members},"client":{"host":${JSON.stringify(client.host)},"port":`;
      this.#last = event;
    }
    return BEGINNING + event.connection + this.#middle + event.client.port + ENDING;
  }
}

/** What the journal needs of an opening. */
export interface Opening {
  readonly client: Address;
  readonly local: Address;
  /** All of it, where more has changed since the one before than the Connection and the client's port. */
  readonly whole: Opened | null;
}

/** Reads them. */
export class OpeningReader {
  /** The bytes between both numbers of the last one, and who they speak of; empty where they cannot be told. */
  #middle = new Uint8Array(0);
  #client = "";
  #local: Address = { host: "", port: 0 };

  /** Reads a comment that this program has just made. It may be shared memory. */
  read(comment: Uint8Array): Opening {
    const begin = afterDigits(comment, BEGINNING.length);
    const port = this.#isLike(comment, begin) ? portAt(comment, begin + this.#middle.length) : null;
    if (port !== null) return { client: { host: this.#client, port }, local: this.#local, whole: null };
    const own = comment.slice();
    const whole = openingIn(own);
    const { client, local } = whole;
    const end = own.length - ENDING.length - `${client.port}`.length;
    this.#middle = portAt(own, end) === client.port ? own.slice(begin, end) : new Uint8Array(0);
    this.#client = client.host;
    this.#local = local;
    return { client, local, whole };
  }

  #isLike(comment: Uint8Array, begin: number): boolean {
    const middle = this.#middle;
    if (middle.length === 0) return false;
    for (let at = 0; at < middle.length; at++) if (comment[begin + at] !== middle[at]) return false;
    return true;
  }
}

/** The number there, where nothing but the ending follows it; null otherwise. */
function portAt(comment: Uint8Array, begin: number): number | null {
  const end = afterDigits(comment, begin);
  if (end === begin || end + ENDING.length !== comment.length) return null;
  let port = 0;
  for (let at = begin; at < end; at++) port = port * 10 + comment[at] - ZERO;
  return port;
}

function afterDigits(comment: Uint8Array, begin: number): number {
  let at = begin;
  while (comment[at] >= ZERO && comment[at] <= NINE) at++;
  return at;
}

function isAlike(one: Opened, other: Opened): boolean {
  return one.listener === other.listener && isSame(one.listen, other.listen) &&
    isSame(one.target, other.target) && isSame(one.local, other.local) &&
    one.client.host === other.client.host;
}

function isSame(one: Address, other: Address): boolean {
  return one === other || (one.host === other.host && one.port === other.port);
}
