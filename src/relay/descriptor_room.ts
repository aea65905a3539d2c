// Whether there are file descriptors for one more client and its target. Until there is a lack nobody asks the system:
// a few are held, and given back when one is met, so that who was accepted just then has one for its target, and the
// page some. From then on it is known how many clients fit, and looked at again only when so many are here: the others
// wait in the backlog. Knows nothing of what clients are.

import { SpareFiles } from "../spare_files.ts";

/** So many are for others than clients: a browser takes six, and what it asks opens files of the index. */
const RESERVE = 12;
/** What threads need that begin at once: where they find too few, Deno 2.9 ends the whole program. */
const BEGINNING = 48;
/** When it is looked how many are free, no more than so many are counted. */
const MOST_SEEN = 96;
/** Where that was less, it is looked again after so long, ms: for a moment it takes all that there is. */
const LOOK_MS = 250;

/** Who has clients. */
export interface HasClients {
  /** How many of them have no target yet, and so will take a descriptor more. */
  readonly owed: number;
}

/** See above. One for the whole program. */
export class DescriptorRoom {
  readonly #ports = new Set<HasClients>();
  #clients = 0;
  /** So many clients may be here, as far as that is known. */
  #most = Infinity;
  /** Whether threads are beginning. */
  #isBeginning = false;
  /** Whether there ever was a lack. */
  #wasShort = false;
  #held: Pick<SpareFiles, "close"> | null = null;
  #lookedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #whenRoom: (() => void)[] = [];

  constructor(
    /** Takes so many descriptors, or as many as there are. */
    private readonly spare: (most: number) => Pick<SpareFiles, "count" | "isShort" | "close"> = (most) =>
      new SpareFiles(most),
  ) {}

  /** How many clients are here. */
  get clients(): number {
    return this.#clients;
  }

  /** Whether so many are here. */
  get isFull(): boolean {
    return this.#clients >= this.#most;
  }

  /** A port will have clients. */
  add(port: HasClients): void {
    this.#ports.add(port);
  }

  /** That port takes no more; those that it has stay its own. */
  remove(port: HasClients): void {
    this.#ports.delete(port);
    this.#tell();
  }

  /** Threads begin: until `hold`, no client may take what they need. */
  prepare(): void {
    this.#isBeginning = true;
    this.#most = this.#clients;
  }

  /** Everything else has the descriptors that it needs, or will have none: takes the reserve. */
  hold(): void {
    this.#isBeginning = false;
    this.#lookedAt = -Infinity;
    if (!this.#wasShort && this.#held === null) {
      this.#most = Infinity;
      const held = this.#held = this.spare(RESERVE);
      if (held.isShort) this.lack();
    }
    this.#tell();
  }

  /** Gives the reserve back. */
  release(): void {
    this.#held?.close();
    this.#held = null;
  }

  /** A client is here. */
  begin(): void {
    this.#clients++;
  }

  /** A client has gone, and its target. */
  end(): void {
    this.#clients--;
    if (this.#whenRoom.length > 0 && !this.isFull) this.#tell();
  }

  /** Where there is no room, resolves when there may be; undefined where there is. */
  wait(): Promise<void> | undefined {
    if (!this.isFull) return undefined;
    if (performance.now() - this.#lookedAt >= LOOK_MS) this.#look();
    if (!this.isFull) return undefined;
    this.#timer ??= setTimeout(() => this.#tell(), LOOK_MS);
    return new Promise((resolve) => this.#whenRoom.push(resolve));
  }

  /** Somebody has met a lack of descriptors. */
  lack(): void {
    this.release();
    this.#wasShort = true;
    this.#most = Math.min(this.#most, this.#clients);
  }

  #look(): void {
    const owed = [...this.#ports].reduce((sum, port) => sum + port.owed, 0);
    const spare = this.spare(MOST_SEEN + owed);
    const { count, isShort } = spare;
    spare.close();
    if (isShort) this.#wasShort = true;
    this.#lookedAt = isShort ? performance.now() : -Infinity;
    // What clients and their targets have, and could have; where that is little, the reserve is a part of it.
    const all = 2 * this.#clients - owed + count;
    const kept = this.#isBeginning ? BEGINNING : Math.min(RESERVE, Math.floor(all / 4));
    this.#most = Math.floor((all - kept) / 2);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const resolve of this.#whenRoom.splice(0)) resolve();
  }
}
