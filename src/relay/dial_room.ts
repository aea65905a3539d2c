// Whether there is room for more attempts to reach targets: not while so many are under way that the next would only
// wait, not while one lacks a file descriptor, and not where the next would (DescriptorRoom). Clients wait better in
// the backlog of their port: nothing is lost there, and an attempt has its time only while it can be seen to. Knows
// nothing of targets or sockets.

import { DescriptorRoom } from "./descriptor_room.ts";

/** While so many attempts are under way, more clients had better wait … */
const MANY = 512;
/**
 * … until half of them are done, or until fewer than FEW are done in so many ms: then their targets are silent, and as
 * many more may be under way, so that who is silent holds up nobody.
 */
const ROOM_MS = 100;
const FEW = 16;
/** Whether there is a file descriptor again is tried so often, ms. */
const LACK_MS = 50;

/** So many attempts may be free at once: the system may try for two minutes what has been given up. */
const MOST_FREE = 64;

/** See above. An attempt is any object that is always the same one. */
export class DialRoom {
  #underWay = 0;
  /** So many may be, now. */
  #most = MANY;
  /** How many attempts are done, and how many of them were when that was last looked at. */
  #done = 0;
  #seenDone = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #whenRoom: (() => void)[] = [];
  /** How many attempts are under way that nobody can end, given up or not. */
  #free = 0;
  /** The attempts that lack a file descriptor, and in which round they met that last. */
  readonly #lacking = new Map<object, number>();
  #round = 0;
  #lackTimer: ReturnType<typeof setTimeout> | undefined;
  #whenAgain: (() => void)[] = [];
  /** Whether there are descriptors for the next client and its target. */
  readonly descriptors = new DescriptorRoom();

  /** Whether attempts wait for a file descriptor. */
  get isLacking(): boolean {
    return this.#lacking.size > 0;
  }

  /**
   * Whether those that do may have one yet: some clients are past that, and go one day. Where all wait for each other,
   * none would.
   */
  get mayLackNoMore(): boolean {
    return this.descriptors.clients > this.#lacking.size;
  }

  /** Whether this one does. */
  lacks(attempt: object): boolean {
    return this.#lacking.has(attempt);
  }

  /** Where there is no room, resolves when there may be; undefined where there is. */
  wait(): Promise<void> | undefined {
    if (this.#lacking.size === 0 && this.#underWay < this.#most) return this.descriptors.wait();
    if (this.#timer === undefined) this.#lookLater();
    return new Promise((resolve) => this.#whenRoom.push(resolve));
  }

  /** An attempt begins. */
  begin(): void {
    this.#underWay++;
  }

  /**
   * An attempt may begin that nobody can end, which costs less; false where there are many already. It is counted until
   * `endFree`, which comes when the system is done with it. None may begin while file descriptors are lacking.
   */
  beginFree(): boolean {
    if (this.#free >= MOST_FREE || this.#lacking.size > 0) return false;
    this.#free++;
    return true;
  }

  /** The system is done with one of those. */
  endFree(): void {
    this.#free--;
  }

  /** An attempt is over. */
  end(attempt: object): void {
    this.#underWay--;
    this.#done++;
    if (this.#lacking.size > 0 && this.#lacking.delete(attempt) && this.#lacking.size === 0) this.#tryAgain();
    if (this.#underWay < MANY / 2) this.#most = MANY;
    if (this.#whenRoom.length > 0 && this.#underWay < this.#most - MANY / 2) this.#tell();
  }

  /** An attempt has met a lack of file descriptors: waits a moment in which one may come free. */
  lack(attempt: object): Promise<void> {
    this.descriptors.lack();
    this.#lacking.set(attempt, this.#round);
    this.#lackTimer ??= setTimeout(() => this.#tryAgain(), LACK_MS);
    return new Promise((resolve) => this.#whenAgain.push(resolve));
  }

  #lookLater(): void {
    this.#seenDone = this.#done;
    this.#timer = setTimeout(() => {
      if (this.#lacking.size === 0 && this.#done - this.#seenDone >= FEW) return this.#lookLater();
      if (this.#underWay >= this.#most) this.#most = this.#underWay + MANY;
      this.#tell();
    }, ROOM_MS);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const resolve of this.#whenRoom.splice(0)) resolve();
  }

  #tryAgain(): void {
    clearTimeout(this.#lackTimer);
    this.#lackTimer = undefined;
    // Who was let try in the round before, and has not come again, has one: its target may be silent for long.
    for (const [attempt, round] of this.#lacking) if (round < this.#round) this.#lacking.delete(attempt);
    this.#round++;
    if (this.#lacking.size > 0) this.#lackTimer = setTimeout(() => this.#tryAgain(), LACK_MS);
    for (const resolve of this.#whenAgain.splice(0)) resolve();
  }
}
