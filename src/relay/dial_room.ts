// Whether there is room for more attempts to reach targets: not while so many are under way that the next would only
// wait, and not while the program lacks file descriptors. Clients wait better in the backlog of their port: nothing is
// lost there, and an attempt has its time only while it can be seen to. Knows nothing of targets or sockets.

/** While so many attempts are under way, more clients had better wait … */
const MANY = 512;
/** … until fewer are, or until fewer than FEW are done in so many ms: then their targets are silent, and hold up nobody. */
const ROOM_MS = 100;
const FEW = 16;
/** Whether there is a file descriptor again is tried so often, ms. */
const LACK_MS = 50;

/** See above. */
export class DialRoom {
  #underWay = 0;
  /** How many attempts are done, and how many of them were when that was last looked at. */
  #done = 0;
  #seenDone = 0;
  /** So many may come although many are under way. */
  #more = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #whenRoom: (() => void)[] = [];
  /** How many attempts have met a lack of file descriptors. */
  #lacking = 0;
  #lackTimer: ReturnType<typeof setTimeout> | undefined;
  #whenAgain: (() => void)[] = [];

  /** Whether attempts wait for a file descriptor. */
  get isLacking(): boolean {
    return this.#lacking > 0;
  }

  /** Where there is no room, resolves when there may be; undefined where there is. */
  wait(): Promise<void> | undefined {
    if (this.#lacking === 0) {
      if (this.#underWay < MANY) return undefined;
      if (this.#more > 0) return void this.#more--;
    }
    if (this.#timer === undefined) this.#lookLater();
    return new Promise((resolve) => this.#whenRoom.push(resolve));
  }

  /** An attempt begins. */
  begin(): void {
    this.#underWay++;
  }

  /** An attempt is over; `lacked` where it has ever called `lack`. */
  end(lacked: boolean): void {
    this.#underWay--;
    this.#done++;
    if (lacked && --this.#lacking === 0) this.#tryAgain();
    if (this.#whenRoom.length > 0 && this.#underWay < MANY / 2) this.#tell();
  }

  /** An attempt has met a lack of file descriptors, for the first time or again: waits a moment in which one may come free. */
  lack(isFirst: boolean): Promise<void> {
    if (isFirst) this.#lacking++;
    this.#lackTimer ??= setTimeout(() => this.#tryAgain(), LACK_MS);
    return new Promise((resolve) => this.#whenAgain.push(resolve));
  }

  #lookLater(): void {
    this.#seenDone = this.#done;
    this.#timer = setTimeout(() => {
      if (this.#lacking === 0 && this.#done - this.#seenDone >= FEW) return this.#lookLater();
      this.#more = MANY / 2;
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
    for (const resolve of this.#whenAgain.splice(0)) resolve();
  }
}
